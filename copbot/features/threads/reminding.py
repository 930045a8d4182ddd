"""What is said of cards that wait on: reminders, the end of a snooze, and the word to the coordinators.

Whatever is said at once is one message; what is due soon after goes along, so that a day's forgotten threads are told of together.
"""

from collections import defaultdict
from dataclasses import replace

from copbot.core.delivery import Outgoing
from copbot.core.records import Card
from copbot.features.threads import rules, views
from copbot.features.threads.care import Care
from copbot.features.threads.changes import is_gone, is_refused, tell
from copbot.features.threads.telling import reminder_text, say, woken_text

POSTED_AGAIN = ":again"
"""How the key of a card ends that was posted once more, because its message was deleted by hand, or refused by Slack."""


def instants(care: Care) -> list[int]:
    found = [
        care.acts_us(card.channel, card.snoozed_until_us) for card in care.moving if card.snoozed_until_us is not None
    ]
    found += [care.acts_us(card.channel, due_us) for due_us, card in reminders(care)]
    if care.coordinators:
        found += [care.acts_us(card.channel, due_us) for due_us, card in _escalations(care)]
    return found


# --- snoozed


def wake(care: Care) -> None:
    """What was put off until now waits again: its card says so, and one message."""
    if care.moderators is None:
        return
    woken: dict[str, list[Card]] = defaultdict(list)
    for card in care.moving:
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


def reminders(care: Care) -> list[tuple[int, Card]]:
    """When each card is reminded of next that waits and that nobody sees to."""
    if care.moderators is None:
        return []
    found = []
    for card in care.moving:
        if card.claimed_by is not None or card.snoozed_until_us is not None or card.channel in care.out_of_reach:
            continue
        again, working = care.rules_in(card.channel).again, care.working_in(card.channel)
        due_us = rules.reminder_due_us(rules.counted_since_us(card), card.reminders, again, working)
        if due_us is not None:
            found.append((due_us, card))
    return sorted(found, key=lambda one: (one[0], one[1].shown_in, one[1].id))


def remind(care: Care) -> None:
    """In the card's thread; where several messages are due, in one of its own. Of a card whose message was deleted by hand it is posted
    again once; deleted again it stays silent, and in the list alone. What Slack refused is tried again with each reminder."""
    due = [(due_us, card) for due_us, card in reminders(care) if _goes(care, due_us, card)]
    if not any(due_us <= care.now_us for due_us, _ in due):
        return
    by_message: dict[str, list[Card]] = defaultdict(list)
    for _, card in due:
        again, working = care.rules_in(card.channel).again, care.working_in(card.channel)
        by_now = rules.reminders_by(rules.counted_since_us(card), care.now_us, again, working)
        counted = replace(card, reminders=max(card.reminders + 1, by_now))
        care.tx.cards.save(counted)
        by_message[card.shown_in].append(counted)
    refused = {shown_in for shown_in in by_message if is_refused(care, shown_in)}
    gone = {shown_in for shown_in in by_message if is_gone(care, shown_in)}
    for shown_in in refused | {one for one in gone if not one.endswith(POSTED_AGAIN)}:
        _post_again(care, shown_in)
    told = {shown_in: cards for shown_in, cards in by_message.items() if shown_in not in gone | refused}
    if told:
        first = next(iter(told.values()))[0]
        stretch = "" if first.counted_us is None else f":{first.counted_us}"
        say(care, f"reminder:{first.shown_in}:{first.id}:{first.reminders}{stretch}", told, reminder_text)


def _goes(care: Care, due_us: int, card: Card) -> bool:
    """Whether a card is reminded of now: it is due, or soon will be; and somebody works."""
    until_us = rules.along_until_us(care.now_us, care.rules_in(card.channel).again)
    return due_us <= until_us and care.acts_us(card.channel, care.now_us) <= care.now_us


def _post_again(care: Care, shown_in: str) -> None:
    for card in care.tx.cards.in_message(care.community.id, shown_in):
        care.tx.cards.save(replace(card, shown_in=shown_in + POSTED_AGAIN, version=card.version + 1))
    tell(care, shown_in + POSTED_AGAIN)


# --- the word to the coordinators


def _escalations(care: Care) -> list[tuple[int, Card]]:
    if care.moderators is None:
        return []
    found = [
        (rules.escalation_due_us(card, care.rules_in(card.channel), care.working_in(card.channel)), card)
        for card in care.moving
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
