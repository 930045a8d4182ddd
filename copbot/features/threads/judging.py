"""What became of cards by themselves: answered, withdrawn by their authors, or still waiting; of many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from copbot.core.records import Card, Root, SettledHow
from copbot.features.threads.answering import Answer, Looked

if TYPE_CHECKING:
    from copbot.features.threads.care import Care


@dataclass(frozen=True)
class Verdict:
    """``answer``: what answered it. ``how`` is what settled it; ``taken_by`` the moderator whose reaction took it, and when."""

    state: Literal["open", "answered", "withdrawn"]
    how: SettledHow = ""
    answer: Answer | None = None
    taken_by: str | None = None
    taken_us: int = 0


def judge(care: "Care", cards: Sequence[Card]) -> dict[int, Verdict]:
    """By a card's id. Closed ones are judged as if they were open."""
    archived = {channel for channel, why in care.out_of_reach.items() if why == "archived"}
    standing = _standing(care, cards)
    looked = {card.id: _looked(card, standing.get(card.id, ())) for card in cards}
    found = care.look(one for one in looked.values() if one is not None)
    verdicts: dict[int, Verdict] = {}
    for card in cards:
        thread = looked[card.id]
        seen = None if thread is None else found[thread.place]
        if thread is not None and seen is not None and seen.answer is not None:
            verdicts[card.id] = Verdict("answered", seen.answer.how, seen.answer)
        elif card.channel in archived:
            verdicts[card.id] = Verdict("withdrawn", "archived")
        elif thread is None or seen is None or not _asks(card, standing[card.id]):
            verdicts[card.id] = Verdict("withdrawn")
        else:
            verdicts[card.id] = Verdict("open", taken_by=seen.taken_by, taken_us=seen.taken_us)
    return verdicts


def _asks(card: Card, roots: Sequence[Root | None]) -> bool:
    """Whether something of it still waits: the bot's own do, and a first message, and what asks."""
    return any(root is None or root.asks or (card.is_first and root.ts_us == card.ts_us) for root in roots)


def _looked(card: Card, roots: Sequence[Root | None]) -> Looked | None:
    """Where an answer is looked for: below what asks, if anything does. None when nothing of the card stands."""
    if not roots:
        return None
    asking = [root for root in roots if root is None or root.asks] or roots
    return Looked(
        place=(card.channel, card.ts_us),
        messages_us=tuple(card.ts_us if root is None else root.ts_us for root in asking),
        author=card.author,
        after_us=card.reopened_us or 0 if card.reopened_by else 0,
        trusted=frozenset({card.settled_by} if card.settled_by and card.settled_how == "reaction" else ()),
    )


def _standing(care: "Care", cards: Sequence[Card]) -> dict[int, Sequence[Root | None]]:
    """The messages of each card that stand; of the bot's own, which are no facts, None. Not there: nothing of it stands."""
    by_channel: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        by_channel[card.channel].append(card)
    found: dict[int, Sequence[Root | None]] = {}
    for channel, some in by_channel.items():
        wanted = {ts_us for card in some if card.origin == "member" for ts_us in card.messages_us}
        roots = {root.ts_us: root for root in care.tx.threads.standing(channel, wanted)} if wanted else {}
        said = {card.ts_us for card in some if card.origin != "member"}
        gone = care.tx.threads.gone(channel, said) if said else ()
        for card in some:
            if card.origin == "member":
                found[card.id] = [roots[ts_us] for ts_us in card.messages_us if ts_us in roots]
            elif card.ts_us not in gone:
                found[card.id] = [None]
    taken_back = withdrawn(care, ((card.origin, card.author) for card in cards))
    return {
        card.id: found[card.id]
        for card in cards
        if card.id in found and not (card.origin == "introduction" and card.author in taken_back)
    }


def withdrawn(care: "Care", said: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """The newcomers among (origin, author) who share nothing any more: their introductions wait for nobody."""
    newcomers = {author for origin, author in said if origin == "introduction" and author is not None}
    return frozenset(care.tx.journeys.that_share_nothing(care.community.id, newcomers) if newcomers else ())


def first_standing(roots: Sequence[Root]) -> Root | None:
    """The first of them, with the words of all."""
    if not roots:
        return None
    in_order = sorted(roots, key=lambda root: root.ts_us)
    texts = [root.text for root in in_order if root.text]
    return replace(in_order[0], text="\n".join(texts) or None)
