"""Who is a newcomer, and which follow-up is due to whom, when.

Sources: interfaces.md, ``onboarding:`` and ``attention:``. Instants named ``…_us`` are microseconds since the epoch.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from copbot.core.onboarding import MEMBERS_AND_GUESTS, FollowUp, Welcomed, may_be_welcomed
from copbot.core.records import Person
from copbot.core.time import DAY_US, MICROSECOND

Place = Literal["workspace", "channel"]

TOGETHER = timedelta(minutes=10)
"""Several channels joined within this time are one coming: people are invited to them together."""

TOO_LATE = timedelta(days=7)
"""How late a follow-up may still be sent after a stop; beyond it the moment has passed."""

SOON = timedelta(days=1)
"""A follow-up that comes sooner than this is meant to come at once; a later one comes at the member's own hours."""

APART = timedelta(minutes=15)
"""The moderators hear of newcomers at once, but so long apart: those of a busy day come in a few messages, not in one each."""

APART_AT_MOST = timedelta(hours=1)


def is_newcomer(
    person: Person,
    at_us: int,
    place: Place = "workspace",
    *,
    wrote_before: bool = False,
    was_here: bool = False,
    in_others_us: int | None = None,
    welcomes: Collection[Welcomed] = MEMBERS_AND_GUESTS,
) -> bool:
    """Whether someone who joined at ``at_us`` is new, and not returning or invited again.

    Who wrote in the community before, or was in this channel before (``was_here``), is returning. Who existed more than
    a day before is returning to a workspace, but may well be new to a channel; not if they have been in another of the
    community's discussion channels since ``in_others_us``: that is a second channel, unless all were joined together.
    """
    existed = person.known_since_us is not None and person.known_since_us < at_us - DAY_US
    second = in_others_us is not None and in_others_us < at_us - TOGETHER // MICROSECOND
    returning = wrote_before or was_here or (existed and place == "workspace") or (second and place == "channel")
    return may_be_welcomed(person, welcomes) and not returning


@dataclass(frozen=True)
class Standing:
    """How far a newcomer has come."""

    answered: bool
    posted: bool


def applies(follow_up: FollowUp, standing: Standing) -> bool:
    """Whether a follow-up's ``if:`` holds: open, answered (but never posted), posted, silent (neither).

    Nobody who writes is reminded of questions: to them ``open`` sends nothing. The moderators may still hear of it.
    """
    if follow_up.condition == "open" and follow_up.prompt is not None and standing.posted:
        return False
    return {
        None: True,
        "open": not standing.answered,
        "answered": standing.answered and not standing.posted,
        "posted": standing.posted,
        "silent": not standing.answered and not standing.posted,
    }[follow_up.condition]


def step_names(follow_ups: Sequence[FollowUp]) -> tuple[str, ...]:
    """A lasting name for each follow-up, by what it says and not by its place: a step put before it repeats nothing."""
    seen: Counter[str] = Counter()
    names = []
    for follow_up in follow_ups:
        name = follow_up.prompt or "moderators"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(names)


def step_due_us(started_us: int, follow_up: FollowUp) -> int:
    """When a follow-up is due: counted from the welcome."""
    return started_us + follow_up.after // MICROSECOND


def told_due_us(due_us: int, follow_up: FollowUp, last_notice_us: int | None) -> int:
    """When the moderators hear of a newcomer, after the last notice that they got (of the last quarter of an hour, else None)."""
    if last_notice_us is None or follow_up.after < SOON:
        return due_us
    return max(due_us, min(last_notice_us + APART // MICROSECOND, due_us + APART_AT_MOST // MICROSECOND))
