"""At which hour, and on which day, a member reads their digest best: learned from when they write, by their own clocks. Pure.

What counts is an hour in which somebody wrote anything, however much. Where a member's own hours are few they are mixed with those of
everybody, each by their own clocks: a stranger's morning is the better guess than somebody else's midnight. Where both are too few a
stated hour holds. Hours are smoothed around the clock, as the best hour to post is (definitions: best hour).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from copbot.core.posts import Weekday
from copbot.core.time import EPOCH, Hours

DEFAULT_HOUR = 10
"""Where nothing is known: the day has begun, and nobody is at table."""

LEAST_OWN = 8
"""Hours in which a member wrote, before anything is learned from them."""

LEAST_COMMUNITY = 100
"""The same of everybody together."""

OWN_HOURS_OF_PRIOR = 20
"""Hours of everybody's pattern that a member's own is mixed with: from 20 on their own weighs more."""

SMOOTHING = (0.25, 0.5, 0.25)

Basis = Literal["own", "community", "default"]


@dataclass
class Habit:
    """In how many hours somebody, or everybody, wrote: by hour of the day and by day of the week, by their own clocks."""

    hours: list[int] = field(default_factory=lambda: [0] * 24)
    days: list[int] = field(default_factory=lambda: [0] * 7)

    @property
    def known(self) -> int:
        return sum(self.hours)

    def add(self, local: datetime) -> None:
        self.hours[local.hour] += 1
        self.days[local.weekday()] += 1


NO_HABIT = Habit()


@dataclass(frozen=True)
class Slot:
    """A day of the week and an hour of the member's own, and what it was learned from."""

    day: Weekday
    hour: int
    basis: Basis


def habits(written: Iterable[tuple[str, int, int]], zones: Mapping[str, ZoneInfo]) -> tuple[Mapping[str, Habit], Habit]:
    """Each one's habit, and everybody's. ``written``: (user, hour since the epoch, messages); who has no zone here is nobody."""
    local: dict[tuple[str, int], datetime] = {}
    own: dict[str, Habit] = {}
    everybody = Habit()
    for user, hour, _ in written:
        zone = zones.get(user)
        if zone is None:
            continue
        at = local.get((zone.key, hour))
        if at is None:
            at = local[zone.key, hour] = (EPOCH + timedelta(hours=hour)).astimezone(zone)
        own.setdefault(user, Habit()).add(at)
        everybody.add(at)
    return own, everybody


def best_slot(user: str, own: Habit, everybody: Habit, days: Sequence[Weekday], quiet: Hours | None) -> Slot:
    """The day and hour of a member's digest, outside their quiet hours."""
    allowed = _awake(quiet)
    is_own, is_common = own.known >= LEAST_OWN, everybody.known >= LEAST_COMMUNITY
    day = _day(user, own if is_own else NO_HABIT, days)
    if not is_own and not is_common:
        return Slot(day, min(allowed, key=_after_default), "default")
    weight = own.known / (own.known + OWN_HOURS_OF_PRIOR) if is_own else 0.0
    parts = [(own, weight if is_common else 1.0), (everybody, 1 - weight if is_common else 0.0)]
    figures = [sum(part * _smoothed(habit, hour) for habit, part in parts if part) for hour in range(24)]
    hour = max(allowed, key=lambda one: (round(figures[one], 9), -_after_default(one)))
    return Slot(day, hour, "own" if is_own else "community")


def due_at(monday: date, slot: Slot, zone: ZoneInfo) -> datetime:
    """The instant of a slot in the week that a Monday begins, by the clocks of a zone. An hour that a change of clocks skips comes after
    the gap, one that it repeats the first time."""
    day = monday + timedelta(days=slot.day)
    return datetime(day.year, day.month, day.day, slot.hour, tzinfo=zone).astimezone(UTC)


def _awake(quiet: Hours | None) -> Sequence[int]:
    """The hours at whose beginning it is not quiet; all where it always is: then the rule of attention finds another moment."""
    midnight = datetime(1970, 1, 1, tzinfo=UTC)
    awake = [hour for hour in range(24) if quiet is None or midnight.replace(hour=hour).time() not in quiet]
    return awake or range(24)


def _after_default(hour: int) -> int:
    """How long after the default hour this one comes, around the clock."""
    return (hour - DEFAULT_HOUR) % 24


def _smoothed(habit: Habit, hour: int) -> float:
    around = (habit.hours[(hour + step) % 24] for step in (-1, 0, 1))
    return sum(part * count for part, count in zip(SMOOTHING, around, strict=True)) / habit.known


def _day(user: str, own: Habit, days: Sequence[Weekday]) -> Weekday:
    """The one on which they write most; without any habit of their own members are spread over the days, each keeping theirs."""
    first = crc32(user.encode()) % len(days)
    turned = [*days[first:], *days[:first]]
    return max(turned, key=lambda day: own.days[day])
