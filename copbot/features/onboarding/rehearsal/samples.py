"""The sample newcomer of a preview: who they are, what they answer, and how they are called where Slack is not asked."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from copbot.core.mrkdwn import escape
from copbot.core.onboarding import Question
from copbot.core.ports import Directory
from copbot.core.previews import Shown
from copbot.core.time import from_us
from copbot.features.onboarding.form import chosen_of

NEWCOMER, INVITER, INVITER_NAME = "U0NEWCOMER", "U0INVITER", "Ines Inviter"
_MENTION = re.compile(r"<@(?:U0NEWCOMER|U0INVITER)>")


class AsWritten:
    """A directory that knows what Slack told before, and takes everything else as the files write it."""

    def __init__(self, known: Directory) -> None:
        self._known = known

    def channel(self, reference: str) -> str | None:
        return self._known.channel(reference) or reference.removeprefix("#")

    def channel_name(self, channel: str) -> str:
        return self._known.channel_name(channel)

    def people(self, references: Iterable[str]) -> frozenset[str]:
        return frozenset(user for one in references for user in (self._known.people([one]) or {one.removeprefix("@")}))


def sample_answer(question: Question, name: str, inviter: str, now_us: int) -> str:
    """A plausible answer: of choices those that lead somewhere, so that it is seen where."""
    match question.type:
        case "yes_no":
            return "Yes"
        case "person":
            return f"<@{inviter}>"
        case "date":
            return from_us(now_us).date().isoformat()
        case "choice" | "choices":
            return _chosen(question)
        case "long_text":
            return f"What {name} would write here.\nA second line, with *stars* & <angles>."
        case "text":
            return f"What {name} would write here."


def _chosen(question: Question) -> str:
    leading = [option.text for option in question.options if option.leads_somewhere]
    chosen = [*leading, *(text for text in question.choices if text not in leading)]
    if question.type == "choice":
        return chosen[0] if chosen else ""
    return ", ".join(chosen_of(", ".join(chosen[:2]), question.choices, several=True))


def with_names(shown: Shown, newcomer: str) -> Shown:
    """Names where Slack would show them: in the terminal nobody knows whose the sample IDs are."""
    called = {NEWCOMER: newcomer, INVITER: INVITER_NAME}

    def named(value: Any) -> Any:
        if isinstance(value, str):
            return _MENTION.sub(lambda match: f"<@{match[0][2:-1]}|{escape(called[match[0][2:-1]])}>", value)
        if isinstance(value, dict):
            return {key: named(one) for key, one in value.items()}
        return [named(one) for one in value] if isinstance(value, list | tuple) else value

    blocks = tuple(named(block) for block in shown.blocks)
    return replace(shown, text=named(shown.text), blocks=blocks)
