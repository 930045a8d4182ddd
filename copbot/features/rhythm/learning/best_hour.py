"""The best hour to post, learned from who wrote when (definitions: best hour). Pure.

The figure of a slot is the number of distinct members expected to write in the channel in the hour from it: the hour
of the day, smoothed around the clock, times a factor for the weekday that is shrunken towards 1. (Measured on two
real histories: the smoothed hour of the day reached 1.42 and 2.10 times a random hour, the 168 raw hours of the week
1.34: they need ten messages each to say anything.) Which hour is taken is stable: ``uncertainty.py``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from copbot.features.rhythm.learning.histogram import (
    LEAST_MESSAGES,
    LEAST_WEEKS,
    MEMORY,
    NOTHING_WRITTEN,
    Histogram,
    Stretch,
    histogram,
)
from copbot.features.rhythm.learning.uncertainty import Course

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Activity:
    """A history up to the beginning of the day ``end``, and how much of its last ``MEMORY`` stands behind what it says."""

    history: Histogram
    end: date
    messages: int
    members: int
    weeks: int  # in which anything was written, of whole weeks back from the end
    is_enough: bool


def activity(history: Histogram, end: date, members: int) -> Activity:
    """``members``: how many people wrote in the ``MEMORY`` before ``end``."""
    stretch = Stretch(history, end)
    return Activity(history, end, stretch.messages, members, stretch.weeks, stretch.is_enough)


NO_ACTIVITY = activity(NOTHING_WRITTEN, NOTHING_WRITTEN.first, 0)


@dataclass(frozen=True)
class Evidence:
    """The channel's own history and the whole community's, before one day. ``course`` keeps what was worked out of them."""

    channel: Activity
    community: Activity
    course: Course | None = None

    @property
    def basis(self) -> Activity | None:
        """The history that is long enough to learn from: the channel's, else the community's."""
        return next((activity for activity in (self.channel, self.community) if activity.is_enough), None)

    @property
    def end(self) -> date:
        return max(self.channel.end, self.community.end)


@dataclass(frozen=True)
class Best:
    """The best of the allowed slots; ``lift`` is its figure over the mean of all of them."""

    day: date
    hour: time
    lift: float


def activity_of(messages: Iterable[tuple[datetime, str]], end: datetime) -> Activity:
    """Count human messages (naive local time, member) before the day of ``end`` (naive local time)."""
    seen: dict[tuple[date, int], set[str]] = {}
    counts: dict[tuple[date, int], int] = {}
    members: set[str] = set()
    for local, member in messages:
        if local.date() < end.date():
            seen.setdefault((local.date(), local.hour), set()).add(member)
            counts[local.date(), local.hour] = counts.get((local.date(), local.hour), 0) + 1
            if local.date() >= end.date() - MEMORY:
                members.add(member)
    cells = ((day, hour, len(who), counts[day, hour]) for (day, hour), who in seen.items())
    return activity(histogram(cells), end.date(), len(members))


def figures(evidence: Evidence) -> list[list[float]]:
    """Distinct members expected to write in the channel, by weekday and hour."""
    outlook = _course(evidence).outlook(evidence.end)
    return [[factor * figure for figure in outlook.hours] for factor in outlook.weekdays]


def best_slot(evidence: Evidence, slots: Sequence[tuple[date, time]]) -> Best | None:
    """The best of some slots: that of the standing weekday and hour among theirs; where another post has taken it, the one with
    the highest figure, the earliest of equals.

    None while nothing is learned or nobody writes then.
    """
    if evidence.basis is None or not slots:
        return None
    table = figures(evidence)
    expected = [table[day.weekday()][hour.hour] for day, hour in slots]
    mean = sum(expected) / len(expected)
    if mean <= 0:
        return None
    course = _course(evidence)
    hour = course.standing_hour(evidence.end, tuple(dict.fromkeys(hour.hour for _, hour in slots)))
    weekday = course.standing_weekday(evidence.end, tuple(dict.fromkeys(day.weekday() for day, _ in slots)))
    standing = [n for n, (day, moment) in enumerate(slots) if (day.weekday(), moment.hour) == (weekday, hour)]
    top = standing[0] if standing else max(range(len(slots)), key=lambda n: (round(expected[n], 9), -n))
    return Best(*slots[top], expected[top] / mean)


def _course(evidence: Evidence) -> Course:
    return evidence.course or Course(evidence.channel.history, evidence.community.history)


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
