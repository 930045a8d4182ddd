"""What a member lets the bot send them by itself: one set of settings for all communities of a workspace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from copbot.core.delivery import Kind
from copbot.core.time import Hours

Mode = Literal["everything", "standard", "light", "off"]
"""``everything``: each message comes as one of its own, and waits where the budget is spent. ``standard``: what finds no room in time
joins the digest. ``light``: the digest alone. ``off``: nothing at all. The community's budget holds in each."""

MODES: tuple[Mode, ...] = ("everything", "standard", "light", "off")

Subject = Literal["onboarding", "asks", "events", "surveys", "stories", "digest", "recognition"]
"""What a member can turn off one by one."""

SUBJECTS: Mapping[Subject, tuple[Kind, ...]] = {
    "onboarding": ("welcome", "onboarding"),
    "asks": ("ask",),
    "events": ("question", "post"),
    "surveys": ("survey",),
    "stories": ("story",),
    "digest": ("digest",),
    "recognition": ("recognition",),
}

CommunitysHours = Literal["community"]


@dataclass(frozen=True)
class Preferences:
    """``quiet``: the member's own quiet hours in their own time zone, None for none, ``"community"`` for those of the community that
    writes. ``paused_until_us``: nothing is sent before that instant. ``version`` counts the changes; 0 where nothing was ever set."""

    user: str
    mode: Mode = "standard"
    off: frozenset[Subject] = frozenset()
    quiet: Hours | CommunitysHours | None = "community"
    paused_until_us: int | None = None
    version: int = 0


class MemberSettings(Protocol):
    """The members' own settings. Part of ``core.ports``, whose words on times and transactions hold here too."""

    def of(self, user: str) -> Preferences:
        """What this member set; the defaults where they set nothing."""

    def of_many(self, users: Collection[str]) -> Mapping[str, Preferences]:
        """The same for many, each of ``users`` among them."""

    def save(self, preferences: Preferences, now_us: int) -> bool:
        """Keep new settings in the place of those of ``version``. False, and nothing changes, when somebody changed these meanwhile."""
