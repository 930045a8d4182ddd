"""Everything the bot says by itself: one kind of plan, one set of rules for sending it once.

A delivery's ``key`` names its occasion. It is recorded in the same transaction as its cause, claimed before the
request, and settled afterwards; what was left open is looked up on Slack by its metadata before anything is sent again.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

EVENT_TYPE = "copbot_delivery"

Block = dict[str, Any]
Kind = Literal[
    "question",
    "post",
    "introduction",
    "welcome",
    "onboarding",
    "card",
    "reminder",
    "escalation",
    "notice",
    "answer",
    "recognition",
    "milestone",
    "ask",  # a member is asked whether they know an answer
    "survey",
    "story",
    "report",
    "moderation",  # what moderators decided to tell somebody in private
    "digest",  # what a member did not see, once in a while
]
BULK: tuple[Kind, ...] = ("welcome", "onboarding", "survey", "digest")
"""What may come in hundreds at once, each to another person, and can bear minutes: it waits for everything else that is due, so that
a thousand newcomers in a minute, or a survey of as many, make no post late."""

State = Literal["due", "sending", "sent", "skipped", "failed"]

REQUEST_TIMEOUT_S = 8.0
"""Seconds that copbot waits for Slack's answer to a post."""

SETTLE_AFTER_S = REQUEST_TIMEOUT_S + 2.0
"""Seconds after which a request whose answer was lost can no longer take effect, so that a look-up tells the truth
(measured: looking up at once doubled 0.59 posts per crash against a slow Slack; waiting first, none in 76)."""

CHANNEL_SPACING_S = 1.0
"""Slack takes one message per second and channel."""


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent once.

    ``target`` is a channel's ID or, for a direct message, a user's. ``due_us`` is the earliest instant; after ``expires_us``
    it is skipped instead. ``wanted_us`` is since when there was something to say, where it is due later because of its reader's
    hours or budget: how long it may wait counts from there. ``thread_of`` puts it in the thread of another delivery's message,
    ``thread_us`` in that of a message of somebody else's; ``updates`` replaces the text of another delivery's message instead of
    posting.
    """

    key: str
    kind: Kind
    target: str
    text: str
    due_us: int
    blocks: tuple[Block, ...] = ()
    community: str | None = None
    thread_of: str | None = None
    thread_us: int | None = None
    updates: str | None = None
    expires_us: int | None = None
    wanted_us: int | None = None
    subject: str | None = None  # the user whom an introduction is about; the author of what it says, for thread care
    late_note: str = ""  # why it would be skipped when late: told to those who planned it
    why: str = ""  # why it goes out now, for those who ask afterwards
    pinned_as: str | None = None  # it is pinned, in the place of what was pinned under this name before
    encloses: str | None = (
        None  # the name of the files that go with it, made when it is sent (``Enclosed``); its text then is theirs
    )


@dataclass(frozen=True)
class Enclosed:
    """What a message that encloses files says, and these files, as ``(ID, title)``: uploaded already, and shown to nobody yet. Without
    any it is an ordinary message."""

    text: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Delivery:
    """A recorded delivery as the store holds it."""

    id: int
    outgoing: Outgoing
    state: State
    attempts: int = 0
    claimed_by: str | None = None
    claimed_us: int | None = None
    channel: str | None = None
    ts_us: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Posted:
    """A message of the bot's that stands on Slack, for features that look after what it said."""

    key: str
    kind: Kind
    community: str | None
    channel: str
    ts_us: int
    subject: str | None = None
    text: str = field(default="", compare=False)


def enclosed_file(encloses: str) -> str:
    """The name of the file by which a message with files, which can carry no metadata, is found again."""
    return f"{encloses}.html"


def metadata(key: str) -> dict[str, Any]:
    """The message metadata by which a delivery is found again on Slack (interfaces: what other programs may read)."""
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": key}}
