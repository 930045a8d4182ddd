"""A mistake in the coordinators' files, as a value: all are told at once, each with its place."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")


@dataclass(frozen=True)
class Place:
    """Where in a file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """``file`` as the user gave the folder; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def mend(self) -> str:
        """What to do, which stands behind the first colon of every message that has one outside of what it quotes."""
        return (
            _QUOTED.sub(lambda match: match[0].replace(":", "\0"), self.message).partition(": ")[2].replace("\0", ":")
        )


def meant(word: str, known: Iterable[str]) -> str:
    """``": did you mean `x`?"``, or the known words when none is near."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f": did you mean `{near[0]}`?"
    return f": known here are {', '.join(f'`{choice}`' for choice in choices)}" if len(choices) <= 12 else ""
