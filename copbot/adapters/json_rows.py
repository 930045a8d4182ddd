"""The entries of a JSON list one by one, without holding the list: an export's list of 100,000 people has 150 MB."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

_SPACE = " \t\n\r"
_LONGEST = 64 * 2**20
"""Characters of one entry: no genuine one comes near."""


def rows_of(chunks: Iterable[bytes]) -> Iterator[Any]:
    """The entries of a list in UTF-8 that comes in pieces. Raises ValueError (RecursionError for one nested without end) where it is
    no complete list, after what stands before that place."""
    reader = _Reader(chunks)
    if reader.next_sign() != "[":
        reader.rest()
        raise ValueError("not a list")
    reader.skip()
    if reader.next_sign() != "]":
        yield reader.value()
        while reader.next_sign() == ",":
            reader.skip()
            yield reader.value()
    if reader.next_sign() != "]":
        raise ValueError("not complete JSON")
    reader.skip()
    if reader.next_sign():
        raise ValueError("not complete JSON")


class _Reader:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._pieces = codecs.iterdecode(iter(chunks), "utf-8-sig")  # editors on Windows begin files with a mark
        self._text = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    def next_sign(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self) -> None:
        self._at += 1

    def value(self) -> Any:
        self.next_sign()
        wanted = 1
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError:
                end = -1
            # What ends where the text so far ends may go on: 12 as 123.
            if 0 <= end < len(self._text) or (end >= 0 and not self._more()):
                self._at = end
                return value
            if end < 0:
                self._grow(wanted)
                wanted *= 2

    def _grow(self, pieces: int) -> None:
        """More text by so many pieces: each time twice as many, so that a long entry is not tried again at every one."""
        if len(self._text) - self._at > _LONGEST:
            raise ValueError("not complete JSON")
        grown = [self._more() for _ in range(pieces)]
        if not any(grown):
            raise ValueError("not complete JSON")

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._text = self._text[self._at :] + piece
        self._at = 0
        return True

    def rest(self) -> None:
        """Read to the end, so that what is wrong with the bytes is told before what is wrong with the words."""
        for _ in self._pieces:
            pass
