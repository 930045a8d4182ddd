"""How newcomers are received, as a community's coordinators described it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

QuestionType = Literal["text", "long_text", "choice", "choices", "yes_no", "person", "date"]


@dataclass(frozen=True)
class Question:
    id: str
    ask: str
    type: QuestionType = "text"
    options: tuple[str, ...] = ()
    optional: bool = False
    share: bool = False


@dataclass(frozen=True)
class FollowUp:
    after: timedelta
    condition: Literal["open", "answered", "posted", "silent"] | None = None
    prompt: str | None = None
    tell_moderators: bool = False


@dataclass(frozen=True)
class Onboarding:
    welcome: str
    questions: tuple[Question, ...]
    starts_channel: str | None = None  # None: on joining the workspace
    guidelines: str | None = None
    introduction: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()
