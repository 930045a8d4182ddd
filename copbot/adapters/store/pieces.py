"""Long lists of keys, asked for some at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Key = TypeVar("Key")

AT_ONCE = 500
"""Keys in one query: far below every database's limit of parameters."""


def pieces(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
