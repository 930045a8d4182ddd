"""What is due, which question comes next, and what is held back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.posts import DateWhen, EveryWhen, Post
from copbot.features.rhythm.best_hour import Evidence, best_slot, explanation, shortfall
from copbot.features.rhythm.recurrence import Occasion, Period, Slot

SIGN_OF_LIFE = timedelta(minutes=30)
"""Definitions, sign of life: a member wrote in the channel in the last 30 minutes."""

TOLD_FOR = timedelta(days=8)
"""An occasion that was missed longer ago is no news any more."""

Verdict = Literal["wait", "post", "late", "paused"]


@dataclass(frozen=True)
class Missed:
    """What stands behind the latest occasion: how many before it were never dealt with, and whether any ever was."""

    earlier: int
    in_force: bool


def allowed_slots(when: EveryWhen, period: Period) -> list[tuple[date, time]]:
    """The full hours of a period's days within ``between``; its beginning where no full hour lies in it."""
    hours = [time(hour) for hour in range(24) if when.between is None or time(hour) in when.between]
    if not hours and when.between is not None:
        hours = [when.between.start]
    return [(day, hour) for day in period.days for hour in hours]


def slot(post: Post, period: Period, evidence: Evidence) -> Slot:
    """The best slot of a period by the evidence, else what ``otherwise`` says."""
    assert isinstance(post.when, EveryWhen)
    best = best_slot(evidence, allowed_slots(post.when, period))
    if best is not None:
        return Slot(best.day, best.hour, explanation(best, evidence))
    day = next((day for day in period.days if day.weekday() == post.when.otherwise_day), period.days[0])
    moment = post.when.otherwise_time or time(10)
    return Slot(day, moment, f"as `otherwise` says: {shortfall(evidence)}")


def post_due(post: Post, occasion: Occasion, now: datetime, last_message: datetime | None) -> Verdict:
    """What to do now about the latest occasion of a post that has opened and was not dealt with.

    ``last_message``: when a member last wrote in the channel, None when nobody did. An occasion is late when more
    than ``post.late`` has passed since it was due at the latest; exactly that much is in time.
    """
    if now > occasion.due + post.late:
        return "paused" if post.paused else "late"
    if post.paused:
        return "wait"
    if now >= occasion.due:
        return "post"
    alive = last_message is not None and last_message >= now - SIGN_OF_LIFE
    return "post" if alive else "wait"


def is_news(post: Post, occasion: Occasion, missed: Missed, now: datetime) -> bool:
    """Whether people are told that an occasion was missed: one that the schedule had in force, not one before its
    time.

    A date was chosen by somebody for this once, so it is always news while it is fresh.
    """
    fresh = now - occasion.due <= TOLD_FOR
    return fresh and (missed.in_force or isinstance(post.when, DateWhen))


def fits_budget(community: Community, channel_is_discussion: bool, posts_today: int) -> bool:
    """Whether one more post may go to a channel today (``attention.channel.day``; other channels have no budget)."""
    return not channel_is_discussion or posts_today < community.attention.channel_day


def next_question(questions: Sequence[str], used: Mapping[str, int]) -> str | None:
    """The next of a post's questions: the first in the file that was never used, else the one used longest ago.

    ``used`` has the texts in order of their last use, the oldest first. Questions are known by their words, so that
    they may be moved about in the file; spaces and line breaks make no difference.
    """
    known = {identity(question): question for question in questions}
    for words, question in known.items():
        if words not in used:
            return question
    return next((known[words] for words in used if words in known), None)


def identity(question: str) -> str:
    return " ".join(question.split())


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the local day of an instant, in UTC."""
    return datetime.combine(moment.astimezone(zone).date(), time(), zone).astimezone(UTC)
