"""Who is a newcomer, and which follow-up is due to whom, when.

Sources: interfaces.md, ``onboarding:`` and ``attention:``. Instants named ``…_us`` are microseconds since the epoch.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.core.community import Attention
from copbot.core.onboarding import FollowUp
from copbot.core.records import Person
from copbot.core.time import DAY_US, MICROSECOND, Hours

Place = Literal["workspace", "channel"]

TOO_LATE = timedelta(days=7)
"""How late a follow-up may still be sent after a stop; beyond it the moment has passed."""

BUDGETED: tuple[str, ...] = ("onboarding", "post", "question")
"""The kinds of direct messages that the bot starts by itself and that use up a member's attention. The welcome, answers
to a person's own action and a moderator's duties are free."""


def may_be_welcomed(person: Person) -> bool:
    """People of this organisation, guests among them: no bots, nobody deactivated, nobody of another organisation."""
    return not (person.is_bot or person.is_deleted or person.is_external)


def is_newcomer(person: Person, at_us: int, place: Place = "workspace", *, wrote_before: bool = False) -> bool:
    """Whether someone who joined at ``at_us`` is new, and not returning or invited again.

    Who wrote in the community before is returning. Who existed more than a day before is returning to a workspace, but
    may well be new to a channel.
    """
    existed = person.known_since_us is not None and person.known_since_us < at_us - DAY_US
    return may_be_welcomed(person) and not wrote_before and not (existed and place == "workspace")


@dataclass(frozen=True)
class Standing:
    """How far a newcomer has come."""

    answered: bool
    posted: bool


def applies(follow_up: FollowUp, standing: Standing) -> bool:
    """Whether a follow-up's ``if:`` holds: open, answered (but never posted), posted, silent (neither)."""
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


def is_too_late(due_us: int, now_us: int) -> bool:
    return now_us - due_us > TOO_LATE // MICROSECOND


def zone_of(timezone: str | None, otherwise: str) -> ZoneInfo:
    """A member's own zone; the community's while it is not known or no zone."""
    try:
        return ZoneInfo(timezone or otherwise)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(otherwise)


def outside_quiet(at: datetime, quiet: Hours | None, zone: ZoneInfo) -> datetime:
    """``at``, or the end of the quiet hours in which it falls by the clocks of ``zone``."""
    local = at.astimezone(zone)
    if quiet is None or local.time() not in quiet:
        return at
    ends = [datetime.combine(local.date(), quiet.end, zone).replace(fold=fold) for fold in (0, 1)]
    ends.append(datetime.combine(local.date() + timedelta(days=1), quiet.end, zone))
    return next(end.astimezone(at.tzinfo) for end in ends if end.timestamp() > at.timestamp())


def within_budget(attention: Attention, last_day: int, last_week: int) -> bool:
    """Whether one more message fits, after so many in the last 24 hours and 7 days."""
    return last_day < attention.member_day and last_week < attention.member_week
