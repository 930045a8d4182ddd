"""What is remembered of histories: which files of exports and which spans of channels were read. Part of ``core.ports``, whose words
on times and transactions hold here too."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from copbot.core.history import DayFile
from copbot.core.spans import Span


class Histories(Protocol):
    """Channels are Slack's IDs."""

    def taken_files(self, channel: str) -> Mapping[str, DayFile]:
        """The files of a channel that were taken in whole, by name."""

    def take_files(self, files: Collection[DayFile]) -> None:
        """Remember files as taken in whole, in the place of earlier ones of the same name."""

    def spans(self, channel: str) -> Sequence[Span]:
        """What was read of a channel's history, in order of time."""

    def set_spans(self, channel: str, spans: Sequence[Span]) -> None: ...

    def unread(self) -> Mapping[str, int]:
        """Channels that the bot could not read -> since when."""

    def note_unread(self, channel: str, since_us: int) -> None:
        """Something said since then may be missing; the earliest such instant holds until it was read."""

    def was_read(self, channel: str) -> None:
        """Nothing of the channel is missing any more."""

    def standing(self, channel: str, since_us: int) -> Collection[int]:
        """The ts of the messages from then on that stand outside threads."""

    def replies(self, channel: str, root_us: int) -> Collection[int]:
        """The ts of the replies that stand in a thread."""

    def reply_counts(self, channel: str, since_us: int) -> Mapping[int, int]:
        """Root's ts -> how many replies stand below it, of threads begun since then that have any."""

    def reactions(self, channel: str, instants: Collection[int]) -> Mapping[tuple[int, str, str], tuple[bool, int]]:
        """(ts, user, name) of the reactions known on these messages -> whether it stands, and when an event told so (0: never)."""

    def undescribed(self, most: int) -> Sequence[str]:
        """People who wrote and whom nothing describes, so many at most."""
