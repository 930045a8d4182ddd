"""A community as its coordinators described it: the files' meaning as plain values.

Built by ``adapters/files``; read by every feature. Channels and people stay the references that the
coordinators wrote (``"#name"`` or an ID; an ID, an e-mail address or a user group): what they mean on Slack
today is asked of the Directory port at the moment of use.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal

from copbot.core.digest import WEEKLY, DigestRules
from copbot.core.duty import Duty
from copbot.core.onboarding import Onboarding
from copbot.core.posts import NO_SPACING, Milestone, Post, Spacing
from copbot.core.time import Hours
from copbot.core.voices import Pulse
from copbot.core.working_time import WeekHours

KeepText = Literal["none", "questions", "all"]
Recognised = Literal["private", "off"]

NIGHT = Hours(time(20), time(8))


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
    """When an unanswered question becomes a card, is reminded of, and goes to the coordinators.

    Where ``hours`` are given only these count; ``skip_holidays`` is the country whose holidays are none. ``channels`` holds the rules
    of single channels, by the coordinators' reference, complete: what they do not say of their own is as everywhere.
    """

    after: timedelta = timedelta(hours=24)
    again: timedelta = timedelta(hours=24)
    escalate: timedelta = timedelta(hours=72)
    counts_as_answer: tuple[str, ...] = ("reply",)
    answered_reaction: str = "white_check_mark"
    taken_reaction: str = "eyes"
    hours: tuple[WeekHours, ...] = ()
    skip_holidays: str | None = None
    channels: "tuple[tuple[str, Unanswered], ...]" = ()


@dataclass(frozen=True)
class Attention:
    member_day: int = 1
    member_week: int = 3
    channel_day: int = 2
    quiet: Hours | None = NIGHT


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
    recognition: Recognised = "private"


@dataclass(frozen=True)
class Privacy:
    """``forget_deactivated_after``: how long after their leaving the workspace people are forgotten; None: never. A year by default, for
    reports look back as far: a month's retention would look better than it was once those who left in it are no members of it any more.
    """

    keep_text: KeepText = "questions"
    keep_activity: timedelta = timedelta(days=3 * 365)
    forget_deactivated_after: timedelta | None = timedelta(days=365)


@dataclass(frozen=True)
class Reports:
    """What is told of the community by itself: to the moderators each week, to the coordinators each month."""

    brief: bool = True
    monthly: bool = True


@dataclass(frozen=True)
class Backups:
    """One each night, of which the newest ``keep`` stay, in a folder; where ``to`` is empty in ``backups`` beside the database."""

    keep: int = 7
    to: str = ""


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
    duty: Duty | None = None
    attention: Attention = Attention()
    participation: Participation = Participation()
    privacy: Privacy = Privacy()
    reports: Reports = Reports()
    digest: DigestRules | None = WEEKLY
    spacing: Spacing = NO_SPACING
    posts: tuple[Post, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    onboarding: Onboarding | None = None
    pulse: Pulse | None = None
    stories: bool = False
    backup: Backups | None = None
    folder: str = field(default="", compare=False)
