"""How right the rule of questions is in real life: the moderators' own word on it, card by card.

Of the cards that were opened because a member's message asked, how many did a moderator call no question? Counted are those that were
settled, by an answer or as no question: of the others nobody has said anything yet. Cards of first messages, of watched threads and of
copbot's own posts were opened for another reason, and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from copbot.core.intervals import wilson
from copbot.core.ports import Tx
from copbot.core.ports.answering import Judged

ENOUGH = 10
"""Below so many cards a share says nothing, and only the counts are told."""


@dataclass(frozen=True)
class Precision:
    """``rule``: the version of the rule; None for all together, or where it is not known."""

    rule: int | None
    questions: int
    cards: int

    @property
    def share(self) -> float | None:
        """The part that were questions, from 0 to 1; None where there is nothing to divide by."""
        return self.questions / self.cards if self.cards else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share."""
        return wilson(self.questions, self.cards)


def precision_of(tx: Tx, community: str, since_us: int = 0) -> tuple[Precision, tuple[Precision, ...]]:
    """All together, and by the version of the rule, the latest first; of cards opened at or after ``since_us``."""
    return counted_precision(tx.answering.judged(community, since_us))


def counted_precision(judged: Mapping[tuple[int | None, Judged], int]) -> tuple[Precision, tuple[Precision, ...]]:
    """The same from the counts of the cards."""
    rules = sorted({rule for rule, _ in judged}, key=lambda rule: (rule is None, -(rule or 0)))
    found = []
    for rule in rules:
        questions = judged.get((rule, "answered"), 0)
        found.append(Precision(rule, questions, questions + judged.get((rule, "dismissed"), 0)))
    every = Precision(None, sum(one.questions for one in found), sum(one.cards for one in found))
    return every, tuple(found)
