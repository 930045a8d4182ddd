"""The shape of the coordinators' files: which keys there are and what may stand in them.

Checked by pydantic, strictly; what depends on several keys at once is in ``between_keys``.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from copbot.adapters.files import words
from copbot.core.community import Hours, Weekday

Days = tuple[Weekday, ...]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _people(value: Any) -> Any:
    return [] if value is None else _one_or_many(value)


def _at(value: Any) -> Any:
    return value if value in ("best", "active") else words.time_of_day(value)


def _on(value: Any) -> Any:
    """Days of the week, or one day of the month."""
    items = value if isinstance(value, list) else [value]
    if len(items) == 1 and isinstance(items[0], int) and not isinstance(items[0], bool):
        if not 1 <= items[0] <= 31:
            raise ValueError(f"{words.shown(items[0])} is no day of a month: they go from 1 to 31")
        return items[0]
    if not items:
        raise ValueError("no day is left in this list: name one, or delete the line")
    return words.day_names(items)


def _otherwise(value: Any) -> Any:
    """``"10:00"`` or ``"wed 10:00"``."""
    first, _, second = value.strip().rpartition(" ") if isinstance(value, str) else ("", "", value)
    return (words.weekday(first) if first else None, words.time_of_day(second))


Id = Annotated[str, BeforeValidator(words.identifier)]
Text = Annotated[str, BeforeValidator(words.wording)]
Channel = Annotated[str, BeforeValidator(words.channel)]
Person = Annotated[str, BeforeValidator(words.person)]
Duration = Annotated[timedelta, BeforeValidator(words.some_time)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
ManyChannels = Annotated[list[Channel], BeforeValidator(_one_or_many), Field(min_length=1)]
ManyPeople = Annotated[list[Person], BeforeValidator(_people)]
OptionText = Annotated[Text, Field(max_length=75)]  # Slack's limit for an option
Tenths = Annotated[int, BeforeValidator(words.tenths)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, frozen=True)


class CommunityShape(Shape):
    id: Id
    name: Text
    timezone: Annotated[str, BeforeValidator(words.zone)]
    purpose: str = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")] = "en"


class ChannelsShape(Shape):
    discussion: ManyChannels
    moderators: Channel
    introductions: Channel | None = None


class RolesShape(Shape):
    coordinators: Annotated[ManyPeople, Field(min_length=1)]
    moderators: ManyPeople = []


class ReactionsShape(Shape):
    answered: Text = "white_check_mark"
    taken: Text = "eyes"


class UnansweredShape(Shape):
    after: Duration = timedelta(hours=24)
    again: Duration = timedelta(hours=24)
    escalate: Duration = timedelta(hours=72)
    counts_as_answer: Annotated[
        list[Literal["reply", "reaction", "next_message"]], BeforeValidator(_one_or_many), Field(min_length=1)
    ] = ["reply"]
    reactions: ReactionsShape = ReactionsShape()


class MemberBudget(Shape):
    day: Count = 1
    week: Count = 3


class ChannelBudget(Shape):
    day: Count = 2


class AttentionShape(Shape):
    member: MemberBudget = MemberBudget()
    channel: ChannelBudget = ChannelBudget()
    quiet: Annotated[Hours | None, BeforeValidator(words.quiet_hours)] = Hours(time(20), time(8))


class PointsShape(Shape):
    message: Tenths = 10
    reply: Tenths = 20
    reaction: Tenths = 2
    onboarding: Tenths = 10


class CoreLevel(Shape):
    active_weeks: Count = 6
    contributions: Count = 12


class ActiveLevel(Shape):
    active_weeks: Count = 2
    contributions: Count = 3


class ParticipationShape(Shape):
    window: Annotated[timedelta, BeforeValidator(words.whole_weeks)] = timedelta(weeks=12)
    points: PointsShape = PointsShape()
    core: CoreLevel = CoreLevel()
    active: ActiveLevel = ActiveLevel()
    dormant_after: Duration = timedelta(weeks=8)


class PrivacyShape(Shape):
    keep_text: Literal["none", "questions", "all"] = "questions"
    keep_activity: Duration = timedelta(days=3 * 365)


class WhenShape(Shape):
    """Exactly one of ``every``, ``cron`` and ``date``; the other keys go with ``every``."""

    every: Literal["day", "weekday", "week", "2 weeks", "month", "quarter"] | None = None
    at: Annotated[time | Literal["best", "active"] | None, BeforeValidator(_at)] = None
    on: Annotated[Days | int | None, BeforeValidator(_on)] = None
    between: Annotated[Hours | None, BeforeValidator(words.posting_hours)] = None
    otherwise: Annotated[tuple[Weekday | None, time] | None, BeforeValidator(_otherwise)] = None
    window: Duration = timedelta(hours=8)
    cron: Annotated[str | None, BeforeValidator(words.cron_line)] = None
    date: Annotated[datetime | None, BeforeValidator(words.local_moment)] = None


class PostShape(Shape):
    id: Id
    channel: Channel
    when: WhenShape
    prompt: Text | None = None
    text: Text | None = None
    questions: list[Text] = []
    paused: bool = False
    from_: Annotated[date | None, BeforeValidator(words.local_date)] = Field(None, alias="from")
    until: Annotated[date | None, BeforeValidator(words.local_date)] = None
    pin: bool = False
    late: Annotated[timedelta, BeforeValidator(words.duration)] = timedelta(hours=2)


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


class Sections(Shape):
    """All that may stand at the top of a file."""

    community: CommunityShape
    channels: ChannelsShape
    roles: RolesShape
    unanswered: UnansweredShape = UnansweredShape()
    attention: AttentionShape = AttentionShape()
    participation: ParticipationShape = ParticipationShape()
    privacy: PrivacyShape = PrivacyShape()
    posts: list[PostShape] = []
    onboarding: OnboardingShape | None = None
