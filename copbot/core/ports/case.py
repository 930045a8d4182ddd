"""What moderation needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

CaseState = Literal["open", "closed"]
ReminderState = Literal["", "due", "sent", "failed"]
CaseAction = Literal["reminded", "warned", "no_action", "noted", "reopened"]


@dataclass(frozen=True)
class Case:
    """A message by ``author`` that was reported. ``version`` counts what was told of it.

    ``shown_to``: the channel, or the people, that have its card. ``is_gone``: the message was deleted. ``reminder``: what became of
    the private reminder.
    """

    id: int
    community: str
    channel: str
    ts_us: int
    author: str
    state: CaseState
    opened_us: int
    version: int = 0
    shown_to: tuple[str, ...] = ()
    is_gone: bool = False
    reminder: ReminderState = ""
    closed_us: int | None = None


@dataclass(frozen=True)
class Report:
    """One person's report. ``reason`` and ``line`` are plain text, not escaped; ``is_named``: the moderators may know who it was."""

    reporter: str
    reason: str
    line: str
    is_named: bool
    wants_news: bool
    at_us: int


@dataclass(frozen=True)
class Step:
    """What was done about a case. ``note`` is the moderator's own, not escaped."""

    actor: str
    action: CaseAction
    at_us: int
    note: str = ""


class Cases(Protocol):
    """Messages that were reported: one case for each message and community, however many report it."""

    def open(self, community: str, channel: str, ts_us: int, author: str, now_us: int) -> Case:
        """The case of this message: the one that is there, in whatever state, or a new one."""

    def get(self, case: int) -> Case | None: ...

    def save(self, case: Case) -> None: ...

    def open_in(self, community: str) -> Sequence[Case]:
        """The open ones, the oldest first."""

    def report(self, case: int, report: Report) -> bool:
        """Keep a report. False, and nothing changes, when this person reported it before."""

    def reports(self, case: int) -> Sequence[Report]:
        """The first first."""

    def step(self, case: int, step: Step) -> None: ...

    def steps(self, case: int) -> Sequence[Step]:
        """The first first."""

    def earlier(self, community: str, author: str, since_us: int, besides: int) -> Sequence[Case]:
        """The cases about a person opened since then, the oldest first, without this one."""

    def message(self, channel: str, ts_us: int) -> tuple[str | None, bool]:
        """What is kept of a message's text, and whether it is known to be deleted."""

    def author(self, channel: str, ts_us: int) -> str | None:
        """Who wrote a message, as far as that is known."""
