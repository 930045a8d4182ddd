"""What the rule knows of one language. Patterns are in lower case, with ' for every apostrophe, as what is said is looked at."""

import re
from typing import NamedTuple


class Language(NamedTuple):
    hints: tuple[str, ...]
    """Words one of which stands in every request of the language: looked for first, for that is fast."""
    requests: re.Pattern[str]
    """Words that ask, wherever they stand, with a mark or without."""
    idle: re.Pattern[str]
    """What looks like a question or a request and waits for no answer."""
    openings: tuple[str, ...]
    """How a sentence begins that asks, though its author left the mark out."""
    hello: str
    """What may stand before that beginning."""

    def request_in(self, said: str) -> str:
        """The words that ask; "" where none do."""
        for hint in self.hints:
            if hint in said:
                found = self.requests.search(said)
                return trimmed(found[0]) if found else ""
        return ""


def language(
    hints: str,
    requests: tuple[str, ...],
    idle: tuple[str, ...],
    openings: tuple[str, ...] = (),
    hello: str = "",
    *,
    edge: str = r"\b",
) -> Language:
    """``hints`` are parted by spaces. ``edge``: where words begin; languages that put no spaces between words have none."""
    return Language(tuple(hints.split()), _one_of(requests, edge), _one_of(idle, edge), openings, hello)


def _one_of(patterns: tuple[str, ...], edge: str) -> re.Pattern[str]:
    return re.compile(edge + "(?:" + "|".join(patterns) + ")", re.MULTILINE)


def trimmed(words: str) -> str:
    return words.strip(" \n\t,.!:;-–—(¡¿")
