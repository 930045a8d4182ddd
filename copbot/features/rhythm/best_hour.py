"""The best hour to post, learned from who wrote when (definitions: best hour). Pure.

The figure of a slot is the number of distinct members expected to write in the channel in the hour from it: the hour
of the day, smoothed around the clock, times a factor for the weekday that is shrunken towards 1. (Measured on two
real histories: the smoothed hour of the day reached 1.42 and 2.10 times a random hour, the 168 raw hours of the week
1.34: they need ten messages each to say anything.)
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MEMORY = timedelta(days=90)
LEAST_WEEKS = 4
LEAST_MESSAGES = 100

_KERNEL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)
_WEEKS_OF_PRIOR = 4.0
"""Weeks of an average day that each weekday's figure is mixed with: after 12 weeks a weekday speaks for three
quarters.
"""

_MESSAGES_OF_PRIOR = 100.0
"""Messages of the community's pattern that a channel's own is mixed with."""

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Activity:
    """What a stretch of history says: member-hours by weekday and hour, and how much stands behind them."""

    member_hours: tuple[
        tuple[int, ...], ...
    ]  # [weekday][hour]: distinct members per date and hour, summed over the dates
    days: tuple[int, ...]  # how many dates of each weekday the stretch has, from the first with a message
    messages: int
    members: int
    weeks: int  # in which anything was written, of whole weeks back from the end

    @property
    def is_enough(self) -> bool:
        return self.weeks >= LEAST_WEEKS and self.messages >= LEAST_MESSAGES


NO_ACTIVITY = Activity(((0,) * 24,) * 7, (0,) * 7, messages=0, members=0, weeks=0)


@dataclass(frozen=True)
class Evidence:
    """The channel's own history and the whole community's, before one instant."""

    channel: Activity
    community: Activity

    @property
    def basis(self) -> Activity | None:
        """The history that is long enough to learn from: the channel's, else the community's."""
        return next((activity for activity in (self.channel, self.community) if activity.is_enough), None)


@dataclass(frozen=True)
class Best:
    """The best of the allowed slots; ``lift`` is its figure over the mean of all of them."""

    day: date
    hour: time
    lift: float


def activity_of(messages: Iterable[tuple[datetime, str]], end: datetime) -> Activity:
    """Count human messages (naive local time, member) of the ``MEMORY`` before ``end`` (naive local time)."""
    start = end - MEMORY
    seen: set[tuple[date, int, str]] = set()
    members: set[str] = set()
    weeks: set[int] = set()
    count = 0
    for local, member in messages:
        if start <= local < end:
            seen.add((local.date(), local.hour, member))
            members.add(member)
            weeks.add(min((end - local) // timedelta(weeks=1), MEMORY // timedelta(weeks=1) - 1))
            count += 1
    totals = Counter((day.weekday(), hour) for day, hour, _ in seen)
    table = tuple(tuple(totals[weekday, hour] for hour in range(24)) for weekday in range(7))
    first = min((day for day, _, _ in seen), default=end.date())  # before it there was nothing to take part in
    dates = Counter((first + timedelta(days=number)).weekday() for number in range((end.date() - first).days))
    return Activity(table, tuple(dates[weekday] for weekday in range(7)), count, len(members), len(weeks))


def figures(evidence: Evidence) -> list[list[float]]:
    """Distinct members expected to write in the channel, by weekday and hour."""
    own = _expected(evidence.channel)
    common = _expected(evidence.community)
    weight = evidence.channel.messages / (evidence.channel.messages + _MESSAGES_OF_PRIOR)
    scale = _mean(own) / _mean(common) if _mean(own) and _mean(common) else 1.0
    return [
        [weight * own[day][hour] + (1 - weight) * scale * common[day][hour] for hour in range(24)] for day in range(7)
    ]


def best_slot(evidence: Evidence, slots: Sequence[tuple[date, time]]) -> Best | None:
    """The slot with the highest figure, the earliest of equals; None while nothing is learned or nobody writes
    then.
    """
    if evidence.basis is None or not slots:
        return None
    table = figures(evidence)
    expected = [table[day.weekday()][hour.hour] for day, hour in slots]
    mean = sum(expected) / len(expected)
    if mean <= 0:
        return None
    top = max(range(len(slots)), key=lambda number: (round(expected[number], 9), -number))
    return Best(*slots[top], expected[top] / mean)


def explanation(best: Best, evidence: Evidence) -> str:
    """Why this hour, in words and numbers, on one line."""
    basis = evidence.basis or evidence.channel
    where = "" if basis is evidence.channel else " in the whole community"
    return (
        f"{_NAMES[best.day.weekday()]} {best.hour:%H:%M}: {best.lift:.1f} times the average allowed hour, from"
        f" {basis.messages:,} messages by {basis.members:,} members over {basis.weeks} weeks{where}"
    )


def shortfall(evidence: Evidence) -> str:
    """Why nothing is learned yet, on one line."""
    most = max(evidence.channel, evidence.community, key=lambda activity: (activity.messages, activity.weeks))
    if most.is_enough:
        return "nobody wrote in the hours that are allowed"
    return (
        f"{most.messages:,} {'message' if most.messages == 1 else 'messages'} over {most.weeks}"
        f" {'week' if most.weeks == 1 else 'weeks'} so far, and the best hour needs {LEAST_MESSAGES} over {LEAST_WEEKS}"
    )


def _expected(activity: Activity) -> list[list[float]]:
    """Per date: the smoothed hour of the day times the weekday's shrunken factor."""
    by_hour = [sum(day[hour] for day in activity.member_hours) / max(1, sum(activity.days)) for hour in range(24)]
    smooth = [
        sum(part * by_hour[(hour + offset - 2) % 24] for offset, part in enumerate(_KERNEL)) for hour in range(24)
    ]
    average = sum(by_hour)
    factors = [
        (sum(activity.member_hours[day]) + _WEEKS_OF_PRIOR * average)
        / ((activity.days[day] + _WEEKS_OF_PRIOR) * average)
        if average
        else 1.0
        for day in range(7)
    ]
    return [[factor * figure for figure in smooth] for factor in factors]


def _mean(table: list[list[float]]) -> float:
    return sum(map(sum, table)) / 168
