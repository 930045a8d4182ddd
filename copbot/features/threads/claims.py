"""Who has a card in hand: taken by a reaction, free again when nothing came of it, and whose turn it is."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from copbot.core.load import TOOK
from copbot.core.records import Card
from copbot.core.time import DAY_US, to_us
from copbot.features.threads import rules
from copbot.features.threads.care import Care
from copbot.features.threads.changes import tell
from copbot.features.threads.telling import freed_text, say


def instants(care: Care) -> list[int]:
    found = [_ends_us(care, card) for card in care.moving if _is_claimed(card)]
    if _to_take(care):
        found.append(care.now_us)
    handed = _to_hand_over(care, care.on_duty)
    if handed:
        found.append(care.now_us)
    elif care.community.duty is not None and care.moving:
        midnight = (care.now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        found.append(to_us(midnight))  # too early on most days: the turn changes with the week, or an absence begins
    return found


# --- taken


def take_by_reaction(care: Care) -> None:
    """Where the file lets reactions count, a moderator's "taken" is a press on "I'll take it"."""
    for card, user in _to_take(care):
        care.tx.cards.save(
            replace(card, claimed_by=user, claimed_us=care.now_us, is_asked=False, version=card.version + 1)
        )
        care.tx.audit.note(care.community.id, user, TOOK, care.named(card), care.now_us)
        tell(care, card.shown_in)


def _to_take(care: Care) -> list[tuple[Card, str]]:
    """A reaction takes a card once: one that was freed since is not taken by the reaction that still stands there."""
    found = []
    if not any("reaction" in own.counts_as_answer for own in (care.community.unanswered, *care.special.values())):
        return []
    for card, verdict in care.verdicts:
        is_new = card.claimed_us is None or verdict.taken_us > card.claimed_us
        if verdict.taken_by is not None and card.claimed_by is None and is_new:
            found.append((card, verdict.taken_by))
    return found


# --- free again


def free(care: Care) -> None:
    """What somebody took and nobody has answered since is everybody's again, and so is what somebody has who left. The card says so,
    and one reminder in its thread, the only one however often that happens; it counts as one of the card's reminders."""
    if care.moderators is None:
        return
    freed: dict[str, list[Card]] = defaultdict(list)
    untold: dict[str, list[Card]] = defaultdict(list)
    for card in care.moving:
        if not _is_claimed(card) or _ends_us(care, card) > care.now_us:
            continue
        working = care.working_in(card.channel)
        again = care.rules_in(card.channel).again
        had = rules.reminders_by(rules.counted_since_us(card), care.now_us, again, working)
        now_free = replace(
            card,
            claimed_by=None,
            claimed_us=care.now_us,
            is_asked=False,
            was_freed=True,
            version=card.version + 1,
            reminders=min(rules.MAX_REMINDERS, max(card.reminders + 1, had)),
        )
        care.tx.cards.save(now_free)
        freed[card.shown_in].append(now_free)
        if not card.was_freed:
            untold[card.shown_in].append(now_free)
    for shown_in in freed:
        tell(care, shown_in)
    if untold:
        say(care, f"freed:{next(iter(untold))}", untold, freed_text)


def _is_claimed(card: Card) -> bool:
    return card.claimed_by is not None and card.snoozed_until_us is None


def _ends_us(care: Care, card: Card) -> int:
    """When a card that somebody took is free again; an older program did not note when it was taken. At once where they are gone: of
    a moderator also when they are none any more."""
    assert card.claimed_by is not None
    is_theirs = card.is_asked or card.claimed_by in care.who_moderates
    if not is_theirs or care.has_left(card.claimed_by):
        return care.acts_us(card.channel, care.now_us)
    taken_us = max(card.opened_us if card.claimed_us is None else card.claimed_us, card.counted_us or 0)
    return care.acts_us(card.channel, rules.claim_ends_us(taken_us, care.working_in(card.channel)))


# --- whose turn it is


def hand_over(care: Care) -> None:
    """Cards that nobody has name whoever is on duty now. They are changed in place, so nobody is called at midnight."""
    changed: dict[str, None] = {}
    for card in _to_hand_over(care, care.on_duty):
        care.tx.cards.save(replace(card, duty=care.on_duty, version=card.version + 1))
        changed[card.shown_in] = None
    for shown_in in changed:
        tell(care, shown_in)


def _to_hand_over(care: Care, user: str | None) -> list[Card]:
    """Not those of long ago, of which nobody is reminded any more: they would be a flood of changes each Monday."""
    since_us = care.now_us - rules.CARD_WINDOW.days * DAY_US
    return [
        card
        for card in care.moving
        if card.duty != user
        and card.claimed_by is None
        and card.snoozed_until_us is None
        and card.opened_us >= since_us
    ]
