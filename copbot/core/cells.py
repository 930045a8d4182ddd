"""Text in the columns of a terminal, where a Chinese or Japanese character takes two."""

import unicodedata


def cell(text: str, width: int, *, right: bool = False) -> str:
    """A text made exactly so many columns wide: filled up, or cut with an ellipsis. What a terminal would obey is shown as a sign."""
    shown = "".join(character if character.isprintable() else "�" for character in text)
    if _width(shown) > width:
        while _width(shown) > width - 1:
            shown = shown[:-1]
        shown += "…"
    room = " " * (width - _width(shown))
    return room + shown if right else shown + room


def _width(text: str) -> int:
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
