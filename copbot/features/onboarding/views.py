"""How the messages of onboarding look. What they say is the community's own, from its templates."""

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.core.blocks import actions, button, sections
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention
from copbot.core.onboarding import FollowUp, Onboarding
from copbot.core.time import in_words

OPEN = "onboarding:open"

LISTED = 20

NOT_YOURS = "These questions are for people who have just joined, and I have none for you. All is well!"
CLOSED = "These questions are closed by now. You are welcome to say hello in the channel."
WITHDRAWN = "This introduction was withdrawn."

_SILENCE = {
    None: "joined",
    "open": "have not answered their questions",
    "answered": "have answered their questions, but never written",
    "posted": "have written for the first time",
    "silent": "have neither answered nor written",
}


@dataclass(frozen=True)
class Newcomer:
    """Where a newcomer stands."""

    user: str
    joined: str  # how long ago, in words
    answered: bool
    posted: bool


def plain_welcome(community: str) -> str:
    """What is said when the community's own welcome cannot be rendered. ``community`` is its name."""
    return f"Hello, and welcome to *{escape(community)}*! We would like to get to know you a little."


def message_with_button(text: str, community_id: str, label: str) -> tuple[Block, ...]:
    """A message and the one thing to do about it: open the questions."""
    return (*sections(text), actions(button(label, OPEN, community_id, primary=True)))


def message(text: str) -> tuple[Block, ...]:
    return sections(text)


def questions_label(onboarding: Onboarding) -> str:
    count = len(onboarding.questions)
    if count == 0:
        return "Read the guidelines" if onboarding.guidelines else "Say hello"
    return "Answer 1 question" if count == 1 else f"Answer {count} questions"


def introduction_blocks(text: str) -> tuple[Block, ...]:
    return sections(text, verbatim=True)


def thanks(introductions: str | None, *, first: bool, is_outdated: bool) -> str:
    """``introductions``: the link of the channel where the answers are shared, None when nothing is."""
    text = "Thank you! " if first else "Saved. "
    if introductions:
        text += (
            f"Your introduction is in {introductions}."
            if first
            else f"Your introduction in {introductions} is up to date."
        )
    else:
        text += "I have kept your answers and shared none of them."
    if is_outdated:
        text += "\nThe questions changed while you were writing. What you wrote is kept; the new ones are below."
    return text


def silent_text(follow_up: FollowUp, users: Sequence[str]) -> str:
    """The moderators' message about newcomers, ``follow_up.after`` after they joined."""
    names = ", ".join(mention(user) for user in users)
    ago = in_words(follow_up.after)
    if follow_up.condition is None:
        return f"Joined {ago} ago: {names}."
    kind = "" if follow_up.condition == "posted" else " A short personal hello often helps."
    return f"Joined {ago} ago, and {_SILENCE[follow_up.condition]}: {names}.{kind}"


def newcomers_text(community: str, newcomers: Sequence[Newcomer]) -> str:
    """``community`` is its name; the latest newcomer comes first."""
    if not newcomers:
        return f"*{escape(community)}*: nobody new in the last 30 days."
    lines = [f"• {mention(one.user)} joined {one.joined} ago: {_standing(one)}" for one in newcomers[:LISTED]]
    if len(newcomers) > LISTED:
        lines.append(f"…and {len(newcomers) - LISTED} more.")
    return "\n".join([f"*{escape(community)}*: {len(newcomers)} new in the last 30 days", *lines])


def _standing(one: Newcomer) -> str:
    if one.answered:
        return "answered and wrote" if one.posted else "answered, has not written yet"
    return "wrote, questions still open" if one.posted else "silent so far"


def mistake_text(mistake: str, consequence: str) -> str:
    return f"A template needs mending: {escape(mistake)}\n{consequence}"
