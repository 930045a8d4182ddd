"""How sure a figure of the best hour is, and the hour and weekday that stand until others are surely better. Pure.

Which hour is best is decided anew on each Monday at 00:00, from the ``MEMORY`` before it. A better hour takes over when it was ahead
by more than the uncertainty of the difference, its standard error over the days, on two Mondays in a row, as levels are lost
(definitions: level). These evaluations are replayed from the history each time, so that a restart, an import of older
history or another machine comes to the same hour as having lived through it.

The rule was chosen on simulated communities, not on the histories it is measured on: where people's hours stay the same it moves
about twice a year by chance instead of every few weeks, and a real shift of three hours is followed within three to five months (the memory
must fill with it first).
"""

import threading
from datetime import date, timedelta
from functools import cached_property
from math import sqrt

from copbot.features.rhythm.learning.histogram import HOURS, Histogram, Stretch

WEEKS_OF_PRIOR = 4.0
"""Weeks of an average day that each weekday's figure is mixed with: after 12 weeks a weekday speaks for three quarters."""

MESSAGES_OF_PRIOR = 100.0
"""Messages of the community's pattern that a channel's own is mixed with."""

Stand = tuple[int | None, int]
"""The choice that stands after a Monday, if any, and on how many Mondays in a row another was surely better."""

IN_A_ROW = 2
NEGLIGIBLE = 1e-9  # what adding up in another order may change


class Outlook:
    """What a channel's own history and its community's lead to expect of the days from ``end`` on."""

    def __init__(self, own: Histogram, common: Histogram, end: date) -> None:
        self.end = end
        self.own, self.common = own.stretch(end), common.stretch(end)
        self.weight = self.own.messages / (self.own.messages + MESSAGES_OF_PRIOR)
        self._parts = [(self.own, self.weight / max(1, self.own.days))]
        if self.common.messages and (own is not common):
            level = _per_day(self.own) / _per_day(self.common) if self.own.messages else 1.0
            self._parts.append((self.common, (1 - self.weight) * level / max(1, self.common.days)))
        elif own is common:
            self._parts = [(self.own, 1 / max(1, self.own.days))]

    @property
    def basis(self) -> Stretch | None:
        """The history that is long enough to learn from: the channel's, else the community's."""
        return next((stretch for stretch in (self.own, self.common) if stretch.is_enough), None)

    @cached_property
    def hours(self) -> list[float]:
        """Distinct people expected in each hour of an average day."""
        sums = [(stretch.history.hour_sums(stretch.start, stretch.until), part) for stretch, part in self._parts]
        return [sum(found[hour] * part for found, part in sums) for hour in HOURS]

    def hour_error(self, one: int, other: int) -> float:
        """The standard error of the difference between two hours' figures, from how it varies from day to day."""
        days = max(stretch.days for stretch, _ in self._parts)
        if days < 2:
            return 0.0
        differences = [0.0] * days
        for stretch, part in self._parts:
            found = stretch.history.daily_differences(stretch.start, stretch.until, one, other)
            for number, difference in enumerate(found, days - stretch.days):
                differences[number] += part * difference
        return sqrt(_variance(differences) * days)

    @cached_property
    def weekdays(self) -> list[float]:
        """Each weekday's factor on an average day: how much livelier it is, cautiously."""
        own, common = self._own_weekdays, self._common_weekdays
        return [self.weight * own[day][0] + (1 - self.weight) * common[day][0] for day in range(7)]

    def weekday_error(self, one: int, other: int) -> float:
        """The standard error of the difference between two weekdays' factors, from how they vary from week to week."""
        parts = ((self._own_weekdays, self.weight), (self._common_weekdays, 1 - self.weight))
        return sum(part * sqrt(factors[one][1] + factors[other][1]) for factors, part in parts)

    @cached_property
    def _own_weekdays(self) -> list[tuple[float, float]]:
        return _weekday_factors(self.own)

    @cached_property
    def _common_weekdays(self) -> list[tuple[float, float]]:
        return self._own_weekdays if self.common.history is self.own.history else _weekday_factors(self.common)


def _per_day(stretch: Stretch) -> float:
    return stretch.history.members(stretch.start, stretch.until) / max(1, stretch.days)


def _weekday_factors(stretch: Stretch) -> list[tuple[float, float]]:
    """For each weekday its factor, shrunken towards 1, and the variance of that factor."""
    average = _per_day(stretch)
    if not average:
        return [(1.0, 0.0)] * 7
    found = []
    for days in stretch.weekday_members():
        scale = (len(days) + WEEKS_OF_PRIOR) * average
        variance = _variance(days) * len(days) / scale**2
        found.append(((sum(days) + WEEKS_OF_PRIOR * average) / scale, variance))
    return found


def _variance(values: list[float] | list[int]) -> float:
    """Of a sample; 0 where there are too few to tell."""
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


class Course:
    """The outlooks of a channel from Monday to Monday, and what stood when. Outlooks once found are kept."""

    def __init__(self, own: Histogram, common: Histogram) -> None:
        self.own, self.common = own, common
        self._lock = threading.Lock()
        self._stood: dict[tuple[tuple[int, ...], bool], list[Stand]] = {}
        self._outlooks: dict[date, Outlook] = {}

    def outlook(self, end: date) -> Outlook:
        found = self._outlooks.get(end)
        if found is None:
            found = self._outlooks[end] = Outlook(self.own, self.common, end)
        return found

    def standing_hour(self, end: date, hours: tuple[int, ...]) -> int:
        """The hour of ``hours`` that stands before the beginning of the day ``end``."""
        return self._standing(end, hours, of_hours=True)

    def standing_weekday(self, end: date, weekdays: tuple[int, ...]) -> int:
        return self._standing(end, weekdays, of_hours=False)

    def _standing(self, end: date, choices: tuple[int, ...], *, of_hours: bool) -> int:
        if len(choices) == 1:
            return choices[0]
        with self._lock:
            stood = self._stood.setdefault((choices, of_hours), [])
            for monday in self._mondays(end)[len(stood) :]:
                stood.append(self._next(stood[-1] if stood else (None, 0), monday, choices, of_hours=of_hours))
            count = len(self._mondays(end))
            standing = stood[count - 1][0] if count else None
        now = self.outlook(end)
        return _top(now.hours if of_hours else now.weekdays, choices) if standing is None else standing

    def _next(self, before: Stand, monday: date, choices: tuple[int, ...], *, of_hours: bool) -> Stand:
        outlook = self.outlook(monday)
        if outlook.basis is None:
            return None, 0
        top = _top(outlook.hours if of_hours else outlook.weekdays, choices)
        standing, ahead = before
        if standing is None:
            return top, 0
        if not _surely_better(outlook, top, standing, of_hours=of_hours):
            return standing, 0
        return (standing, ahead + 1) if ahead + 1 < IN_A_ROW else (top, 0)

    def _mondays(self, end: date) -> list[date]:
        """Those on which anything may be known, up to ``end``."""
        first = min((known.first for known in (self.own, self.common) if known.days), default=end)
        monday = first + timedelta(days=7 - first.weekday())
        return [monday + timedelta(weeks=number) for number in range((end - monday).days // 7 + 1)]


def _top(figures: list[float], choices: tuple[int, ...]) -> int:
    """The choice with the highest figure, the first of equals."""
    return max(choices, key=lambda choice: (round(figures[choice], 9), -choices.index(choice)))


def _surely_better(outlook: Outlook, new: int, old: int, *, of_hours: bool) -> bool:
    if new == old:
        return False
    if of_hours:
        return outlook.hours[new] - outlook.hours[old] > outlook.hour_error(new, old) + NEGLIGIBLE
    return outlook.weekdays[new] - outlook.weekdays[old] > outlook.weekday_error(new, old) + NEGLIGIBLE
