"""What each person contributed, by kind and by calendar week, counted from the roll-ups."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from copbot.adapters.store.columns import BucketOf, Column, runs_of
from copbot.adapters.store.counted_people import CountedPeople
from copbot.adapters.store.packed_history import PackedHistory, Part
from copbot.core.ports.figure import Kinds, MemberCounts, Moment
from copbot.core.records import CountedUser, Scope

NOTHING = np.zeros(0, np.int64)
NEVER = np.iinfo(np.int64).max
NONE = Kinds()
KINDS = len(NONE)


class Kept(NamedTuple):
    """Contributions as columns of equal length."""

    user: Column
    ts_us: Column
    is_message: Column


class Cells(NamedTuple):
    """For each week of each person in which they contributed anything: the key, human messages, and the first and last contribution."""

    key: Column  # user * weeks + week, ascending
    messages: Column
    first_us: Column
    last_us: Column


NO_CELLS = Cells(NOTHING, NOTHING, NOTHING, NOTHING)


class Writers:
    """Who wrote in a channel of which no list of members was read, and which they are not known to have left (``left``)."""

    def __init__(self, history: PackedHistory, left: Collection[tuple[int, int]]) -> None:
        self._has_open_list = history.has_open_list
        self._left = left
        self._left_any = np.zeros(history.people.room, bool)
        self._left_any[[user for _, user in left]] = True
        self._wrote = np.zeros(history.people.room, bool)

    def add(self, part: Part) -> None:
        is_open = self._has_open_list[part.channel_of_days]
        if not is_open.any():
            return
        written = part.is_message if is_open.all() else part.is_message & self._has_open_list[part.channel]
        user = part.user[written]
        unsure = self._left_any[user]
        if unsure.any():
            pairs = set(zip(part.channel[written][unsure].tolist(), user[unsure].tolist(), strict=True))
            self._wrote[[who for where, who in pairs if (where, who) not in self._left]] = True
            user = user[~unsure]
        self._wrote[user] = True

    def keys(self) -> list[int]:
        found: list[int] = np.flatnonzero(self._wrote).tolist()
        return found


class SqlMembers:
    """Counted when it is made."""

    def __init__(
        self,
        history: PackedHistory,
        people: CountedPeople,
        scope: Scope,
        mondays_us: Sequence[int],
        recent_us: int,
        awake_us: int,
    ) -> None:
        self._history = history
        self._people = people
        self._scope = scope
        self._weeks = len(mondays_us)
        self._recent_us = recent_us
        room = history.people.room
        self._within = np.zeros((room, KINDS), np.int64)
        self._recent = np.zeros((room, KINDS), np.int64)
        self._first_us = np.full(room, NEVER)
        self._last_us = np.full(room, -1)
        self._writers = Writers(history, people.left(scope))
        ever = Scope(None, scope.until_us, scope.channels)
        kept = [self._count(part) for part in history.parts(ever)]
        self._awake = [_awake(some, self._last_us >= awake_us) for some in kept]
        self._week_of = BucketOf(mondays_us, range(self._weeks))
        self._cells = self._grouped()

    def __iter__(self) -> Iterator[MemberCounts]:
        cells, people = self._cells, self._members()
        keys = np.fromiter((counted.key for counted in people), np.int64, len(people))
        begin = np.searchsorted(cells.key, keys * self._weeks).tolist()
        end = np.searchsorted(cells.key, (keys + 1) * self._weeks).tolist()
        within, recent = self._within[keys].tolist(), self._recent[keys].tolist()
        first_us, last_us = self._first_us[keys].tolist(), self._last_us[keys].tolist()
        weeks, messages, last_in_us = (
            (cells.key % self._weeks).tolist(),
            cells.messages.tolist(),
            cells.last_us.tolist(),
        )
        for number, counted in enumerate(people):
            low, high, wrote = begin[number], end[number], last_us[number] >= 0
            yield MemberCounts(
                counted,
                Kinds._make(within[number]) if wrote else NONE,
                Kinds._make(recent[number]) if wrote else NONE,
                first_us[number] if wrote else None,
                last_us[number] if wrote else None,
                weeks[low:high],
                messages[low:high],
                last_in_us[low:high],
            )

    def moments(self, wanted: Collection[Moment]) -> Mapping[Moment, int]:
        places = {moment: moment[0] * self._weeks + moment[1] for moment in wanted}
        firsts = [moment for moment in wanted if moment[2] < 1]
        found_at = np.searchsorted(self._cells.key, [places[moment] for moment in firsts]).tolist()
        found = {moment: int(self._cells.first_us[at]) for moment, at in zip(firsts, found_at, strict=True)}
        others = [moment for moment in wanted if moment[2] >= 1]
        keys = np.array([places[moment] for moment in others], np.int64)
        key, ts_us = self._written_in(keys)
        begin = np.searchsorted(key, keys).tolist()
        return found | {moment: int(ts_us[low + moment[2] - 1]) for moment, low in zip(others, begin, strict=True)}

    def _written_in(self, keys: Column) -> tuple[Column, Column]:
        """The human messages of some weeks of people, by week and time."""
        users = np.zeros(self._history.people.room, bool)
        users[keys // self._weeks] = True
        theirs = [some.is_message & users[some.user] for some in self._awake]
        user = np.concatenate([NOTHING, *(some.user[these] for some, these in zip(self._awake, theirs, strict=True))])
        ts_us = np.concatenate([NOTHING, *(some.ts_us[these] for some, these in zip(self._awake, theirs, strict=True))])
        key = user * self._weeks + self._week_of(ts_us)
        order = np.lexsort((ts_us, key))
        return key[order], ts_us[order]

    def _members(self) -> list[CountedUser]:
        active = np.flatnonzero(self._within.any(axis=1))
        return list(self._people.members_or(set(active.tolist()), self._writers.keys(), self._scope))

    def _count(self, part: Part) -> Kept:
        of_kind, since_us = part.user * KINDS + part.kind, self._scope.since_us
        np.add.at(self._within.reshape(-1), of_kind if since_us is None else of_kind[part.ts_us >= since_us], 1)
        np.add.at(self._recent.reshape(-1), of_kind[part.ts_us >= self._recent_us], 1)
        np.minimum.at(self._first_us, part.user, part.ts_us)
        np.maximum.at(self._last_us, part.user, part.ts_us)
        self._writers.add(part)
        return Kept(part.user.astype(np.int32), part.ts_us, part.is_message)

    def _grouped(self) -> Cells:
        """Those of the awake, put together part by part and then of all parts."""
        some = [self._cells_of(kept) for kept in self._awake]
        return (
            _grouped(Cells(*(np.concatenate([NOTHING, *column]) for column in zip(*some, strict=True))))
            if some
            else NO_CELLS
        )

    def _cells_of(self, kept: Kept) -> Cells:
        key = kept.user.astype(np.int64) * self._weeks + self._week_of(kept.ts_us)
        return _grouped(Cells(key, kept.is_message.astype(np.int64), kept.ts_us, kept.ts_us))


def _awake(kept: Kept, is_awake: Column) -> Kept:
    these = is_awake[kept.user]
    return kept if these.all() else Kept(*(column[these] for column in kept))


def _grouped(cells: Cells) -> Cells:
    """One row for each key, in order."""
    if not len(cells.key):
        return cells
    order = np.argsort(cells.key)
    key = cells.key[order]
    begin = runs_of(key)
    return Cells(
        key[begin],
        np.add.reduceat(cells.messages[order], begin),
        np.minimum.reduceat(cells.first_us[order], begin),
        np.maximum.reduceat(cells.last_us[order], begin),
    )
