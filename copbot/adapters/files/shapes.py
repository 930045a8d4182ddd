"""The shape of the coordinators' files: which keys there are and what may stand in them.

Checked by pydantic, strictly; what depends on several keys at once is in ``between_keys``.
"""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from copbot.adapters.files import words
from copbot.adapters.files.onboarding_shapes import OnboardingShape
from copbot.adapters.files.post_shapes import PostShape
from copbot.adapters.files.values import (
    Channel,
    Count,
    Duration,
    Id,
    ManyChannels,
    ManyPeople,
    Shape,
    Tenths,
    Text,
    one_or_many,
)
from copbot.core.time import Hours


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
        list[Literal["reply", "reaction", "next_message"]], BeforeValidator(one_or_many), Field(min_length=1)
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
