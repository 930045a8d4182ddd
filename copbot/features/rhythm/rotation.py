"""Which question and which template come next. Pure.

A question is known by its words: spaces, line breaks, capitals and punctuation make no difference, and neither does a small
edit, such as a typo mended. So questions may be moved about and polished in the file without being asked again.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

SAME_FROM = 0.85
"""How much of two wordings must agree for them to be one question (difflib's ratio). A word changed in a sentence of ten
passes; two questions that share their beginning do not.
"""

_WORDS = re.compile(r"\w+")


def next_question(questions: Sequence[str], used: Mapping[str, int]) -> str | None:
    """The next of a post's questions: the first in the file that was never used, else the one used longest ago.

    ``used`` has the texts in order of their last use, the oldest first.
    """
    known = {identity(question): question for question in questions}
    last_use: dict[str, int] = {}
    for turn, words in enumerate(used):
        same = identity(words)
        if same not in known:
            same = _edited(same, known, {identity(other) for other in used}) or same
        last_use[same] = turn
    fresh = next((question for words, question in known.items() if words not in last_use), None)
    if fresh is not None or not known:
        return fresh
    return known[min(known, key=lambda words: last_use[words])]


def next_template(templates: Sequence[str], last: str | None) -> str | None:
    """The next of a post's templates in the order of the file: never the same twice running where there are several."""
    if not templates:
        return None
    if last not in templates:
        return templates[0]
    return templates[(templates.index(last) + 1) % len(templates)]


def identity(question: str) -> str:
    """A question's words alone."""
    return " ".join(_WORDS.findall(question.casefold())) or " ".join(question.split())


def _edited(gone: str, known: Mapping[str, str], used: set[str]) -> str | None:
    """The question of now that one no longer in the file has become by a small edit."""
    alike = {words: SequenceMatcher(None, gone, words).ratio() for words in known if words not in used}
    best = max(alike, key=lambda words: alike[words], default=None)
    return best if best is not None and alike[best] >= SAME_FROM else None
