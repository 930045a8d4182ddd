"""The ledger of attention: what waits for a member, what they were told, and what became of each message. Part of ``core.ports``,
whose words on times and transactions hold here too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from copbot.core.delivery import Kind

Outcome = Literal["go", "wait", "digest", "expired", "never"]
"""What the rule decides on a message: out now, out at another time, into the member's digest, not at all because it is useful no more,
not at all because the member (or the community's file) does not want it."""


@dataclass(frozen=True)
class Entry:
    """A message in a member's account: one that waits (``said_us`` None), or one that was said or is on its way.

    ``wanted_us`` is when it was to go out at first: it never goes before, and how long it may wait counts from there. ``said_us`` is
    Slack's ``ts``, or the claim where that is later: clocks differ. ``due_us`` is what was decided last.
    """

    id: int
    key: str
    kind: Kind
    community: str | None
    wanted_us: int
    due_us: int
    expires_us: int | None = None
    said_us: int | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided on a message, and why, in words. ``at_us``: when it goes out, where it does or waits. ``day`` and ``week`` are
    the budget that held, where one did: by it the figures can be judged later, whatever the files say then."""

    outcome: Outcome
    why: str
    at_us: int | None = None
    day: int | None = None
    week: int | None = None


@dataclass(frozen=True)
class Held:
    """A message that joined a member's digest instead of coming by itself. ``text`` is mrkdwn as it would have been sent, ``link`` the
    first address in it; its buttons stay behind, since what they change was never sent. ``held_us``: when it joined."""

    key: str
    kind: Kind
    community: str | None
    text: str
    link: str | None
    wanted_us: int
    held_us: int
    why: str


@dataclass(frozen=True)
class Told:
    """A message that was sent to a member, as the figures count it; ``day`` and ``week`` as in ``Decision``."""

    user: str
    kind: Kind
    community: str | None
    said_us: int
    day: int | None = None
    week: int | None = None
    answered_us: int | None = None


@dataclass(frozen=True)
class OptOut:
    """That somebody wanted less, without who: ``what`` is a mode (``light``, ``off``), a subject turned off, or ``pause``.
    ``community`` is whose message it was pressed under, None where it was said in general."""

    what: str
    at_us: int
    community: str | None = None


class Ledger(Protocol):
    def account(self, user: str, kinds: Collection[Kind], since_us: int) -> Sequence[Entry]:
        """What waits for a member, and what they were told at or after ``since_us``, of these kinds, in the order of planning. In a
        transaction that writes it is theirs alone until its end: two processes never decide on one member at once."""

    def accounts(self, kinds: Collection[Kind], since_us: int) -> Mapping[str, Sequence[Entry]]:
        """The same of everybody for whom something waits, for looking only."""

    def record(self, entry: Entry, decision: Decision, now_us: int) -> None:
        """Keep what was decided on a message that waits, with its reason: what waits is due from then on, what joins the digest, expires
        or is not wanted is skipped. Nothing changes where it was sent, or skipped, meanwhile."""

    def for_digest(self, user: str, since_us: int) -> Sequence[Held]:
        """What joined a member's digest at or after ``since_us``, the longest wanted first."""

    def last_digest(self, user: str, community: str) -> int | None:
        """When the last digest of a community that a member was sent, or is about to be, was made; None where there was none. One that
        found no room, or that Slack refused, told them nothing."""

    def answered(self, channel: str, ts_us: int, now_us: int) -> None:
        """Note that somebody pressed or answered something in a message of the bot's; the first time counts. Nothing is noted of an
        invitation to a survey: who answered one is nobody's to know."""

    def told(self, kinds: Collection[Kind], since_us: int, until_us: int) -> Sequence[Told]:
        """The messages of these kinds that members were sent in ``[since, until)``, in order of time."""

    def decided(self, community: str, since_us: int, until_us: int) -> Mapping[Outcome, int]:
        """How many of a community's messages to members ended in each outcome in ``[since, until)``, by when it was decided."""

    def note_opt_out(self, opt_out: OptOut) -> None: ...

    def take_back_opt_outs(self, user: str, what: Collection[str]) -> None:
        """Count no more what was noted with a member's latest change of their settings: to be asked before these are saved anew."""

    def opt_outs(self, since_us: int, until_us: int) -> Sequence[OptOut]:
        """Those of ``[since, until)``, in order of time."""
