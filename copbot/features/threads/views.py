"""How cards, reminders and lists of waiting questions look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copbot.core.blocks import actions, button, context, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape, mention, shorten, unescape
from copbot.core.records import Card

TAKE = "threads:take"
DISMISS = "threads:dismiss"
OPEN = "threads:open"

QUOTE_LIMIT = 300
SHOWN_IN_ONE_MESSAGE = 20  # two blocks each; Slack takes 50 in a message
LISTED = 10

_MARKUP = re.compile(
    r"<(?:@[UW]\w+\|(?P<name>[^>]*)|(?P<user>@[UW]\w+)|#\w+\|(?P<channel>[^>]*)|[^|>]*\|(?P<label>[^>]*)|(?P<bare>[^>]*))>"
)


@dataclass(frozen=True)
class Shown:
    """A card with what can be told of it at this moment."""

    card: Card
    waits: str  # in words, since the question was asked
    link: str | None = None
    text: str | None = None  # the question's own, as Slack gave it
    is_first_message: bool = False
    answered_by: str | None = None
    answered_after: str = ""


def quote(text: str) -> str:
    """The first lines of a person's message as a quotation that notifies nobody."""
    lines = [line.strip() for line in _MARKUP.sub(_as_plain, text).splitlines() if line.strip()]
    short = shorten(escape(unescape("\n".join(lines[:4]))), QUOTE_LIMIT)
    return "\n".join(f"> {line}" for line in short.splitlines())


def _as_plain(match: re.Match[str]) -> str:
    if match["channel"]:
        return f"#{match['channel']}"
    if match["name"]:
        return f"@{match['name']}"
    if match["user"]:
        return "@someone"
    return match["label"] or match["bare"] or ""


def card_text(shown: Sequence[Shown]) -> str:
    """What a notification of the message says."""
    waiting = [one for one in shown if one.card.state == "open"]
    if len(waiting) > 1:
        return f"{len(waiting)} questions wait for an answer"
    return _headline((waiting or list(shown))[0])


def card_blocks(shown: Sequence[Shown]) -> tuple[Block, ...]:
    """The message that shows one card, or several."""
    if len(shown) == 1:
        return _one(shown[0])
    first = [*(s for s in shown if s.card.state == "open"), *(s for s in shown if s.card.state != "open")]
    kept = {one.card.id for one in first[:SHOWN_IN_ONE_MESSAGE]}
    blocks: list[Block] = [section(f"*{card_text(shown)}*")]
    for one in shown:
        if one.card.id in kept:
            blocks += _one(one, brief=True)
    if len(shown) > len(kept):
        blocks.append(context(f"…and {len(shown) - len(kept)} more."))
    return tuple(blocks)


def _one(shown: Shown, brief: bool = False) -> tuple[Block, ...]:
    if shown.card.state != "open":
        return (section(_headline(shown) + _linked(shown), verbatim=True),)
    paragraph = _headline(shown)
    if shown.is_first_message:
        paragraph += " It is their *first message* here."
    if shown.text:
        paragraph += "\n" + quote(shown.text)
    if shown.card.claimed_by:
        paragraph += f"\n{mention(shown.card.claimed_by)} has taken it."
    reason = [] if brief or not shown.card.why else [context(f"Why it is here: {escape(shown.card.why)}")]
    return section(paragraph, verbatim=True), *reason, actions(*_buttons(shown))


def _buttons(shown: Shown) -> list[Block]:
    value = str(shown.card.id)
    buttons = [] if shown.link is None else [button("Open the thread", OPEN, url=shown.link)]
    if shown.card.claimed_by is None:
        buttons.append(button("I'll take it", TAKE, value, primary=True))
    buttons.append(button("Not a question" if shown.card.origin == "member" else "No answer needed", DISMISS, value))
    return buttons


def _headline(shown: Shown) -> str:
    card = shown.card
    if card.state == "answered":
        by = f" by {mention(shown.answered_by)}" if shown.answered_by else ""
        return f":white_check_mark: Answered{by} after {shown.answered_after}: {_what(card)}"
    if card.state == "dismissed":
        return f"Set aside: {_what(card)}"
    if card.state == "withdrawn":
        return f"Withdrawn by its author: {_what(card)}"
    if card.origin == "question":
        return f"My question in {channel_link(card.channel)} has had no answer for {shown.waits}."
    who = mention(card.author) if card.author else "Someone"
    if card.origin == "introduction":
        return f"{who} was introduced in {channel_link(card.channel)}, and nobody has said hello for {shown.waits}."
    return f"{who} asked in {channel_link(card.channel)} and has waited {shown.waits} for an answer."


def _what(card: Card) -> str:
    thing = {"member": "question", "question": "my question", "introduction": "introduction"}[card.origin]
    whose = f"{mention(card.author)}'s {thing}" if card.author else thing
    return f"{whose} in {channel_link(card.channel)}"


def _linked(shown: Shown, label: str = "open") -> str:
    return f" (<{shown.link}|{label}>)" if shown.link else ""


def reminder_text(waiting: Sequence[Shown]) -> str:
    if len(waiting) == 1:
        return f"Still no answer after {waiting[0].waits}. Who would know, or who can ask around?"
    return f"{len(waiting)} of these still have no answer. Who would know, or who can ask around?"


def escalation_text(community: str, waiting: Sequence[Shown]) -> str:
    """``community`` is its name."""
    one = "A question" if len(waiting) == 1 else f"{len(waiting)} questions"
    verb = "waits" if len(waiting) == 1 else "wait"
    asked = f"{one} in *{escape(community)}* still {verb} for an answer. Can you help, or do you know who can?"
    return f"{asked}\n{listing(waiting)}"


def listing(waiting: Sequence[Shown]) -> str:
    """Waiting questions, one a line."""
    lines = [f"• {_line(one)}" for one in waiting[:LISTED]]
    if len(waiting) > LISTED:
        lines.append(f"…and {len(waiting) - LISTED} more.")
    return "\n".join(lines)


def _line(shown: Shown) -> str:
    taken = f", taken by {mention(shown.card.claimed_by)}" if shown.card.claimed_by else ""
    what = _what(shown.card)
    return f"{what[0].upper() + what[1:]}: {shown.waits}{taken}{_linked(shown)}"
