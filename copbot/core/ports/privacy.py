"""What privacy needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too.

To forget a person use ``core.privacy.forget(store, user, now_us)``: it takes as many short transactions as it needs, so that nobody waits,
and what it began is finished by the nightly clean-up if the process ends in between. ``stop_tracking`` and ``track_again`` are one
transaction each.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

Gone = Literal["forgotten", "left"]
"""On their own word, or the operator's; or because they left long ago, which ends with their coming back."""


class Cleaned(NamedTuple):
    """One short step: how many rows it changed, and whether more are left for another."""

    rows: int
    more: bool


class Trace(NamedTuple):
    """A row that names somebody, by its primary key."""

    table: str
    key: Mapping[str, Any]


class Counted(NamedTuple):
    """The rows of a table about one person: how many, the first and the last instant (None where that tells nothing), and how many hold a
    text of theirs."""

    rows: int
    first_us: int | None = None
    last_us: int | None = None
    texts: int = 0


class Privacy(Protocol):
    def stored(self, user: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row about one person (Slack's ID), by table, the tables without any left out.

        Values are plain: None, bool, int, str, and lists and dicts of these. The store's own keys are left out, people and channels are
        Slack's IDs, instants are microseconds in columns whose names end in ``_us``. Messages and reactions by them, in order of time.
        Other people stand in it as what they are to the person; who reported a message of theirs, and moderators' notes, do not.
        """

    def counted(self, user: str, at: Mapping[str, str]) -> Mapping[str, Counted]:
        """The same rows in numbers, which are told at once however many there are. ``at``: by table the column that says when."""

    # -- forgetting: core.privacy.forget goes through these

    def forget(self, user: str, now_us: int, how: Gone = "forgotten") -> None:
        """Begin to forget somebody: from this transaction on nothing is recorded with their name, and nothing is sent to them. What is
        there goes with ``forget_some`` and ``take_out``. Raises Mistake for an app."""

    def forget_some(self, user: str) -> Cleaned:
        """A step: messages lose their author and text, what is the person's alone goes, what is the community's stays without them."""

    def traces(self, user: str) -> Sequence[Trace]:
        """Rows that still name somebody who is being forgotten, some of them where there are many. Reads everything: not for a write
        transaction."""

    def take_out(self, user: str, traces: Collection[Trace]) -> int:
        """Take the person out of these rows; how many were changed."""

    def forgotten(self, user: str) -> None:
        """Nothing names them any more: the end of it. All that remains is a keyed hash. Not yet while a message that names them is being
        sent: then the next clean-up ends it."""

    def being_forgotten(self) -> Sequence[str]:
        """Whose erasure was begun and is not done yet."""

    def is_forgotten(self, user: str) -> bool:
        """Whether somebody was forgotten, or is being. It holds until ``track_again``."""

    # -- not tracking

    def stop_tracking(self, user: str, now_us: int) -> int:
        """ "Do not track me": what is recorded from now on has no author and no text, and the bot begins no conversation with them. What is
        there stays until it is erased. What waits to be sent to them is dropped: how many messages that were."""

    def track_again(self, user: str) -> None:
        """They said that they want to be known (again), forgotten or untracked. What has no author keeps none."""

    def is_untracked(self, user: str) -> bool:
        """Whether somebody said "do not track me"; False of who was forgotten."""

    def hidden(self, users: Collection[str]) -> frozenset[str]:
        """Those of ``users`` that are forgotten or untracked: the bot starts nothing with them."""

    # -- the nightly clean-up

    def note_left(self, now_us: int) -> int:
        """Date the leaving of those who are found to be deactivated, or, of people of other organisations, to be in no channel any more;
        take the date away from those who came back. How many were dated."""

    def left_before(self, before_us: int) -> Sequence[str]:
        """Who was found to have left before an instant and was not forgotten since."""

    def forget_authors(self, channel: str, before_us: int) -> Cleaned:
        """A step: messages of a channel from before an instant lose author and text, reactions to them go."""

    def forget_records(self, community: str, before_us: int, sent_before_us: int) -> Cleaned:
        """A step: what was settled before an instant goes: cards, cases, what moderators did; and, before another one, messages that the
        bot sent."""
