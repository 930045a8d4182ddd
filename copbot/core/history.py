"""What reading a history yields besides facts: its problems, told in one line each, and which of its files were read whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from copbot.core.facts import Fact


@dataclass(frozen=True)
class Problem:
    """Something that could not be taken in as it stood. ``kind`` groups such; ``line`` is told to a person."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class DayFile:
    """A file of a history that was taken in whole: what it held, and a fingerprint of all that decided what it means.

    ``channel`` is Slack's ID; ``first_us`` and ``last_us`` are of its messages by people, ``latest_us`` of all its messages.
    """

    channel: str
    name: str
    fingerprint: str
    messages: int
    reactions: int
    bots: int
    notices: int
    first_us: int | None
    last_us: int | None
    latest_us: int


@dataclass(frozen=True, slots=True)
class Whole:
    """All facts of a file have been told. ``is_known``: it was taken in before and none of them is told again."""

    file: DayFile
    is_known: bool = False


Taken = Callable[[str], Mapping[str, DayFile]]
"""The files of a channel (ID) that were taken in before, by name."""


class History(Protocol):
    """A history from outside, such as an export, read once from beginning to end."""

    name: str
    bots: int  # messages by bots and apps met so far: no activity
    notices: int  # joins, topics, pins and other messages of Slack's own met so far: no activity

    def read(self, known_channels: Mapping[str, str], taken: Taken) -> Iterator[Fact | Problem | Whole]:
        """All facts and problems. ``known_channels``: name -> ID, for channels that the history does not identify."""

    def progress(self) -> float:
        """The share that has been read, from 0 to 1."""


@dataclass(frozen=True)
class Told:
    """A message of a channel as Slack's history tells it now: what stands, and what a notice says.

    ``replies``: how many stand below it; ``latest_reply_us``: when the last of them came, as far as Slack tells. ``reactions``: (user,
    name) of those that stand; None where Slack does not name all of them. ``is_gone``: deleted, and kept for its replies.
    """

    ts_us: int
    facts: tuple[Fact, ...]
    replies: int = 0
    latest_reply_us: int | None = None
    reactions: frozenset[tuple[str, str]] | None = None
    is_gone: bool = False


class ChannelHistory(Protocol):
    """A channel's history on Slack, page by page. Raises SlackRefused, and SlackUnavailable when it is to be asked later."""

    def pages(self, channel: str, low_us: int, high_us: int) -> Iterator[Sequence[Told]]:
        """What stands outside threads from ``low`` to ``high``, both included, the newest first."""

    def thread(self, channel: str, root_us: int) -> Iterator[Sequence[Told]]:
        """A root and its replies, the oldest first."""
