"""Care for questions that nobody answered: cards open, close, remind and escalate by what the store holds now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from copbot.core.delivery import Outgoing
from copbot.core.ports import Context
from copbot.core.records import Card
from copbot.core.time import from_us, to_us
from copbot.features.threads import rules, views
from copbot.features.threads.care import Care


def plan_due(ctx: Context, now: datetime) -> None:
    """Record everything that thread care has to say at ``now``."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            if not any(instant <= to_us(now) for instant in _instants(Care(ctx, tx, community, to_us(now)))):
                continue  # most passes find nothing: they must not hold up what is being taken in
        with ctx.store.begin() as tx:
            _close_settled(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _open_cards(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _free(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _remind(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _escalate(Care(ctx, tx, community, to_us(now)))


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next instant at which a question becomes a card, or a card's next step is due."""
    with ctx.store.read() as tx:
        instants = [us for community in ctx.communities() for us in _instants(Care(ctx, tx, community, to_us(now)))]
    return from_us(min(instants)) if instants else None


def _instants(care: Care) -> list[int]:
    if care.moderators is None:
        return []
    unanswered = care.community.unanswered
    since_us, until_us = rules.asked_between(care.now_us, unanswered)
    with_card = care.tx.cards.threads(care.community.id, since_us)
    overdue = rules.cards_due(care.waiting(since_us, until_us), with_card, care.now_us, unanswered)
    young = care.waiting(until_us, care.now_us + 1, members=1)
    instants = [rules.card_due_us(thread.ts_us, unanswered) for thread in [*overdue, *young]]
    for card in care.open_cards:
        if care.outcome(card) is not None:
            instants.append(care.now_us)
        if card.claimed_by is not None:
            instants.append(_claim_ends_us(care, card))
        if care.coordinators and not card.escalated:
            instants.append(rules.escalation_due_us(card.ts_us, unanswered))
    reminders = [_reminder_due_us(care, cards) for cards in _by_message(care).values()]
    return instants + [due_us for due_us in reminders if due_us is not None]


def _close_settled(care: Care) -> None:
    changed: dict[str, None] = {}
    for card in care.open_cards:
        outcome = care.outcome(card)
        if outcome is not None:
            close(care, replace(card, state=outcome))
            changed[card.shown_in] = None
    for shown_in in changed:
        tell(care, shown_in)


def close(care: Care, card: Card) -> None:
    """Record a card's new, closed state."""
    care.tx.cards.save(replace(card, version=card.version + 1, closed_us=care.now_us))


def _open_cards(care: Care) -> None:
    if care.moderators is None:
        return
    since_us, until_us = rules.asked_between(care.now_us, care.community.unanswered)
    with_card = care.tx.cards.threads(care.community.id, since_us)
    due = rules.cards_due(care.waiting(since_us, until_us), with_card, care.now_us, care.community.unanswered)
    told: dict[str, None] = {}
    for thread, key in rules.arrange(care.community.id, due, care.open_cards):
        care.tx.cards.open(
            care.community.id,
            thread.channel,
            thread.ts_us,
            thread.author,
            thread.origin,
            thread.why,
            care.now_us,
            key,
            thread.is_first,
        )
        told[key] = None
    for key in told:
        tell(care, key)


def tell(care: Care, shown_in: str) -> None:
    """Post the message that shows these cards, or bring the one that stands there up to date."""
    cards = care.tx.cards.in_message(care.community.id, shown_in)
    shown = [care.shown(card) for card in cards]
    standing = care.tx.deliveries.get(shown_in)
    if standing is None:
        key, updates, target = shown_in, None, care.moderators
    else:
        over = all(card.state != "open" for card in cards)
        if over and care.tx.deliveries.cancel(shown_in, "settled before it was told"):
            return
        key, updates, target = f"{shown_in}:{rules.revision(cards)}", shown_in, standing.outgoing.target
    if target is None or (standing is not None and standing.state in ("failed", "skipped")):
        return
    care.tx.deliveries.plan(
        Outgoing(
            key=key,
            kind="card",
            target=target,
            text=views.card_text(shown),
            blocks=views.card_blocks(shown),
            community=care.community.id,
            due_us=care.now_us,
            updates=updates,
        )
    )


def _claim_ends_us(care: Care, card: Card) -> int:
    """When a card that somebody took is free again; an older program did not note when it was taken."""
    return rules.claim_ends_us(card.opened_us if card.claimed_us is None else card.claimed_us, care.zone)


def _free(care: Care) -> None:
    """What somebody took and nobody has answered since is everybody's again: the card says so, and one reminder in its thread, the
    only one however often that happens. It counts as one of the card's reminders."""
    if care.moderators is None:
        return
    freed: dict[str, list[Card]] = {}
    for card in care.open_cards:
        if card.claimed_by is not None and _claim_ends_us(care, card) <= care.now_us:
            had = rules.reminders_by(card.opened_us, care.now_us, care.community.unanswered.again)
            reminders = min(rules.MAX_REMINDERS, max(card.reminders + 1, had))
            free = replace(card, claimed_by=None, claimed_us=care.now_us, version=card.version + 1, reminders=reminders)
            care.tx.cards.save(free)
            freed.setdefault(card.shown_in, []).append(free)
    for shown_in, cards in freed.items():
        tell(care, shown_in)
        care.tx.deliveries.plan(
            Outgoing(
                key=f"freed:{shown_in}",
                kind="reminder",
                target=care.moderators,
                text=views.freed_text([care.shown(card) for card in cards]),
                community=care.community.id,
                due_us=care.now_us,
                thread_of=shown_in,
            )
        )


def _by_message(care: Care) -> dict[str, list[Card]]:
    """The cards of each message in which somebody still waits and nobody has taken the question."""
    found: dict[str, list[Card]] = {card.shown_in: [] for card in care.open_cards if card.claimed_by is None}
    for card in care.tx.cards.in_messages(care.community.id, found):
        found[card.shown_in].append(card)
    return found


def _reminder_due_us(care: Care, cards: Sequence[Card]) -> int | None:
    opened_us = min(card.opened_us for card in cards)
    return rules.reminder_due_us(opened_us, max(card.reminders for card in cards), care.community.unanswered.again)


def _remind(care: Care) -> None:
    if care.moderators is None:
        return
    for shown_in, cards in _by_message(care).items():
        due_us = _reminder_due_us(care, cards)
        if due_us is None or due_us > care.now_us:
            continue
        count = rules.reminders_by(min(c.opened_us for c in cards), care.now_us, care.community.unanswered.again)
        for card in cards:
            care.tx.cards.save(replace(card, reminders=count))
        text = views.reminder_text([care.shown(c) for c in cards if c.state == "open" and c.claimed_by is None])
        care.tx.deliveries.plan(
            Outgoing(
                key=f"reminder:{shown_in}:{count}",
                kind="reminder",
                target=care.moderators,
                text=text,
                community=care.community.id,
                due_us=care.now_us,
                thread_of=shown_in,
            )
        )


def _escalate(care: Care) -> None:
    if care.moderators is None:
        return
    unanswered = care.community.unanswered
    due = [
        card
        for card in care.open_cards
        if not card.escalated and rules.escalation_due_us(card.ts_us, unanswered) <= care.now_us
    ]
    if not due or not care.coordinators:
        return
    text = views.escalation_text(care.community.name, [care.shown(card) for card in due])
    for user in care.coordinators:
        care.tx.deliveries.plan(
            Outgoing(
                key=f"escalation:{due[0].shown_in}:{due[0].id}:{user}",
                kind="escalation",
                target=user,
                text=text,
                community=care.community.id,
                due_us=care.now_us,
            )
        )
    for card in due:
        care.tx.cards.save(replace(card, escalated=True))
