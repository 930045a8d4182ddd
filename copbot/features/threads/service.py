"""Care for questions that nobody answered: cards open, close, come back, remind and escalate by what the store holds now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from copbot.core.ports import Context
from copbot.core.records import Card
from copbot.core.time import MICROSECOND, from_us, to_us
from copbot.features.threads import claims, places, reminding, rules
from copbot.features.threads.care import Care
from copbot.features.threads.changes import close, reopen, settle, snooze, tell, watch
from copbot.features.threads.judging import Verdict, judge
from copbot.features.threads.rules import Asked
from copbot.features.threads.telling import reopened_text, say

__all__ = ["close", "next_due", "plan_due", "reopen", "settle", "snooze", "tell", "watch"]


def plan_due(ctx: Context, now: datetime) -> None:
    """Record everything that thread care has to say at ``now``."""
    now_us = to_us(now)
    for community in ctx.communities():
        with ctx.store.read() as tx:
            if not any(instant <= now_us for instant in _instants(Care(ctx, tx, community, now_us))):
                continue  # most passes find nothing: they must not hold up what is being taken in
        for step in _STEPS:
            with ctx.store.begin() as tx:
                step(Care(ctx, tx, community, now_us))


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next instant at which a question becomes a card, or a card's next step is due."""
    with ctx.store.read() as tx:
        instants = [us for community in ctx.communities() for us in _instants(Care(ctx, tx, community, to_us(now)))]
    return from_us(min(instants)) if instants else None


def _instants(care: Care) -> list[int]:
    if care.moderators is None:
        return []
    instants = [
        care.acts_us(
            one.channel, rules.card_due_us(one.ts_us, care.rules_in(one.channel), care.working_in(one.channel))
        )
        for one in (*care.gathered.without_card, *care.gathered.due)
    ]
    if care.settled or care.gathered.joining or _come_back(care) or places.untold(care):
        instants.append(care.now_us)
    return [*instants, *claims.instants(care), *reminding.instants(care)]


# --- what became of cards by themselves


def _settle(care: Care) -> None:
    changed: dict[str, None] = {}
    for card, verdict in care.settled:
        close(care, _settled(card, verdict))
        changed[card.shown_in] = None
    back: dict[str, list[Card]] = defaultdict(list)
    for card, verdict in _come_back(care):
        if verdict.state == "open":
            back[card.shown_in].append(reopen(care, card))
        else:
            care.tx.cards.save(replace(_settled(card, verdict), version=card.version + 1))
            changed[card.shown_in] = None
    for shown_in in changed:
        tell(care, shown_in)
    if back and care.moderators is not None:
        say(care, f"reopened:{next(iter(back))}:{care.now_us}", back, reopened_text)


def _settled(card: Card, verdict: Verdict) -> Card:
    answer = verdict.answer
    return replace(
        card,
        state="answered" if verdict.state == "answered" else "withdrawn",
        settled_how=verdict.how,
        settled_by=answer.settled_by if answer else None,
        answered_by=answer.by if answer else None,
        answered_us=answer.at_us if answer else None,
    )


def _come_back(care: Care) -> list[tuple[Card, Verdict]]:
    """The cards that were closed of late by what is so no more: their answer was deleted, or another one was the first."""
    closed = care.tx.cards.closed_since(care.community.id, care.now_us - rules.CARD_WINDOW // MICROSECOND)
    verdicts = judge(care, closed)
    return [(card, verdicts[card.id]) for card in closed if _is_otherwise(card, verdicts[card.id])]


def _is_otherwise(card: Card, verdict: Verdict) -> bool:
    if verdict.state == "open":
        return True
    if card.state != "answered" or verdict.answer is None or not card.settled_how:
        return False  # an older program did not note how it was settled
    answer = verdict.answer
    return (verdict.how, answer.by, answer.at_us) != (card.settled_how, card.answered_by, card.answered_us)


# --- new cards


def _open(care: Care) -> None:
    if care.moderators is None:
        return
    told: dict[str, None] = {}
    for card_id, more in care.gathered.joining:
        card = care.tx.cards.get(card_id)
        if card is not None and card.state == "open":
            care.tx.cards.save(_with(card, more))
            told[card.shown_in] = None
    due = [one for one in care.gathered.due if care.acts_us(one.channel, care.now_us) <= care.now_us]
    for one, key in rules.arrange(care.community.id, due):
        known = (one.author, one.origin, one.why, care.now_us, key, one.is_first)
        card = care.tx.cards.open(care.community.id, one.channel, one.ts_us, *known)
        if card is not None:
            if one.joined_us or care.on_duty:
                care.tx.cards.save(replace(card, joined_us=one.joined_us, duty=care.on_duty))
            told[key] = None
    for key in told:
        tell(care, key)


def _with(card: Card, more: Sequence[Asked]) -> Card:
    """A card with further messages of its author's; what asks says why it is there."""
    joined = tuple(sorted({*card.joined_us, *(one.place[1] for one in more)} - {card.ts_us}))
    why = next((one.why for one in more if one.asks), card.why) if card.why == rules.FIRST_MESSAGE else card.why
    is_first = card.is_first or any(one.is_first for one in more)
    return replace(card, joined_us=joined, why=why, is_first=is_first, version=card.version + 1)


_STEPS = (
    _settle,
    claims.take_by_reaction,
    _open,
    claims.free,
    claims.hand_over,
    reminding.wake,
    reminding.remind,
    reminding.escalate,
    places.tell,
)
