"""How cards, reminders and lists of waiting questions look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copbot.core.blocks import actions, button, context, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape, mention, readable, shorten
from copbot.core.records import Card
from copbot.features.threads.rules import by_urgency, is_greeting

TAKE = "threads:take"
DISMISS = "threads:dismiss"
OPEN = "threads:open"

QUOTE_LIMIT = 300
SHOWN_IN_ONE_MESSAGE = 20  # two blocks each; Slack takes 50 in a message
LISTED = 10


@dataclass(frozen=True)
class Shown:
    """A card with what can be told of it at this moment."""

    card: Card
    waits: str  # in words, since the question was asked
    link: str | None = None
    text: str | None = None  # the question's own, as Slack gave it
    answered_by: str | None = None
    answered_after: str = ""


def quote(text: str) -> str:
    """The first lines of a person's message as a quotation that notifies nobody."""
    lines = [line.strip() for line in readable(text).splitlines() if line.strip()]
    short = shorten(escape("\n".join(lines[:4])), QUOTE_LIMIT)
    return "\n".join(f"> {line}" for line in short.splitlines())


def card_text(shown: Sequence[Shown]) -> str:
    """What a notification of the message says."""
    waiting = [one for one in shown if one.card.state == "open"]
    if len(waiting) > 1:
        return _several(waiting)
    return _headline((waiting or list(shown))[0])


def card_blocks(shown: Sequence[Shown]) -> tuple[Block, ...]:
    """The message that shows one card, or several."""
    if len(shown) == 1:
        return _one(shown[0])
    shown = sorted(shown, key=lambda one: by_urgency(one.card))
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
    if shown.card.is_first and not is_greeting(shown.card):
        paragraph += " It is their *first message* here."
    if shown.text:
        paragraph += "\n" + quote(shown.text)
    if shown.card.claimed_by:
        will = "will greet them" if is_greeting(shown.card) else "has taken it"
        paragraph += f"\n{mention(shown.card.claimed_by)} {will}."
    elif shown.card.claimed_us is not None:
        paragraph += "\nIt is *free again*: nobody has answered since it was taken."
    says_why = shown.card.why and not is_greeting(shown.card)  # the headline of a greeting says it
    reason = [] if brief or not says_why else [context(f"Why it is here: {escape(shown.card.why)}")]
    return section(paragraph, verbatim=True), *reason, actions(*_buttons(shown))


def _buttons(shown: Shown) -> list[Block]:
    value = str(shown.card.id)
    buttons = [] if shown.link is None else [button("Open the thread", OPEN, url=shown.link)]
    if shown.card.claimed_by is None:
        label = "I'll greet them" if is_greeting(shown.card) else "I'll take it"
        buttons.append(button(label, TAKE, value, primary=True))
    is_question = shown.card.origin == "member" and not shown.card.is_first
    buttons.append(button("Not a question" if is_question else "No answer needed", DISMISS, value))
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
    if is_greeting(card):
        return f"{who} wrote their *first message* in {channel_link(card.channel)}, and nobody has answered for {shown.waits}."
    return f"{who} asked in {channel_link(card.channel)} and has waited {shown.waits} for an answer."


def _what(card: Card) -> str:
    thing = {"member": "question", "question": "my question", "introduction": "introduction"}[card.origin]
    if card.origin == "member" and is_greeting(card):
        thing = "first message"
    whose = f"{mention(card.author)}'s {thing}" if card.author else thing
    return f"{whose} in {channel_link(card.channel)}"


def _linked(shown: Shown, label: str = "open") -> str:
    return f" (<{shown.link}|{label}>)" if shown.link else ""


def _several(waiting: Sequence[Shown]) -> str:
    """Some that wait, counted by what they wait for."""
    hellos = sum(is_greeting(one.card) for one in waiting)
    if hellos == len(waiting):
        return f"{hellos} newcomers wait for a hello"
    return f"{len(waiting)} {'threads' if hellos else 'questions'} wait for an answer"


def taken_text(card: Card, link: str | None, until: datetime) -> str:
    """The answer to whoever took a card. ``until``: how long it is kept for them, in the community's zone."""
    thanks = (
        "Thank you! A short hello in the thread is all it takes." if is_greeting(card) else "It is yours. Thank you!"
    )
    opened = f" <{link}|Open the thread>" if link else ""
    return f"{thanks}{opened}\nI keep it for you until {until:%A}, then others can take it."


def freed_text(freed: Sequence[Shown]) -> str:
    """Said once in the thread of a card that somebody took, and that nobody answered in the time that it was kept for them."""
    if len(freed) > 1:
        return f"{len(freed)} of these are free again: they were taken, and nobody has answered yet. Who has a minute?"
    what = "a hello" if is_greeting(freed[0].card) else "an answer"
    return f"This is free again: it has waited {freed[0].waits} for {what}. Who has a minute?"


def reminder_text(waiting: Sequence[Shown]) -> str:
    if len(waiting) == 1 and is_greeting(waiting[0].card):
        return f"Still no hello after {waiting[0].waits}. A line is enough: who has a minute?"
    if len(waiting) == 1:
        return f"Still no answer after {waiting[0].waits}. Who would know, or who can ask around?"
    return f"{len(waiting)} of these still have no answer. Who would know, or who can ask around?"


def escalation_text(community: str, waiting: Sequence[Shown]) -> str:
    """``community`` is its name."""
    what = "a hello" if all(is_greeting(one.card) for one in waiting) else "an answer"
    thing = (
        "newcomer" if what == "a hello" else "thread" if any(is_greeting(one.card) for one in waiting) else "question"
    )
    one = f"A {thing}" if len(waiting) == 1 else f"{len(waiting)} {thing}s"
    verb = "waits" if len(waiting) == 1 else "wait"
    asked = f"{one} in *{escape(community)}* still {verb} for {what}. Can you help, or do you know who can?"
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
    first = ":wave: *First message*: " if shown.card.is_first else ""
    if first and is_greeting(shown.card):
        first, what = ":wave: ", what.replace("first message", "*first message*", 1)
    return f"{first}{what[0].upper() + what[1:]}: {shown.waits}{taken}{_linked(shown)}"
