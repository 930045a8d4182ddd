"""When a question that nobody answered becomes a card, which messages make one card, and what follows after that.

Sources: interfaces.md, ``unanswered:``; definitions.md, watched channels. Instants are microseconds since the epoch; where working hours
are set, ``working`` counts these alone, and every instant at which something is due lies in them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Unanswered
from copbot.core.facts import NOBODY
from copbot.core.records import Card
from copbot.core.time import HOUR_US, MICROSECOND, from_us, to_us, us_to_ts
from copbot.core.working_time import WorkingTime

Origin = Literal["member", "question", "introduction"]
Place = tuple[str, int]
"""A thread: its channel and the ts of its first message."""

ALWAYS = WorkingTime(ZoneInfo("UTC"))
"""Without working hours all time counts."""

CARD_WINDOW = timedelta(days=14)
"""How long after its time a question may still become a card. History that was imported long after it happened opens none: nobody is
helped by an answer that comes months later. For as long a closed card comes back when its answer is deleted."""

MAX_REMINDERS = 3

SAME_AUTHOR = timedelta(hours=1)
"""What one person asks in one channel within this time of their first question makes one card."""

SEPARATE_MESSAGES = 5
"""More new messages than this at once become a single list."""

TAKEN_ALONG_US = 6 * HOUR_US
"""What is due so soon after goes along with a reminder or an escalation that is due now, so that a day's forgotten threads make one
message; of a period shorter than a day a quarter of it."""

FIRST_MESSAGE = "it is their first message here"
"""Why a first message waits that asks nothing."""

WORKING_DAYS = 2
"""For so long a question is kept for whoever took it."""


@dataclass(frozen=True)
class Waiting:
    """A thread that has no answer and asks, or is its author's first message. ``author`` is None for the bot's own questions.

    ``joined_us``: what its author asked besides, within the hour.
    """

    channel: str
    ts_us: int
    author: str | None
    origin: Origin
    why: str = ""
    is_first: bool = False
    joined_us: tuple[int, ...] = ()

    @property
    def messages_us(self) -> tuple[int, ...]:
        return (self.ts_us, *self.joined_us)


@dataclass(frozen=True)
class Asked:
    """One message that asks, or is its author's first, on its way into a group. ``answered_us``: since when it needs no answer."""

    place: Place
    author: str | None
    origin: Origin
    why: str = ""
    is_first: bool = False
    asks: bool = True
    answered_us: int | None = None


# --- which messages make one card


def groups(asked: Iterable[Asked]) -> list[tuple[Asked, ...]]:
    """What makes one card together, in order of time: what a person asks in a channel within ``SAME_AUTHOR`` of the first of it. What
    they ask after an answer to that is a new question. The bot's questions and introductions stand alone, and so does what nobody is
    named as the author of: two such questions need not be one person's."""
    open_groups: dict[tuple[str, str | None], list[Asked]] = {}
    found: list[list[Asked]] = []
    for one in sorted(asked, key=lambda one: (one.place[1], one.place[0])):
        goes_on = one.origin == "member" and one.author != NOBODY
        group = open_groups.get((one.place[0], one.author)) if goes_on else None
        if group is None or not _goes_with(group, one):
            group = []
            found.append(group)
        group.append(one)
        if goes_on:
            open_groups[one.place[0], one.author] = group
    return [tuple(group) for group in found]


def _goes_with(group: Sequence[Asked], one: Asked) -> bool:
    answered_us = group_answered_us(group)
    soon = one.place[1] - group[0].place[1] <= SAME_AUTHOR // MICROSECOND
    return soon and (answered_us is None or one.place[1] < answered_us)


def group_answered_us(group: Sequence[Asked]) -> int | None:
    """Since when a group needs no answer: an answer to any of its questions is one; a hello back to a newcomer answers no question."""
    questions = [one for one in group if one.asks] or list(group)
    return min((one.answered_us for one in questions if one.answered_us is not None), default=None)


def waiting_of(group: Sequence[Asked]) -> Waiting:
    """A group as one thread that waits; why is what its first question says."""
    first = group[0]
    why = next((one.why for one in group if one.asks), first.why)
    rest = tuple(one.place[1] for one in group[1:])
    return Waiting(*first.place, first.author, first.origin, why, any(one.is_first for one in group), rest)


# --- when it becomes a card


def card_due_us(asked_us: int, unanswered: Unanswered, working: WorkingTime = ALWAYS) -> int:
    """The instant at which a question without an answer becomes a card."""
    return working.later(asked_us, unanswered.after // MICROSECOND)


def oldest_us(
    now_us: int, unanswered: Unanswered, working: WorkingTime = ALWAYS, window: timedelta = CARD_WINDOW
) -> int:
    """When a question must have been asked that may still become a card."""
    return working.earlier(now_us - window // MICROSECOND, unanswered.after // MICROSECOND)


def cards_due(
    waiting: Iterable[Waiting],
    with_card: Collection[Place],
    now_us: int,
    unanswered: Unanswered,
    working: WorkingTime = ALWAYS,
) -> list[Waiting]:
    """The waiting threads that become a card now, oldest first: old enough, not too old, and without a card so far.

    ``with_card`` holds the threads that have or had one.
    """
    window_us = CARD_WINDOW // MICROSECOND
    new = {(one.channel, one.ts_us): one for one in waiting if (one.channel, one.ts_us) not in with_card}
    due = [one for one in new.values() if 0 <= now_us - card_due_us(one.ts_us, unanswered, working) <= window_us]
    return sorted(due, key=_by_age)


def message_key(community: str, channel: str, ts_us: int) -> str:
    """The key of the delivery that shows a card, named after the (first) question in it."""
    return f"card:{community}:{channel}:{us_to_ts(ts_us)}"


def arrange(community: str, new: Sequence[Waiting]) -> list[tuple[Waiting, str]]:
    """Each new card with the key of the message that shows it: more than ``SEPARATE_MESSAGES`` at once share one."""
    placed = [(one, message_key(community, one.channel, one.ts_us)) for one in sorted(new, key=_by_age)]
    if len(placed) > SEPARATE_MESSAGES:
        return [(one, placed[0][1]) for one, _ in placed]
    return placed


def _by_age(thread: Waiting) -> tuple[int, str]:
    return thread.ts_us, thread.channel


def revision(cards: Sequence[Card]) -> int:
    """A number that grows with every change to the cards of one message: 0 for a single card just opened."""
    return sum(card.version + 1 for card in cards) - 1


# --- what follows


def counted_since_us(card: Card) -> int:
    """From when a card's reminders count: since it opened, woke or came back."""
    return card.opened_us if card.counted_us is None else card.counted_us


def reminder_due_us(since_us: int, reminders: int, again: timedelta, working: WorkingTime = ALWAYS) -> int | None:
    """When the next reminder on an open card is due, of those since it opened, woke or came back; None after the last one."""
    if reminders >= MAX_REMINDERS or again <= timedelta(0):
        return None
    return working.later(since_us, (reminders + 1) * (again // MICROSECOND))


def reminders_by(since_us: int, now_us: int, again: timedelta, working: WorkingTime = ALWAYS) -> int:
    """How many reminders a card has had or missed by now. Those missed while the bot was away are not made up for."""
    had = 0
    while (due_us := reminder_due_us(since_us, had, again, working)) is not None and due_us <= now_us:
        had += 1
    return had


def escalation_due_us(card: Card, unanswered: Unanswered, working: WorkingTime = ALWAYS) -> int:
    """When an open card goes to the coordinators: counted from the question's own time; of one that was snoozed or came back from then
    on, for as long as otherwise lies between a card and its escalation."""
    if card.counted_us is None:
        return working.later(card.ts_us, unanswered.escalate // MICROSECOND)
    return working.later(card.counted_us, max(0, (unanswered.escalate - unanswered.after) // MICROSECOND))


def along_until_us(now_us: int, period: timedelta) -> int:
    """Until when what will be due goes along with what is due now."""
    return now_us + min(TAKEN_ALONG_US, period // MICROSECOND // 4)


def claim_ends_us(claimed_us: int, working: WorkingTime) -> int:
    """When a question is free again that somebody took: two working days later at the same time of the day by the community's clocks.
    What was taken on a day off counts from the next working day 00:00."""
    ends = from_us(claimed_us).astimezone(working.zone)
    if not working.works_on(ends.date()):
        while not working.works_on(ends.date()):
            ends += timedelta(days=1)
        ends = ends.replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(WORKING_DAYS):
        ends += timedelta(days=1)
        while not working.works_on(ends.date()):
            ends += timedelta(days=1)
    return to_us(ends.astimezone(UTC))


def is_greeting(card: Card) -> bool:
    """Whether what a card waits for is a hello rather than an answer."""
    return card.origin == "introduction" or (card.is_first and card.why == FIRST_MESSAGE)


def by_urgency(card: Card) -> tuple[bool, int, str]:
    """The order of the moderators' queue: first messages first, then the oldest."""
    return not card.is_first, card.ts_us, card.channel
