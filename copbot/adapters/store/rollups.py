"""Keeps the roll-ups in step with the facts: in the same transaction, or, for days never rolled up, some at a time.

``channel.rolled_until`` says how far a channel's roll-ups reach: its days before are in ``day_rollup``, later ones are read from the facts
until ``fill`` comes to them. That is so after an upgrade from a version without roll-ups, during a rebuild, and when somebody who wrote a
great deal turns out to be a bot. A channel first seen by this version reaches to the end of time.

To work a day out takes the longer the more happened on it. So a day on which much did, and of which little changes, is emptied instead: its
row stays, with nothing in it, and the day is read from the facts until ``fill`` works it out when it is over. What a message costs does not
grow with what was said before it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, and_, bindparam, delete, false, func, select, text, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.message_rows import Rewritten
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.rollup_records import RECORD_BYTES, Packed, day_of, packed_days
from copbot.adapters.store.tables import ALL_DAYS
from copbot.core.time import DAY_US

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_day = cast(Table, tables.DayRollUp.__table__)  # type: ignore[attr-defined]
_root = _message.alias("root")
_replier = tables.User.__table__.alias("replier")  # type: ignore[attr-defined]

EMPTIED = Packed(b"", b"")
"""The row of a day that is read from the facts: one on which nothing happened has no row."""

IS_EMPTIED = text("length(contributions) = 0")  # word for word the condition of its index

Days = Mapping[int, Mapping[int, int]]
"""Channel (the store's key) -> day -> how much changed on it, in contributions."""

AT_ONCE = 5000
"""Days that one transaction works out anew; of more, the rest is left to ``fill``."""

FILL_MESSAGES = 5_000
"""Messages that one step of ``fill`` takes: the write lock is held for some hundredths of a second."""

LIGHT, PER_CHANGE = 500, 4
"""A day is worked out with the change itself while it holds no more contributions than this and so many for each that changes: that
takes a millisecond, or little beside the change."""

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
        for channel in sorted(days):
            reach, held = self._standing(channel, sorted(days[channel]))
            wanted = sorted(day for day in days[channel] if day < reach)
            if len(wanted) > left:
                self._reach_only(channel, wanted[left])
                wanted = wanted[:left]
            left -= len(wanted)
            for run in _runs([day for day in wanted if _is_light(held.get(day), days[channel][day])]):
                packed = packed_days(self._connection, channel, run[0], run[-1] + 1)
                self._write(channel, {day: packed.get(day) for day in run})
            heavy = [day for day in wanted if held.get(day) and not _is_light(held[day], days[channel][day])]
            self._write(channel, dict.fromkeys(heavy, EMPTIED))

    def fill(self, most: int = FILL_MESSAGES, until_us: int | None = None) -> Filled | None:
        """One step towards roll-ups that hold everything; None when all do. ``most``: about how many messages to take.

        ``until_us``: the days that are over by then alone are worth it, of those that were emptied.
        """
        row = self._connection.execute(
            select(*_channel.c["id", "rolled_until"])
            .where(_channel.c.team_id == self._team, _channel.c.rolled_until < ALL_DAYS)
            .order_by(_channel.c.id)
            .limit(1)
        ).one_or_none()
        if row is None:
            return self._fill_emptied(until_us)
        first, end = row.rolled_until, end_of_step(self._connection, row.id, row.rolled_until, most)
        self._connection.execute(delete(_day).where(_day.c.channel_id == row.id, _day.c.day >= first, _day.c.day < end))
        packed = packed_days(self._connection, row.id, first, end)
        self._write(row.id, dict(packed))
        self._reach_only(row.id, end)
        return _filled(packed)

    def _fill_emptied(self, until_us: int | None) -> Filled | None:
        emptied = self.emptied(until_us, 1)
        if not emptied:
            return None
        channel, day = emptied[0]
        packed = packed_days(self._connection, channel, day, day + 1)
        self._write(channel, {day: packed.get(day)})
        return _filled(packed)

    def forget(self) -> None:
        """Let no channel's roll-ups reach any day, so that ``fill`` works out all of them anew."""
        self._connection.execute(update(_channel).where(_channel.c.team_id == self._team).values(rolled_until=0))

    def left_to_fill(self) -> int:
        """How many channels have days that are not rolled up."""
        short = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.rolled_until < ALL_DAYS)
        return len(self._connection.execute(short).all())

    def emptied(self, until_us: int | None = None, most: int | None = None) -> Sequence[tuple[int, int]]:
        """Channel (the store's key) and day of the rows that were emptied; ``until_us``: of the days that are over by then."""
        found = select(*_day.c["channel_id", "day"]).where(_day.c.team_id == self._team, IS_EMPTIED)
        if until_us is not None:
            found = found.where(_day.c.day < day_of(until_us))
        rows = self._connection.execute(found.order_by(_day.c.day, _day.c.channel_id).limit(most))
        return [(row.channel_id, row.day) for row in rows]

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

    def _standing(self, channel: int, days: Sequence[int]) -> tuple[int, dict[int, int]]:
        """How far the roll-ups of a channel reach, and how many contributions the rows of these days hold; 0: emptied."""
        reach, held = 0, {}
        for some in pieces(days):
            for row in self._connection.execute(_STANDING, {"channel": channel, "days": some}):
                reach = row.rolled_until
                if row.day is not None:
                    held[row.day] = row.held // RECORD_BYTES
        return reach, held

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
    """The days whose roll-ups a batch of facts may have changed. Asked once the facts are written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.days: dict[int, Counter[int]] = defaultdict(Counter)

    def reacted(self, channel: int, ts_us: int) -> None:
        self.days[channel][day_of(ts_us)] += 1

    def written(self, channel: int, changed: Mapping[int, Rewritten]) -> None:
        """Messages of a channel, by their ts. The root's day tells of its first answer, the days of replies of the root's author."""
        days = self.days[channel]
        days.update(map(day_of, changed))
        answered: dict[int, int] = {}  # root -> the first of its replies among these
        for ts_us, rewritten in changed.items():
            for root_us in filter(None, rewritten.threads):
                answered[root_us] = min(ts_us, answered.get(root_us, ts_us))
        for root_us, ts_us in answered.items():
            if day_of(root_us) not in days and not self._was_answered(channel, root_us, ts_us):
                days[day_of(root_us)] += 1
        new = [ts_us for ts_us, rewritten in changed.items() if rewritten.has_new_author]
        for some in pieces(sorted(new)):
            replies = self._connection.execute(_REPLIES, {"channel": channel, "roots": some})
            days.update(day_of(ts_us) for ts_us in replies.scalars())

    def _was_answered(self, channel: int, root_us: int, before_us: int) -> bool:
        """Whether the first answer is one that stood before, so that what came later changes nothing of it."""
        sought = {"channel": channel, "root": root_us, "before_us": before_us}
        return self._connection.execute(_ANSWERED_BEFORE, sought).first() is not None

    def turned(self, users: Collection[int]) -> None:
        """People who turned out to be bots, or bots that turned out to be people: the threads that they answered."""
        for some in pieces(sorted(users)):
            for channel, thread_us in self._connection.execute(_ANSWERED, {"users": some}):
                self.days[channel][day_of(thread_us)] += 1


def _differing(connection: Connection, channel: int, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    here = (_day.c.channel_id == channel, _day.c.day >= first, _day.c.day < end)
    rows: Iterable[Any] = connection.execute(select(*_day.c["day", "contributions", "roots"]).where(*here))
    stored = {row.day: Packed(row.contributions, row.roots) for row in rows}
    counted = packed_days(connection, channel, first, end)
    for day in sorted({*stored, *counted}):
        one, other = stored.get(day, EMPTIED), counted.get(day, EMPTIED)
        if one != other and not (day in stored and one == EMPTIED):
            yield day, len(one.contributions) // RECORD_BYTES, len(other.contributions) // RECORD_BYTES


def _is_light(held: int | None, changes: int) -> bool:
    """``held``: contributions of the day's row; None: it has none, 0: it was emptied, and stays so until it is filled."""
    return held is None or 0 < held <= LIGHT + PER_CHANGE * changes


def _filled(packed: Mapping[int, Packed]) -> Filled:
    return Filled(len(packed), sum(len(of_day.contributions) for of_day in packed.values()) // RECORD_BYTES)


def _runs(days: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for day in days:
        if run and day - run[-1] > BRIDGED:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


_STANDING = (  # both in one trip to the database
    select(_channel.c.rolled_until, _day.c.day, func.length(_day.c.contributions).label("held"))
    .select_from(
        _channel.outerjoin(
            _day, and_(_day.c.channel_id == _channel.c.id, _day.c.day.in_(bindparam("days", expanding=True)))
        )
    )
    .where(_channel.c.id == bindparam("channel"))
)
_EMPTY = delete(_day).where(_day.c.channel_id == bindparam("the_channel"), _day.c.day == bindparam("the_day"))
_REPLIES = select(_message.c.ts_us).where(
    _message.c.channel_id == bindparam("channel"),
    _message.c.thread_us.is_not(None),
    _message.c.thread_us.in_(bindparam("roots", expanding=True)),
)
_ANSWERED_BEFORE = (
    select(_message.c.ts_us)
    .select_from(
        _message.join(
            _root, and_(_root.c.channel_id == _message.c.channel_id, _root.c.ts_us == _message.c.thread_us)
        ).join(_replier, _replier.c.id == _message.c.user_id)
    )
    .where(
        _message.c.channel_id == bindparam("channel"),
        _message.c.thread_us == bindparam("root"),
        _message.c.ts_us < bindparam("before_us"),
        _message.c.user_id != _root.c.user_id,
        _replier.c.is_bot == false(),
    )
    .limit(1)
)
_ANSWERED = (
    select(*_message.c["channel_id", "thread_us"])
    .where(_message.c.user_id.in_(bindparam("users", expanding=True)), _message.c.thread_us.is_not(None))
    .distinct()
)
