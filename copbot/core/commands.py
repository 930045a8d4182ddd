"""Finding the subcommand that a person meant, and whether they may have it; ``help`` and ``me``, which all features share."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from copbot.core.blocks import actions, section, sections
from copbot.core.community_choice import NEXT, PICK, narrowed, next_button, place, said_by, tagged
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import ActionHandler, Answer, Call, Command, Press, Who
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.personal import Personal
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for

GROUPS: tuple[tuple[Who, str], ...] = (
    ("everyone", "For you"),
    ("moderators", "For moderators"),
    ("coordinators", "For coordinators"),
)

GONE = "That button is too old. Please type the command again."


class Commands:
    """All subcommands of all features, and those that are nobody's alone: ``help``, ``me``."""

    def __init__(self, features: Sequence[Feature], slash: str) -> None:
        self._slash = slash
        self._help = Command(
            *("help", "everyone", "what you can do here, or one command", self._answer_help, "[COMMAND]"),
            writes=False,
            example="quiet",
        )
        self._personal = Personal(features, slash)
        me = Command("me", "everyone", "your level and your answers; only you see it", self._answer_me, writes=False)
        self._by_name = {c.name: c for c in (me, *(c for f in features for c in f.commands), self._help)}
        self.actions: dict[str, ActionHandler] = {PICK: self._picked, NEXT: self._pressed}

    def find(self, call: Call) -> tuple[Command, Call]:
        """The command that was typed; an unknown word leads to help with the nearest one."""
        command = self._by_name.get(call.name)
        if command is not None:
            return command, call
        unknown = Command("help", "everyone", "", self._answer_unknown, writes=False)
        return unknown, call

    def may(self, ctx: Context, command: Command, user: str) -> bool:
        """Whether somebody may use a command in any community."""
        return command.who == "everyone" or bool(communities_for(ctx, user, command.who))

    # --- buttons that stand for a command -------------------------------------------------------------------------------

    def _picked(self, ctx: Context, tx: Tx, press: Press) -> Answer:
        return replace(self._pressed(ctx, tx, press), replaces=True)

    def _pressed(self, ctx: Context, tx: Tx, press: Press) -> Answer:
        """Which community, or which command, was meant. The value comes from outside: it is typed words like any other."""
        said = said_by(press.value)
        command = self._by_name.get(said.name) if said else None
        if said is None or command is None:
            return Answer(GONE)
        if said.community:
            ctx = narrowed(ctx, said.community)
            if len(ctx.communities()) != 1 or ctx.communities()[0].id != said.community:
                return Answer(GONE)
        call = Call(press.user, press.channel or "", said.name, said.argument, press.trigger_id)
        placed = place(ctx, command, call)
        if isinstance(placed, Answer):
            return placed
        answer = command.answer(placed.ctx, tx, placed.call)
        return tagged(answer, said.community or placed.community)

    # --- help -------------------------------------------------------------------------------------------------------------

    def _answer_me(self, ctx: Context, tx: Tx, call: Call) -> Answer:
        here = communities_for(ctx, call.user, "everyone", call.channel)
        return self._personal.answer(ctx, tx, call.user, here)

    def _answer_unknown(self, ctx: Context, _tx: Tx, call: Call) -> Answer:
        mine = self._theirs(ctx, call.user)
        near = get_close_matches(call.name, [c.name for c in mine], n=1, cutoff=0.5)
        unknown = f"I don't know `{escape(shorten(call.name, 40))}`."
        if not near:
            return self._all(mine, f"{unknown} ")
        text = f"{unknown} Did you mean `{self._slash} {near[0]}`?"
        meant = next_button(f"{self._slash} {near[0]}", PICK, near[0], call.argument)
        return Answer(text, (section(text, verbatim=True), *([actions(meant)] if meant else [])))

    def _answer_help(self, ctx: Context, tx: Tx, call: Call) -> Answer:
        asked = call.argument.removeprefix(self._slash).strip().lower()
        if not asked:
            return self._all(self._theirs(ctx, call.user))
        command = next((one for one in self._theirs(ctx, call.user) if one.name == asked), None)
        if command is None:
            return self._answer_unknown(ctx, tx, replace(call, name=asked, argument=""))
        lines = [self._line(command, command.usage)]
        if command.example:
            lines.append(f"For example: `{self._slash} {command.name} {command.example}`")
        return Answer("\n".join(lines), (section("\n".join(lines), verbatim=True),))

    def _theirs(self, ctx: Context, user: str) -> list[Command]:
        return [command for command in self._by_name.values() if self.may(ctx, command, user)]

    def _all(self, mine: Sequence[Command], before: str = "") -> Answer:
        """Everything that one person can do, in a paragraph for each role, each as it could be typed."""
        parts = [f"{before}Here is what you can do:"]
        for who, heading in GROUPS:
            lines = [self._line(c, c.example or c.usage) for c in mine if c.who == who]
            parts += [f"*{heading}*\n" + "\n".join(lines)] if lines else []
        blocks: list[Block] = [block for part in parts for block in sections(part, verbatim=True)]
        return Answer(shorten("\n".join(parts), MESSAGE_LIMIT), tuple(blocks))

    def _line(self, command: Command, argument: str) -> str:
        return f"`{' '.join(filter(None, [self._slash, command.name, argument]))}`  {command.summary}"
