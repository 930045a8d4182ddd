"""What a button or form is about, in its value: a card, or a thread without one; and the page of the list in which it stands.

Values come back from outside. They are claims: what is read here is well formed, and nothing more.
"""

import re
from dataclasses import dataclass
from typing import Literal

from copbot.core.records import Card
from copbot.core.time import ts_to_us, us_to_ts

Whose = Literal["all", "mine"]

_PAGE = re.compile(r"(all|mine)~([CG][A-Z0-9]{1,30}|-)~(\d{1,6})")
_CARD = re.compile(r"\d{1,15}")
_THREAD = re.compile(r"([^ /]{1,60})/([CG][A-Z0-9]{1,30})/(\d{1,12}\.\d{6})")


@dataclass(frozen=True)
class Page:
    """A page of ``/cop unanswered``: ``channel`` (an ID) alone, or all; from the ``start``-th that waits, counted from 0."""

    whose: Whose = "all"
    channel: str | None = None
    start: int = 0

    def __str__(self) -> str:
        return f"{self.whose}~{self.channel or '-'}~{self.start}"


@dataclass(frozen=True)
class Subject:
    """A ``card``, or the (community, channel, ts) of a ``thread`` that has none yet; neither where a value says nothing sound.

    ``what`` is the first word of a menu's value: what was chosen.
    """

    card: int | None = None
    thread: tuple[str, str, int] | None = None
    page: Page | None = None
    what: str = ""


def value_of(card: Card, page: Page | None = None, what: str = "") -> str:
    """At most 150 characters, as menus take. A card that is not open yet is named by its thread."""
    subject = str(card.id) if card.id else f"{card.community}/{card.channel}/{us_to_ts(card.ts_us)}"
    return " ".join(filter(None, [what, subject, "" if page is None else str(page)]))


def page_of(value: str) -> Page | None:
    found = _PAGE.fullmatch(value)
    if found is None:
        return None
    channel = None if found[2] == "-" else found[2]
    return Page("mine" if found[1] == "mine" else "all", channel, int(found[3]))


def subject_of(value: str) -> Subject:
    """The reverse of ``value_of``, and of a plain number, as older messages carry it."""
    words = value.split(" ")
    page = page_of(words[-1])
    if page is not None:
        words.pop()
    what = words.pop(0) if len(words) > 1 else ""
    named = words[0] if len(words) == 1 else ""
    if named.isascii() and _CARD.fullmatch(named):
        return Subject(card=int(named), page=page, what=what)
    thread = _THREAD.fullmatch(named)
    if thread:
        return Subject(thread=(thread[1], thread[2], ts_to_us(thread[3])), page=page, what=what)
    return Subject(page=page, what=what)
