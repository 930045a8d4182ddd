"""What levels and movement need of the store, beside the figures. Part of ``core.ports``, whose words on times hold here too."""

from collections.abc import Collection, Mapping
from typing import Protocol


class Belonging(Protocol):
    """Who belonged where, and no longer does."""

    def left(self, channels: Collection[str], since_us: int) -> Mapping[str, tuple[int | None, int]]:
        """User ID -> (since when at the latest, when last) somebody is known to have been in one of ``channels`` (IDs), of those for whom
        the latter is at or after ``since_us``, and who are in none of them any more or were deactivated.

        A leaving that was heard of is dated by itself, any other by the last list that they stood in.
        """

    def is_private(self, channel: str) -> bool:
        """Whether a channel is known to be private."""
