"""Who could do more, with reasons: members near to the core, and members of the core who could be asked to moderate. Pure.

A list for moderators to think about, never a ranking and never shown to anybody else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from copbot.core.community import Participation
from copbot.core.time import DAY_US
from copbot.features.participation.rules import Level, weeks_in

LISTED = 5

NEAR_MESSAGES = 3
"""Messages short of the core's rule with which somebody is still near to it."""

SEASONED_US = 90 * DAY_US
"""How long a member must have been core to be named as somebody who could moderate."""

HELPFUL = 6
"""Answers to others in the window that make a helper."""


@dataclass(frozen=True)
class Stood:
    """A member at an instant: the level and since when, what they did in the window, and when last (the week's number)."""

    user: str
    level: Level
    since_us: int | None
    active_weeks: int
    messages: int
    answers: int = 0
    last_week: int | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody who could do more, and why."""

    user: str
    reason: str


def weeks_short(one: Stood, rules: Participation) -> bool:
    """Whether one more active week, with a message in it, makes them core."""
    return (
        one.level != "core"
        and one.active_weeks == rules.core.active_weeks - 1
        and one.messages >= rules.core.contributions - 1
    )


def messages_short(one: Stood, rules: Participation) -> int | None:
    """The few messages that are all they lack to be core; None where it is more, or something else."""
    short = rules.core.contributions - one.messages
    enough = one.level != "core" and one.active_weeks >= rules.core.active_weeks
    return short if enough and 0 < short <= NEAR_MESSAGES else None


def could_become_core(people: Iterable[Stood], rules: Participation, week: int) -> list[Candidate]:
    """Those who lack a week or a few messages and were here in this week or the two before; who lacks least first."""
    found: list[tuple[int, int, str, str]] = []
    for one in people:
        if one.last_week is None or one.last_week < week - 2:
            continue
        done = f"active in {one.active_weeks} of {weeks_in(rules.window)} weeks, {_messages(one.messages)}"
        missing = messages_short(one, rules)
        if missing is not None:
            found.append((missing, -one.answers, one.user, f"{done}: {_messages(missing)} short of core"))
        elif weeks_short(one, rules):
            found.append((2, -one.answers, one.user, f"{done}: one active week short of core"))
    return [Candidate(user, reason) for _, _, user, reason in sorted(found)]


def could_moderate(
    people: Iterable[Stood], rules: Participation, now_us: int, week: int, not_these: Collection[str]
) -> list[Candidate]:
    """Members who have been core for a season, help others and are here now; the most helpful first."""
    able = [
        one
        for one in people
        if one.level == "core"
        and one.user not in not_these
        and one.since_us is not None
        and one.since_us <= now_us - SEASONED_US
        and one.answers >= HELPFUL
        and one.last_week is not None
        and one.last_week >= week - 1
    ]
    able.sort(key=lambda one: (-one.answers, one.user))
    return [Candidate(one.user, _helpful(one, rules, now_us)) for one in able]


def _helpful(one: Stood, rules: Participation, now_us: int) -> str:
    assert one.since_us is not None
    months = (now_us - one.since_us) // (30 * DAY_US)
    since = f"{months} months" if months < 24 else f"{months // 12} years"
    return f"core for {since}, answered others {one.answers} times in {weeks_in(rules.window)} weeks"


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"


def listed(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    return candidates[:LISTED]
