"""Working time: the hours of the week in which something counts, by the clocks of a zone. Pure.

An hour that a change of clocks skips holds no time; one that it repeats counts twice. Instants and lengths are microseconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from copbot.core.time import Hours, from_us, to_us

DAYS_LOOKED_AT = 4000
"""Days within which a length of working time must be found: ten years and more. ``copbot check`` refuses hours so few."""

ALL_DAYS = frozenset(range(7))


@dataclass(frozen=True)
class WeekHours:
    """Some hours of some days (0 is Monday); None: the whole day. Hours that pass midnight belong to the day on which they begin."""

    days: frozenset[int] = ALL_DAYS
    hours: Hours | None = None


def _no_holiday(_day: date) -> bool:
    return False


@dataclass(frozen=True)
class WorkingTime:
    """``week`` empty: all time counts, and every day but Saturday and Sunday is a working day."""

    zone: ZoneInfo
    week: tuple[WeekHours, ...] = ()
    is_holiday: Callable[[date], bool] = _no_holiday
    _spans: dict[date, list[tuple[int, int]]] = field(default_factory=dict, compare=False, repr=False)

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        if not self.week:
            return day.weekday() < 5
        return any(day.weekday() in some.days for some in self.week) and not self.is_holiday(day)

    def later(self, us: int, length_us: int) -> int:
        """When so much working time has passed since an instant: the first working instant then, never the end of a working day."""
        if not self.week:
            return us + length_us
        left, reached = length_us, us
        for start, end in self._from(self._day(us)):
            begins = max(start, reached)
            if begins >= end:
                continue
            if left < end - begins:
                return begins + left
            left -= end - begins
            reached = end
        return reached + left

    def earlier(self, us: int, length_us: int) -> int:
        """The earliest instant that lies so much working time before another: never the beginning of a working day, but the end of the
        one before."""
        if not self.week:
            return us - length_us
        left, reached = length_us, us
        for start, end in self._back_from(self._day(us)):
            ends = min(end, reached)
            if start >= ends:
                continue
            if left < ends - start:
                return ends - left
            left -= ends - start
            reached = start
        return reached - left

    def starts_us(self, day: date, otherwise: time) -> int:
        """When work begins on a day; at ``otherwise`` by the clock where that day has no working hours of its own."""
        spans = self._on(day) if self.week and any(some.hours for some in self.week) else []
        return spans[0][0] if spans else _instant(day, otherwise, self.zone, last=False)

    def _day(self, us: int) -> date:
        return from_us(us).astimezone(self.zone).date()

    def _from(self, day: date) -> Iterator[tuple[int, int]]:
        """Spans of working time in order, from the day before on, whose hours may pass midnight."""
        for number in islice(count(-1), DAYS_LOOKED_AT):
            yield from self._on(day + timedelta(days=number))

    def _back_from(self, day: date) -> Iterator[tuple[int, int]]:
        for number in range(DAYS_LOOKED_AT):
            yield from sorted(self._on(day - timedelta(days=number)), key=lambda span: span[1], reverse=True)

    def _on(self, day: date) -> list[tuple[int, int]]:
        """The working hours that begin on a day, as instants ``[start, end)``, in order."""
        if day not in self._spans:
            hours = [some.hours for some in self.week if day.weekday() in some.days]
            self._spans[day] = (
                [] if not hours or self.is_holiday(day) else sorted(self._span(day, one) for one in hours)
            )
        return self._spans[day]

    def _span(self, day: date, hours: Hours | None) -> tuple[int, int]:
        start, end = (hours.start, hours.end) if hours else (time(0), time(0))
        ends_on = day if start < end else day + timedelta(days=1)
        return _instant(day, start, self.zone, last=False), _instant(ends_on, end, self.zone, last=True)


def _instant(day: date, clock: time, zone: ZoneInfo, *, last: bool) -> int:
    """When it is that time by the clock: the last time where it comes twice and that is wanted; where clocks skip it, the instant at
    which they do."""
    wall = datetime.combine(day, clock)
    before, after = (to_us(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if before <= after:
        return after if last else before
    low, high = after, before  # the clocks skip it somewhere in between
    offset = from_us(high).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if from_us(middle).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high
