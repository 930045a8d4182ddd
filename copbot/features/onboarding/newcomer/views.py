"""How the list of newcomers looks: two or three short lines for each, on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from copbot.core.blocks import actions, button, context, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention
from copbot.core.records import JourneyState, Verdict

BACK, NEXT = "onboarding:newcomers_back", "onboarding:newcomers_next"
"""Their value is the number of the page to turn to, from 0."""

ON_A_PAGE = 8


WaitKind = Literal["introduction", "first message", "question"]
WelcomeState = Literal["planned", "sent", "failed"]

_OUTCOMES: dict[Verdict, str] = {
    "yes": "got what they came for",
    "partly": "got what they came for in part",
    "not_yet": "has not yet got what they came for",
}


@dataclass(frozen=True)
class Wait:
    """Something of a newcomer's that waits for a person. ``since``: how long, in words."""

    kind: WaitKind
    since: str
    link: str | None = None
    taken_by: str | None = None


@dataclass(frozen=True)
class Newcomer:
    """Where a newcomer stands. ``introduction``: its link, "" when it has none, None when there is none."""

    user: str
    joined: str  # how long ago, in words
    state: JourneyState = "invited"
    welcome: WelcomeState = "sent"
    answered: bool = False
    begun: bool = False
    introduction: str | None = None
    posted: bool = False
    outcome: Verdict | None = None
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True)
class Sums:
    """A community's last 30 days. ``community`` is its name."""

    community: str
    joined: int
    answered: int = 0
    wrote: int = 0
    waiting: int = 0


def page(parts: Sequence[tuple[Sums, Sequence[Newcomer]]], number: int, last: int) -> tuple[str, tuple[Block, ...]]:
    """One page as text and blocks: each community under its own heading. ``number`` and ``last`` count from 0."""
    blocks: list[Block] = []
    for sums, people in parts:
        blocks += [{"type": "divider"}] if blocks else []
        blocks.append(section(heading(sums)))
        blocks += [section(standing(one), verbatim=True) for one in people]
    turns = []
    if number > 0:
        turns.append(button("Back", BACK, str(number - 1)))
    if number < last:
        turns.append(button("Next", NEXT, str(number + 1), primary=True))
    if turns:
        blocks += [context(f"Page {number + 1} of {last + 1}"), actions(*turns)]
    text = "\n".join(f"{sums.community}: {sums.joined} new in the last 30 days" for sums, _ in parts)
    return escape(text), tuple(blocks)


def heading(sums: Sums) -> str:
    name = f"*{escape(sums.community)}*"
    if not sums.joined:
        return f"{name}\nNobody new in the last 30 days."
    text = f"{name}\n{sums.joined} new in the last 30 days: {sums.answered} answered, {sums.wrote} wrote."
    if sums.waiting:
        text += f"\n:hourglass_flowing_sand: {sums.waiting} of them {'waits' if sums.waiting == 1 else 'wait'} for one of us."
    return text


def standing(one: Newcomer) -> str:
    """A newcomer's lines: who, how far they have come, what waits."""
    lines = [f"{mention(one.user)} joined {one.joined} ago", how_far(one)]
    return "\n".join([*lines, *map(_waiting, one.waits)])


def how_far(one: Newcomer) -> str:
    if one.welcome == "failed":
        return "_my welcome could not be delivered: a personal hello would help_"
    steps = []
    if one.state == "ended":
        steps.append("has left")
    elif one.state == "declined":
        steps.append("said no thanks to the questions")
    if one.introduction:
        steps.append(f"<{one.introduction}|introduced>")
    elif one.introduction is not None:
        steps.append("introduced")
    elif one.answered:
        steps.append("answered")
    elif one.begun:
        steps.append("has begun the questions")
    if one.posted:
        steps.append("has written")
    if one.outcome is not None:
        steps.append(_OUTCOMES[one.outcome])
    if steps:
        return ", ".join(steps)
    return "is about to be welcomed" if one.welcome == "planned" else "welcomed, silent so far"


def waits(one: Newcomer) -> str:
    """What waits because of a newcomer, in a line."""
    return "; ".join(_waits(wait) for wait in one.waits)


def _waiting(wait: Wait) -> str:
    return f":hourglass_flowing_sand: {_waits(wait)}"


def _waits(wait: Wait) -> str:
    what = f"<{wait.link}|{wait.kind}>" if wait.link else wait.kind
    missing = "hello" if wait.kind == "introduction" else "answer"
    taken = f", {mention(wait.taken_by)} is on it" if wait.taken_by else ""
    return f"{what}: no {missing} for {wait.since}{taken}"
