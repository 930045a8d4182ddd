"""What decisions on questions need from the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Sequence
from typing import Protocol

from copbot.core.facts import MessageSeen


class Decisions(Protocol):
    """Which stored texts an earlier rule of questions decided on (``core.asks``). Channels are Slack's IDs."""

    def channel_before(self, rule: int) -> str | None:
        """A channel whose kept texts were not all looked at by this version of the rule; None when there is none."""

    def decided_before(self, channel: str, rule: int, most: int) -> Sequence[MessageSeen]:
        """The first of its roots whose texts are kept and which an earlier rule decided; a moderator's word is no rule's."""

    def looked_over(self, channel: str, rule: int) -> None:
        """All its kept texts were looked at by this version."""
