"""What care for threads needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class FoundThread:
    """A thread with an answer that a search found.

    ``text`` is the root's own, as Slack gave it; None where it may not be kept. ``answerers``: who answered, in order of their first
    answers. ``answered_us``: when the first answer came.
    """

    channel: str
    ts_us: int
    author: str
    text: str | None
    answerers: tuple[str, ...]
    answered_us: int


@dataclass(frozen=True)
class Alike:
    """A thread of earlier that asked something alike, and who answered it, the first answer first."""

    channel: str
    ts_us: int
    author: str
    answerers: tuple[str, ...]


class Memory(Protocol):
    """Answered threads, found by their words: only where texts are kept, and only what may be kept there now.

    Which of the ``channels`` (IDs) the searcher may see is the caller's to know (``visible``). What people type is never taken for a
    query's syntax. An answer is a reply by another person (definitions).
    """

    def find(self, words: str, channels: Collection[str], limit: int, offset: int = 0) -> Sequence[FoundThread]:
        """Answered threads in which these words stand, best first. The first of them count: a page far down may be empty."""

    def alike(self, text: str, channels: Collection[str], before_us: int, limit: int) -> Sequence[Alike]:
        """Answered questions begun before an instant that are worded like ``text`` (Slack's markup), the most alike first."""

    def visible(self, user: str, channels: Collection[str]) -> frozenset[str]:
        """Those of ``channels`` in which a person may read: the public ones, and those they are in now.

        Guests, people of other organisations and those of whom nothing is known yet read only what they are in. A channel of which it
        is not known whether it is public counts as private.
        """

    def to_look_over(self, channels: Collection[str]) -> frozenset[str]:
        """Those of ``channels`` for whose texts another rule holds than when they were last looked over."""

    def forget_beyond(self, channel: str, most: int) -> bool:
        """Forget up to ``most`` texts of a channel that may not be kept, with their words; whether there may be more. Once there are
        none, the channel is looked over."""

    def rebuild(self, after: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """Index the words of some thousand stored texts again, after those of the call before; None once all are there. The first call
        (None) empties the index: searches find less until the last one."""
