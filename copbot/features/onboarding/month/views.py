"""How the question after a month looks: did you get what you came for?"""

from collections.abc import Sequence
from typing import Any

from copbot.core.blocks import actions, button, context, plain, section, sections
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention, shorten
from copbot.core.onboarding import Onboarding
from copbot.core.records import GivenAnswer, GivenOutcome, Verdict
from copbot.features.onboarding.words import Words

PRESSED = "onboarding:outcome_"
CALLBACK = "onboarding:outcome"
LINE, VALUE = "line", "value"
LINE_LIMIT = 500

VERDICTS: tuple[Verdict, ...] = ("yes", "partly", "not_yet")
_TITLE_LIMIT, _LABEL_LIMIT = 24, 2000
_GOAL_SHOWN = 600

_FOR_MODERATORS: dict[Verdict, str] = {
    "yes": ":seedling: {who} got what they came for.",
    "partly": ":seedling: {who} got what they came for *in part*.",
    "not_yet": ":seedling: {who} has *not yet* got what they came for. A personal word may help.",
}


def value_of(key: str) -> str:
    """What the buttons below a follow-up carry: its key without the person, who is known when they press."""
    _, community, _, name = key.split(":", 3)
    return f"{community}:{name}"


def key_of(value: str, user: str) -> str:
    """The key of the follow-up that such a button is below of, if it was sent to this user."""
    community, _, name = value.partition(":")
    return f"follow_up:{community}:{user}:{name}"


def in_words(verdict: Verdict, words: Words) -> str:
    return {"yes": words.yes, "partly": words.partly, "not_yet": words.not_yet}[verdict]


def question_blocks(text: str, value: str, words: Words, said: Verdict | None = None) -> tuple[Block, ...]:
    """The question with its three answers; below it what was ``said`` last."""
    buttons = [button(in_words(verdict, words), PRESSED + verdict, value) for verdict in VERDICTS]
    noted = [] if said is None else [context(words.outcome_noted.format(verdict=in_words(said, words)))]
    return (*sections(text), *noted, actions(*buttons))


def line_form(verdict: Verdict, value: str, line: str, words: Words) -> dict[str, Any]:
    """The modal for a line of their own, with the one they wrote before."""
    box: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": LINE_LIMIT}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": f"{verdict} {value}",
        "title": plain(words.outcome_title, _TITLE_LIMIT),
        "submit": plain(words.send, _TITLE_LIMIT),
        "close": plain(words.later, _TITLE_LIMIT),
        "blocks": [
            section(words.outcome_said.format(verdict=in_words(verdict, words))),
            {
                "type": "input",
                "block_id": LINE,
                "optional": True,
                "label": plain(words.outcome_ask, _LABEL_LIMIT),
                "hint": plain(words.outcome_read_by, _LABEL_LIMIT),
                "element": box | ({"initial_value": line} if line else {}),
            },
        ],
    }


def told_text(
    user: str, outcome: GivenOutcome, onboarding: Onboarding, given: Sequence[GivenAnswer], joined: str
) -> str:
    """What the moderators read. ``joined``: how long ago, in words."""
    lines = [_FOR_MODERATORS[outcome.verdict].format(who=mention(user)), f"They joined {joined} ago."]
    if outcome.line:
        lines = [lines[0], *_quoted(outcome.line), lines[1]]
    goal = goal_of(onboarding, given)
    if goal is None:
        return "\n".join([*lines, "What they came for they had not said."])
    return "\n".join([*lines, "What they came for, in their words:", *_quoted(shorten(goal, _GOAL_SHOWN))])


def changed_text(user: str, outcome: GivenOutcome) -> str:
    """A line in the thread of what the moderators read before."""
    return "This has changed: " + _FOR_MODERATORS[outcome.verdict].format(who=mention(user))


def told_blocks(text: str) -> tuple[Block, ...]:
    return sections(text, verbatim=True)


def _quoted(text: str) -> list[str]:
    return [f"> {line}" for line in escape(text).splitlines() if line.strip()]


def goal_of(onboarding: Onboarding, given: Sequence[GivenAnswer]) -> str | None:
    """What somebody answered when asked what they came for: to the question ``goal``, else to the first in words of their own."""
    answers = {one.question: one.value for one in given}
    asked = [question.id for question in onboarding.questions if question.type in ("text", "long_text")]
    order = [name for name in ("goal", *asked) if name in answers]
    return answers[order[0]] if order else None
