"""What waits in the watched channels: the messages that ask, put together as cards put them, with or without a card so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from copbot.core.community import Unanswered
from copbot.core.ports.care import Carded
from copbot.core.records import Root
from copbot.core.time import MICROSECOND
from copbot.features.threads import rules
from copbot.features.threads.answering import Looked
from copbot.features.threads.judging import withdrawn
from copbot.features.threads.rules import Asked, Place, Waiting

if TYPE_CHECKING:
    from copbot.features.threads.care import Care

_HOUR_US = rules.SAME_AUTHOR // MICROSECOND


@dataclass(frozen=True)
class Gathered:
    """``without_card``: all that wait and have none; ``due``: those whose card is to be opened by now, oldest first; ``joining``: what
    belongs to an open card (its id), but is not noted in it."""

    without_card: Sequence[Waiting] = ()
    due: Sequence[Waiting] = ()
    joining: Sequence[tuple[int, Sequence[Asked]]] = ()


def gather(care: "Care", window: timedelta = rules.CARD_WINDOW) -> Gathered:
    """What waits for no longer than ``window`` past the time at which it was to become a card."""
    without_card: list[Waiting] = []
    due: list[Waiting] = []
    joining: list[tuple[int, Sequence[Asked]]] = []
    said = _said(care, window)
    watched = {channel for channels in care.by_rules.values() for channel in channels}
    for own, channels in care.by_rules.items():
        working = care.working_by(own)
        here = (
            {*channels}
            if own != care.community.unanswered
            else {*channels, *(one.place[0] for one in said)} - (watched - {*channels})
        )
        since_us = rules.oldest_us(care.now_us, own, working, window) - _HOUR_US
        cards = care.tx.threads.carded(care.community.id, since_us - _HOUR_US)
        asked = [*_asked(care, channels, since_us, cards), *(one for one in said if one.place[0] in here)]
        groups = rules.groups(_settled(one, cards) for one in asked)
        waiting = [group for group in groups if rules.group_answered_us(group) is None]
        fresh = [rules.waiting_of(group) for group in waiting if not any(one.place in cards for one in group)]
        fresh = _still_waiting(care, own, fresh)
        latest_us = care.now_us - window // MICROSECOND
        without_card += [one for one in fresh if rules.card_due_us(one.ts_us, own, working) >= latest_us]
        due += rules.cards_due(fresh, (), care.now_us, own, working)
        joining += [found for group in waiting if (found := _joining(group, cards)) is not None]
    order = sorted(due, key=lambda one: (one.ts_us, one.channel))
    return Gathered(without_card, order, joining)


def _asked(care: "Care", channels: Sequence[str], since_us: int, cards: Mapping[Place, Carded]) -> list[Asked]:
    """What members asked, and their first messages: all that has no answer, and of the same people also what has one. Left out are
    those of whom everything has its card: there may be many, and nothing of theirs is to be opened or joined."""
    until_us = care.now_us + 1
    firsts = {(root.channel, root.ts_us): root for root in care.tx.facts.first_roots(channels, since_us, until_us)}
    waiting = {(root.channel, root.ts_us): root for root in care.tx.facts.open_roots(channels, since_us, until_us)}
    found = waiting | firsts
    new = {(root.channel, root.user) for place, root in found.items() if place not in cards}
    if not new:
        return []
    answered = care.tx.threads.asked_by(channels, {user for _, user in new}, since_us, until_us)
    return [
        *(_member(root, is_first=place in firsts) for place, root in found.items() if (root.channel, root.user) in new),
        *(_member(root) for root in answered if (root.channel, root.user) in new),
    ]


def _member(root: Root, *, is_first: bool = False) -> Asked:
    why = root.why if root.asks else rules.FIRST_MESSAGE
    return Asked((root.channel, root.ts_us), root.user, "member", why, is_first, root.asks, root.answer_us)


def _said(care: "Care", window: timedelta) -> list[Asked]:
    """The bot's own questions and the introductions that nobody answered but the newcomer, who may have withdrawn what they shared."""
    oldest_us = min(rules.oldest_us(care.now_us, own, care.working_by(own), window) for own in care.by_rules)
    posted = [
        one
        for one in care.tx.deliveries.posted(("question", "introduction"), oldest_us)
        if one.community == care.community.id
    ]
    said = [
        Asked(
            (one.channel, one.ts_us),
            one.subject,
            "introduction" if one.kind == "introduction" else "question",
            asks=False,
        )
        for one in posted
        if one.ts_us <= care.now_us and one.channel not in care.out_of_reach
    ]
    taken_back = withdrawn(care, ((one.origin, one.author) for one in said))
    found: list[Asked] = []
    for channel in {one.place[0] for one in said}:
        here = [one for one in said if one.place[0] == channel]
        gone = care.tx.threads.gone(channel, [one.place[1] for one in here])
        authors = {one.place[1]: one.author for one in here}
        replies = care.tx.threads.replied(channel, authors)
        answered = {reply.thread_us for reply in replies if reply.user != authors[reply.thread_us]}
        found += [one for one in here if one.place[1] not in answered and one.place[1] not in gone]
    return [one for one in found if not (one.origin == "introduction" and one.author in taken_back)]


def _settled(one: Asked, cards: Mapping[Place, Carded]) -> Asked:
    """What was settled with its card needs no answer since then: what its author asks later is a new question. What was answered
    before a moderator brought its card back waits again."""
    carded = cards.get(one.place)
    if carded is None:
        return one
    if carded.settled_us is None:
        return replace(one, answered_us=None)
    return replace(one, answered_us=min(carded.settled_us, one.answered_us or carded.settled_us))


def _joining(group: Sequence[Asked], cards: Mapping[Place, Carded]) -> tuple[int, Sequence[Asked]] | None:
    card = next((cards[one.place].card for one in group if one.place in cards), None)
    rest = [one for one in group if one.place not in cards]
    return (card, rest) if card is not None and rest else None


def _still_waiting(care: "Care", own: Unanswered, fresh: list[Waiting]) -> list[Waiting]:
    """Without those that were answered otherwise than by a reply, where the file lets that count."""
    if set(own.counts_as_answer) <= {"reply"}:
        return fresh
    found = care.look(Looked((one.channel, one.ts_us), one.messages_us, one.author) for one in fresh)
    return [one for one in fresh if found[one.channel, one.ts_us].answer is None]
