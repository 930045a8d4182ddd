"""In which community a command acts: that of the channel where it was typed; elsewhere the person's only one, else the one they pick.

They are asked each time and nothing is remembered: a tap costs less than a post paused in the wrong community. Whoever does not want to
be asked types it in one of the community's channels, or writes the community's id behind the command.

A command that was placed so sees that one community alone (``narrowed``), and so do the buttons of its answer: the ``block_id`` around
them carries the place (``tagged``). It comes back from outside like every button's value, so it only ever narrows what a handler sees;
who may is asked as always.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copbot.core.blocks import actions, button, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context
from copbot.core.refusal import Refusal, refused
from copbot.core.roles import channels_of, communities_for

PICK = "in:"
"""The action of a button that picks a community, and the beginning of the ``block_id`` that carries one."""

NEXT = "next:"
"""The action of a button that stands for a command, below the answer to another."""

VALUE_LIMIT = 2000  # Slack's, of a button's value
MOST_IN_A_ROW = 25  # Slack's, of an actions block


@dataclass(frozen=True)
class Placed:
    """A command in its place. ``community``: the id that its buttons carry on; "" where the channel itself tells."""

    ctx: Context
    call: Call
    community: str = ""


def place(ctx: Context, command: Command, call: Call) -> Placed | Answer:
    """Where a command is to act, or what is answered instead: a refusal, or the question in which community."""
    if command.who == "everyone":
        return Placed(ctx, call)
    here = communities_for(ctx, call.user, command.who, call.channel)
    mine = here or communities_for(ctx, call.user, command.who)
    if not mine:
        return Answer(_refusal(ctx, command, call))
    is_told = len(mine) == 1 and (len(ctx.communities()) == 1 or _is_in(ctx, mine[0], call.channel))
    if is_told or command.chooses:
        return Placed(ctx, call)
    named = [community for community in mine if community.id in call.argument.split()]
    if len(mine) > 1 and named:
        words = " ".join(word for word in call.argument.split() if word != named[0].id)
        return Placed(narrowed(ctx, named[0].id), replace(call, argument=words), named[0].id)
    belongs_elsewhere = any(_is_in(ctx, community, call.channel) for community in ctx.communities()) and not here
    if len(mine) == 1 and not (belongs_elsewhere and command.writes):
        return Placed(narrowed(ctx, mine[0].id), call, mine[0].id)
    return _question(ctx, command, call, mine)


@dataclass(frozen=True)
class Said:
    """The command that a button stands for. ``community``: an id, "" for wherever it is pressed."""

    name: str
    argument: str
    community: str


def said_by(value: str) -> Said | None:
    """What a button says; None where it is no such button's."""
    try:
        said = json.loads(value)
        return Said(str(said["do"]), str(said["with"]), str(said["in"]))
    except (ValueError, KeyError, TypeError):
        return None


def next_button(label: str, action_id: str, name: str, argument: str = "", community: str = "") -> Block | None:
    """A button that stands for a command; None where its argument is longer than a button bears."""
    value = json.dumps({"do": name, "with": argument, "in": community}, ensure_ascii=False)
    return button(label, action_id, value) if len(value) <= VALUE_LIMIT else None


def narrowed(ctx: Context, community: str) -> Context:
    """The context as if this community (an id) were the only one; unchanged where there is none of that id."""
    only = tuple(one for one in ctx.communities() if one.id == community)
    return replace(ctx, communities=lambda: only) if only else ctx


def tagged(answer: Answer, community: str) -> Answer:
    """The answer with the community in each block that can be pressed, so that its buttons act there too."""
    if not community or not answer.blocks:
        return answer
    blocks = (_tagged(block, f"{PICK}{number}:{community}") for number, block in enumerate(answer.blocks))
    return replace(answer, blocks=tuple(blocks))


def community_in(block_id: str) -> str:
    """The community's id that a pressed block carries; "" where it carries none."""
    return block_id.removeprefix(PICK).partition(":")[2] if block_id.startswith(PICK) else ""


def _tagged(block: Block, tag: str) -> Block:
    can_be_pressed = block.get("type") == "actions" or "accessory" in block
    return {**block, "block_id": tag} if can_be_pressed and "block_id" not in block else block


def _is_in(ctx: Context, community: Community, channel: str) -> bool:
    return channel in channels_of(ctx, community)


def _refusal(ctx: Context, command: Command, call: Call) -> Refusal:
    here = next((community for community in ctx.communities() if _is_in(ctx, community, call.channel)), None)
    plain = refused(command.who, here)
    return Refusal(f"{plain} `{ctx.command} help` shows what you can do.", plain.community)


def _question(ctx: Context, command: Command, call: Call, mine: Sequence[Community]) -> Answer:
    text = f"`{ctx.command} {command.name}`: in which community?"
    asked = (next_button(c.name, f"{PICK}{n}", command.name, call.argument, c.id) for n, c in enumerate(mine))
    buttons = [one for one in asked if one is not None]
    if len(buttons) < len(mine):
        return Answer(f"{text} Please type it in one of its channels.")
    rows = [actions(*buttons[at : at + MOST_IN_A_ROW]) for at in range(0, len(buttons), MOST_IN_A_ROW)]
    named = ", ".join(f"{escape(one.name)} (`{one.id}`)" for one in mine)
    return Answer(f"{text} {named}", (section(text), *rows))
