"""The digest as its coordinators set it, and as plain values: what each entry says before anybody shows it.

A member's own digest has ``MOST`` entries at most; the community's, which is sent on by e-mail, has sections of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.posts import Weekday

DigestEvery = Literal["week", "2 weeks", "month"]

MOST = 5
"""Entries of one digest: as much as somebody reads on a phone between two meetings."""

TEMPLATE = "digest.j2"
"""The prompt that is used where it is there, without being named."""

EntryKind = Literal["held", "may_know", "yours", "coming", "answered", "question", "waits", "lively", "rest"]
"""``held``: something that was to come by itself; ``may_know``: a question that waits, like others that this member answered;
``yours``: answers to the member's own message; ``coming``: what has a date; ``answered``: a question with its answers; ``question``:
one that the bot asked; ``waits``: any other question without an answer; ``lively``: what people talked about; ``rest``: other messages.
"""


@dataclass(frozen=True)
class DigestRules:
    """How often members get a digest, and on which days of the week (Monday is 0): each at an hour of their own on one of them."""

    every: DigestEvery = "week"
    on: tuple[Weekday, ...] = (1, 2, 3)
    prompt: str = TEMPLATE


WEEKLY = DigestRules()
"""What holds where the files say nothing."""


@dataclass(frozen=True)
class Entry:
    """One line. ``title``: plain text, "" where no text is kept; ``link``: the address of the thread, None where there is none.

    ``who``: a user's ID; ``channel``: an ID. ``people``: how many others answered, or wrote; ``count``: how many messages.
    ``at_us``: when it was written, or when what is coming comes.
    """

    kind: EntryKind
    title: str = ""
    link: str | None = None
    who: str | None = None
    channel: str | None = None
    people: int = 0
    count: int = 0
    at_us: int | None = None


SectionKind = Literal["waits", "answered", "lively", "coming"]


@dataclass(frozen=True)
class IssueLine:
    """An entry as it is read by everybody: with names instead of IDs. All plain text; whoever shows it escapes it."""

    title: str
    link: str | None
    detail: str


@dataclass(frozen=True)
class Issue:
    """The digest of a whole community over ``[since, until)``. ``more``: how many lines of a section found no room. ``left_out``: the
    names of channels of which nothing is told, because not everybody may read them."""

    name: str
    since: datetime
    until: datetime
    zone: ZoneInfo
    messages: int
    people: int
    channels: Sequence[str]
    sections: dict[SectionKind, Sequence[IssueLine]] = field(default_factory=dict)
    more: dict[SectionKind, int] = field(default_factory=dict)
    left_out: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not any(self.sections.values())
