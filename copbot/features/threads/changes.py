"""What becomes of one card, by itself or by a moderator's hand: recorded, noted, and told in place."""

from dataclasses import replace
from typing import Literal

from copbot.core.community import Community
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import NOBODY
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Root, SettledHow
from copbot.core.time import MICROSECOND, to_us
from copbot.features.threads import rules, showing, views
from copbot.features.threads.asking.message import call_off
from copbot.features.threads.care import Care

MARKED = "a moderator said that it waits for an answer"


def tell(care: Care, shown_in: str) -> None:
    """Post the message that shows these cards, or bring the one that stands there up to date."""
    cards = care.tx.cards.in_message(care.community.id, shown_in)
    over = all(card.state != "open" for card in cards)
    standing = care.tx.deliveries.get(shown_in)
    if standing is None and over:
        return  # settled from a moderator's list before it was a card
    if standing is None:
        key, updates, target = shown_in, None, care.moderators
    else:
        if over and care.tx.deliveries.cancel(shown_in, "settled before it was told"):
            return
        key, updates, target = f"{shown_in}:{rules.revision(cards)}", shown_in, standing.outgoing.target
    if target is None or (
        standing is not None and (standing.state in ("failed", "skipped") or _is_gone(care, standing))
    ):
        return
    shown = showing.of_message(care, cards)
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


def _is_gone(care: Care, standing: Delivery) -> bool:
    """Whether a message of the bot's was deleted by hand."""
    if standing.channel is None or standing.ts_us is None:
        return False
    return bool(care.tx.threads.gone(standing.channel, [standing.ts_us]))


def is_gone(care: Care, shown_in: str) -> bool:
    """Whether the message that shows some cards was deleted by hand."""
    standing = care.tx.deliveries.get(shown_in)
    return standing is not None and _is_gone(care, standing)


def is_refused(care: Care, shown_in: str) -> bool:
    """Whether Slack did not take the message that was to show some cards: the bot may not write where the moderators are, or could not
    then."""
    standing = care.tx.deliveries.get(shown_in)
    return standing is not None and standing.state == "failed"


def close(care: Care, card: Card) -> None:
    """Record a card's new, closed state."""
    closed = replace(card, version=card.version + 1, closed_us=care.now_us, snoozed_until_us=None)
    care.tx.cards.save(closed)
    call_off(care, closed)


def settle(
    care: Care,
    card: Card,
    state: Literal["answered", "dismissed"],
    by: str,
    answered_by: str | None = None,
    how: SettledHow = "hand",
) -> Card:
    """``by``, a moderator or the question's author, says that a card is answered (``answered_by``: by whom, if they know) or needs
    no answer; the card as it is then. What a moderator set aside as no question is remembered as none."""
    closed = replace(
        card,
        state=state,
        version=card.version + 1,
        closed_us=care.now_us,
        snoozed_until_us=None,
        settled_by=by,
        settled_how=how,
        answered_by=answered_by,
        answered_us=care.now_us if state == "answered" else None,
    )
    care.tx.cards.save(closed)
    call_off(care, closed)
    if state == "dismissed" and card.origin == "member" and not card.is_first:
        for ts_us in card.messages_us:
            care.tx.facts.set_asks(card.channel, ts_us, False, "a moderator said that it is not a question")
    note(care, by, "marked as answered" if state == "answered" else "set aside", card)
    tell(care, card.shown_in)
    return closed


def snooze(care: Care, card: Card, until_us: int, by: str) -> Card:
    """Let an open card rest until an instant: no reminder and no escalation comes before; an answer still closes it at once."""
    asleep = replace(
        card, snoozed_until_us=until_us, counted_us=until_us, reminders=0, escalated=False, version=card.version + 1
    )
    care.tx.cards.save(asleep)
    note(care, by, "snoozed", card)
    tell(care, card.shown_in)
    return asleep


def reopen(care: Care, card: Card, by: str | None = None) -> Card:
    """Bring a closed card back: by a moderator's word, after which only a new answer closes it, or (None) because its answer is gone.
    Reminders and the escalation begin again from now."""
    again = replace(
        card,
        state="open",
        version=card.version + 1,
        closed_us=None,
        settled_by=None,
        settled_how="",
        answered_by=None,
        answered_us=None,
        claimed_by=None,
        claimed_us=None,
        is_asked=False,
        reminders=0,
        escalated=False,
        counted_us=care.now_us,
        reopened_us=care.now_us,
        reopened_by=by,
    )
    care.tx.cards.save(again)
    if by is not None:
        if card.state == "dismissed" and card.origin == "member" and not card.is_first:
            for ts_us in card.messages_us:
                care.tx.facts.set_asks(card.channel, ts_us, True, MARKED)
        note(care, by, "reopened", card)
    tell(care, card.shown_in)
    return again


def watch(ctx: Context, tx: Tx, community: Community, channel: str, ts_us: int, by: str) -> Card | None:
    """``by``, a moderator, says that a root message waits for an answer: its card, open from now on, and told at once.

    A closed card is reopened. What was answered before does not count: they have seen it. None when no message of a person stands
    there.
    """
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    root = tx.facts.root(channel, ts_us)
    if root is None:
        return None
    card = care.card_with(channel, ts_us)
    tx.facts.set_asks(channel, ts_us, True, MARKED)
    if card is not None and card.state == "open":
        return card
    if card is not None:
        tx.cards.save(replace(card, marked_by=by))
        return reopen(care, replace(card, marked_by=by), by)
    together = _of_the_same_hour(care, root)
    if together is not None:
        joined = replace(
            together,
            joined_us=(*together.joined_us, ts_us),
            marked_by=by,
            version=together.version + 1,
        )
        tx.cards.save(joined)
        note(care, by, "watched", joined)
        tell(care, joined.shown_in)
        return joined
    key = rules.message_key(community.id, channel, ts_us)
    opened = tx.cards.open(community.id, channel, ts_us, root.user, "member", MARKED, care.now_us, key)
    assert opened is not None  # there was none
    marked = replace(
        opened,
        marked_by=by,
        counted_us=care.now_us,
        reopened_by=by if root.answer_us is not None else None,
        reopened_us=care.now_us if root.answer_us is not None else None,
    )
    tx.cards.save(marked)
    note(care, by, "watched", marked)
    tell(care, key)
    return marked


def _of_the_same_hour(care: Care, root: Root) -> Card | None:
    """The open card of what the same person asked in the hour before; of nobody by name there is none."""
    if root.user == NOBODY:
        return None
    first_us = root.ts_us - rules.SAME_AUTHOR // MICROSECOND
    found = care.tx.cards.between(care.community.id, root.channel, first_us, root.ts_us)
    return next((one for one in found if (one.state, one.origin, one.author) == ("open", "member", root.user)), None)


def note(care: Care, by: str, action: str, card: Card) -> None:
    """Into the record of what moderators did; no word of a member's."""
    care.tx.audit.note(care.community.id, by, action, care.named(card), care.now_us)
