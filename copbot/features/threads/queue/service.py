"""``/cop unanswered``: what waits, first messages first, then the oldest, in the communities that a person moderates.

A page costs what stands on it: of the open cards only their order is read, and of the threads that are too young for a card only those
of the time before one opens.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from copbot.core.community import Community
from copbot.core.interaction import Answer, Call, Press
from copbot.core.mrkdwn import escape, readable, shorten
from copbot.core.ports import Context, Tx
from copbot.core.ports.queue import Queued
from copbot.core.records import Card
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for, watched_channels
from copbot.core.time import to_us
from copbot.features.threads import judging, showing
from copbot.features.threads.care import Care
from copbot.features.threads.queue import views
from copbot.features.threads.rules import Waiting
from copbot.features.threads.subjects import Page, page_of
from copbot.features.threads.views import Shown

_LINKED = re.compile(r"<#([CG][A-Z0-9]+)(\|[^>]*)?>")
_ID = re.compile(r"[CG][A-Z0-9]{7,}")

CARDS_ARE_LATE = timedelta(days=1)
"""So long after its time a question is still looked for that has no card yet: the next pass opens it, after an absence too."""

Place = tuple[Queued, Care, Card | None]


def unanswered(ctx: Context, tx: Tx, call: Call) -> Answer:
    """The first page of what was asked for: of a channel, of what is mine, of all."""
    communities = _moderated(ctx, call.user, call.channel)
    if not communities:
        return Answer(MODERATORS_ONLY)
    page = Page()
    for word in call.argument.split():
        if word.lower() in ("mine", "all"):
            page = replace(page, whose="mine" if word.lower() == "mine" else "all")
            continue
        channel = _channel(ctx, communities, word)
        if channel is None:
            known = ", ".join(escape(name) for community in communities for name in community.channels.watched)
            asked = escape(shorten(readable(word), 40))
            return Answer(f"I look after no questions in {asked}. It is {views.usage(ctx.command)}; channels: {known}.")
        page = replace(page, channel=channel)
    return page_for(ctx, tx, call.user, call.channel, page)


def turn(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Another page in the place of the one before. What the button says is a claim, and so is that a moderator presses."""
    return page_for(ctx, tx, press.user, press.channel, page_of(press.value) or Page(), replaces=True)


def page_for(
    ctx: Context, tx: Tx, user: str, here: str | None, page: Page, note: str = "", *, replaces: bool = False
) -> Answer:
    """``here``: the channel where the list is asked for. A page that is empty by now shows the last that is not."""
    communities = [
        community
        for community in _moderated(ctx, user, here)
        if page.channel is None or page.channel in watched_channels(ctx, community)
    ]
    if not communities:
        return Answer(MODERATORS_ONLY, replaces=replaces)
    cares = [Care(ctx, tx, community, to_us(ctx.clock.now())) for community in communities]
    mine = user if page.whose == "mine" else None
    lines = [Line(care, young(care, page.channel) if mine in (None, care.on_duty) else ()) for care in cares]
    places, total = _in_line(lines, page.channel, mine, page.start)
    if page.start and not places:
        page = replace(page, start=max(0, (total - 1) // views.A_PAGE * views.A_PAGE))
        places, total = _in_line(lines, page.channel, mine, page.start)
    shown = _shown(places)
    name = communities[0].name if len(communities) == 1 else ""
    heading = views.heading_of(name, page, total)
    named = [(one, "" if name else care.community.name) for care, one in shown]
    text = views.text_of(heading, [one for _, one in shown])
    blocks = views.blocks_of(heading, named, page, total, note)
    return Answer(f"{note}\n{text}".strip(), blocks, replaces=replaces)


@dataclass(frozen=True)
class Line:
    """All that waits in one community; ``young`` has no card yet."""

    care: Care
    young: Sequence[Card]

    def first(self, mine: str | None, most: int) -> tuple[list[Shown], int]:
        """The first ``most`` that wait, of one moderator alone where given, and how many there are."""
        places, total = _in_line([self], None, mine, 0, most)
        return [one for _, one in _shown(places)], total


def _in_line(
    lines: Sequence[Line], channel: str | None, mine: str | None, start: int, most: int = views.A_PAGE
) -> tuple[list[Place], int]:
    """``most`` of all that wait, from the ``start``-th on, and how many there are.

    Of one community's cards those are passed over that stand before the page wherever the young stand among them.
    """
    places: list[Place] = []
    total = passed = 0
    for line in lines:
        care, young = line.care, line.young if mine in (None, line.care.on_duty) else ()
        passed = max(0, start - len(young)) if len(lines) == 1 else 0
        queued, count = care.tx.queue.part(care.community.id, care.now_us, passed, start + most - passed, channel, mine)
        places += [(one, care, None) for one in queued]
        places += [(Queued(False, not card.is_first, card.ts_us, card.channel), care, card) for card in young]
        total += count + len(young)
    return sorted(places, key=lambda place: place[0])[start - passed : start - passed + most], total


def young(care: Care, channel: str | None = None) -> list[Card]:
    """What waits and has no card so far. The bot's own questions show their age by themselves.

    With a moderators' channel everything gets its card in time, so that only the youngest are looked for.
    """
    waiting = care.without_card(CARDS_ARE_LATE) if care.moderators else care.without_card()
    here = [one for one in waiting if one.origin != "question" and channel in (None, one.channel)]
    return [_card_to_be(care, one) for one in here]


def _shown(places: Sequence[Place]) -> list[tuple[Care, Shown]]:
    """Without what was answered a moment ago, whose card the next pass closes."""
    found: dict[Queued, tuple[Care, Shown]] = {}
    for care in {id(care): care for _, care, _ in places}.values():
        mine = [(queued, to_be) for queued, of, to_be in places if of is care]
        stored = care.tx.queue.cards([queued.card for queued, _ in mine if queued.card is not None])
        verdicts = judging.judge(care, list(stored.values()))
        cards = [(queued, to_be or stored[queued.card or 0]) for queued, to_be in mine]
        waiting = [(queued, card) for queued, card in cards if not card.id or verdicts[card.id].state == "open"]
        shown = showing.in_list(care, [card for _, card in waiting])
        found |= {queued: (care, one) for (queued, _), one in zip(waiting, shown, strict=True)}
    return [found[queued] for queued, _, _ in places if queued in found]


def _card_to_be(care: Care, thread: Waiting) -> Card:
    """A thread that waits as the card that it is not yet: without a number."""
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
        joined_us=thread.joined_us,
        duty=care.on_duty,
    )


def _moderated(ctx: Context, user: str, here: str | None) -> tuple[Community, ...]:
    """Those of the channel where they are; in the channel of a community that is not theirs, all their own."""
    return communities_for(ctx, user, "moderators", here) or communities_for(ctx, user, "moderators")


def _channel(ctx: Context, communities: Sequence[Community], word: str) -> str | None:
    """The ID of a watched channel, as a link, a name or an ID."""
    linked = _LINKED.fullmatch(word)
    reference = linked[1] if linked else word if _ID.fullmatch(word) else f"#{word.lstrip('#')}"
    channel = ctx.directory.channel(reference)
    return channel if any(channel in watched_channels(ctx, community) for community in communities) else None
