"""The moderators' queue: the open cards in the order in which they should be looked after. Part of ``core.ports``, whose words on times
and transactions hold here too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from copbot.core.records import Card


@dataclass(frozen=True, order=True)
class Queued:
    """A place in the queue: what rests comes last, first messages come first, then the oldest. ``card`` None: it has none yet."""

    rests: bool
    is_later: bool  # than its author's first message
    ts_us: int
    channel: str
    card: int | None = field(default=None, compare=False)


class Queue(Protocol):
    def part(
        self,
        community: str,
        now_us: int,
        passed: int,
        most: int,
        channel: str | None = None,
        mine: str | None = None,
    ) -> tuple[Sequence[Queued], int]:
        """``most`` open cards behind the first ``passed``, and how many there are in all; of one ``channel`` alone, or of one
        moderator: those that they have, and those that nobody has and that name them as on duty."""

    def cards(self, cards: Collection[int]) -> Mapping[int, Card]:
        """These cards by their number, in any state."""

    def channels(self, community: str) -> frozenset[str]:
        """Where open cards ask."""
