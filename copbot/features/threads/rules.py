"""When a question that nobody answered becomes a card, which cards share a message, and what follows after that.

Sources: interfaces.md, ``unanswered:``; definitions.md, watched channels. Instants are microseconds since the epoch.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Unanswered
from copbot.core.records import Card
from copbot.core.time import MICROSECOND, from_us, to_us, us_to_ts

Origin = Literal["member", "question", "introduction"]

CARD_WINDOW = timedelta(days=14)
"""How long past ``unanswered.after`` a question may still become a card. History that was imported long after it
happened opens none: nobody is helped by an answer that comes months later."""

MAX_REMINDERS = 3

SAME_AUTHOR = timedelta(hours=1)
"""Questions by one person in one channel, asked within this time of the first, share its message."""

SEPARATE_MESSAGES = 5
"""More new messages than this at once become a single list."""


FIRST_MESSAGE = "it is their first message here"
"""Why a first message waits that asks nothing."""

WORKING_DAYS = 2
"""For so long (Monday to Friday) a question is kept for whoever took it."""


@dataclass(frozen=True)
class Waiting:
    """A thread that has no answer and asks, or is its author's first message. ``author`` is None for the bot's own questions."""

    channel: str
    ts_us: int
    author: str | None
    origin: Origin
    why: str = ""
    is_first: bool = False


def card_due_us(asked_us: int, unanswered: Unanswered) -> int:
    """The instant at which a question without an answer becomes a card."""
    return asked_us + unanswered.after // MICROSECOND


def asked_between(now_us: int, unanswered: Unanswered) -> tuple[int, int]:
    """``[since, until)``: when a question must have been asked for its card to be due now."""
    after_us = unanswered.after // MICROSECOND
    return now_us - after_us - CARD_WINDOW // MICROSECOND, now_us - after_us + 1


def cards_due(
    waiting: Iterable[Waiting], with_card: Collection[tuple[str, int]], now_us: int, unanswered: Unanswered
) -> list[Waiting]:
    """The waiting threads that become a card now, oldest first: old enough, not too old, and without a card so far.

    ``with_card`` holds the (channel, ts) of threads that have or had one.
    """
    since_us, until_us = asked_between(now_us, unanswered)
    due = {(one.channel, one.ts_us): one for one in waiting if since_us <= one.ts_us < until_us}
    return sorted((due[place] for place in due.keys() - set(with_card)), key=_by_age)


def message_key(community: str, channel: str, ts_us: int) -> str:
    """The key of the delivery that shows a card, named after the (first) question in it."""
    return f"card:{community}:{channel}:{us_to_ts(ts_us)}"


def arrange(community: str, new: Sequence[Waiting], open_cards: Iterable[Card]) -> list[tuple[Waiting, str]]:
    """Each new card with the key of the message that shows it.

    A person who asks again in the same channel within an hour joins their first question's message, while that is
    open. More than ``SEPARATE_MESSAGES`` new messages become one.
    """
    heads = _heads(open_cards)
    placed: list[tuple[Waiting, str]] = []
    fresh: list[str] = []
    for thread in sorted(new, key=_by_age):
        key = _joined(thread, heads)
        if key is None:
            key = message_key(community, thread.channel, thread.ts_us)
            fresh.append(key)
            heads.append((thread.channel, thread.author, thread.ts_us, key))
        placed.append((thread, key))
    if len(fresh) > SEPARATE_MESSAGES:
        return [(thread, fresh[0] if key in fresh else key) for thread, key in placed]
    return placed


def _by_age(thread: Waiting) -> tuple[int, str]:
    return thread.ts_us, thread.channel


_Head = tuple[str, str | None, int, str]


def _heads(open_cards: Iterable[Card]) -> list[_Head]:
    first: dict[tuple[str, str | None, str], int] = {}
    for card in open_cards:
        if card.origin == "member":
            place = (card.channel, card.author, card.shown_in)
            first[place] = min(card.ts_us, first.get(place, card.ts_us))
    return [(channel, author, ts_us, shown_in) for (channel, author, shown_in), ts_us in first.items()]


def _joined(thread: Waiting, heads: Sequence[_Head]) -> str | None:
    if thread.origin != "member":
        return None
    for channel, author, ts_us, key in heads:
        soon = 0 <= thread.ts_us - ts_us <= SAME_AUTHOR // MICROSECOND
        if soon and (channel, author) == (thread.channel, thread.author):
            return key
    return None


def revision(cards: Sequence[Card]) -> int:
    """A number that grows with every change to the cards of one message: 0 for a single card just opened."""
    return sum(card.version + 1 for card in cards) - 1


def reminder_due_us(opened_us: int, reminders: int, again: timedelta) -> int | None:
    """When the next reminder on an open card is due; None after the last one."""
    if reminders >= MAX_REMINDERS or again <= timedelta(0):
        return None
    return opened_us + (reminders + 1) * (again // MICROSECOND)


def reminders_by(opened_us: int, now_us: int, again: timedelta) -> int:
    """How many reminders a card has had or missed by now. Those missed while the bot was away are not made up for."""
    if again <= timedelta(0):
        return 0
    return max(0, min(MAX_REMINDERS, (now_us - opened_us) // (again // MICROSECOND)))


def escalation_due_us(asked_us: int, unanswered: Unanswered) -> int:
    """When an open card goes to the coordinators: counted from the question's own time."""
    return asked_us + unanswered.escalate // MICROSECOND


def is_greeting(card: Card) -> bool:
    """Whether what a card waits for is a hello rather than an answer."""
    return card.origin == "introduction" or (card.is_first and card.why == FIRST_MESSAGE)


def by_urgency(card: Card) -> tuple[bool, int, str]:
    """The order of the moderators' queue: first messages first, then the oldest."""
    return not card.is_first, card.ts_us, card.channel


def claim_ends_us(claimed_us: int, zone: ZoneInfo) -> int:
    """When a question is free again that somebody took: two working days later at the same time of the day by the clocks of ``zone``.
    What was taken at a weekend counts from Monday 00:00. Public holidays count as working days."""
    taken = from_us(claimed_us).astimezone(zone)
    if taken.weekday() > 4:
        taken = taken.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7 - taken.weekday())
    ends = taken
    for _ in range(WORKING_DAYS):
        ends += timedelta(days=3 if ends.weekday() == 4 else 1)
    return to_us(ends)
