"""What happened on Slack, as copbot keeps it: who, where, when. Texts are passed along and kept only as allowed.

The laws by which two reports of the same thing become one are here, so that events, imports and history
reads in any order leave the same store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

HUMAN_SUBTYPES = frozenset({None, "file_share", "me_message", "thread_broadcast"})
SLACKBOT = "USLACKBOT"

NOBODY, NOBODY_ELSE = "nobody", "nobody_else"
"""The authors of all messages whose author is not kept: of people who were forgotten, who are not tracked, and of what is older than
``keep_activity``. The same for all of them, so that nothing ties two messages together; people to totals, members to no figure.
``NOBODY_ELSE`` wrote what is known to be a reply to somebody else's message: so a question that was answered stays answered."""

NOBODIES = frozenset({NOBODY, NOBODY_ELSE})

MEMBERS_AT_ONCE = 1000
"""Members in one part of a channel's list, where it is recorded beside a running bot or in little memory."""


@dataclass(frozen=True)
class MessageSeen:
    """A message that a person may have written: kept subtypes, with a user, without a bot_id.

    ``ts_us`` and ``thread_us`` are microseconds; ``thread_us`` is None for a root. ``edited_us`` is 0 when it was never
    edited: of two reports the one with the later edit holds.
    """

    channel: str
    ts_us: int
    user: str
    thread_us: int | None = None
    text: str = ""
    edited_us: int = 0
    root_user: str | None = None  # of a reply: who began the thread, where the report tells


@dataclass(frozen=True)
class MessageGone:
    """A deleted message. Deletion holds against every report of the same message, earlier or later."""

    channel: str
    ts_us: int


@dataclass(frozen=True)
class ReactionSeen:
    """A reaction put on or taken off. ``event_us`` orders live changes; 0 for history, which never overrides a live one."""

    channel: str
    ts_us: int  # of the message: a reaction is dated by it (definitions: contribution)
    user: str
    name: str
    item_user: str | None = None
    present: bool = True
    event_us: int = 0


@dataclass(frozen=True)
class UserSeen:
    """A user as Slack describes it now. None leaves what is known untouched; the later holds field by field."""

    user: str
    name: str | None = None
    timezone: str | None = None
    locale: str | None = None
    is_bot: bool | None = None
    is_deleted: bool | None = None
    is_external: bool | None = None
    is_guest: bool | None = None
    known_since_us: int | None = None  # this person existed at that time: the smallest holds
    updated_us: int = 0  # of two descriptions the later holds


@dataclass(frozen=True)
class MembershipSeen:
    """Someone joined or left a channel. The later ``at_us`` holds; a join also dates the person's joining."""

    channel: str
    user: str
    is_member: bool
    at_us: int


@dataclass(frozen=True)
class MembersListed:
    """Who was in a channel at ``at_us``, as a list of all: whoever is not in it was no member then. It dates nobody's joining."""

    channel: str
    users: tuple[str, ...]
    at_us: int


def members_listed(
    channel: str, users: Sequence[str], at_us: int, most: int = MEMBERS_AT_ONCE
) -> Iterator[MembersListed]:
    """A list in parts that say the same together: in how many transactions they are recorded makes no difference in the end."""
    for start in range(0, max(1, len(users)), most):
        yield MembersListed(channel, tuple(users[start : start + most]), at_us)


@dataclass(frozen=True)
class WorkspaceJoined:
    """A ``team_join``."""

    user: str
    at_us: int


@dataclass(frozen=True)
class ChannelSeen:
    """A channel as described at ``updated_us`` (0: unknown). Of two descriptions the later holds, field by field."""

    channel: str
    name: str | None = None
    is_private: bool | None = None
    is_archived: bool | None = None
    updated_us: int = 0


Fact = (
    MessageSeen | MessageGone | ReactionSeen | UserSeen | MembershipSeen | MembersListed | WorkspaceJoined | ChannelSeen
)

Origin = Literal["live", "history"]


def is_human_message(message: dict[str, object], bots: frozenset[str] | set[str] = frozenset()) -> bool:
    """Whether a message of Slack's is a *human message* (definitions), as far as the message itself and ``bots`` tell."""
    user, subtype = message.get("user"), message.get("subtype")
    return (
        message.get("type", "message") == "message"
        and (subtype is None or isinstance(subtype, str))
        and subtype in HUMAN_SUBTYPES
        and isinstance(user, str)
        and user != ""
        and not message.get("bot_id")
        and user != SLACKBOT
        and user not in bots
    )
