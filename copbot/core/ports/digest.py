"""What the digest needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class Reader:
    """A member (definitions) of some channels. ``since_us``: when they are known to have been in one of them first; None: long ago."""

    user: str
    timezone: str | None = None
    since_us: int | None = None


class Reply(NamedTuple):
    """Somebody's replies in a thread: how many, the first and the last."""

    user: str
    messages: int
    first_us: int
    last_us: int


@dataclass(frozen=True)
class Talk:
    """A thread, or a message without one, in which something was written lately. Bots are no people and write nothing here.

    ``author`` is None where the root is a bot's or was never seen, or nobody is kept as its author; ``text`` is Slack's own, None where
    it may not be kept. ``reactors``: how many people reacted to the root. ``replies`` by people, in order of their first ones.
    """

    channel: str
    ts_us: int
    author: str | None
    asks: bool
    text: str | None
    reactors: int = 0
    replies: tuple[Reply, ...] = ()


class LookedAt(NamedTuple):
    """The latest digest that was made for somebody, for the period so named, whether it was sent or empty."""

    period: str
    at_us: int


class Digests(Protocol):
    def readers(self, channels: Collection[str]) -> Sequence[Reader]:
        """Who is now in any of these channels (IDs): people who are neither deactivated nor of another organisation; by user ID."""

    def written(self, channels: Collection[str], since_us: int, until_us: int) -> Iterator[tuple[str, int, int]]:
        """(user, hour since the epoch, messages) of what people wrote there in ``[since, until)``."""

    def talks(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[Talk]:
        """The threads and messages in which a person wrote anything in ``[since, until)``, with their replies of that time alone, the
        latest root first. What was deleted is not there."""

    def signs_of_life(
        self, users: Collection[str], channels: Collection[str], since_us: int
    ) -> Mapping[str, Mapping[str, int]]:
        """For each of ``users``, when they last wrote or reacted in each of these channels, of those where they did at or after
        ``since_us``. A reaction counts when it was seen; one that history alone tells of, when its message was written."""

    def looked_at(self, community: str, users: Collection[str]) -> Mapping[str, LookedAt]:
        """Of those for whom a digest was made before, the latest."""

    def note(self, community: str, user: str, looked: LookedAt, entries: int) -> None:
        """That a digest was made for somebody, with so many entries; 0: it was empty, and nothing is sent."""

    def private(self, channels: Collection[str]) -> frozenset[str]:
        """Those of these channels that not everybody may read, or of which it is not known."""
