"""Thanks, in private, to somebody who answered a question where the bot could not see it."""

from copbot.core.attention import free_at
from copbot.core.blocks import actions, button, section
from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import channel_link, mention
from copbot.core.records import Card
from copbot.core.time import from_us, to_us
from copbot.features.threads.asking.words import words_for
from copbot.features.threads.care import Care
from copbot.features.threads.rules import is_greeting
from copbot.features.threads.views import OPEN


def thanks_are_on(care: Care, card: Card) -> bool:
    """Whether whoever is named is thanked in private; a hello is its own reward."""
    return care.community.participation.recognition == "private" and not is_greeting(card)


def thank(care: Care, card: Card, user: str, by: str) -> None:
    """Plan the thanks to ``user`` once, within their budget and quiet hours; none to the moderator (``by``) who says so themselves, to
    the author, to bots and to people who have left or belong to another organisation."""
    person = care.tx.facts.person(user)
    if person is None or person.is_bot or person.is_deleted or person.is_external or user in (by, card.author):
        return
    if not thanks_are_on(care, card):
        return
    at = free_at(care.tx, care.community, person, from_us(care.now_us), "recognition")
    if at is None:
        return
    words = words_for(person.locale, care.community.language)
    channel = channel_link(card.channel)
    who = mention(card.author) if card.author else None
    text = words.thanked.format(who=who, channel=channel) if who else words.thanked_mine.format(channel=channel)
    link = care.ctx.permalink(card.channel, card.ts_us)
    opened = [] if link is None else [actions(button(words.open_thread, OPEN, url=link))]
    care.tx.deliveries.plan(
        Outgoing(
            key=f"thanked:{card.community}:{card.id}",
            kind="recognition",
            target=user,
            text=text,
            blocks=(section(text, verbatim=True), *opened),
            community=care.community.id,
            due_us=to_us(at),
            wanted_us=care.now_us,
        )
    )
