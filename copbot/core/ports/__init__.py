"""What the features need from the outside, as Protocols. The adapters implement them; tests may fake the outermost.

A ``Tx`` is one transaction on the store: everything done through it is committed together when its ``with`` block ends,
or rolled back on an error. Times are integer microseconds since the epoch.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from copbot.core.community import Community
from copbot.core.delivery import Delivery, Outgoing, Posted, State
from copbot.core.facts import Fact
from copbot.core.ports.absence import Comparisons
from copbot.core.ports.answering import Answering
from copbot.core.ports.asking import Asking
from copbot.core.ports.attention import Ledger
from copbot.core.ports.care import Threads
from copbot.core.ports.case import Cases
from copbot.core.ports.digest import Digests
from copbot.core.ports.figure import Counting
from copbot.core.ports.follow_up import Newcomers, Outcomes, Referrals
from copbot.core.ports.history import Histories
from copbot.core.ports.lease import Leases
from copbot.core.ports.onboarding import Journeys
from copbot.core.ports.operation import Nights
from copbot.core.ports.participation import Belonging
from copbot.core.ports.privacy import Privacy
from copbot.core.ports.question import Decisions
from copbot.core.ports.queue import Queue
from copbot.core.ports.recognition import Recognitions
from copbot.core.ports.report import Said
from copbot.core.ports.rhythm import Controls, Pins, Presence, Suggestions, TemplateUses
from copbot.core.ports.thread import Memory
from copbot.core.ports.voices import Pulses, Stories
from copbot.core.preferences import MemberSettings
from copbot.core.records import (
    Audited,
    Card,
    CountedUser,
    Happening,
    Person,
    Root,
    Scope,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC. The demo may move it."""

    def monotonic(self) -> float:
        """Seconds that nobody can move: for request time-outs and settling."""

    def real_seconds_until(self, instant: datetime) -> float:
        """Real seconds until ``now()`` will be ``instant`` (0 when past, infinity on a clock that is held)."""

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back whenever ``now()`` jumps or changes its speed. A real clock never does."""


# --- the store ----------------------------------------------------------------------------------------------------


class Facts(Protocol):
    def record(self, facts: Iterable[Fact]) -> int:
        """Merge facts into the store by the laws of ``core.facts``. The text of a message is kept only as privacy allows.

        Returns how many messages the store did not know before.
        """

    def person(self, user: str) -> Person | None: ...

    def named(self, name: str) -> Sequence[str]:
        """The users who are called so now, large and small letters alike."""

    def member_since(self, user: str, channels: Collection[str]) -> dict[str, int]:
        """Those of ``channels`` (IDs) that a user is in now -> since when at the latest: a later list of members moves it on."""

    def was_in(self, user: str, channel: str, before_us: int) -> bool:
        """Whether a user was in a channel before an instant, as far as is known; also if they have left it since."""

    def has_posted(self, user: str, channels: Collection[str], since_us: int = 0, until_us: int | None = None) -> bool:
        """Whether a human message by ``user`` stands in one of ``channels`` (IDs) in ``[since_us, until_us)``; None: no end."""

    def open_roots(
        self, channels: Collection[str], since_us: int, until_us: int, most: int | None = None
    ) -> Sequence[Root]:
        """Roots by people in ``channels``, ``since_us <= ts < until_us``, that ask and have no answer, oldest first."""

    def first_roots(
        self, channels: Collection[str], since_us: int, until_us: int, most: int | None = None
    ) -> Sequence[Root]:
        """The same of roots, asking or not, that are their author's first message in any of ``channels``.

        Whether it is the first can be told only of those who were seen joining, or whose silence lasted for as long as
        ``FIRST_AFTER_US`` of what is stored; people of other organisations have no first message.
        """

    def begun_us(self, channels: Collection[str]) -> int | None:
        """When the stored history of these channels begins; None while there is none."""

    def unanswered(self, channel: str, roots_us: Collection[int]) -> Sequence[Root]:
        """Those of the roots at these instants in a channel that stand and have no answer, asking or not."""

    def wrote_in(self, channel: str, roots_us: Collection[int]) -> Collection[tuple[int, str]]:
        """(root's ts, user) of the people who replied in these threads."""

    def root(self, channel: str, ts_us: int) -> Root | None:
        """A root with its first answer, whether it asks or not; None when it is gone or was never seen."""

    def first_reply(self, channel: str, ts_us: int, not_by: Collection[str]) -> tuple[str, int] | None:
        """The first reply by a person not in ``not_by`` in the thread of a message: (user, ts)."""

    def liveliest_thread(self, channel: str, since_us: int, until_us: int, not_by: str) -> Root | None:
        """The thread that most people answered, ``since_us <= ts < until_us``, then the longest, then the latest; only of a
        channel that everybody may read, and not one that ``not_by`` began. None when nobody answered anything."""

    def last_message_us(self, channel: str) -> int | None:
        """When a person last wrote in the channel."""

    def hours_of(self, channel: str, since_us: int, until_us: int) -> Iterator[tuple[int, str]]:
        """(ts, user) of the human messages of a channel in ``[since, until)``, in order of time."""

    def set_asks(self, channel: str, ts_us: int, asks: bool, why: str) -> None:
        """A moderator's word on whether a root asks something."""


class Deliveries(Protocol):
    def plan(self, outgoing: Outgoing) -> bool:
        """Record a delivery. False, and nothing changes, when its key is there already."""

    def get(self, key: str) -> Delivery | None: ...

    def known(self, keys: Collection[str]) -> frozenset[str]:
        """Those of ``keys`` that were planned, whatever became of them."""

    def cancel(self, key: str, reason: str) -> bool:
        """Skip a delivery that was not sent yet."""

    def put_off(self, key: str, due_us: int) -> bool:
        """Let a delivery that was not sent yet be due at another instant."""

    def cancel_all(self, *, community: str, target: str, kinds: Collection[str], reason: str) -> int:
        """Skip all of these kinds to ``target`` that were not sent yet; how many there were."""

    def posted(self, kinds: Collection[str], since_us: int) -> Sequence[Posted]:
        """The bot's messages of these kinds that were sent with a ``ts`` at or after ``since_us``."""

    def begun_with(self, prefix: str) -> Sequence[Delivery]:
        """The messages whose keys begin so, in any state, without their updates."""

    def unsay(self, prefix: str, text: str) -> None:
        """What was said under the keys that begin so is kept no longer: ``text`` stands in its place, also in what was not sent yet."""

    def erase_updates(self, prefix: str) -> None:
        """Forget that messages whose keys begin so were brought up to date, and when."""

    def said_in(
        self, *, target: str | None = None, community: str | None = None, kinds: Collection[str], since_us: int
    ) -> Sequence[int | None]:
        """The ``ts`` of each message of these kinds that went to ``target``, or out in ``community``, at or after ``since_us``;
        None for each that is on its way."""

    def latest(self, community: str, kinds: Collection[str], limit: int) -> Sequence[Delivery]:
        """What was decided last on messages of these kinds, whatever became of it, the newest first."""

    def as_it_reads(self, key: str) -> Delivery | None:
        """The newest of a delivery and its updates, whether it was sent yet or not."""

    def told(self, targets: Collection[str], kinds: Collection[str], since_us: int) -> Mapping[str, Sequence[int]]:
        """When each person or channel was sent, or is to be sent, a message of these kinds since then, in order of time."""

    def count(self, *, target: str, kinds: Collection[str], since_us: int) -> int:
        """How many deliveries of these kinds to ``target`` were sent or are planned with ``due_us >= since_us``."""


class Outbox(Deliveries, Protocol):
    """The sending side of the deliveries."""

    def ready(self, now_us: int, limit: int) -> Sequence[Delivery]:
        """What is due, in the order in which it should go out (``core.delivery.BULK`` last), after those things it stands on."""

    def open(self) -> Sequence[Delivery]:
        """Claimed and not settled."""

    def claim(self, delivery: int, worker: str, now_us: int) -> bool:
        """Take a due delivery for one attempt. False when somebody else was faster."""

    def settle(
        self,
        delivery: int,
        attempt: int,
        state: State,
        *,
        channel: str | None = None,
        ts_us: int | None = None,
        reason: str = "",
    ) -> bool:
        """The outcome of an attempt. False, and nothing changes, when that attempt was settled before."""

    def next_due_us(self, now_us: int) -> int | None:
        """When the earliest delivery that is not due yet becomes due."""


class Cards(Protocol):
    def open(
        self,
        community: str,
        channel: str,
        ts_us: int,
        author: str | None,
        origin: str,
        why: str,
        now_us: int,
        shown_in: str,
        is_first: bool = False,
    ) -> Card | None:
        """A new card, or None when this thread has one (in any state)."""

    def get(self, card: int) -> Card | None: ...

    def of(self, community: str, state: str) -> Sequence[Card]: ...

    def with_clock(self, community: str, most_reminders: int, handed_over_since_us: int | None) -> Sequence[Card]:
        """The open cards of which something is to come by itself: they are taken or rest, had fewer reminders than ``most_reminders``,
        were not escalated, or were opened since an instant and change hands (None: those that name somebody as on duty)."""

    def stirred(self, community: str, reactions: Collection[str], next_within_us: int) -> Sequence[Card]:
        """The open cards that something may have settled, and perhaps some more: an answer, also as one of these ``reactions`` or
        within ``next_within_us`` in the channel (0: never), a deletion, an edit, an archived channel."""

    def waiting_for(self, community: str, authors: Collection[str]) -> Sequence[Card]:
        """The open cards of these people's threads, oldest question first."""

    def of_thread(self, community: str, channel: str, ts_us: int) -> Card | None: ...

    def between(self, community: str, channel: str, first_us: int, last_us: int) -> Sequence[Card]:
        """The cards of the threads of a channel that were started in ``[first, last]``, in any state, oldest question first."""

    def in_message(self, community: str, shown_in: str) -> Sequence[Card]:
        """The cards that one message shows, oldest question first."""

    def answered(self, community: str, since_us: int, until_us: int) -> Sequence[Card]:
        """Those whose answer, as far as it is known when, came in ``[since, until)``."""

    def closed_since(self, community: str, since_us: int) -> Sequence[Card]:
        """Those that were closed at or after ``since_us`` by what became of the thread, and by nobody's hand."""

    def save(self, card: Card) -> None: ...


class Questions(Protocol):
    def used(self, community: str, post: str, said_as: str = "") -> dict[str, int]:
        """Question text -> how often it was used for this post, the one used longest ago first. ``said_as`` is how the keys of
        the post's deliveries begin: a use that was refused or skipped, so that nobody read it, was no use for the order.
        """

    def use(self, community: str, post: str, question: str, occasion: str, now_us: int) -> None: ...


class Inbox(Protocol):
    def once(self, key: str, now_us: int, happening: Happening | None = None) -> bool:
        """Note that an event, press or form was taken in. False when it was taken in before."""

    def next(self, put_aside: Collection[int] = ()) -> Happening | None:
        """The oldest happening that was not dealt with and is not put aside."""

    def done(self, happening: int, now_us: int) -> bool:
        """Mark it as dealt with. False when it was already."""

    def forget(self, before_us: int) -> None:
        """Forget the keys of what was dealt with before that instant."""


class Audit(Protocol):
    """What moderators and coordinators did, with who and when."""

    def note(self, community: str, actor: str, action: str, subject: str, now_us: int, detail: str = "") -> None:
        """``action`` is a verb in the past tense such as ``paused``; ``subject`` what it was done to. No text of a member's."""

    def since(self, community: str | None, since_us: int) -> Sequence[Audited]:
        """What was done at or after that instant in a community (None: in any, or in none in particular), the oldest first."""


class Tx(Protocol):
    """One module per port, all in the same transaction."""

    @property
    def facts(self) -> Facts: ...
    @property
    def deliveries(self) -> Outbox: ...
    @property
    def journeys(self) -> Journeys: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def asking(self) -> Asking: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def answering(self) -> Answering: ...
    @property
    def comparisons(self) -> Comparisons: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def figures(self) -> "Figures": ...
    @property
    def presence(self) -> Presence: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def controls(self) -> Controls: ...
    @property
    def template_uses(self) -> TemplateUses: ...
    @property
    def pins(self) -> Pins: ...
    @property
    def newcomers(self) -> Newcomers: ...
    @property
    def outcomes(self) -> Outcomes: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def suggestions(self) -> Suggestions: ...
    @property
    def belonging(self) -> Belonging: ...
    @property
    def histories(self) -> Histories: ...
    @property
    def recognitions(self) -> Recognitions: ...
    @property
    def said(self) -> Said: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def cases(self) -> Cases: ...

    @property
    def pulses(self) -> Pulses: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def preferences(self) -> MemberSettings: ...
    @property
    def privacy(self) -> Privacy: ...
    @property
    def lease(self) -> Leases: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def nights(self) -> Nights: ...


class Store(Protocol):
    def begin(self) -> AbstractContextManager[Tx]:
        """A write transaction, committed at the end of the block."""

    def begin_in_background(self) -> AbstractContextManager[Tx]:
        """The same for one step of many that nobody waits for: afterwards others have as long to write as it took. Without that they
        would find the database locked again each time they look."""

    def read(self) -> AbstractContextManager[Tx]:
        """A consistent view for reading."""

    def wipe(self) -> None:
        """Make what was deleted illegible in the database's files too, in short steps: the words that the index still holds of deleted
        texts, and the journal. What somebody is still reading stays until the next time. A server looks after its own files."""


# --- figures: raw material of definitions.md, counted by the store --------------------------------------------------


class Figures(Counting, Protocol):
    def messages(self, scope: Scope) -> Iterator[tuple[int, int]]:
        """(ts, user key) of each human message in order of time; user keys are small integers of the store's."""

    def roots(self, scope: Scope) -> Iterator[tuple[int, bool, int | None]]:
        """(ts, asks, ts of the first answer before ``until``, or None) of each human root."""

    def contributions(self, scope: Scope, user: str | None = None) -> Iterator[tuple[int, int, str]]:
        """(user key, ts, kind) of each contribution, by user and time; of one ``user`` alone when given.

        Kinds: ``root``; ``reply`` to another person's root, ``own_reply`` for any other; ``reaction`` to another person's
        message, ``reaction_own`` for any other.
        """

    def users(self, scope: Scope, user: str | None = None) -> Iterator[CountedUser]:
        """Who is a member (definitions) of the scope's channels, or contributed in them, by user ID; ``user`` alone when given."""

    def channels(self) -> Sequence[tuple[str, str | None]]:
        """(ID, name without ``#``) of all stored channels, by name."""


# --- Slack and the files --------------------------------------------------------------------------------------------


class Slack(Protocol):
    """The Web API as copbot uses it. Raises the errors of ``core.errors``."""

    def post(
        self,
        channel: str,
        text: str,
        blocks: Sequence[dict[str, Any]],
        thread_ts: str | None,
        metadata: dict[str, Any],
    ) -> tuple[str, int]:
        """Post once, without any retry; (channel, ts in microseconds)."""

    def update(
        self, channel: str, ts: str, text: str, blocks: Sequence[dict[str, Any]], metadata: dict[str, Any]
    ) -> None: ...

    def pin(self, channel: str, ts: str) -> None:
        """Pin a message; nothing changes where it is pinned already."""

    def unpin(self, channel: str, ts: str) -> None:
        """Take a pin away; nothing changes where there is none."""

    def open_dm(self, user: str) -> str:
        """The ID of the direct message channel with a user."""

    def share(self, channel: str, text: str, files: Sequence[tuple[str, str]]) -> None:
        """Post uploaded files, each ``(ID, title)``, with a text, once and without any retry."""

    def find_delivery(
        self, channel: str, key: str, oldest_us: int, thread_ts: str | None, file: str | None = None
    ) -> int | None:
        """The ts (microseconds) of the bot's message with this delivery's metadata, or with a ``file`` of that name; None when it is
        not there."""

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None: ...

    def permalink(self, channel: str, ts: str) -> str | None: ...


class Directory(Protocol):
    """What the coordinators' references mean on Slack now."""

    def channel(self, reference: str) -> str | None:
        """The ID of ``"#name"`` or of an ID; None when Slack has no such channel."""

    def channel_name(self, channel: str) -> str:
        """A channel's name without ``#``, or its ID when the name is not known."""

    def people(self, references: Iterable[str]) -> frozenset[str]:
        """The user IDs of IDs, e-mail addresses and user groups."""


class Templates(Protocol):
    def render(self, community: Community, name: str, values: dict[str, Any], language: str | None = None) -> str:
        """A prompt as Slack mrkdwn. Raises Mistake with the file and line when it cannot be rendered."""

    def render_text(self, community: Community, source: str, values: dict[str, Any]) -> str:
        """A template given as text (a post's ``text:``)."""

    def version(self, community: Community, name: str, language: str | None = None) -> str:
        """A short fingerprint of a template's source for a reader of this language, such as the guidelines that somebody accepted."""


@dataclass(frozen=True)
class FilesRead:
    """The coordinators' files as they were read just now: what is wrong in them, a line each, or which were added, changed or removed
    (file -> the verb) since the state before, and are in force."""

    mistakes: Sequence[str] = ()
    changes: Mapping[str, str] = field(default_factory=dict)


def _no_holiday(_country: str, _day: date) -> str | None:
    return None


@dataclass(frozen=True)
class Context:
    """What every use case gets first. Built in ``wiring.py``.

    ``holidays`` names the public holiday of a country (``TH``) or of its subdivision (``DE-BY``) on a date, in English; None on any
    other day. ``mistakes``: what is wrong in the coordinators' files as they stand, a line each, while the last good state is in force.
    ``reload`` reads them now.
    """

    clock: Clock
    store: Store
    directory: Directory
    templates: Templates
    communities: Callable[[], tuple[Community, ...]]
    permalink: Callable[[str, int], str | None]
    command: str = "/cop"
    holidays: Callable[[str, date], str | None] = _no_holiday
    mistakes: Callable[[], Sequence[str]] = tuple
    reload: Callable[[], FilesRead] = FilesRead
