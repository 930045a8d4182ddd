"""What the onboarding of the files means, as the core's own values."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from copbot.adapters.files.onboarding_shapes import FollowUpShape, OnboardingShape, OptionShape, QuestionShape
from copbot.core.onboarding import FollowUp, Onboarding, Option, Question, ReferralThanks


def onboarding_of(shape: OnboardingShape) -> Onboarding:
    return Onboarding(
        welcome=shape.welcome,
        questions=tuple(map(_question, shape.questions)),
        starts_channel=shape.starts,
        guidelines=shape.guidelines,
        introduction=shape.introduction,
        welcomes=tuple(dict.fromkeys(shape.welcomes)),
        delay=shape.delay,
        follow_ups=_follow_ups(shape.follow_ups),
        referrals=ReferralThanks(shape.referrals.thanks, shape.referrals.prompt, shape.referrals.announcement),
    )


def _question(shape: QuestionShape) -> Question:
    options = tuple(map(_option, shape.options))
    return Question(shape.id, shape.ask, shape.type, options, shape.optional, shape.share)


def _option(shape: OptionShape) -> Option:
    return Option(
        shape.option,
        channels=tuple(dict.fromkeys(shape.channels)),
        people=tuple(dict.fromkeys(shape.people)),
        read=shape.read,
    )


A_MONTH = timedelta(weeks=4)
"""From so long on, a message to everybody is the one that asks "did you get what you came for?", where no other is said to."""


def _follow_ups(shapes: Sequence[FollowUpShape]) -> tuple[FollowUp, ...]:
    """The follow-ups. Without a single ``ask: outcome``, the first to everybody after a month asks what came of it."""
    asking = {number for number, shape in enumerate(shapes) if shape.ask == "outcome"}
    to_all = (
        number
        for number, shape in enumerate(shapes)
        if shape.prompt is not None and shape.condition is None and shape.after >= A_MONTH and shape.ask is None
    )
    asking = asking or set(islice(to_all, 1))
    return tuple(
        FollowUp(shape.after, shape.condition, shape.prompt, shape.tell == "moderators", number in asking)
        for number, shape in enumerate(shapes)
    )
