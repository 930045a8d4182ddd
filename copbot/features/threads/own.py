"""A member's part of the Home tab: what waits of their own, and the question that they could answer next."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Step
from copbot.core.mrkdwn import channel_link, escape, moment, readable, shorten
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Person
from copbot.core.time import from_us, to_us
from copbot.features.threads import judging
from copbot.features.threads.asking import message
from copbot.features.threads.asking.words import Words
from copbot.features.threads.care import Care
from copbot.features.threads.queue.service import young

LISTED = 5
EXCERPT = 60
"""Characters of a message of their own by which somebody knows it again."""

LOOKED_AT = 20
"""Places of the queue in which a question is looked for that somebody could answer."""


def waits(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """Their questions, introductions and first messages that nobody has answered, each with its link."""
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    cards = tx.cards.waiting_for(community.id, [user])
    verdicts = judging.judge(care, cards) if cards else {}
    waiting = [card for card in cards if verdicts[card.id].state == "open"]
    waiting += [card for card in young(care) if card.author == user]
    if not waiting:
        return ()
    words = message.words_of(care, tx.facts.person(user))
    lines = [f"• {_own(care, card, words)}" for card in waiting[:LISTED]]
    if len(waiting) > LISTED:
        lines.append(words.and_more.format(count=len(waiting) - LISTED))
    return (section("\n".join(lines), verbatim=True),)


def step(ctx: Context, tx: Tx, community: Community, user: str) -> Step | None:
    """What they were asked themselves; else the question of somebody that waits longest where they are, and that nobody took."""
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    person = tx.facts.person(user) or Person(user)
    for asked in tx.asking.waiting_on(community.id, user):
        card = tx.cards.get(asked.card)
        if card is not None and message.was_asked(care, card, asked):
            return Step(message.blocks_of(care, card, person, asked))
    open_to_all = _open_to(care, user)
    return None if open_to_all is None else Step(message.blocks_for_all(care, open_to_all, person), is_for_all=True)


def _open_to(care: Care, user: str) -> Card | None:
    queued, _ = care.tx.queue.part(care.community.id, care.now_us, 0, LOOKED_AT)
    if not queued:
        return None
    here = care.tx.facts.member_since(user, {one.channel for one in queued})
    stored = care.tx.queue.cards([one.card for one in queued if one.card is not None and one.channel in here])
    cards = [stored[one.card] for one in queued if one.card is not None and one.card in stored]
    free = [card for card in cards if card.origin != "question" and card.claimed_by is None and card.author != user]
    verdicts = judging.judge(care, free[:LISTED]) if free else {}
    return next((card for card in free[:LISTED] if verdicts[card.id].state == "open"), None)


def _own(care: Care, card: Card, words: Words) -> str:
    root = care.root(card)
    said = " ".join(readable(root.text).split()) if root is not None and root.text else words.your_question
    said = shorten(escape(said), EXCERPT).replace("|", "¦")
    link = care.ctx.permalink(card.channel, card.ts_us)
    return f"{f'<{link}|{said}>' if link else said} ({channel_link(card.channel)}, {moment(from_us(card.ts_us))})"
