"""On which terms each kind of message comes to a person: its rank, what it costs, how long it waits and what becomes of it then.

The order of the ranks is the coordinators' (docs/attention.md); how long each kind is worth waiting for is decided here. Only what reads
well without its buttons can join a digest: a press changes the message it stands under, and that one was never sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from copbot.core.delivery import Kind, Outgoing
from copbot.core.preferences import SUBJECTS, Subject
from copbot.core.time import DAY_US


@dataclass(frozen=True)
class Terms:
    """``rank``: the lower goes first. ``is_budgeted``: it uses up attention; else it is free of the budget and, unless
    ``waits_for_morning``, of quiet hours. ``useful_us``: so long after it was first wanted it is still worth saying. ``patience_us``: so
    long it waits for room in the mode ``standard`` before it joins the digest; None: no digest can say it. ``is_a_duty``: people decided
    on it, and no setting of the member's holds it back."""

    rank: int
    useful_us: int
    is_budgeted: bool = True
    waits_for_morning: bool = True
    patience_us: int | None = None
    is_a_duty: bool = False


TERMS: Mapping[Kind, Terms] = {
    "moderation": Terms(1, 365 * DAY_US, is_budgeted=False, is_a_duty=True),
    "welcome": Terms(2, 30 * DAY_US, is_budgeted=False, waits_for_morning=False),
    "ask": Terms(3, 3 * DAY_US),  # after that the moderators have turned to somebody else
    "onboarding": Terms(4, 14 * DAY_US),
    "question": Terms(5, 2 * DAY_US, patience_us=DAY_US // 2),
    "post": Terms(5, 2 * DAY_US, patience_us=DAY_US // 2),
    "survey": Terms(6, 14 * DAY_US),
    "story": Terms(7, 14 * DAY_US),
    "digest": Terms(8, 3 * DAY_US),  # after that the next one is nearer
    "recognition": Terms(9, 30 * DAY_US, patience_us=7 * DAY_US),
}
"""Every kind that the bot sends to a person by itself. All others are answers to a person's own action, or duties of those who look after
a community: free of the budget, of quiet hours and of settings."""

BUDGETED: tuple[Kind, ...] = tuple(kind for kind, terms in TERMS.items() if terms.is_budgeted)
"""The kinds of direct messages that use up a member's attention."""

SUBJECT_OF: Mapping[Kind, Subject] = {kind: subject for subject, kinds in SUBJECTS.items() for kind in kinds}


def is_person(target: str) -> bool:
    """Whether a delivery's target is a user's ID, not a channel's."""
    return target[:1] in ("U", "W")


def is_governed(outgoing: Outgoing) -> bool:
    """Whether a message comes to a person by the bot's own will, so that the rule decides on it."""
    return outgoing.kind in TERMS and outgoing.updates is None and is_person(outgoing.target)
