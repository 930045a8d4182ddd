"""What the digest is made of: who reads it, when they write, what was written lately, and where they were seen themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Connection, Table, case, false, func, literal_column, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.membership_rows import holds_now
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.recording import KeepTextIn
from copbot.core.ports.digest import LookedAt, Reader, Reply, Talk
from copbot.core.time import DAY_US, HOUR_US

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_made = cast(Table, tables.DigestMade.__table__)  # type: ignore[attr-defined]

AT_ONCE = 10_000

REACTED_TO_US = 90 * DAY_US
"""How old a message may be of which a reaction still is a sign of life: rows are found by the message's time."""

Place = tuple[int, int]
"""A message: its channel's key and its ts."""


class _RootRow(NamedTuple):
    author: str | None
    asks: bool
    text: str | None


class SqlDigests:
    """``keep_text_in`` says how much may be kept now: what was kept before is not shown."""

    def __init__(self, connection: Connection, team: int, keep_text_in: KeepTextIn) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in

    # -- who, and when

    def readers(self, channels: Collection[str]) -> Sequence[Reader]:
        found = (
            select(*_user.c["slack_id", "timezone"], func.min(_membership.c.first_us).label("since_us"))
            .select_from(
                _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
                    _user, _user.c.id == _membership.c.user_id
                )
            )
            .where(_channel.c.id.in_(list(self._keys(channels))), holds_now(), _membership.c.is_member)
            .where(_user.c.is_bot == false(), _user.c.is_deleted == false(), _user.c.is_external == false())
            .group_by(*_user.c["slack_id", "timezone"])
            .order_by(_user.c.slack_id)
        )
        return [Reader(row.slack_id, row.timezone, row.since_us) for row in self._connection.execute(found)]

    def written(self, channels: Collection[str], since_us: int, until_us: int) -> Iterator[tuple[str, int, int]]:
        hour = literal_column(f"message.ts_us / {HOUR_US}", BigInteger).label("hour")
        counted = (  # people by their keys first: joining each message with its author would take several times as long
            select(_message.c.user_id, hour, func.count().label("messages"))
            .where(*self._by_people(channels, since_us, until_us))
            .group_by(_message.c.user_id, hour)
            .subquery()
        )
        named = select(_user.c.slack_id, counted.c.hour, counted.c.messages).join(
            counted, counted.c.user_id == _user.c.id
        )
        for row in self._connection.execution_options(yield_per=AT_ONCE).execute(named):
            yield row.slack_id, row.hour, row.messages

    def signs_of_life(
        self, users: Collection[str], channels: Collection[str], since_us: int
    ) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, dict[str, int]] = {user: {} for user in users}
        names = self._keys(channels)
        for some in pieces(sorted(users)):
            these = (_user.c.team_id == self._team, _user.c.slack_id.in_(some))
            wrote = (
                select(_user.c.slack_id, _message.c.channel_id, func.max(_message.c.ts_us).label("at_us"))
                .join(_message, _message.c.user_id == _user.c.id)
                .where(*these, _message.c.ts_us >= since_us, _message.c.channel_id.in_(list(names)))
                .group_by(_user.c.slack_id, _message.c.channel_id)
            )
            seen_us = case((_reaction.c.event_us > 0, _reaction.c.event_us), else_=_reaction.c.ts_us)
            reacted = (
                select(_user.c.slack_id, _reaction.c.channel_id, func.max(seen_us).label("at_us"))
                .join(_reaction, _reaction.c.user_id == _user.c.id)
                .where(*these, _reaction.c.ts_us >= since_us - REACTED_TO_US)
                .where(_reaction.c.channel_id.in_(list(names)))
                .group_by(_user.c.slack_id, _reaction.c.channel_id)
            )
            for statement in (wrote, reacted):
                for row in self._connection.execute(statement):
                    if row.at_us >= since_us:
                        here, channel = found[row.slack_id], names[row.channel_id]
                        here[channel] = max(row.at_us, here.get(channel, 0))
        return found

    # -- what was written

    def talks(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[Talk]:
        names = self._keys(channels)
        roots = self._roots(names, since_us, until_us)
        replies = self._replies(names, since_us, until_us)
        roots |= self._roots_at(names, [place for place in replies if place not in roots])
        reactors = self._reactors(list(names), since_us, until_us)
        nothing = _RootRow(None, False, None)
        found = []
        for place in roots.keys() | replies.keys():
            said = tuple(sorted(replies.get(place, ()), key=lambda reply: (reply.first_us, reply.user)))
            found.append(Talk(names[place[0]], place[1], *roots.get(place, nothing), reactors.get(place, 0), said))
        return sorted(found, key=lambda talk: (-talk.ts_us, talk.channel))

    def _roots(self, names: Mapping[int, str], since_us: int, until_us: int) -> dict[Place, _RootRow]:
        in_time = (_message.c.ts_us >= since_us, _message.c.ts_us < until_us)
        return self._root_rows(names, *in_time, _message.c.channel_id.in_(list(names)))

    def _roots_at(self, names: Mapping[int, str], places: Iterable[Place]) -> dict[Place, _RootRow]:
        by_channel: dict[int, list[int]] = defaultdict(list)
        for channel, ts_us in places:
            by_channel[channel].append(ts_us)
        found: dict[Place, _RootRow] = {}
        for channel, instants in by_channel.items():
            for some in pieces(sorted(instants)):
                found |= self._root_rows(names, _message.c.channel_id == channel, _message.c.ts_us.in_(some))
        return found

    def _root_rows(self, names: Mapping[int, str], *where: Any) -> dict[Place, _RootRow]:
        columns = _message.c["channel_id", "ts_us", "asks", "text"]
        rows = self._connection.execute(
            select(*columns, _user.c.slack_id)
            .join(_user, _user.c.id == _message.c.user_id)
            .where(*where, _message.c.thread_us.is_(None), _user.c.is_bot == false())
        )
        keep = {key: self._keep_text_in(name) for key, name in names.items()}
        return {
            (row.channel_id, row.ts_us): _RootRow(
                row.slack_id,
                bool(row.asks),
                row.text if keep[row.channel_id] in ("all", "questions" if row.asks else "all") else None,
            )
            for row in rows
        }

    def _replies(self, names: Mapping[int, str], since_us: int, until_us: int) -> dict[Place, list[Reply]]:
        columns = _message.c["channel_id", "thread_us"]
        rows = self._connection.execute(
            select(
                *columns,
                _user.c.slack_id,
                func.count().label("messages"),
                func.min(_message.c.ts_us).label("first_us"),
                func.max(_message.c.ts_us).label("last_us"),
            )
            .join(_user, _user.c.id == _message.c.user_id)
            .where(_message.c.channel_id.in_(list(names)), _message.c.thread_us.is_not(None))
            .where(_message.c.ts_us >= since_us, _message.c.ts_us < until_us, _user.c.is_bot == false())
            .group_by(*columns, _user.c.slack_id)
        )
        found: dict[Place, list[Reply]] = defaultdict(list)
        for row in rows:
            reply = Reply(row.slack_id, row.messages, row.first_us, row.last_us)
            found[row.channel_id, row.thread_us].append(reply)
        return found

    def _reactors(self, keys: Sequence[int], since_us: int, until_us: int) -> dict[Place, int]:
        columns = _reaction.c["channel_id", "ts_us"]
        rows = self._connection.execute(
            select(*columns, func.count(_reaction.c.user_id.distinct()).label("people"))
            .where(_reaction.c.channel_id.in_(keys), _reaction.c.present)
            .where(_reaction.c.ts_us >= since_us, _reaction.c.ts_us < until_us)
            .group_by(*columns)
        )
        return {(row.channel_id, row.ts_us): row.people for row in rows}

    # -- what was made of it

    def looked_at(self, community: str, users: Collection[str]) -> Mapping[str, LookedAt]:
        found: dict[str, LookedAt] = {}
        for some in pieces(sorted(users)):
            rows = self._connection.execute(
                select(*_made.c["slack_user", "period", "made_us"]).where(
                    _made.c.team_id == self._team, _made.c.community == community, _made.c.slack_user.in_(some)
                )
            )
            found.update((row.slack_user, LookedAt(row.period, row.made_us)) for row in rows)
        return found

    def note(self, community: str, user: str, looked: LookedAt, entries: int) -> None:
        made = {"period": looked.period, "made_us": looked.at_us, "entries": entries}
        key = {"team_id": self._team, "community": community, "slack_user": user}
        statement = insert_into(self._connection, _made).values(**key, **made)
        self._connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=made))

    def private(self, channels: Collection[str]) -> frozenset[str]:
        rows = self._connection.execute(
            select(*_channel.c["slack_id", "is_private", "told_us"]).where(
                _channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels))
            )
        )
        public = {row.slack_id for row in rows if not row.is_private and "is_private" in row.told_us}
        return frozenset(channels) - public

    # -- the tables' own keys

    def _keys(self, channels: Collection[str]) -> dict[int, str]:
        rows = self._connection.execute(
            select(*_channel.c["id", "slack_id"]).where(
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

    def _by_people(self, channels: Collection[str], since_us: int, until_us: int) -> tuple[Any, ...]:
        """Written by people. A deleted message has no author."""
        return (
            _message.c.channel_id.in_(list(self._keys(channels))),
            _message.c.user_id.is_not(None),
            _message.c.user_id.not_in(self._bots),
            _message.c.ts_us >= since_us,
            _message.c.ts_us < until_us,
        )
