"""What the store gives back: its records as plain values. Times are integer microseconds since the epoch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

JourneyState = Literal["invited", "answered", "declined", "ended"]
HappeningKind = Literal["joined_workspace", "joined_channel", "left_channel", "told_of_worth"]
SuggestionState = Literal["waiting", "approved", "declined", "removed"]


@dataclass(frozen=True)
class Person:
    """What the store knows of a user."""

    user: str
    name: str = ""
    timezone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    is_deleted: bool = False
    is_external: bool = False
    is_guest: bool = False
    is_untracked: bool = False  # they said "do not track me": the bot begins nothing with them
    known_since_us: int | None = None
    joined_us: int | None = None


@dataclass(frozen=True)
class Root:
    """A root message with its first answer by another person, as thread care sees it. It has none where only such are asked for.

    ``asks``: whether it asks something as it stands now, after edits.
    """

    channel: str
    ts_us: int
    user: str
    why: str
    text: str | None
    answer_user: str | None = None
    answer_us: int | None = None
    asks: bool = True


@dataclass(frozen=True)
class Journey:
    """One newcomer's way into one community.

    ``state``: invited, answered, declined ("no thanks", said once) or ended (left the workspace). ``draft``: what stands half-filled
    in the form, as Slack's ``view.state.values``. Who declined or left may have answered all the same: ``answered_us`` tells.
    """

    id: int
    community: str
    user: str
    state: JourneyState
    started_us: int
    answered_us: int | None = None
    guidelines_version: str | None = None
    draft: Mapping[str, Any] | None = None
    closed_us: int | None = None  # when it was declined or ended

    @property
    def goes_on(self) -> bool:
        """Whether the bot may still write of it by itself."""
        return self.state in ("invited", "answered")


@dataclass(frozen=True)
class Candidate:
    """A newcomer on their way, with who they are."""

    journey: Journey
    person: Person


Verdict = Literal["yes", "partly", "not_yet"]


@dataclass(frozen=True)
class GivenOutcome:
    """Whether a newcomer got what they came for, with a line of their own ("" for none; not escaped)."""

    verdict: Verdict
    line: str
    at_us: int


@dataclass(frozen=True)
class Referral:
    """Who a newcomer said had invited them. ``started_us``: when the newcomer was welcomed; ``active_us``: when they first wrote."""

    newcomer: str
    inviter: str
    started_us: int
    active_us: int | None = None


@dataclass(frozen=True)
class GivenAnswer:
    question: str
    value: str  # as shown: options joined by ", ", a person as <@U…>, a date as YYYY-MM-DD; not escaped
    share: bool = False


CardState = Literal["open", "answered", "dismissed", "withdrawn"]
SettledHow = Literal["", "reply", "reaction", "next_message", "hand", "archived"]


@dataclass(frozen=True)
class Card:
    """A question that waits, as the moderators see it. ``version`` counts what was told of it.

    ``ts_us`` is its first message's, ``joined_us`` those of further ones that its author wrote within the hour: an answer to any of
    them that asks is an answer.

    ``claimed_by`` took it, at ``claimed_us``; of a card that was freed again nobody has it, and ``claimed_us`` is when that was.
    ``is_asked``: whoever has it was asked for an answer and said yes: they need be no moderator.

    ``is_first``: its author's first message here; it waits for an answer whether it asks or not, and stands first.
    ``marked_by``: the moderator who said that it waits, whatever a rule says. ``duty``: whom it names as on duty.
    ``shown_in`` is the key of the delivery whose message shows the card; several cards may share one message.

    ``snoozed_until_us``: nobody is reminded of it before. ``counted_us``: from when reminders and the escalation count, where it was
    snoozed or reopened; else they count from its opening and its question. ``was_freed``: it was said once that it is free again.

    Once it is closed ``settled_how`` tells by what (``""`` where an older program closed it), ``settled_by`` the moderator, or the
    person who reacted, that closed it, ``answered_by`` and ``answered_us`` who answered and when, as far as that is known.
    ``reopened_us`` is when it came back last; ``reopened_by`` the moderator who brought it back, None where its answer was deleted.
    """

    id: int
    community: str
    channel: str
    ts_us: int
    author: str | None
    origin: Literal["member", "question", "introduction"]
    state: CardState
    opened_us: int
    version: int = 0
    claimed_by: str | None = None
    claimed_us: int | None = None
    reminders: int = 0
    escalated: bool = False
    closed_us: int | None = None
    why: str = ""
    shown_in: str = ""
    is_first: bool = False
    joined_us: tuple[int, ...] = ()
    snoozed_until_us: int | None = None
    counted_us: int | None = None
    duty: str | None = None
    is_asked: bool = False
    was_freed: bool = False
    marked_by: str | None = None
    reopened_us: int | None = None
    reopened_by: str | None = None
    answered_by: str | None = None
    answered_us: int | None = None
    settled_by: str | None = None
    settled_how: SettledHow = ""

    @property
    def messages_us(self) -> tuple[int, ...]:
        """The ts of all its messages, in order of time."""
        return (self.ts_us, *self.joined_us)


@dataclass(frozen=True)
class Happening:
    """An event of which something may follow."""

    id: int
    kind: HappeningKind
    user: str
    at_us: int
    channel: str | None = None


@dataclass(frozen=True)
class CountedUser:
    """``joined_us``: the first team_join or channel_join, failing both the first human message, else None."""

    key: int
    user: str
    is_member: bool
    joined_us: int | None
    answered_onboarding_us: int | None = None


@dataclass(frozen=True)
class Scope:
    """Which messages are counted. ``channels`` None: all stored channels (IDs otherwise). ``since_us`` None: from the first."""

    since_us: int | None
    until_us: int
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Audited:
    """Something that a moderator or coordinator did. ``actor`` is a user's ID; ``subject`` a post's id, a user's ID, a channel's."""

    at_us: int
    community: str
    actor: str
    action: str
    subject: str
    detail: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A question that a member suggested. ``post``: the id of the post whose rotation it joins, or joined.

    ``question`` is plain text, as it will be asked: a moderator may have reworded it. ``is_named``: the member may be named when it
    is asked. ``removed``: approved once, and taken out of the rotation again.
    """

    id: int
    community: str
    user: str
    question: str
    state: SuggestionState
    post: str | None
    is_named: bool
    suggested_us: int
    decided_by: str | None = None
    decided_us: int | None = None


@dataclass(frozen=True)
class PostControl:
    """A moderator's word on a post, over the file's: paused or resumed, by whom (a user's ID) and when."""

    community: str
    post: str
    paused: bool
    by: str
    at_us: int
