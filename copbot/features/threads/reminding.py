"""What is said of cards that wait on: reminders, the end of a snooze, and the word to the coordinators.

Whatever is said at once is one message; what is due soon after goes along, so that a day's forgotten threads are told of together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from copbot.core.delivery import Outgoing
from copbot.core.records import Card
from copbot.features.threads import rules, views
from copbot.features.threads.care import Care
from copbot.features.threads.changes import is_gone, tell
from copbot.features.threads.telling import reminder_text, say, woken_text

POSTED_AGAIN = ":again"
"""How the key of a card ends that was posted a second time, because its message was deleted by hand."""


def instants(care: Care) -> list[int]:
    found = [
        care.acts_us(card.channel, card.snoozed_until_us)
        for card in care.open_cards
        if card.snoozed_until_us is not None
    ]
    found += [care.acts_us(cards[0].channel, due_us) for due_us, cards in _reminders(care)]
    if care.coordinators:
        found += [care.acts_us(card.channel, due_us) for due_us, card in _escalations(care)]
    return found


# --- snoozed


def wake(care: Care) -> None:
    """What was put off until now waits again: its card says so, and one message."""
    if care.moderators is None:
        return
    woken: dict[str, list[Card]] = defaultdict(list)
    for card in care.open_cards:
        until_us = card.snoozed_until_us
        if until_us is not None and care.acts_us(card.channel, until_us) <= care.now_us:
            awake = replace(card, snoozed_until_us=None, counted_us=care.now_us, version=card.version + 1)
            care.tx.cards.save(awake)
            woken[card.shown_in].append(awake)
    for shown_in in woken:
        tell(care, shown_in)
    if woken:
        say(care, f"woken:{next(iter(woken))}:{care.now_us}", woken, woken_text)


# --- reminders


def _since_us(card: Card) -> int:
    """From when its reminders count."""
    return card.opened_us if card.counted_us is None else card.counted_us


def _reminders(care: Care) -> list[tuple[int, Sequence[Card]]]:
    """When each message is reminded of next, in which somebody waits whom nobody sees to, with all its cards."""
    if care.moderators is None:
        return []
    waiting = {
        card.shown_in
        for card in care.open_cards
        if card.claimed_by is None and card.snoozed_until_us is None and card.channel not in care.out_of_reach
    }
    by_message: dict[str, list[Card]] = defaultdict(list)
    for card in care.tx.cards.in_messages(care.community.id, waiting):
        by_message[card.shown_in].append(card)
    found: list[tuple[int, Sequence[Card]]] = []
    for cards in by_message.values():
        again, working = care.rules_in(cards[0].channel).again, care.working_in(cards[0].channel)
        had = max(card.reminders for card in cards)
        due_us = rules.reminder_due_us(min(map(_since_us, cards)), had, again, working)
        if due_us is not None:
            found.append((due_us, cards))
    return sorted(found, key=lambda one: (one[0], one[1][0].shown_in))


def remind(care: Care) -> None:
    """In the card's thread; where several are due, in one message of its own. Of a card whose message was deleted by hand it is posted
    again once; deleted again it stays silent, and in the list alone."""
    due = [(due_us, cards) for due_us, cards in _reminders(care) if _goes(care, due_us, cards)]
    if not any(due_us <= care.now_us for due_us, _ in due):
        return
    told: dict[str, list[Card]] = {}
    for _, cards in due:
        again, working = care.rules_in(cards[0].channel).again, care.working_in(cards[0].channel)
        had = max(card.reminders for card in cards)
        by_now = rules.reminders_by(min(map(_since_us, cards)), care.now_us, again, working)
        counted = [replace(card, reminders=max(had + 1, by_now)) for card in cards]
        for card in counted:
            care.tx.cards.save(card)
        if is_gone(care, cards[0].shown_in):
            _post_again(care, counted)
        else:
            told[cards[0].shown_in] = [c for c in counted if _waits(c)]
    if told:
        first = next(iter(told.values()))[0]
        stretch = "" if first.counted_us is None else f":{first.counted_us}"
        say(care, f"reminder:{first.shown_in}:{first.reminders}{stretch}", told, reminder_text)


def _goes(care: Care, due_us: int, cards: Sequence[Card]) -> bool:
    """Whether a message is reminded of now: it is due, or soon will be; and somebody works."""
    channel = cards[0].channel
    until_us = rules.along_until_us(care.now_us, care.rules_in(channel).again)
    return due_us <= until_us and care.acts_us(channel, care.now_us) <= care.now_us


def _waits(card: Card) -> bool:
    return card.state == "open" and card.claimed_by is None and card.snoozed_until_us is None


def _post_again(care: Care, cards: Sequence[Card]) -> None:
    key = cards[0].shown_in
    if key.endswith(POSTED_AGAIN):
        return
    for card in cards:
        care.tx.cards.save(replace(card, shown_in=key + POSTED_AGAIN, version=card.version + 1))
    tell(care, key + POSTED_AGAIN)


# --- the word to the coordinators


def _escalations(care: Care) -> list[tuple[int, Card]]:
    if care.moderators is None:
        return []
    found = [
        (rules.escalation_due_us(card, care.rules_in(card.channel), care.working_in(card.channel)), card)
        for card in care.open_cards
        if not card.escalated and card.snoozed_until_us is None and card.channel not in care.out_of_reach
    ]
    return sorted(found, key=lambda one: (one[0], one[1].id))


def escalate(care: Care) -> None:
    """One direct message to each coordinator, once for each card and time that it waits."""
    due = [(due_us, card) for due_us, card in _escalations(care) if _goes_up(care, due_us, card)]
    if not care.coordinators or not any(due_us <= care.now_us for due_us, _ in due):
        return
    cards = [card for _, card in due]
    first = cards[0]
    stretch = "" if first.counted_us is None else f":{first.counted_us}"
    text = views.escalation_text(care.community.name, [care.shown(card) for card in cards])
    for user in care.coordinators:
        care.tx.deliveries.plan(
            Outgoing(
                key=f"escalation:{first.shown_in}:{first.id}{stretch}:{user}",
                kind="escalation",
                target=user,
                text=text,
                community=care.community.id,
                due_us=care.now_us,
            )
        )
    for card in cards:
        care.tx.cards.save(replace(card, escalated=True))


def _goes_up(care: Care, due_us: int, card: Card) -> bool:
    until_us = rules.along_until_us(care.now_us, care.rules_in(card.channel).escalate)
    return due_us <= until_us and care.acts_us(card.channel, care.now_us) <= care.now_us
