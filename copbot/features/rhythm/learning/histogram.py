"""Who wrote when, day by day and hour by hour, as sums that any stretch of time can be read from. Pure.

An hour holds the number of *distinct people* who wrote in it. Hours are by the community's wall clock; one that a change of clocks
repeats counts in one place.
"""

from array import array
from collections.abc import Iterable
from datetime import date, timedelta
from operator import add, sub

MEMORY = timedelta(days=90)
LEAST_WEEKS = 4
LEAST_MESSAGES = 100

HOURS = range(24)
KERNEL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)
"""How an hour is smoothed with its neighbours, around the clock."""

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


class Histogram:
    """Member-hours and messages of consecutive days from ``first`` on, kept as running sums: any stretch of days costs one
    subtraction an hour, however long it is."""

    def __init__(self, first: date, hours: Iterable[Iterable[int]], messages: Iterable[int]) -> None:
        """``hours``: for each day 24 numbers of distinct people; ``messages``: how many they wrote on that day."""
        self.first = first
        self._hours = array("d", bytes(8 * 24))
        self._members = array("q", [0])
        self._messages = array("q", [0])
        self._stretches: dict[date, Stretch] = {}
        for day in hours:
            row = list(day)
            before = self._hours[-24:]
            self._hours.extend(map(add, before, _smoothed(row)) if any(row) else before)
            self._members.append(self._members[-1] + sum(row))
        for count in messages:
            self._messages.append(self._messages[-1] + count)

    @property
    def days(self) -> int:
        return len(self._members) - 1

    def index(self, day: date) -> int:
        """The number of a date, kept within what is known."""
        return min(max(0, (day - self.first).days), self.days)

    def hour_sums(self, start: int, end: int) -> list[float]:
        """The smoothed member-hours of the days ``[start, end)``, for each hour."""
        return list(map(sub, self._hours[end * 24 : end * 24 + 24], self._hours[start * 24 : start * 24 + 24]))

    def daily_differences(self, start: int, end: int, one: int, other: int) -> list[float]:
        """How many more smoothed member-hours one hour had than another, on each of the days ``[start, end)``."""
        ones = self._hours[start * 24 + one : end * 24 + one + 1 : 24]
        others = self._hours[start * 24 + other : end * 24 + other + 1 : 24]
        ahead = list(map(sub, ones, others))
        return list(map(sub, ahead[1:], ahead))

    def daily_members(self, start: int, end: int) -> list[int]:
        """The member-hours of each of the days ``[start, end)``."""
        sums = self._members[start : end + 1]
        return list(map(sub, sums[1:], sums))

    def stretch(self, end: date) -> "Stretch":
        """The ``MEMORY`` before a day, worked out once."""
        found = self._stretches.get(end)
        if found is None:
            found = self._stretches[end] = Stretch(self, end)
        return found

    def members(self, start: int, end: int) -> int:
        """The member-hours of the days ``[start, end)``."""
        return self._members[max(start, end)] - self._members[start]

    def messages(self, start: int, end: int) -> int:
        return self._messages[max(start, end)] - self._messages[start]


def _smoothed(row: list[int]) -> list[float]:
    two, one, mid, _, _ = KERNEL
    r = [*row[-2:], *row, *row[:2]]
    return [two * (r[h] + r[h + 4]) + one * (r[h + 1] + r[h + 3]) + mid * r[h + 2] for h in HOURS]


NOTHING_WRITTEN = Histogram(date(1970, 1, 1), (), ())


def histogram(cells: Iterable[tuple[date, int, int, int]]) -> Histogram:
    """Of (date, hour, distinct people, messages), in any order; the same hour may come in parts."""
    hours: dict[date, list[int]] = {}
    messages: dict[date, int] = {}
    for day, hour, members, count in cells:
        hours.setdefault(day, [0] * 24)[hour] += members
        messages[day] = messages.get(day, 0) + count
    if not hours:
        return NOTHING_WRITTEN
    first, last = min(hours), max(hours)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    nobody = [0] * 24
    return Histogram(first, (hours.get(day, nobody) for day in days), (messages.get(day, 0) for day in days))


class Stretch:
    """The ``MEMORY`` before the beginning of the day ``end``, from the first day on which anything was written: before it
    there was nothing to take part in.

    ``days`` is how many that are, ``weeks`` in how many of whole weeks back from the end anything was written.
    """

    def __init__(self, history: Histogram, end: date) -> None:
        self.history, self.end = history, end
        self.until = history.index(end)
        self.start = history.index(end - MEMORY)
        while self.start < self.until and not history.messages(self.start, self.start + 1):
            self.start += 1
        self.first = history.first + self.start * DAY if self.start < self.until else end
        self.days = (end - self.first).days
        self.messages = history.messages(self.start, self.until)
        self.weeks = self._weeks()
        self.is_enough = self.messages >= LEAST_MESSAGES and self.weeks >= LEAST_WEEKS

    def _weeks(self) -> int:
        whole = MEMORY // WEEK
        edges = [self.history.index(self.end - number * WEEK) for number in range(whole)]
        return sum(
            self.history.messages(max(self.start, oldest), newest) > 0
            for newest, oldest in zip(edges, [*edges[1:], self.start], strict=True)
        )

    def weekday_members(self) -> list[list[int]]:
        """For each weekday the member-hours of its dates."""
        members = self.history.daily_members(self.start, self.until)
        members += [0] * (self.days - len(members))  # nothing was written any more
        weekday = self.first.weekday()
        return [members[(day - weekday) % 7 :: 7] for day in range(7)]
