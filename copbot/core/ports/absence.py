"""What is asked of the store after an absence. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Mapping
from typing import Protocol

from copbot.core.records import HappeningKind


class Comparisons(Protocol):
    """What was known of people when Slack's lists of them were last compared with the store."""

    def compared_us(self) -> int | None:
        """When the list of all was last read; None before the first time, and after Slack refused it."""

    def set_compared(self, at_us: int | None) -> None: ...

    def known_since(self, users: Collection[str]) -> Mapping[str, int | None]:
        """Of those that the store knows, the instant of the first fact about them; None where no fact tells."""

    def members(self, channel: str) -> Collection[str] | None:
        """Who was in a channel; None when its members were not listed when people were last compared."""

    def joined(self, kind: HappeningKind, channel: str | None = None, since_us: int = 0) -> Collection[str]:
        """Those of whose joining (or leaving, by ``kind``) at or after ``since_us`` something follows or followed: told by Slack, or
        found."""
