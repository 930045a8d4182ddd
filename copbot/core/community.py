"""A community as its coordinators described it: the files' meaning as plain values.

Built by ``adapters/files``; read by every feature. Channels and people stay the references that the
coordinators wrote (``"#name"`` or an ID; an ID, an e-mail address or a user group): what they mean on Slack
today is asked of the Directory port at the moment of use.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

Weekday = Literal[0, 1, 2, 3, 4, 5, 6]  # Monday is 0
Every = Literal["day", "weekday", "week", "2 weeks", "month", "quarter"]
QuestionType = Literal["text", "long_text", "choice", "choices", "yes_no", "person", "date"]
KeepText = Literal["none", "questions", "all"]


@dataclass(frozen=True)
class Hours:
    """A span of the day by wall clock, ``[start, end)``; it may pass midnight. Equal ends mean none."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Channels:
    discussion: tuple[str, ...]
    moderators: str | None = None
    introductions: str | None = None

    @property
    def watched(self) -> tuple[str, ...]:
        """Where questions are looked after: discussion channels and introductions (definitions: watched channels)."""
        return (*self.discussion, self.introductions) if self.introductions else self.discussion


@dataclass(frozen=True)
class Roles:
    coordinators: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unanswered:
    """When an unanswered question becomes a card, is reminded of, and goes to the coordinators."""

    after: timedelta = timedelta(hours=24)
    again: timedelta = timedelta(hours=24)
    escalate: timedelta = timedelta(hours=72)
    counts_as_answer: tuple[str, ...] = ("reply",)
    answered_reaction: str = "white_check_mark"
    taken_reaction: str = "eyes"


@dataclass(frozen=True)
class Attention:
    member_day: int = 1
    member_week: int = 3
    channel_day: int = 2
    quiet: Hours | None = Hours(time(20), time(8))


@dataclass(frozen=True)
class LevelRule:
    active_weeks: int
    contributions: int


@dataclass(frozen=True)
class Points:
    """Points per contribution, in integer tenths so that ties are ties."""

    message: int = 10
    reply: int = 20
    reaction: int = 2
    onboarding: int = 10


@dataclass(frozen=True)
class Participation:
    window: timedelta = timedelta(weeks=12)
    points: Points = Points()
    core: LevelRule = LevelRule(active_weeks=6, contributions=12)
    active: LevelRule = LevelRule(active_weeks=2, contributions=3)
    dormant_after: timedelta = timedelta(weeks=8)


@dataclass(frozen=True)
class Privacy:
    keep_text: KeepText = "questions"
    keep_activity: timedelta = timedelta(days=3 * 365)


@dataclass(frozen=True)
class EveryWhen:
    """A repeating post. ``at`` is a time of day, ``best`` or ``active``; ``otherwise`` holds while nothing is learned."""

    every: Every
    at: time | Literal["best", "active"]
    on: tuple[Weekday, ...] = ()
    day_of_month: int | None = None
    between: Hours | None = None
    otherwise_day: Weekday | None = None
    otherwise_time: time | None = None
    window: timedelta = timedelta(hours=8)


@dataclass(frozen=True)
class CronWhen:
    cron: str


@dataclass(frozen=True)
class DateWhen:
    local: datetime  # naive: by the community's wall clock


When = EveryWhen | CronWhen | DateWhen


@dataclass(frozen=True)
class Post:
    id: str
    channel: str
    when: When
    prompt: str | None = None
    text: str | None = None
    questions: tuple[str, ...] = ()
    paused: bool = False
    from_date: date | None = None
    until_date: date | None = None
    pin: bool = False
    late: timedelta = timedelta(hours=2)
    source: str = ""  # FILE:LINE, for messages to people


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


@dataclass(frozen=True)
class Community:
    id: str
    name: str
    timezone: str  # IANA
    channels: Channels
    roles: Roles = Roles()
    purpose: str = ""
    language: str = "en"
    unanswered: Unanswered = Unanswered()
    attention: Attention = Attention()
    participation: Participation = Participation()
    privacy: Privacy = Privacy()
    posts: tuple[Post, ...] = ()
    onboarding: Onboarding | None = None
    folder: str = field(default="", compare=False)
