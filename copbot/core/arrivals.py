"""Who joined while nobody listened, and when: found by comparing Slack's lists with what was known before.

Slack tells of a person's joining once, and no history keeps it. Nor does a list of members say since when they are: ``updated`` of a
user is when anything of theirs last changed. So whoever was not known when nothing was missing, and is there now, joined in between;
the first sign of them (a channel joined, a message, that last change) is the latest instant at which they can have.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from copbot.core.facts import UserSeen
from copbot.core.time import DAY_US

WELCOMED_WITHIN_US = 7 * DAY_US
"""A welcome that comes later than this welcomes nobody: the first week is over."""


@dataclass(frozen=True)
class Gap:
    """Up to ``since_us`` nothing was missing; at ``now_us`` the lists were read."""

    since_us: int
    now_us: int

    @property
    def is_short(self) -> bool:
        """Whether all of it lies within the time in which newcomers are welcomed."""
        return self.now_us - self.since_us <= WELCOMED_WITHIN_US


@dataclass(frozen=True)
class Listed:
    """Somebody on Slack's list. ``changed_us``: when Slack says that anything of theirs last changed."""

    seen: UserSeen
    changed_us: int | None = None


@dataclass(frozen=True)
class Arrival:
    """Somebody who joined in the gap. ``at_us`` is the first sign of them; None: longer ago than a welcome makes sense, or nobody
    can tell."""

    user: str
    at_us: int | None


def arrival(user: str, signs: Iterable[int | None], gap: Gap) -> Arrival:
    """When somebody who was not there before the gap joined. Without any sign of them: when they were found, if the whole gap is
    recent enough that it makes no difference, else nobody can tell."""
    within = [sign for sign in signs if sign is not None and gap.since_us < sign <= gap.now_us]
    at_us = min(within) if within else gap.now_us if gap.is_short else None
    is_recent = at_us is not None and at_us >= gap.now_us - WELCOMED_WITHIN_US
    return Arrival(user, at_us if is_recent else None)


def joined_workspace(
    listed: Iterable[Listed], known_since: Mapping[str, int | None], told: Collection[str], gap: Gap
) -> list[Arrival]:
    """Who joined the workspace in the gap. ``known_since``: the instant of the first fact about each; ``told``: of whose joining
    Slack told after all. Bots and those who have left again are nobody's newcomers."""
    found = []
    for one in listed:
        user = one.seen.user
        known_us = known_since.get(user)
        was_there = known_us is not None and known_us <= gap.since_us
        if was_there or user in told or one.seen.is_bot or one.seen.is_deleted:
            continue
        found.append(arrival(user, (known_us, one.changed_us), gap))
    return found


def joined_channel(
    members: Iterable[str], before: Collection[str], told: Collection[str], arrived: Mapping[str, Arrival], gap: Gap
) -> list[Arrival]:
    """Who joined a channel in the gap without any word of it: neither among its members ``before``, nor ``told`` of by an event or
    by the channel's history. ``arrived``: who came to the workspace in that time."""
    strangers = [user for user in members if user not in before and user not in told]
    return [arrived.get(user) or arrival(user, (), gap) for user in strangers]
