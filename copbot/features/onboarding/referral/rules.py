"""When somebody who invited a newcomer is credited, and which level that makes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from copbot.core.onboarding import Onboarding, may_be_welcomed
from copbot.core.records import GivenAnswer, Person, Referral
from copbot.core.time import MICROSECOND
from copbot.features.onboarding.form import user_of

INVITED_BY = "invited_by"
"""The id of the question that names the inviter: of ``type: person``."""

ACTIVE_WITHIN = timedelta(days=90)
"""A newcomer counts once they have written in a watched channel, within so long after the welcome: whoever only joined,
or comes to life years later, does not."""

LevelName = Literal["bronze", "silver", "gold"]


class Level(NamedTuple):
    name: LevelName
    at: int  # people brought


LEVELS = (Level("bronze", 2), Level("silver", 10), Level("gold", 25))

Verdict = Literal["credit", "wait", "never"]


def inviter_named(onboarding: Onboarding, newcomer: str, answers: Sequence[GivenAnswer]) -> str | None:
    """Whom a newcomer names as their inviter; None for nobody, or for themselves."""
    asked = any(question.id == INVITED_BY and question.type == "person" for question in onboarding.questions)
    value = next((one.value for one in answers if asked and one.question == INVITED_BY), "")
    inviter = user_of(value)
    return None if inviter == newcomer else inviter


def referral_counts(
    referral: Referral,
    newcomer: Person | None,
    inviter: Person | None,
    line: Sequence[str],
    *,
    wrote_before: bool,
    inviter_started_us: int | None,
) -> Verdict:
    """Whether a referral whose newcomer has been active counts.

    ``line``: the inviter's own inviter, theirs, and so on. ``wrote_before``: the newcomer wrote here before the welcome, so
    nobody brought them. ``inviter_started_us``: when the inviter was welcomed, None for who was here before the bot.
    An inviter whom the store does not know yet is waited for.
    """
    in_time = referral.active_us is not None and (
        referral.active_us - referral.started_us <= ACTIVE_WITHIN // MICROSECOND
    )
    came_later = inviter_started_us is not None and inviter_started_us > referral.started_us
    circular = referral.newcomer in line or referral.newcomer == referral.inviter
    if not in_time or wrote_before or came_later or circular or newcomer is None or not may_be_welcomed(newcomer):
        return "never"
    if inviter is None:
        return "wait"
    return "credit" if may_be_welcomed(inviter) else "never"


def level_of(count: int) -> Level | None:
    """The highest level reached with so many."""
    return next((level for level in reversed(LEVELS) if count >= level.at), None)


def next_level(count: int) -> Level | None:
    return next((level for level in LEVELS if count < level.at), None)
