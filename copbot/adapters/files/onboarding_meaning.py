"""What the onboarding of the files means, as the core's own values."""

from copbot.adapters.files.onboarding_shapes import FollowUpShape, OnboardingShape, QuestionShape
from copbot.core.onboarding import FollowUp, Onboarding, Question


def onboarding_of(shape: OnboardingShape) -> Onboarding:
    return Onboarding(
        welcome=shape.welcome,
        questions=tuple(map(_question, shape.questions)),
        starts_channel=shape.starts,
        guidelines=shape.guidelines,
        introduction=shape.introduction,
        follow_ups=tuple(map(_follow_up, shape.follow_ups)),
    )


def _question(shape: QuestionShape) -> Question:
    return Question(shape.id, shape.ask, shape.type, tuple(shape.options), shape.optional, shape.share)


def _follow_up(shape: FollowUpShape) -> FollowUp:
    return FollowUp(shape.after, shape.condition, shape.prompt, shape.tell == "moderators")
