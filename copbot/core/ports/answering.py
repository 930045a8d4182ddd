"""What the figures of questions and answers need from the store. Part of ``core.ports``. Instants are microseconds since the epoch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from copbot.core.records import Scope

Judged = Literal["answered", "dismissed"]


@dataclass(frozen=True)
class ListedRoot:
    """A root by a person, with its first answer before the scope's end. ``user`` and ``channel`` are Slack's IDs."""

    channel: str
    ts_us: int
    user: str
    asks: bool
    why: str
    answer_user: str | None = None
    answer_us: int | None = None


class AnsweredCounts(NamedTuple):
    """Of some roots: how many, and how many were answered by the scope's end. ``within``: for each wait, how many were answered within
    it, of those that are at least so old. ``median_us``: the wait in the middle of those answered and the two waits between which the
    true middle lies in 95 of 100 cases (``core.intervals.median_ranks``), None where they are too few to tell; None without any."""

    roots: int
    answered: int
    within: Sequence[tuple[int, int]]
    median_us: tuple[float, int | None, int | None] | None


class Answered(NamedTuple):
    """Those that ask something, and the rest."""

    questions: AnsweredCounts
    others: AnsweredCounts


class Group(NamedTuple):
    """A channel's ID ("" for all together) and the number of a span of time (0 for all of it)."""

    channel: str
    span: int


class Answering(Protocol):
    def listed(self, scope: Scope) -> Iterator[ListedRoot]:
        """Each root by a person in order of time. Read while the transaction is open."""

    def covered(
        self, scope: Scope, waits_us: Sequence[int], *, by_channel: bool = False, starts_us: Sequence[int] = ()
    ) -> Mapping[Group, Answered]:
        """How soon roots were answered, by channel, or by the spans of time that begin at ``starts_us`` (of which the first precedes or
        equals all in the scope), or altogether. Groups without a root are left out."""

    def answerers(self, scope: Scope) -> Mapping[str, int]:
        """How many answers each person gave: replies to another person's root (definitions)."""

    def judged(self, community: str, since_us: int) -> Mapping[tuple[int | None, Judged], int]:
        """How many cards were opened since then because a member's message asked, by the version of the rule that said so (None where
        that is not known) and what became of them: answered, or no question in a moderator's eyes. Others count nowhere."""

    def bot_user(self) -> str | None:
        """The bot's own user ID; None before it connected for the first time."""
