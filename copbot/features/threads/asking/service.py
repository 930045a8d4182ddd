"""A moderator has one member asked; the member says "I'll answer" or "Not me". Nobody is asked twice about the same card.

The message counts against the member's budget and keeps their quiet hours, and the moderator is told when it goes out. "I'll answer"
takes the card for them, for as long as a moderator's own "I'll take it" does; "Not me" changes the card in its place, quietly, where the
next who might know stands then.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from copbot.core.attention import free_at
from copbot.core.interaction import Answer, Press
from copbot.core.mrkdwn import channel_link, mention, moment
from copbot.core.ports import Context, Tx
from copbot.core.ports.asking import AskedPerson
from copbot.core.records import Card
from copbot.core.time import from_us, to_us
from copbot.features.threads.asking import message
from copbot.features.threads.care import Care
from copbot.features.threads.changes import tell
from copbot.features.threads.knowing import can_read
from copbot.features.threads.subjects import subject_of

ASKED_ALREADY = "They were asked already. Once is enough."
GONE = "I no longer look after this question. Thank you all the same!"


def objection(care: Care, card: Card, user: str, by: str) -> str:
    """Why ``user`` cannot be asked by ``by``, in one line; empty when they can."""
    person = care.tx.facts.person(user)
    if person is not None and person.is_bot:
        return "That is a bot: it would not know what to say."
    if user == card.author:
        return "That is who wrote it."
    if user == by:
        return "That is you: press “I'll take it”."
    if person is None:
        return "I have not met them yet. Please try again in a minute."
    if person.is_deleted:
        return "They have left this workspace."
    if person.is_untracked:
        return "They asked me not to write to them by myself."
    if user == card.claimed_by:
        return "They have it in hand already."
    if care.tx.asking.get(card.id, user) is not None:
        return ASKED_ALREADY
    if not can_read(care, card.channel, person):
        return "They cannot read that channel, so they could not answer there."
    return ""


def ask(care: Care, card: Card, user: str, by: str) -> str:
    """Have ``user`` asked, whom nothing speaks against; what to tell the moderator, nothing where the card says it all."""
    person = care.tx.facts.person(user)
    assert person is not None  # objection() saw them
    now = from_us(care.now_us)
    at = free_at(care.tx, care.community, person, now, "ask")
    if at is None:
        return _cannot_ask(care, user)
    asked = AskedPerson(card.id, user, by, care.now_us, to_us(at))
    if not care.tx.asking.ask(asked):
        return ASKED_ALREADY
    message.plan(care, card, person, asked)
    care.tx.audit.note(care.community.id, by, "asked", user, care.now_us, f"about {care.named(card)}")
    _told_anew(care, card)
    return "" if at == now else _later(user, at)


def _cannot_ask(care: Care, user: str) -> str:
    """What a member set is theirs to know: all that the moderator reads is that this way is closed."""
    limits = care.community.attention
    if 0 in (limits.member_day, limits.member_week):
        return "`attention:` in the community's file allows no messages to members, so I asked nobody."
    return f"I cannot ask {mention(user)} within the next days. You could write to them yourself, or ask somebody else."


def _later(user: str, at: datetime) -> str:
    return (
        f"{mention(user)} will be asked {moment(at)}, outside their quiet hours and within what they get from me in a day."
        " If somebody answers before, they are not asked."
    )


def will_answer(ctx: Context, tx: Tx, press: Press) -> Answer:
    return _replied(ctx, tx, press, "will_answer")


def not_me(ctx: Context, tx: Tx, press: Press) -> Answer:
    return _replied(ctx, tx, press, "not_me")


def _replied(ctx: Context, tx: Tx, press: Press, said: Literal["will_answer", "not_me"]) -> Answer:
    """What the member pressed; only who was asked can, about a card that is open, and once."""
    number = subject_of(press.value).card
    card = None if number is None else tx.cards.get(number)
    asked = None if card is None else tx.asking.get(card.id, press.user)
    community = next((one for one in ctx.communities() if card is not None and one.id == card.community), None)
    if card is None or asked is None or community is None:
        return Answer(GONE)
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    person = tx.facts.person(press.user)
    words = message.words_of(care, person)
    if asked.state != "asked":
        return Answer(words.said_before)
    if card.state != "open":
        message.call_off(care, card)
        return Answer(words.over)
    if said == "will_answer" and (person is None or not can_read(care, card.channel, person)):
        return Answer(words.cannot_read.format(channel=channel_link(card.channel)))
    tx.asking.reply(card.id, press.user, said, care.now_us)
    thanks = words.thanks_not
    if said == "will_answer":
        others = card.claimed_by not in (None, press.user)
        thanks = words.thanks_will_too.format(holder=mention(card.claimed_by or "")) if others else words.thanks_will
        if not others:
            card = replace(card, claimed_by=press.user, claimed_us=care.now_us, is_asked=True)
    message.show_reply(care, card, person, asked, thanks, will=said == "will_answer")
    _told_anew(care, card)
    return Answer()


def _told_anew(care: Care, card: Card) -> None:
    care.tx.cards.save(replace(card, version=card.version + 1))
    tell(care, card.shown_in)
