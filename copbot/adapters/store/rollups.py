"""Keeps the roll-ups in step with the facts: in the same transaction, or, for days never rolled up, some at a time.

``channel.rolled_until`` says how far a channel's roll-ups reach: its days before are in ``day_rollup``, later ones are read from the facts
until ``fill`` comes to them. That is so after an upgrade from a version without roll-ups, during a rebuild, and when somebody who wrote a
great deal turns out to be a bot. A channel first seen by this version reaches to the end of time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.rollup_records import RECORD_BYTES, Packed, day_of, packed_days
from copbot.adapters.store.tables import ALL_DAYS
from copbot.core.time import DAY_US

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_day = cast(Table, tables.DayRollUp.__table__)  # type: ignore[attr-defined]

Days = Mapping[int, Collection[int]]
"""Channel (the store's key) -> days."""

AT_ONCE = 5000
"""Days that one transaction works out anew; of more, the rest is left to ``fill``."""

FILL_MESSAGES = 5_000
"""Messages that one step of ``fill`` takes: the write lock is held for some hundredths of a second."""

BRIDGED = 7
"""Days between two that are worked out in one reading, rather than in two."""


class Difference(NamedTuple):
    """A day whose roll-up is not what its facts give. ``channel`` is Slack's ID, ``day`` counts from the epoch (UTC)."""

    channel: str
    day: int
    stored: int  # contributions by the roll-up
    counted: int  # by the facts


class Filled(NamedTuple):
    """What a step worked out: days of a channel with anything in them, and the contributions of these."""

    days: int
    contributions: int


class RollUps:
    """The roll-ups of one workspace, inside the caller's transaction."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def refresh(self, days: Days) -> None:
        """Work these days out anew from the facts as they stand now. Call it after the facts of a transaction are written."""
        left = AT_ONCE
        for channel, reach in self._reach(days).items():
            wanted = sorted(day for day in set(days[channel]) if day < reach)
            if len(wanted) > left:
                self._reach_only(channel, wanted[left])
                wanted = wanted[:left]
            left -= len(wanted)
            for run in _runs(wanted):
                packed = packed_days(self._connection, channel, run[0], run[-1] + 1)
                self._write(channel, {day: packed.get(day) for day in run})

    def fill(self, most: int = FILL_MESSAGES) -> Filled | None:
        """One step towards roll-ups that reach to the end; None when all do. ``most``: about how many messages to take."""
        row = self._connection.execute(
            select(*_channel.c["id", "rolled_until"])
            .where(_channel.c.team_id == self._team, _channel.c.rolled_until < ALL_DAYS)
            .order_by(_channel.c.id)
            .limit(1)
            .with_for_update()
        ).one_or_none()
        if row is None:
            return None
        first, end = row.rolled_until, end_of_step(self._connection, row.id, row.rolled_until, most)
        self._connection.execute(delete(_day).where(_day.c.channel_id == row.id, _day.c.day >= first, _day.c.day < end))
        packed = packed_days(self._connection, row.id, first, end)
        self._write(row.id, dict(packed))
        self._reach_only(row.id, end)
        return Filled(len(packed), sum(len(of_day.contributions) for of_day in packed.values()) // RECORD_BYTES)

    def forget(self) -> None:
        """Let no channel's roll-ups reach any day, so that ``fill`` works out all of them anew."""
        self._connection.execute(update(_channel).where(_channel.c.team_id == self._team).values(rolled_until=0))

    def left_to_fill(self) -> int:
        """How many channels have days that are not rolled up."""
        short = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.rolled_until < ALL_DAYS)
        return len(self._connection.execute(short).all())

    def contributions(self) -> int:
        """How many messages and reactions the facts hold, deleted ones included."""
        return sum(
            self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (_message, _reaction)
        )

    def compare(self) -> Iterator[Difference]:
        """The days whose roll-ups differ from their facts. Reads all of both, some days at a time."""
        channels = self._connection.execute(
            select(*_channel.c["id", "slack_id", "rolled_until"])
            .where(_channel.c.team_id == self._team)
            .order_by(_channel.c.id)
        ).all()
        for row in channels:
            first = 0
            while first < row.rolled_until:
                end = min(end_of_step(self._connection, row.id, first), row.rolled_until)
                for day, stored, counted in _differing(self._connection, row.id, first, end):
                    yield Difference(row.slack_id, day, stored, counted)
                first = end

    def _reach(self, days: Days) -> dict[int, int]:
        """How far the roll-ups of these channels reach. Holds the rows where a database lets others write at the same time: what
        these add to the same day is then seen by the one who comes second."""
        found = {}
        for some in pieces(sorted(days)):
            rows = self._connection.execute(_REACH, {"channels": some})
            found.update({row.id: row.rolled_until for row in rows})
        return found

    def _reach_only(self, channel: int, day: int) -> None:
        self._connection.execute(update(_channel).where(_channel.c.id == channel).values(rolled_until=day))

    def _write(self, channel: int, days: Mapping[int, Packed | None]) -> None:
        key = {"channel_id": channel, "team_id": self._team}
        kept = [{**key, "day": day, **packed._asdict()} for day, packed in days.items() if packed is not None]
        empty = [{"the_channel": channel, "the_day": day} for day, packed in days.items() if packed is None]
        if kept:
            put = insert_into(self._connection, _day)
            self._connection.execute(
                put.on_conflict_do_update(
                    index_elements=["channel_id", "day"],
                    set_={"contributions": put.excluded.contributions, "roots": put.excluded.roots},
                ),
                kept,
            )
        if empty:
            self._connection.execute(_EMPTY, empty)


def end_of_step(connection: Connection, channel: int, first: int, most: int = FILL_MESSAGES) -> int:
    """Up to which day to go from ``first`` on so as to take about ``most`` messages; ALL_DAYS where no more are left."""
    following = (
        select(_message.c.ts_us)
        .where(_message.c.channel_id == channel, _message.c.ts_us >= first * DAY_US)
        .order_by(_message.c.ts_us)
    )
    last = connection.execute(following.offset(most).limit(1)).scalar_one_or_none()
    if last is None:
        return ALL_DAYS
    begin = connection.execute(following.limit(1)).scalar_one()
    return max(day_of(begin) + 1, day_of(last))


class Touched:
    """The days whose roll-ups a batch of facts may have changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.days: dict[int, set[int]] = defaultdict(set)

    def reacted(self, channel: int, ts_us: int) -> None:
        self.days[channel].add(day_of(ts_us))

    def written(self, channel: int, changed: Mapping[int, Collection[int | None]]) -> None:
        """Messages that came, changed or went -> the threads (ts of their root) that each was and is in.

        The root's day tells of its first answer, and the days of replies tell of the root's author.
        """
        days = self.days[channel]
        days.update(map(day_of, changed))
        days.update(day_of(thread_us) for threads in changed.values() for thread_us in threads if thread_us)
        for some in pieces(sorted(changed)):
            replies = self._connection.execute(_REPLIES, {"channel": channel, "roots": some})
            days.update(day_of(ts_us) for ts_us in replies.scalars())

    def turned(self, users: Collection[int]) -> None:
        """People who turned out to be bots, or bots that turned out to be people: the threads that they answered."""
        for some in pieces(sorted(users)):
            for channel, thread_us in self._connection.execute(_ANSWERED, {"users": some}):
                self.days[channel].add(day_of(thread_us))


def _differing(connection: Connection, channel: int, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    here = (_day.c.channel_id == channel, _day.c.day >= first, _day.c.day < end)
    rows: Iterable[Any] = connection.execute(select(*_day.c["day", "contributions", "roots"]).where(*here))
    stored = {row.day: Packed(row.contributions, row.roots) for row in rows}
    counted, nothing = packed_days(connection, channel, first, end), Packed(b"", b"")
    for day in sorted({*stored, *counted}):
        one, other = stored.get(day, nothing), counted.get(day, nothing)
        if one != other:
            yield day, len(one.contributions) // RECORD_BYTES, len(other.contributions) // RECORD_BYTES


def _runs(days: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for day in days:
        if run and day - run[-1] > BRIDGED:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


_REACH = (
    select(*_channel.c["id", "rolled_until"])
    .where(_channel.c.id.in_(bindparam("channels", expanding=True)))
    .order_by(_channel.c.id)
    .with_for_update()
)
_EMPTY = delete(_day).where(_day.c.channel_id == bindparam("the_channel"), _day.c.day == bindparam("the_day"))
_REPLIES = select(_message.c.ts_us).where(
    _message.c.channel_id == bindparam("channel"),
    _message.c.thread_us.is_not(None),
    _message.c.thread_us.in_(bindparam("roots", expanding=True)),
)
_ANSWERED = (
    select(*_message.c["channel_id", "thread_us"])
    .where(_message.c.user_id.in_(bindparam("users", expanding=True)), _message.c.thread_us.is_not(None))
    .distinct()
)
