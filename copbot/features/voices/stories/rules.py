"""Whom to ask for a story, and when to ask again. Instants are microseconds since the epoch."""

from collections.abc import Sequence
from datetime import timedelta

from copbot.core.onboarding import may_be_welcomed
from copbot.core.records import Person
from copbot.core.time import DAY_US, MICROSECOND
from copbot.core.voices import STORY_STEPS, Story

APART_US = 60 * DAY_US
"""Nobody is asked about something new sooner than this after they were asked last."""

FRESH_US = 2 * DAY_US
"""So long after somebody's words the question about them may still begin; later it would come out of nowhere."""

LATE_US = 7 * DAY_US
"""How late a question after a month or three may come; beyond it the moment has passed."""

EXPIRES = timedelta(days=5)
"""A question that cannot be sent in so long, for the budget is spent, is left out."""


def may_be_asked(person: Person, before: Sequence[Story], said_us: int, now_us: int) -> bool:
    """``before``: what this person was asked for in the community, the latest first. Who said "no, thanks" is asked no more."""
    if not may_be_welcomed(person) or now_us - said_us > FRESH_US:
        return False
    if any(story.state == "declined" for story in before):
        return False
    return not before or before[0].asked_us + APART_US <= now_us


def step_due_us(story: Story, step: int) -> int:
    return story.asked_us + step * DAY_US


def step_due(story: Story, now_us: int) -> int | None:
    """The later step (30 or 90) that is due now and not too late; None while there is none."""
    due = [step for step in STORY_STEPS[1:] if 0 <= now_us - step_due_us(story, step) <= LATE_US]
    return due[-1] if due else None


def asked_between(now_us: int, step: int) -> tuple[int, int]:
    """``[since, until]``: when somebody must have been asked first for this step to be due now."""
    return now_us - step * DAY_US - LATE_US, now_us - step * DAY_US


def expires_us(now_us: int) -> int:
    return now_us + EXPIRES // MICROSECOND
