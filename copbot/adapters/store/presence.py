"""Who was there when: counted by the database, so that ten million messages do not pass through Python one by one."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, Table, and_, exists, false, func, literal_column, select

from copbot.adapters.store import tables
from copbot.adapters.store.identities import known_nobodies
from copbot.core.ports.rhythm import HourCount
from copbot.core.time import HOUR_US

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]

AT_ONCE = 5000


class SqlPresence:
    """Counts of one workspace. Iterators are read while the transaction is open."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def hours(
        self, channels: Collection[str], since_us: int, until_us: int, offset_us: int = 0, *, together: bool = False
    ) -> Iterator[HourCount]:
        # Counted in two steps: the inner one makes a row per person and hour, which the outer one adds up. Asking for
        # count(DISTINCT …) at once would sort all messages.
        # The numbers stand in the text of the query: PostgreSQL does not see that two parameters are the same, and would not
        # know the hour that is selected as the one that is grouped by.
        hour = literal_column(f"(message.ts_us + ({int(offset_us)})) / {HOUR_US}", BigInteger).label("hour")
        place = [] if together else [_message.c.channel_id]
        people = (
            select(*place, hour, _message.c.user_id, func.count().label("messages"))
            .where(*self._by_people(channels, since_us, until_us))
            .group_by(*place, hour, _message.c.user_id)
            .subquery()
        )
        keys = [people.c.hour] if together else [people.c.channel_id, people.c.hour]
        members = func.count().filter(people.c.user_id.not_in(self._nobodies))
        counted = select(*keys, members.label("members"), func.sum(people.c.messages).label("messages"))
        names = self._channels(channels)
        rows = self._connection.execution_options(yield_per=AT_ONCE).execute(counted.group_by(*keys).order_by(*keys))
        for row in rows:
            yield HourCount("" if together else names[row.channel_id], row.hour, row.members, int(row.messages))

    def people(self, channels: Collection[str], since_us: int, until_us: int) -> int:
        counted = select(func.count(func.distinct(_message.c.user_id))).where(_message.c.user_id.not_in(self._nobodies))
        return self._connection.execute(counted.where(*self._by_people(channels, since_us, until_us))).scalar_one()

    def zones(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[tuple[str | None, int]]:
        wrote = exists().where(*self._by_people(channels, since_us, until_us), _message.c.user_id == _user.c.id)
        counted = (
            select(_user.c.timezone, func.count())
            .where(_user.c.team_id == self._team, _user.c.is_bot == false(), _user.c.is_deleted == false(), wrote)
            .group_by(_user.c.timezone)
        )
        return [(zone, count) for zone, count in self._connection.execute(counted)]

    def span_us(self, channels: Collection[str]) -> tuple[int, int] | None:
        first, last = self._connection.execute(
            select(func.min(_message.c.ts_us), func.max(_message.c.ts_us)).where(*self._by_people(channels, 0, None))
        ).one()
        return None if first is None else (first, last)

    def repliers(self, threads: Sequence[tuple[str, int]], within_us: int) -> list[int]:
        ids = {slack_id: number for number, slack_id in self._channels({channel for channel, _ in threads}).items()}
        return [self._repliers(ids[channel], ts_us, within_us) if channel in ids else 0 for channel, ts_us in threads]

    def _repliers(self, channel_id: int, ts_us: int, within_us: int) -> int:
        return self._connection.execute(
            select(func.count(func.distinct(_message.c.user_id)))
            .join(_user, and_(_user.c.id == _message.c.user_id, _user.c.is_bot == false()))
            .where(
                _message.c.channel_id == channel_id,
                _message.c.user_id.not_in(self._nobodies),
                _message.c.thread_us == ts_us,
                _message.c.ts_us <= ts_us + within_us,
            )
        ).scalar_one()

    def _channels(self, channels: Collection[str]) -> dict[int, str]:
        rows = self._connection.execute(
            select(_channel.c.id, _channel.c.slack_id).where(
                _channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels))
            )
        )
        return {row.id: row.slack_id for row in rows}

    @cached_property
    def _bots(self) -> list[int]:
        """Named one by one: they are few, and joining the users to each message would take several times as long."""
        return list(
            self._connection.execute(select(_user.c.id).where(_user.c.team_id == self._team, _user.c.is_bot)).scalars()
        )

    @cached_property
    def _nobodies(self) -> list[int]:
        """Whose names are not kept: their messages count, and they are no member."""
        return known_nobodies(self._connection, self._team)

    def _by_people(self, channels: Collection[str], since_us: int, until_us: int | None) -> list[Any]:
        """Written by people. A deleted message has no author."""
        conditions = [
            _message.c.channel_id.in_(list(self._channels(channels))),
            _message.c.user_id.is_not(None),
            _message.c.user_id.not_in(self._bots),
            _message.c.ts_us >= since_us,
        ]
        return [*conditions, _message.c.ts_us < until_us] if until_us is not None else conditions
