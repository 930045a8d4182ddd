"""How the work of looking after questions is shared: what each moderator took and answered. Instants and waits are microseconds."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import median_low

from copbot.core.ports import Tx

TOOK = "took"
"""How taking a card is noted in the record of what moderators did."""


@dataclass(frozen=True)
class Load:
    """``answered`` counts cards that they answered; ``median_us`` is the middle wait from a card's opening to their answer (of an even
    number the lower of the two in the middle), None without any."""

    user: str
    taken: int
    answered: int
    median_us: int | None = None


def loads(tx: Tx, community: str, moderators: Collection[str], since_us: int, until_us: int) -> tuple[Load, ...]:
    """Of everybody who moderates now, and who took a card in ``[since, until)``; whoever did most stands first."""
    took = [
        one.actor
        for one in tx.audit.since(community, since_us)
        if one.action == TOOK and since_us <= one.at_us < until_us
    ]
    answered = [
        (card.answered_by, card.answered_us - card.opened_us)
        for card in tx.cards.answered(community, since_us, until_us)
        if card.answered_by is not None and card.answered_us is not None
    ]
    return counted(moderators, took, answered)


def counted(moderators: Collection[str], took: Iterable[str], answered: Iterable[tuple[str, int]]) -> tuple[Load, ...]:
    """``took`` names who took a card, once for each; ``answered`` who answered one, after so long."""
    taken: dict[str, int] = dict.fromkeys(moderators, 0)
    for user in took:
        taken[user] = taken.get(user, 0) + 1
    waits: dict[str, list[int]] = defaultdict(list)
    for user, wait_us in answered:
        waits[user].append(max(0, wait_us))
    found = (
        Load(user, count, len(waits[user]), median_low(waits[user]) if waits[user] else None)
        for user, count in taken.items()
    )
    return tuple(sorted(found, key=lambda load: (-load.answered - load.taken, load.user)))
