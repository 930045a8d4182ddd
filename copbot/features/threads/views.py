"""How cards, reminders and lines about waiting questions look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from copbot.core.blocks import actions, button, context, option, overflow, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape, mention, moment, readable, shorten
from copbot.core.records import Card
from copbot.core.time import from_us
from copbot.features.threads.rules import by_urgency, is_greeting
from copbot.features.threads.subjects import Page, value_of

TAKE, ASK, ANSWERED, MORE = "threads:take", "threads:ask", "threads:answered", "threads:more"
OPEN, REOPEN = "threads:open", "threads:reopen"
DISMISS = "threads:dismiss"  # a button of its own on the messages of an older program

MenuChoice = Literal["tomorrow", "week", "date", "wake", "back", "dismiss", "ask", "answered"]

QUOTE_LIMIT = 300
SHOWN_IN_ONE_MESSAGE = 20  # two blocks each; Slack takes 50 in a message
LISTED = 10


@dataclass(frozen=True)
class Knower:
    """A member who might know. ``reason`` in a few words, such as ``answered 3 like this, last in June``."""

    user: str
    reason: str
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """Whom a moderator had asked. ``goes_out_us``: when the message to them does, where that is still to come. ``unsent``: it found no
    room in their attention in time, or they get none by now."""

    user: str
    state: Literal["asked", "will_answer", "not_me", "refused", "unsent"] = "asked"
    goes_out_us: int | None = None


@dataclass(frozen=True)
class Shown:
    """A card with what can be told of it at this moment."""

    card: Card
    waits: str  # in words, since the question was asked
    link: str | None = None
    text: str | None = None  # the question's own, as Slack gave it
    answered_by: str | None = None
    answered_after: str = ""
    knowers: tuple[Knower, ...] = ()
    asked: tuple[Asked, ...] = ()


def quote(text: str) -> str:
    """The first lines of a person's message as a quotation that notifies nobody."""
    lines = [line.strip() for line in readable(text).splitlines() if line.strip()]
    short = shorten(escape("\n".join(lines[:4])), QUOTE_LIMIT)
    return "\n".join(f"> {line}" for line in short.splitlines())


# --- a card ---------------------------------------------------------------------------------------------------------


def card_text(shown: Sequence[Shown]) -> str:
    """What a notification of the message says."""
    waiting = [one for one in shown if one.card.state == "open"]
    if len(waiting) > 1:
        return _several(waiting)
    return headline((waiting or list(shown))[0])


def card_blocks(shown: Sequence[Shown]) -> tuple[Block, ...]:
    """The message that shows one card, or several."""
    if len(shown) == 1:
        return open_blocks(shown[0]) if shown[0].card.state == "open" else (_closed(shown[0]),)
    shown = sorted(shown, key=lambda one: by_urgency(one.card))
    first = [*(s for s in shown if s.card.state == "open"), *(s for s in shown if s.card.state != "open")]
    kept = {one.card.id for one in first[:SHOWN_IN_ONE_MESSAGE]}
    blocks: list[Block] = [section(f"*{card_text(shown)}*")]
    for one in shown:
        if one.card.id in kept:
            blocks += brief_blocks(one) if one.card.state == "open" else (_closed(one),)
    if len(shown) > len(kept):
        blocks.append(context(f"…and {len(shown) - len(kept)} more."))
    return tuple(blocks)


def open_blocks(shown: Shown, page: Page | None = None, community: str = "") -> tuple[Block, ...]:
    """A card that waits, with all that is known of it. ``page``: of the list in which it stands; ``community``: its name, where the
    list has several."""
    card = shown.card
    says_why = card.why and not is_greeting(card)  # the headline of a greeting says it
    why = f"Why it is here: {escape(card.why)}" if says_why else ""
    small = [
        " · ".join(filter(None, [escape(community), f"Written: {moment(from_us(card.ts_us))}", why])),
        _knowing(shown),
        _asking(shown),
    ]
    return (
        section(_paragraph(shown), verbatim=True),
        *(context(line) for line in small if line),
        actions(*_buttons(shown, page)),
    )


def brief_blocks(shown: Shown) -> tuple[Block, Block]:
    """The same among others in one message: two blocks, so that Slack takes twenty of them."""
    asked = _asking(shown)
    paragraph = _paragraph(shown) + (f"\n{asked}" if asked else "")
    menu = overflow(MORE, _menu(shown.card, None, ("ask", "answered", "tomorrow", "date", "dismiss")))
    return section(paragraph, verbatim=True), actions(*_first_buttons(shown, None), menu)


def _paragraph(shown: Shown) -> str:
    card = shown.card
    paragraph = headline(shown)
    if card.is_first and not is_greeting(card):
        paragraph += " It is their *first message* here."
    lines = [paragraph, quote(shown.text) if shown.text else "", *_standing(card)]
    return "\n".join(line for line in lines if line)


def _standing(card: Card) -> list[str]:
    """Who has it, and what was done about it so far."""
    lines = []
    if card.reopened_us is not None:
        lines.append(
            f"{mention(card.reopened_by)} brought it back." if card.reopened_by else "It is back: its answer is gone."
        )
    if card.claimed_by and card.is_asked:
        will = "will greet them" if is_greeting(card) else "will answer"
        lines.append(f"{mention(card.claimed_by)} {will}.")
    elif card.claimed_by:
        lines.append(f"{mention(card.claimed_by)} {'will greet them' if is_greeting(card) else 'has taken it'}.")
    elif card.claimed_us is not None:
        lines.append("It is *free again*: nobody has answered since it was taken.")
    elif card.duty:
        lines.append(f"On duty: {mention(card.duty)}")
    if card.snoozed_until_us is not None:
        lines.append(f":zzz: Rests until {moment(from_us(card.snoozed_until_us))}.")
    return lines


def _knowing(shown: Shown) -> str:
    if not shown.knowers:
        return ""
    people = " · ".join(f"{mention(one.user)} ({escape(one.reason)})" for one in shown.knowers)
    return f"{'Could greet them' if is_greeting(shown.card) else 'Might know'}: {people}"


def _asking(shown: Shown) -> str:
    return f"Asked: {' · '.join(map(_said, shown.asked))}" if shown.asked else ""


def _said(asked: Asked) -> str:
    match asked.state:
        case "will_answer":
            said = "will answer"
        case "not_me":
            said = "cannot"
        case "refused":
            said = "Slack refused my message"
        case "unsent":
            said = "my message did not go out"
        case "asked" if asked.goes_out_us is not None:
            said = f"my message goes out {moment(from_us(asked.goes_out_us))}"
        case "asked":
            said = "no reply yet"
    return f"{mention(asked.user)} ({said})"


def _buttons(shown: Shown, page: Page | None) -> list[Block]:
    """At most five, as many as a phone shows."""
    value = value_of(shown.card, page)
    return [
        *_first_buttons(shown, page),
        button("Ask someone", ASK, value),
        button("Greeted" if is_greeting(shown.card) else "Answered", ANSWERED, value),
        overflow(MORE, _menu(shown.card, page, ("tomorrow", "week", "date", "dismiss"))),
    ]


def _first_buttons(shown: Shown, page: Page | None) -> list[Block]:
    buttons = [] if shown.link is None else [button("Open the thread", OPEN, url=shown.link)]
    if shown.card.claimed_by is None:
        label = "I'll greet them" if is_greeting(shown.card) else "I'll take it"
        buttons.append(button(label, TAKE, value_of(shown.card, page), primary=True))
    return buttons


def _menu(card: Card, page: Page | None, choices: tuple[MenuChoice, ...]) -> list[Block]:
    """At most five, as many as Slack takes. What undoes comes in the place of what was done."""
    if card.snoozed_until_us is not None:
        choices = tuple("wake" if one == "tomorrow" else one for one in choices)
    if card.claimed_by is not None:
        choices = (*choices, "back") if len(choices) < 5 else tuple("back" if one == "date" else one for one in choices)
    labels: dict[MenuChoice, str] = {
        "tomorrow": "Snooze until tomorrow",
        "week": "Snooze until next week",
        "date": "Snooze until a date…",
        "wake": "Wake it now",
        "back": "Give it back",
        "dismiss": "Not a question" if _is_question(card) else "No answer needed",
        "ask": "Ask someone…",
        "answered": "Greeted…" if is_greeting(card) else "Answered…",
    }
    return [option(labels[choice], value_of(card, page, choice)) for choice in choices]


def _is_question(card: Card) -> bool:
    return card.origin == "member" and not card.is_first


def _closed(shown: Shown) -> Block:
    """What became of it in one line; what somebody's hand closed can be brought back by hand."""
    card = shown.card
    tail = ""
    if card.state == "answered" and card.settled_how == "hand" and card.settled_by:
        thanks = f" Thank you, {mention(shown.answered_by)}!" if shown.answered_by else ""
        tail = f" Marked by {mention(card.settled_by)}.{thanks}"
    block = section(headline(shown) + _linked(shown) + tail, verbatim=True)
    if card.state == "dismissed" or card.settled_how == "hand":
        block["accessory"] = button("Bring it back", REOPEN, value_of(card))
    return block


def headline(shown: Shown) -> str:
    card = shown.card
    if card.state == "answered":
        return f":white_check_mark: Answered{_by_whom(shown)}: {_what(card)}"
    if card.state == "dismissed":
        by = f" by {mention(card.settled_by)}" if card.settled_by else ""
        return f"Set aside{by}: {_what(card)}"
    if card.state == "withdrawn":
        gone = "Its channel was archived" if card.settled_how == "archived" else "Withdrawn by its author"
        return f"{gone}: {_what(card)}"
    if card.origin == "question":
        return f"My question in {channel_link(card.channel)} has had no answer for {shown.waits}."
    who = mention(card.author) if card.author else "Someone"
    if card.origin == "introduction":
        return f"{who} was introduced in {channel_link(card.channel)}, and nobody has said hello for {shown.waits}."
    if is_greeting(card):
        return f"{who} wrote their *first message* in {channel_link(card.channel)}, and nobody has answered for {shown.waits}."
    return f"{who} asked in {channel_link(card.channel)} and has waited {shown.waits} for an answer."


def _by_whom(shown: Shown) -> str:
    by = f" by {mention(shown.answered_by)}" if shown.answered_by else ""
    after = f" after {shown.answered_after}" if shown.answered_after else ""
    match shown.card.settled_how:
        case "reaction":
            return f"{after}, as a reaction{by} says"
        case "next_message":
            return f"{by}{after}, in the channel"
        case _:
            return f"{by}{after}"


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


# --- what is said beside it -----------------------------------------------------------------------------------------


def taken_text(card: Card, link: str | None, until: datetime) -> str:
    """The answer to whoever took a card. ``until``: how long it is kept for them, in the community's zone."""
    thanks = (
        "Thank you! A short hello in the thread is all it takes." if is_greeting(card) else "It is yours. Thank you!"
    )
    opened = f" <{link}|Open the thread>" if link else ""
    return f"{thanks}{opened}\nI keep it for you until {until:%A}, then others can take it."


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
