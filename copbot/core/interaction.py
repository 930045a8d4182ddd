"""A person's own press, command or form, and the answer to it, without anything of Slack's libraries.

A feature's ``listeners.py`` offers handlers for these; ``adapters/bolt.py`` turns payloads into them,
``adapters/answering.py`` carries the answers out. Handlers run inside a write transaction that is committed before Slack gets its
acknowledgement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from copbot.core.delivery import Block
from copbot.core.pictures import Picture

if TYPE_CHECKING:
    from copbot.core.ports import Context, Tx

Who = Literal["everyone", "moderators", "coordinators"]


@dataclass(frozen=True)
class Call:
    """``/cop NAME ARGUMENT`` typed by a person."""

    user: str
    channel: str
    name: str
    argument: str
    trigger_id: str = ""


@dataclass(frozen=True)
class Press:
    """A button pressed, or something chosen. ``value`` comes from outside: it is a claim to be checked, never a permission.

    ``value`` is the button's, the chosen option's, user's, channel's or date's. In a modal ``view_id``, its ``callback_id``,
    ``private_metadata`` and ``state`` (as a Submission's) tell of the form; a message's inputs stand in ``state`` too. ``at_us``: when
    it was pressed by Slack's clock, 0 where Slack does not tell. ``block_id``: of the block in which it stands.
    """

    user: str
    action_id: str
    value: str
    trigger_id: str
    channel: str | None = None
    message_us: int | None = None
    state: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    view_id: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    at_us: int = 0
    block_id: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A message shortcut chosen in a message's menu, and the message as Slack describes it.

    ``author`` is the user who wrote it, None where no person did. ``thread_us``: its thread's root, None for a root.
    """

    user: str
    callback_id: str
    channel: str
    message_us: int
    author: str | None
    thread_us: int | None = None
    trigger_id: str = ""

    @property
    def root_us(self) -> int:
        return self.message_us if self.thread_us is None else self.thread_us


@dataclass(frozen=True)
class Submission:
    """A modal's form sent in, or closed without being sent.

    ``state`` is Slack's ``view.state.values``: block_id -> action_id -> element state."""

    user: str
    callback_id: str
    private_metadata: str
    state: Mapping[str, Mapping[str, Mapping[str, Any]]]
    view_id: str = ""
    hash: str = ""

    def element(self, block: str) -> Mapping[str, Any]:
        """The state of a block's one element; empty where the form has none. All of it comes from outside."""
        return next(iter(self.state.get(block, {}).values()), {})

    def written(self, block: str) -> str:
        """What somebody typed, as they typed it."""
        value = self.element(block).get("value")
        return value if isinstance(value, str) else ""

    def chosen(self, block: str) -> str:
        """The value of the one option that somebody chose."""
        option = self.element(block).get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class HandedFile:
    """A file for the person alone, in their direct messages; ``make`` gives its content when it is sent, outside any transaction."""

    name: str
    title: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Answer:
    """What the person gets back at once: an ephemeral message, a modal, or, for a form, mistakes by block_id.

    ``replaces``: the text and blocks take the place of the ephemeral message whose button was pressed. ``view`` opens a modal, and
    from within a modal takes its place. ``picture`` follows the text as a direct message, and so do a ``file`` and what the
    answer ``encloses`` (as an ``Outgoing`` does): making and sending them takes a while.
    """

    text: str = ""
    blocks: tuple[Block, ...] = ()
    view: dict[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    replaces: bool = False
    picture: Picture | None = None
    encloses: str | None = None
    file: HandedFile | None = None


@dataclass(frozen=True)
class Command:
    """A subcommand of ``/cop``. ``usage`` shows its argument, such as ``[#channel]``; one that only reads sets ``writes`` to False.

    ``example``: an argument as a person would type it, for ``help``. ``chooses``: it finds out by its argument in which community it is
    to act; any other command of moderators or coordinators is placed in one (``community_choice.py``).
    """

    name: str
    who: Who
    summary: str
    answer: Callable[["Context", "Tx", Call], Answer]
    usage: str = ""
    writes: bool = True
    example: str = ""
    chooses: bool = False


ActionHandler = Callable[["Context", "Tx", Press], Answer]
ShortcutHandler = Callable[["Context", "Tx", Shortcut], Answer]
FormHandler = Callable[["Context", "Tx", Submission], Answer]
