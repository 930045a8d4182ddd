"""What reading a history yields besides facts: its problems, told in one line each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from copbot.core.facts import Fact


@dataclass(frozen=True)
class Problem:
    """Something that could not be taken in as it stood. ``kind`` groups such; ``line`` is told to a person."""

    kind: str
    line: str


class History(Protocol):
    """A history from outside, such as an export, read once from beginning to end."""

    name: str
    bots: int  # messages by bots and apps met so far: no activity
    notices: int  # joins, topics, pins and other messages of Slack's own met so far: no activity

    def read(self, known_channels: Mapping[str, str]) -> Iterator[Fact | Problem]:
        """All facts and problems. ``known_channels``: name -> ID, for channels that the history does not identify."""

    def progress(self) -> float:
        """The share that has been read, from 0 to 1."""
