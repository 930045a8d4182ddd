"""What a report is made of: the counts of a month and of the one before, from the figures' material. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core.load import Load
from copbot.core.months import Month
from copbot.core.time import DAY_US, SECOND_US, from_us, to_us
from copbot.features.participation.figures import LocalHours
from copbot.features.participation.rules import Level

WEEKS = 12
"""Of the heatmap: a month alone has five of some weekdays and four of others, and little of anything."""

BEGINS_WITHIN_US = 3 * DAY_US
"""A history that begins so soon after a month did covers it: nobody need have written on a weekend."""

QUIET_US = 4 * DAY_US
"""So long a silence at a month's end, where somebody wrote every day before, looks like the end of what is stored."""

MONTHS = 13
"""Shown over time: the month, and the twelve before it."""

WAITS_US = {"24h": DAY_US, "48h": 2 * DAY_US, "7d": 7 * DAY_US}


class Days:
    """The days of ``[since, until)`` by the clock of a zone, and to which of them an instant belongs."""

    def __init__(self, since_us: int, until_us: int, zone: ZoneInfo) -> None:
        first = from_us(since_us).astimezone(zone).date()
        self.dates: list[date] = []
        self._starts: dict[date, int] = {}
        day = first
        while to_us(datetime.combine(day, time(), zone)) < until_us:
            self.dates.append(day)
            day += timedelta(days=1)
        self._number = {day: number for number, day in enumerate(self.dates)}
        self._zone = zone

    def counted(self, instants: Iterable[int]) -> list[int]:
        """How many of these fall on each day; what lies outside counts nowhere."""
        counts = [0] * len(self.dates)
        for ts_us in instants:
            number = self._number.get(from_us(ts_us).astimezone(self._zone).date())
            if number is not None:
                counts[number] += 1
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
    joined_us: int | None
    answered_onboarding_us: int | None = None
    active_weeks: int = 0
    messages: int = 0


@dataclass(frozen=True)
class MonthCounts:
    """One month. ``messages`` and ``reactions`` are by day; ``answers`` by person: replies to somebody else's root."""

    days: tuple[date, ...]
    messages: tuple[int, ...]
    questions: tuple[int, ...]
    joined: tuple[int, ...]
    threads: tuple[Thread, ...]
    written: Mapping[int, int]
    answers: Mapping[int, int]
    reactions: int
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


@dataclass(frozen=True)
class Material:
    """``months`` are those shown over time, the report's last, each with its messages and who wrote them. ``week``: by weekday and hour
    how many different people wrote on average. ``first_us`` and ``last_us``: the first and last message stored here.
    ``names``: of people by user ID, where they are wanted. ``loads``: what each moderator took and answered in the month."""

    now: MonthCounts
    before: MonthCounts
    months: Sequence[tuple[Month, int, frozenset[int]]]
    week: Sequence[Sequence[float]]
    week_messages: int
    cohort: Cohort
    cohort_before: Cohort
    last_us: int | None
    first_us: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    loads: Sequence[Load] = ()

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


def by_month(
    messages: Iterable[tuple[int, int]], months: Sequence[Month], zone: ZoneInfo
) -> list[tuple[int, set[int]]]:
    """Messages in order of time -> of each of these successive months how many, and who wrote."""
    starts = [*(month.start_us(zone) for month in months), months[-1].end_us(zone)]
    found: list[tuple[int, set[int]]] = [(0, set()) for _ in months]
    place, count = 0, 0
    for ts_us, user in messages:
        if ts_us < starts[0]:
            continue
        while place < len(months) and ts_us >= starts[place + 1]:
            found[place] = (count, found[place][1])
            place, count = place + 1, 0
        if place == len(months):
            break
        count += 1
        found[place][1].add(user)
    if place < len(months):
        found[place] = (count, found[place][1])
    return found


def people_by_hour(messages: Iterable[tuple[int, int]], zone: ZoneInfo) -> list[list[float]]:
    """By weekday (Monday first) and hour: how many different people wrote in it, on average over ``WEEKS`` weeks."""
    hours = LocalHours(zone)
    met = {(*hours.of(ts_us), user) for ts_us, user in messages}
    counts = Counter(hour for _, hour, _ in met)
    return [[counts[day * 24 + hour] / WEEKS for hour in range(24)] for day in range(7)]


def cohort_of(
    month: Month, zone: ZoneInfo, people: Mapping[int, Seen], written: Mapping[int, Sequence[int]], until_us: int
) -> Cohort:
    """``written``: when each of those who joined wrote, in order of time."""
    start_us, end_us = month.start_us(zone), month.end_us(zone)
    joined = {
        key: seen.joined_us
        for key, seen in people.items()
        if seen.level is not None and seen.joined_us is not None and start_us <= seen.joined_us < end_us
    }
    firsts = {key: list(_within(written.get(key, ()), at_us, until_us)) for key, at_us in joined.items()}
    answered = {key: people[key].answered_onboarding_us for key in joined}
    return Cohort(
        month=month,
        joined=len(joined),
        joined_silently=any(written.get(key, (None,))[0] != at_us for key, at_us in joined.items()),
        answered_onboarding=sum(at_us is not None and at_us < until_us for at_us in answered.values()),
        posted_7d=sum(any(ts_us - joined[key] <= 7 * DAY_US for ts_us in wrote) for key, wrote in firsts.items()),
        posted_30d=sum(len(wrote) >= 1 for wrote in firsts.values()),
        posted_again_30d=sum(len(wrote) >= 2 for wrote in firsts.values()),
    )


def _within(written: Sequence[int], joined_us: int, until_us: int) -> Iterator[int]:
    return (ts_us for ts_us in written if joined_us <= ts_us < until_us and ts_us - joined_us <= 30 * DAY_US)
