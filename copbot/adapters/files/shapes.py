"""The shape of the coordinators' files: which keys there are and what may stand in them.

Checked by pydantic, strictly; what depends on several keys at once is in ``between_keys``.
"""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from copbot.adapters.files import spellings, words
from copbot.adapters.files.care_shapes import DutyShape, UnansweredShape
from copbot.adapters.files.digest_shapes import DigestShape, or_off
from copbot.adapters.files.onboarding_shapes import OnboardingShape
from copbot.adapters.files.post_shapes import MilestoneShape, PostShape, SpacingShape
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
)
from copbot.adapters.files.voices_shapes import PulseShape, StoriesSwitch
from copbot.core.time import Hours


class CommunityShape(Shape):
    """Who this community is."""

    id: Id
    """A short name for ever: what was posted and answered is kept under it. Small letters, digits and hyphens."""
    name: Text
    """The community's name, as members read it."""
    timezone: Annotated[str, BeforeValidator(words.zone, json_schema_input_type=spellings.ZONE)]
    """All dates and times in these files are by the clock here."""
    purpose: str = ""
    """What the community is there for, in half a sentence; templates may show it."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")] = "en"
    """The language of the templates, for members whose own has none: en, fr, pt-BR."""


class ChannelsShape(Shape):
    """Where the community lives on Slack. A channel is written "#name", in quotes, or as its ID."""

    discussion: ManyChannels
    """Where questions are looked after and participation counts."""
    moderators: Channel
    """Where the cards about open questions go; best a private channel."""
    introductions: Channel | None = None
    """Where newcomers are introduced. Without it there are no public introductions."""


class RolesShape(Shape):
    """Who looks after the community: user IDs, e-mail addresses, or a user group such as "@moderators"."""

    coordinators: Annotated[ManyPeople, Field(min_length=1)]
    """Who may do all, and is told what is wrong with these files."""
    moderators: ManyPeople = []
    """Who sees to open questions and newcomers; coordinators may do the same."""


class MemberBudget(Shape):
    """How many direct messages the bot may start to a member."""

    day: Count = 1
    """In a day."""
    week: Count = 3
    """In a week."""


class ChannelBudget(Shape):
    """How many posts a discussion channel bears."""

    day: Count = 2
    """In a day; what is more is held back, and the moderators are told."""


class AttentionShape(Shape):
    """How much the bot may ask of people. Answers to a person's own action and the welcome are free."""

    member: MemberBudget = MemberBudget()
    channel: ChannelBudget = ChannelBudget()
    quiet: Annotated[Hours | None, BeforeValidator(words.quiet_hours, json_schema_input_type=spellings.QUIET)] = Hours(
        time(20), time(8)
    )
    """No direct messages in these hours, in the member's own time zone; off: none."""


class PointsShape(Shape):
    """What a contribution counts, in points with one decimal."""

    message: Tenths = 10
    """A message, or a reply in one's own thread."""
    reply: Tenths = 20
    """A reply to somebody else."""
    reaction: Tenths = 2
    """A reaction to somebody else's message."""
    onboarding: Tenths = 10
    """Once, for answering the questions on joining."""


class CoreLevel(Shape):
    """Who belongs to the core."""

    active_weeks: Count = 6
    """Weeks of the window with a message."""
    contributions: Count = 12
    """Messages in the window."""


class ActiveLevel(Shape):
    """Who is active."""

    active_weeks: Count = 2
    """Weeks of the window with a message."""
    contributions: Count = 3
    """Messages in the window."""


class ParticipationShape(Shape):
    """The rules of the levels: core, active, peripheral, dormant."""

    window: Annotated[timedelta, BeforeValidator(words.whole_weeks, json_schema_input_type=spellings.WHOLE_WEEKS)] = (
        timedelta(weeks=12)
    )
    """What is counted: whole weeks up to now."""
    points: PointsShape = PointsShape()
    core: CoreLevel = CoreLevel()
    active: ActiveLevel = ActiveLevel()
    dormant_after: Duration = timedelta(weeks=8)
    """How long somebody who was active may be silent."""
    recognition: Literal["private", "off"] = "private"
    """Thanks for a first answer, for the tenth, fiftieth and hundredth, and after a year, in a direct message; off: none."""


class PrivacyShape(Shape):
    """What is stored."""

    keep_text: Literal["none", "questions", "all"] = "questions"
    """Whose words are stored: nobody's, those of questions, or all."""
    keep_activity: Duration = timedelta(days=3 * 365)
    """How long it is kept who wrote when, and what was settled; what is older counts in totals alone."""
    forget_deactivated_after: Annotated[
        timedelta | None, BeforeValidator(words.some_time_or_never, json_schema_input_type=spellings.DURATION_OR_NEVER)
    ] = timedelta(days=365)
    """How long after their leaving the workspace a person is forgotten; or never."""


class ReportsShape(Shape):
    """What those who look after the community are told of it by themselves."""

    brief: Literal["weekly", "off"] = "weekly"
    """On Monday morning the moderators get the week in a few lines, unless there is nothing to tell."""
    monthly: Literal["on", "off"] = "on"
    """On the first working day of a month the coordinators get the month before as a direct message."""


class BackupShape(Shape):
    """A backup of the database each night: one line in one community's files is enough, for there is one database."""

    keep: Annotated[int, Field(ge=1, le=1000)] = 7
    """So many of the newest stay."""
    to: Annotated[str, BeforeValidator(words.wording, json_schema_input_type=spellings.TEXT)] = ""
    """The folder; best on another disk. By default `backups` beside the database."""


class Sections(Shape):
    """All that may stand at the top of a file."""

    community: CommunityShape
    channels: ChannelsShape
    roles: RolesShape
    unanswered: UnansweredShape = UnansweredShape()
    duty: DutyShape | None = None
    """Whose turn it is to look after questions that wait."""
    attention: AttentionShape = AttentionShape()
    participation: ParticipationShape = ParticipationShape()
    privacy: PrivacyShape = PrivacyShape()
    reports: ReportsShape = ReportsShape()
    digest: Annotated[DigestShape, Field(json_schema_extra=or_off)] = DigestShape()
    spacing: SpacingShape = SpacingShape()
    posts: list[PostShape] = []
    """What is posted, where and when."""
    milestones: list[MilestoneShape] = []
    """What the community makes together, and until when."""
    onboarding: OnboardingShape | None = None
    """How newcomers are received."""
    pulse: PulseShape | None = None
    """A short anonymous survey that comes back."""
    backup: BackupShape | None = None
    """A backup of the database each night."""
    stories: StoriesSwitch = "off"
    """on: who writes that something was used or helped is asked in private what it changed."""
