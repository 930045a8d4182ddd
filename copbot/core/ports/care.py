"""What thread care asks of the store about many threads at once. Channels and people are Slack's IDs, instants microseconds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from copbot.core.records import Root

OutOfReach = Literal["archived", "left", "unread"]
"""``unread``: what was said there while the bot was away could not be read so far."""


@dataclass(frozen=True)
class Replied:
    """Somebody wrote in a thread, at ``ts_us`` for the first time."""

    thread_us: int
    user: str
    ts_us: int


@dataclass(frozen=True)
class Reacted:
    """A reaction stands on a message of a thread; ``event_us`` is 0 where history alone tells of it, which has no time for it."""

    thread_us: int
    user: str
    name: str
    event_us: int


@dataclass(frozen=True)
class Carded:
    """A message that belongs to a card. ``settled_us``: since when it needs no answer, where the card is closed; None: it is open."""

    card: int
    settled_us: int | None


class Threads(Protocol):
    """Threads by the ts of their first message. Bots count nowhere."""

    def standing(self, channel: str, threads_us: Collection[int]) -> Sequence[Root]:
        """The roots by people at these instants that stand, without their answers."""

    def asked_by(
        self, channels: Collection[str], users: Collection[str], since_us: int, until_us: int
    ) -> Sequence[Root]:
        """Roots in ``[since, until)`` by these people that ask something and have an answer, with the first, oldest first."""

    def replied(self, channel: str, threads_us: Collection[int], after_us: int = 0) -> Sequence[Replied]:
        """Who replied in these threads after an instant, in order of time."""

    def reacted(self, channel: str, threads_us: Collection[int], names: Collection[str]) -> Sequence[Reacted]:
        """The reactions of these names, in any tone of skin, on the messages of these threads."""

    def roots_in(self, channel: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, str, bool]]:
        """(ts, user, whether it asks) of the roots by people in ``(start, end]`` of one of these spans, in order of time."""

    def gone(self, channel: str, messages_us: Collection[int]) -> Collection[int]:
        """Those of these messages that were deleted, whoever wrote them."""

    def carded(self, community: str, since_us: int) -> Mapping[tuple[str, int], Carded]:
        """By channel and ts the messages of the cards whose first one was written at or after ``since_us``."""

    def out_of_reach(self, channels: Collection[str]) -> Mapping[str, OutOfReach]:
        """Where nothing can be answered any more, or the bot cannot see it: it was archived, or the bot was taken out of it."""

    def left_us(self, channel: str) -> int:
        """When the bot was last seen to be no member of a channel; 0 where that is not known."""
