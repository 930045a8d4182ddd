"""What asking a member needs of the store: who was asked about a card, and who may know. Part of ``core.ports``, whose words on times
and transactions hold here too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

AskedState = Literal["asked", "will_answer", "not_me"]


@dataclass(frozen=True)
class AskedPerson:
    """Somebody whom a moderator (``by``) had asked about a card. ``due_us``: when the message to them goes out."""

    card: int
    user: str
    by: str
    asked_us: int
    due_us: int
    state: AskedState = "asked"
    replied_us: int | None = None


@dataclass(frozen=True)
class Answerer:
    """Somebody with what they answered: in how many threads of others, and when last."""

    user: str
    threads: int
    latest_us: int


class Asking(Protocol):
    def ask(self, asked: AskedPerson) -> bool:
        """False, and nothing changes, when this person was asked about this card before."""

    def get(self, card: int, user: str) -> AskedPerson | None: ...

    def of(self, cards: Collection[int]) -> Mapping[int, Sequence[AskedPerson]]:
        """Card -> whom was asked about it, in the order in which they were."""

    def waiting_on(self, community: str, user: str) -> Sequence[AskedPerson]:
        """The open cards about which somebody was asked and has not said no, the longest asked first."""

    def reply(self, card: int, user: str, state: Literal["will_answer", "not_me"], now_us: int) -> bool:
        """What they said. False, and nothing changes, when they had said something before."""

    def forget(self, card: int, user: str) -> None:
        """They were not asked after all."""

    def answerers(self, channel: str, since_us: int, not_by: Collection[str], limit: int) -> Sequence[Answerer]:
        """Who answered in threads of other people that began in a channel since then: in most threads first, then the latest."""
