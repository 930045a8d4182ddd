"""What is due, which question comes next, and what is held back. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from copbot.core.posts import DateWhen, EveryWhen, Post
from copbot.features.rhythm.learning.best_hour import Evidence, best_slot, explanation, shortfall
from copbot.features.rhythm.recurrence import Occasion, Period, Slot

TOLD_FOR = timedelta(days=8)
"""An occasion that was missed longer ago is no news any more."""


@dataclass(frozen=True)
class Missed:
    """What stands behind the latest occasion: how many before it were never dealt with, and whether any ever was."""

    earlier: int
    in_force: bool


def allowed_slots(when: EveryWhen, period: Period) -> list[tuple[date, time]]:
    """The full hours of a period's days within ``between``; its beginning where no full hour lies in it. Hours too near to
    other posts are left out while there are others.
    """
    hours = [time(hour) for hour in range(24) if when.between is None or time(hour) in when.between]
    if not hours and when.between is not None:
        hours = [when.between.start]
    slots = [(day, hour) for day in period.days for hour in hours]
    return [(day, hour) for day, hour in slots if (day, hour.hour) not in period.taken] or slots


def slot(post: Post, period: Period, evidence: Evidence) -> Slot:
    """The best slot of a period by the evidence, else what ``otherwise`` says."""
    assert isinstance(post.when, EveryWhen)
    best = best_slot(evidence, allowed_slots(post.when, period))
    if best is not None:
        return Slot(best.day, best.hour, explanation(best, evidence))
    day = next((day for day in period.days if day.weekday() == post.when.otherwise_day), period.days[0])
    moment = post.when.otherwise_time or time(10)
    return Slot(day, moment, f"as `otherwise` says: {shortfall(evidence)}")


def is_news(post: Post, occasion: Occasion, missed: Missed, now: datetime) -> bool:
    """Whether people are told that an occasion was missed: one that the schedule had in force, not one before its
    time.

    A date was chosen by somebody for this once, so it is always news while it is fresh.
    """
    fresh = now - occasion.due <= TOLD_FOR
    return fresh and (missed.in_force or isinstance(post.when, DateWhen))
