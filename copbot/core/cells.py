"""Text in the columns of a terminal, where a Chinese or Japanese character takes two."""

import unicodedata
from collections.abc import Iterator


def cell(text: str, width: int, *, right: bool = False) -> str:
    """A text made exactly so many columns wide: filled up, or cut with an ellipsis. What a terminal would obey is shown as a sign."""
    shown = "".join(character if character.isprintable() else "�" for character in text)
    if columns(shown) > width:
        while columns(shown) > width - 1:
            shown = shown[:-1]
        shown += "…"
    room = " " * (width - columns(shown))
    return room + shown if right else shown + room


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Plain text as lines of at most so many columns, each after ``indent``, parted between words; a word that is longer, or a text that
    is written without spaces, is parted within. What a terminal would obey is left out."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    lines: list[str] = []
    line = ""
    for word in (piece for whole in shown.split() for piece in _pieces(whole, width - len(indent))):
        joined = f"{line} {word}" if line else word
        if columns(joined) > width - len(indent):
            lines.append(line)
            joined = word
        line = joined
    return [f"{indent}{one}" for one in (*lines, line) if one]


def _pieces(word: str, width: int) -> Iterator[str]:
    while columns(word) > width:
        cut = next(cut for cut in range(len(word), 0, -1) if columns(word[:cut]) <= width)
        yield word[:cut]
        word = word[cut:]
    yield word
