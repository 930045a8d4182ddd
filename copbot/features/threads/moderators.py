"""What moderators do about waiting questions. Each press is checked by who the person is now."""

from dataclasses import replace

from copbot.core.mrkdwn import escape, mention
from copbot.core.ports import Context, Tx
from copbot.core.records import Card
from copbot.core.roles import communities_for, has_role
from copbot.core.time import from_us, to_us
from copbot.features.threads import rules, views
from copbot.features.threads.care import Care
from copbot.features.threads.rules import Waiting
from copbot.features.threads.service import close, tell

REFUSED = "Moderators can do this."


def take(ctx: Context, tx: Tx, card_id: int | None, user: str) -> str:
    """``user`` takes a card. What to tell them; nothing changes unless they may."""
    care, card, refusal = _for_moderator(ctx, tx, card_id, user)
    if care is None or card is None:
        return refusal
    if card.claimed_by == user:
        return "You have it already. Thank you!"
    if card.claimed_by is not None:
        return f"{mention(card.claimed_by)} has it already."
    tx.cards.save(replace(card, claimed_by=user, claimed_us=care.now_us, version=card.version + 1))
    tell(care, card.shown_in)
    until = from_us(rules.claim_ends_us(care.now_us, care.zone)).astimezone(care.zone)
    return views.taken_text(card, ctx.permalink(card.channel, card.ts_us), until)


def dismiss(ctx: Context, tx: Tx, card_id: int | None, user: str) -> str:
    """``user`` says that a card needs no answer. What to tell them; nothing changes unless they may.

    Only the button that says so makes a question none: a first message may be set aside and ask something all the same.
    """
    care, card, refusal = _for_moderator(ctx, tx, card_id, user)
    if care is None or card is None:
        return refusal
    close(care, replace(card, state="dismissed"))
    if card.origin == "member" and not card.is_first:
        tx.facts.set_asks(card.channel, card.ts_us, False, "a moderator said that it is not a question")
    tell(care, card.shown_in)
    return "Set aside. I will not ask about it again."


def _for_moderator(ctx: Context, tx: Tx, card_id: int | None, user: str) -> tuple[Care | None, Card | None, str]:
    """The open card that a button names, if this person is a moderator of its community at this moment."""
    card = None if card_id is None else tx.cards.get(card_id)
    community = next((c for c in ctx.communities() if card is not None and c.id == card.community), None)
    if card is None or community is None:
        return None, None, "I no longer look after this question."
    if not has_role(ctx, community, user, "moderators"):
        return None, None, REFUSED
    if card.state != "open":
        return None, None, "This one is settled already."
    return Care(ctx, tx, community, to_us(ctx.clock.now())), card, ""


def unanswered(ctx: Context, tx: Tx, user: str, channel: str) -> str:
    """What waits, first messages first, then the oldest, in the communities that this person moderates."""
    communities = communities_for(ctx, user, "moderators", channel)
    if not communities:
        return REFUSED
    return "\n\n".join(_waiting_in(Care(ctx, tx, community, to_us(ctx.clock.now()))) for community in communities)


def _waiting_in(care: Care) -> str:
    open_cards = [card for card in care.open_cards if care.outcome(card) is None]
    young = [_card_to_be(care, thread) for thread in care.without_card() if thread.origin != "question"]
    cards = sorted([*open_cards, *young], key=rules.by_urgency)
    name = escape(care.community.name)
    if not cards:
        return f"*{name}*: every question has an answer."
    order = "first messages first" if cards[0].is_first else "oldest first"
    return f"*{name}*: waiting for an answer, {order}\n" + views.listing([care.shown(card) for card in cards])


def _card_to_be(care: Care, thread: Waiting) -> Card:
    return Card(
        0,
        care.community.id,
        thread.channel,
        thread.ts_us,
        thread.author,
        thread.origin,
        "open",
        care.now_us,
        why=thread.why,
        is_first=thread.is_first,
    )
