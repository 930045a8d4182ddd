"""Which of several processes leads, as the store knows it. Part of ``core.ports``, whose words on transactions hold here too."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Lease:
    """Who leads, and for how many microseconds more, by the database's own clock: below 0 it has run out. ``term`` grows with each
    change of hands, ``rung`` with each word from a process that follows.
    """

    holder: str
    term: int
    left_us: int
    rung: int


class Leases(Protocol):
    def get(self) -> Lease | None:
        """As it stands; None where nobody ever led."""

    def take(self, holder: str, for_us: int) -> int:
        """Hand it to this holder, whoever has it; the new term."""

    def renew(self, holder: str, term: int, for_us: int) -> bool:
        """Hold it for so long from now on. False when another has it."""

    def give_up(self, holder: str, term: int) -> None:
        """Have it run out now, if it is still held."""

    def ring(self) -> None:
        """Tell whoever leads that there is something to decide on or to send."""
