"""The figures over everybody, counted from the roll-ups, column by column: what each figure is, the written definitions say."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import cast

import numpy as np
from sqlalchemy import Connection, Table, false, func, select

from copbot.adapters.store import tables
from copbot.adapters.store.columns import BucketOf, Column, different
from copbot.adapters.store.counted_people import CountedPeople
from copbot.adapters.store.member_counts import NOTHING, SqlMembers
from copbot.adapters.store.packed_history import PackedHistory
from copbot.core.ports.figure import BucketCounts, Buckets, NewcomerCounts, RootCounts
from copbot.core.records import Scope

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]


class SqlCounting:
    """Counts over everybody in one workspace, read while the transaction is open."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    @cached_property
    def _history(self) -> PackedHistory:
        return PackedHistory(self._connection, self._team)

    def by_bucket(self, scope: Scope, buckets: Buckets) -> BucketCounts:
        look_up, room, size = BucketOf(*buckets), self._history.people.room, max(buckets.numbers, default=-1) + 1
        messages, wrote = np.zeros(size, np.int64), np.zeros(room, bool)
        met: list[Column] = []
        for part in self._history.parts(scope):
            ts_us, user = part.written
            bucket = look_up(ts_us)
            messages += np.bincount(bucket, minlength=size)
            named = self._history.people.is_named[user]
            wrote[user[named]] = True
            met.append(different(bucket[named] * room + user[named]))
        members = np.bincount(different(np.concatenate(met)) // room, minlength=size) if met else messages
        return BucketCounts(int(messages.sum()), int(wrote.sum()), messages.tolist(), members.tolist())

    def threads(self, scope: Scope, waits_us: Sequence[int]) -> tuple[RootCounts, RootCounts]:
        every, asking = _Roots(scope.until_us, waits_us), _Roots(scope.until_us, waits_us)
        for part in self._history.parts(scope, roots=True):
            ts_us, answer_us, asks = part.roots
            every.add(ts_us, answer_us)
            asking.add(ts_us[asks], answer_us[asks])
        return every.counts(), asking.counts()

    def threads_begun(self, scope: Scope) -> Iterator[tuple[str, int, bool, int | None]]:
        rows = self._connection.execute(select(*_channel.c["id", "slack_id"]).where(_channel.c.team_id == self._team))
        names = {row.id: row.slack_id for row in rows}
        for part in self._history.parts(scope, roots=True):
            columns = (part.channel_of_roots, *part.roots)
            for channel, ts_us, answer_us, asks in zip(*(column.tolist() for column in columns), strict=True):
                yield names[channel], ts_us, asks, answer_us if 0 < answer_us < scope.until_us else None

    def members(self, scope: Scope, mondays_us: Sequence[int], recent_us: int, awake_us: int) -> SqlMembers:
        people = CountedPeople(self._connection, self._team)
        return SqlMembers(self._history, people, scope, mondays_us, recent_us, awake_us)

    def returning(self, scope: Scope, starts_us: Sequence[int]) -> Sequence[tuple[int, int]]:
        return self.returning_by(scope, [starts_us])[0]

    def returning_by(self, scope: Scope, calendars: Sequence[Sequence[int]]) -> Sequence[Sequence[tuple[int, int]]]:
        spans = [_Spans(starts_us, self._history.people.room) for starts_us in calendars]
        for part in self._history.parts(scope):
            ts_us, user = part.written
            named = self._history.people.is_named[user]
            for each in spans:
                each.add(ts_us[named], user[named])
        return [each.counts() for each in spans]

    def newcomers(self, scope: Scope, waits_us: Sequence[int]) -> Iterator[NewcomerCounts]:
        people = CountedPeople(self._connection, self._team)
        joined = people.joined_in(scope)
        joined_us = np.full(self._history.people.room, np.iinfo(np.int64).max)
        joined_us[list(joined)] = list(joined.values())
        written = [np.zeros(self._history.people.room, np.int64) for _ in waits_us]
        for part in self._history.parts(scope):
            ts_us, user = part.written
            after = ts_us - joined_us[user]
            for count, wait_us in zip(written, waits_us, strict=True):
                count += np.bincount(user[(after >= 0) & (after <= wait_us)], minlength=len(count))
        answered = people.answered()
        for key, instant in joined.items():
            yield NewcomerCounts(instant, [int(count[key]) for count in written], answered.get(key))

    def first_message_us(self, scope: Scope) -> int | None:
        first = (
            select(_message.c.ts_us)
            .join(_user, _user.c.id == _message.c.user_id)
            .where(_message.c.channel_id == _channel.c.id, _user.c.is_bot == false(), _message.c.ts_us < scope.until_us)
            .where(*(() if scope.since_us is None else (_message.c.ts_us >= scope.since_us,)))
            .order_by(_message.c.ts_us)
            .limit(1)
            .scalar_subquery()
        )
        channels = select(first).where(_channel.c.team_id == self._team)
        if scope.channels is not None:
            channels = channels.where(_channel.c.slack_id.in_(scope.channels))
        instants = self._connection.execute(channels).scalars()
        return min((instant for instant in instants if instant is not None), default=None)

    def known_since_us(self, scope: Scope) -> int | None:
        earliest = [
            select(func.min(table.c.ts_us)).where(table.c.channel_id == _channel.c.id).scalar_subquery()
            for table in (_message, _reaction)
        ]
        channels = select(*earliest).where(_channel.c.team_id == self._team)
        if scope.channels is not None:
            channels = channels.where(_channel.c.slack_id.in_(scope.channels))
        instants = [instant for row in self._connection.execute(channels) for instant in row]
        joined = select(func.min(_user.c.joined_us)).where(_user.c.team_id == self._team)
        instants.append(self._connection.execute(joined).scalar())
        return min((instant for instant in instants if instant is not None), default=None)


class _Spans:
    """Who wrote in each span between two starts."""

    def __init__(self, starts_us: Sequence[int], room: int) -> None:
        self._starts = np.asarray(starts_us, np.int64)
        self._wrote = np.zeros((len(starts_us), room), bool)

    def add(self, ts_us: Column, user: Column) -> None:
        within = ts_us >= self._starts[0]
        self._wrote[np.searchsorted(self._starts, ts_us[within], "right") - 1, user[within]] = True

    def counts(self) -> list[tuple[int, int]]:
        again = [int((now & following).sum()) for now, following in pairwise(self._wrote)]
        return list(zip([int(span.sum()) for span in self._wrote], [*again, 0], strict=True))


class _Roots:
    """The waits for a first answer, summed up."""

    def __init__(self, until_us: int, waits_us: Sequence[int]) -> None:
        self._until_us = until_us
        self._waits_us = waits_us
        self._roots = 0
        self._unanswered = [0] * len(waits_us)
        self._delays: list[Column] = []

    def add(self, ts_us: Column, answer_us: Column) -> None:
        is_answered = (answer_us > 0) & (answer_us < self._until_us)
        delay = answer_us - ts_us
        self._roots += len(ts_us)
        self._delays.append(delay[is_answered])
        for number, wait_us in enumerate(self._waits_us):
            is_old = self._until_us - ts_us >= wait_us
            self._unanswered[number] += int((is_old & ~(is_answered & (delay <= wait_us))).sum())

    def counts(self) -> RootCounts:
        delays = np.concatenate([NOTHING, *self._delays])
        answered = len(delays)
        middle = None
        if answered:
            places = (answered - 1) // 2, answered // 2
            around = np.partition(delays, places)
            middle = int(around[places[0]]), int(around[places[1]])
        return RootCounts(self._roots, answered, self._unanswered, middle)
