"""What a report is made of: the counts of a month and of the one before, from the figures' material. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core.load import Load
from copbot.core.months import Month
from copbot.core.ports.figure import Buckets, NewcomerCounts
from copbot.core.time import DAY_US, SECOND_US, from_us, to_us
from copbot.features.participation.rules import Level

WEEKS = 12
"""Of the heatmap at most, and as many as are stored: a month alone has five of some weekdays and four of others, and little of anything."""

WEEK_US = 7 * DAY_US

BEGINS_WITHIN_US = 3 * DAY_US
"""A history that begins so soon after a month did covers it: nobody need have written on a weekend."""

QUIET_US = 4 * DAY_US
"""So long a silence at a month's end, where somebody wrote every day before, looks like the end of what is stored."""

FEWEST_PEOPLE = 5
"""Nothing is told of what fewer people than this did."""

MONTHS = 13
"""Shown over time: the month, and the twelve before it."""

WAITS_US = {"24h": DAY_US, "48h": 2 * DAY_US, "7d": 7 * DAY_US}


class Days:
    """The days of ``[since, until)`` by the clock of a zone."""

    def __init__(self, since_us: int, until_us: int, zone: ZoneInfo) -> None:
        self.dates: list[date] = []
        self.starts_us: list[int] = []
        day = from_us(since_us).astimezone(zone).date()
        while (start_us := to_us(datetime.combine(day, time(), zone))) < until_us:
            self.dates.append(day)
            self.starts_us.append(start_us)
            day += timedelta(days=1)

    def buckets(self) -> Buckets:
        return Buckets(self.starts_us, range(len(self.dates)))

    def counted(self, instants: Iterable[int]) -> list[int]:
        """How many of these instants, all within the days, fall on each."""
        counts = [0] * len(self.dates)
        for ts_us in instants:
            counts[bisect_right(self.starts_us, ts_us) - 1] += 1
        return counts


@dataclass(frozen=True)
class Thread:
    """A root of the month by a person; ``answer_us`` is the first answer's before the month's end."""

    channel: str
    ts_us: int
    asks: bool
    answer_us: int | None

    def wait_s(self) -> float | None:
        return None if self.answer_us is None else (self.answer_us - self.ts_us) / SECOND_US


@dataclass(frozen=True)
class Coverage:
    """How many of those that are old enough to tell were answered within a time."""

    within: Mapping[str, tuple[int, int]]
    asked: int
    answered: int
    waits_s: tuple[float, ...]


def coverage(threads: Iterable[Thread], until_us: int) -> Coverage:
    """A root that is younger than the time itself at ``until`` is left out of it: nobody knows yet."""
    every = list(threads)
    within = {}
    for name, wait_us in WAITS_US.items():
        old = [one for one in every if until_us - one.ts_us >= wait_us]
        met = sum(one.answer_us is not None and one.answer_us - one.ts_us <= wait_us for one in old)
        within[name] = (met, len(old))
    waits = [wait for one in every if (wait := one.wait_s()) is not None]
    return Coverage(within, len(every), len(waits), tuple(sorted(waits)))


@dataclass(frozen=True)
class Seen:
    """A person at an instant. ``level`` is None for who is no member (any more)."""

    user: str
    level: Level | None
    active_weeks: int = 0
    messages: int = 0


@dataclass(frozen=True)
class MonthCounts:
    """One month. ``messages``, ``questions`` and ``joined`` are by day; ``written`` (messages) and ``answers`` (replies to
    somebody else's root) by person, without those who have none."""

    days: tuple[date, ...]
    messages: tuple[int, ...]
    questions: tuple[int, ...]
    joined: tuple[int, ...]
    threads: tuple[Thread, ...]
    written: Mapping[int, int]
    answers: Mapping[int, int]
    people: Mapping[int, Seen]
    since_us: int
    until_us: int

    @property
    def writers(self) -> frozenset[int]:
        return frozenset(self.written)

    @cached_property
    def asked(self) -> Coverage:
        """Of the roots that ask something."""
        return coverage((thread for thread in self.threads if thread.asks), self.until_us)

    @cached_property
    def levels(self) -> Counter[Level]:
        return Counter(seen.level for seen in self.people.values() if seen.level is not None)


@dataclass(frozen=True)
class Cohort:
    """Those who joined in a month, and what they did within 30 days, as far as the report reaches.

    ``joined_silently``: whether anybody is known to have joined otherwise than by writing; where nobody is, the steps say nothing.
    """

    month: Month
    joined: int
    joined_silently: bool
    answered_onboarding: int
    posted_7d: int
    posted_30d: int
    posted_again_30d: int


COHORT_WAITS_US = (0, 7 * DAY_US, 30 * DAY_US)
"""Since joining; whoever wrote at that very instant joined by writing."""


def cohort_of(month: Month, newcomers: Iterable[NewcomerCounts], until_us: int) -> Cohort:
    """``newcomers``: those who joined in the month, with the waits of ``COHORT_WAITS_US``."""
    every = list(newcomers)
    answered = [one.answered_onboarding_us for one in every]
    return Cohort(
        month=month,
        joined=len(every),
        joined_silently=any(one.messages_within[0] == 0 for one in every),
        answered_onboarding=sum(at_us is not None and at_us < until_us for at_us in answered),
        posted_7d=sum(one.messages_within[1] >= 1 for one in every),
        posted_30d=sum(one.messages_within[2] >= 1 for one in every),
        posted_again_30d=sum(one.messages_within[2] >= 2 for one in every),
    )


@dataclass(frozen=True)
class Material:
    """``months`` are those shown over time, the report's last, each with its messages and how many people wrote them; ``returning``: of
    each of these, how many people wrote in it and how many of them in the next too. ``week``: by weekday and hour how many different
    people wrote on average over the last ``weeks``. ``first_us`` and ``last_us``: the first and last message stored here.
    ``names``: of people by user ID, where they are wanted. ``loads``: what each moderator took and answered in the month."""

    now: MonthCounts
    before: MonthCounts
    months: Sequence[tuple[Month, int, int]]
    returning: Sequence[tuple[int, int]]
    week: Sequence[Sequence[float]]
    week_messages: int
    cohort: Cohort
    cohort_before: Cohort
    last_us: int | None
    first_us: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    loads: Sequence[Load] = ()
    weeks: int = WEEKS

    @property
    def ends_early_us(self) -> int | None:
        """The last message that is stored, where the history seems to end before the month does: as with one that was imported."""
        missing_us = self.now.until_us - (self.last_us or 0)
        rate = sum(self.now.messages) / max(1, len(self.now.days) - missing_us // DAY_US)
        return self.last_us if missing_us >= QUIET_US and rate >= 1 else None

    @property
    def has_threads(self) -> bool:
        """Whether anybody replies in threads here; where nobody does, an unanswered question and one answered below it look alike."""
        return any(one.answer_us is not None for month in (self.now, self.before) for one in month.threads)

    @property
    def has_before(self) -> bool:
        """Whether the month before is there to compare with: a history that begins within it tells of a part of it only."""
        return self.first_us is not None and self.first_us < self.before.since_us + BEGINS_WITHIN_US

    @property
    def begins_in_month_before(self) -> bool:
        return self.first_us is not None and self.before.since_us <= self.first_us < self.now.since_us
