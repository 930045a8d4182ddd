"""What may stand in the onboarding of a community."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from copbot.adapters.files import words
from copbot.adapters.files.values import Duration, OptionText, Shape, Text


class QuestionShape(Shape):
    id: Annotated[str, BeforeValidator(words.question_id)]
    ask: Annotated[Text, Field(max_length=2000)]  # Slack's limit for an input's label
    type: Literal["text", "long_text", "choice", "choices", "yes_no", "person", "date"] = "text"
    options: Annotated[list[OptionText], Field(max_length=100)] = []
    optional: bool = False
    share: bool = False


class FollowUpShape(Shape):
    after: Duration
    condition: Literal["open", "answered", "posted", "silent"] | None = Field(None, alias="if")
    prompt: Text | None = None
    tell: Literal["moderators"] | None = None


class OnboardingShape(Shape):
    starts: Annotated[str | None, BeforeValidator(words.starting_point)] = None
    welcome: Text
    guidelines: Text | None = None
    questions: Annotated[list[QuestionShape], Field(min_length=1)]
    introduction: Text | None = None
    follow_ups: list[FollowUpShape] = []
