"""A mistake in the coordinators' files, as a value: all are told at once, each with its place."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """``file`` as the user gave the folder; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def meant(word: str, known: Iterable[str]) -> str:
    """``": did you mean `x`?"``, or the known words when none is near."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f": did you mean `{near[0]}`?"
    return f": known here are {', '.join(f'`{choice}`' for choice in choices)}" if len(choices) <= 12 else ""
