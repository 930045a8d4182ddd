"""The roll-ups of a scope as columns, some hundred thousand contributions at a time.

Days that are not rolled up yet, or not any more, are read from the facts.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np
from sqlalchemy import Connection, Row, Select, Table, func, select

from copbot.adapters.store import tables
from copbot.adapters.store.columns import Column
from copbot.adapters.store.driver_rows import driver_rows
from copbot.adapters.store.identities import known_nobodies
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.rollup_records import REACTION, RECORD_BYTES, REPLY, ROOT, day_of, packed_days
from copbot.adapters.store.rollups import end_of_step
from copbot.core.records import Scope

_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_day = cast(Table, tables.DayRollUp.__table__)  # type: ignore[attr-defined]


_KIND = np.zeros(6, np.int64)  # kind and "to somebody else" -> index in core.figure_ports.Kinds
_KIND[[2 * ROOT, 2 * ROOT + 1]] = 0
_KIND[[2 * REPLY, 2 * REPLY + 1]] = 1, 2
_KIND[[2 * REACTION, 2 * REACTION + 1]] = 4, 3


class People(NamedTuple):
    """By the store's key: who is a person, and no bot; ``is_named``: and not one whose name is not kept: their messages count, and they
    are no member."""

    is_person: Column
    is_named: Column

    @property
    def room(self) -> int:
        """Greater than every key."""
        return len(self.is_person)


class Part:
    """Some contributions by people, as columns of equal length. ``rows``: of (channel, contributions, day, roots)."""

    def __init__(self, rows: Sequence[Any], scope: Scope, people: People) -> None:
        self._people, self._rows = people, rows
        self._days = [row[1] for row in rows]
        packed = np.frombuffer(b"".join(self._days), "<i8").reshape(-1, 2)
        self._all, who = packed[:, 0], packed[:, 1]
        ts_us, user = self._all >> 2, who & 0xFFFFFFFF
        keep = people.is_person[user]
        keep &= ts_us < scope.until_us
        if scope.since_us is not None:
            keep &= ts_us >= scope.since_us
        self._keep = None if keep.all() else keep
        self.ts_us, self.user = self._of(ts_us), self._of(user)
        self._at, self._who = self._of(self._all), self._of(who)

    def _of(self, column: Column) -> Column:
        return column if self._keep is None else column[self._keep]

    @cached_property
    def is_message(self) -> Column:
        is_message: Column = (self._at & 3) != REACTION
        return is_message

    @cached_property
    def written(self) -> tuple[Column, Column]:
        """When human messages were written, and by whom."""
        return self.ts_us[self.is_message], self.user[self.is_message]

    @cached_property
    def kind(self) -> Column:
        """As an index in ``Kinds``. The other is somebody else only where they are known to be a person."""
        other = self._who >> 32
        to_others = (other != self.user) & (other > 0) & self._people.is_person[other]
        kind: Column = _KIND[2 * (self._at & 3) + to_others]
        return kind

    @cached_property
    def channel(self) -> Column:
        lengths = np.array(list(map(len, self._days))) // RECORD_BYTES
        return self._of(np.repeat(self.channel_of_days, lengths))

    @cached_property
    def channel_of_days(self) -> Column:
        return np.array([row[0] for row in self._rows])

    @cached_property
    def roots(self) -> tuple[Column, Column, Column]:
        """Of the roots alone: ts, ts of the first answer (0: none), whether it asks."""
        packed = np.frombuffer(b"".join([row[3] for row in self._rows]), "<i8")
        if self._keep is not None:
            packed = packed[self._keep[(self._all & 3) == ROOT]]
        return self.ts_us[(self._at & 3) == ROOT], packed >> 1, (packed & 1).astype(bool)

    @cached_property
    def channel_of_roots(self) -> Column:
        of_roots: Column = self.channel[(self._at & 3) == ROOT]
        return of_roots


class PackedHistory:
    """The contributions of one workspace, read while the transaction is open."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    @cached_property
    def people(self) -> People:
        room = self._connection.execute(select(func.max(_user.c.id)).where(_user.c.team_id == self._team)).scalar() or 0
        is_person = np.ones(room + 1, bool)
        bots = select(_user.c.id).where(_user.c.team_id == self._team, _user.c.is_bot)
        is_person[list(self._connection.execute(bots).scalars())] = False
        is_named = is_person.copy()
        is_named[known_nobodies(self._connection, self._team)] = False
        return People(is_person, is_named)

    @cached_property
    def has_open_list(self) -> Column:
        """By the channel's key: whether no list of its members was read, so that whoever wrote there is taken for one."""
        rows = self._connection.execute(
            select(*_channel.c["id", "members_us"]).where(_channel.c.team_id == self._team)
        ).all()
        is_open = np.zeros(max((row.id for row in rows), default=0) + 1, bool)
        is_open[[row.id for row in rows if row.members_us is None]] = True
        return is_open

    def parts(self, scope: Scope, *, roots: bool = False) -> Iterator[Part]:
        """All contributions by people in the scope, in no order; ``roots``: with what ``Part.roots`` needs."""
        columns = ("channel_id", "contributions", "day", *(("roots",) if roots else ()))
        for rows in self._days(scope, select(*_day.c[columns])):
            yield Part(rows, scope, self.people)

    def _days(self, scope: Scope, columns: Select[Any]) -> Iterator[Sequence[Any]]:
        """Rows of (channel, contributions, day, roots), the last where it is asked for."""
        first, end = 0 if scope.since_us is None else day_of(scope.since_us), day_of(scope.until_us - 1) + 1
        channels = self._channels(scope)
        whole = [row.id for row in channels if row.rolled_until >= end]
        for some in pieces(whole):
            yield from self._rolled_up(columns, some, first, end)
        for row in channels:
            if row.rolled_until < end:
                yield from self._rolled_up(columns, [row.id], first, row.rolled_until)
                yield from self._from_facts(row.id, max(first, row.rolled_until), end)

    def _channels(self, scope: Scope) -> Sequence[Row[Any]]:
        found = select(*_channel.c["id", "rolled_until"]).where(_channel.c.team_id == self._team)
        if scope.channels is not None:
            found = found.where(_channel.c.slack_id.in_(scope.channels))
        return self._connection.execute(found.order_by(_channel.c.id)).all()

    def _rolled_up(
        self, columns: Select[Any], channels: Sequence[int], first: int, end: int
    ) -> Iterator[Sequence[Any]]:
        here = (_day.c.channel_id.in_(channels), _day.c.day >= first, _day.c.day < end)
        emptied: list[Any] = []
        for rows in driver_rows(self._connection, columns.where(*here)):
            emptied += [row for row in rows if not row[1]]
            yield rows
        for channel, _, day, *_ in emptied:
            yield from self._from_facts(channel, day, day + 1)

    def _from_facts(self, channel: int, first: int, end: int) -> Iterator[Sequence[Any]]:
        while first < end:
            stop = min(end_of_step(self._connection, channel, first), end)
            packed = packed_days(self._connection, channel, first, stop)
            rows = [(channel, one.contributions, day, one.roots) for day, one in packed.items()]
            if rows:
                yield rows
            first = stop
