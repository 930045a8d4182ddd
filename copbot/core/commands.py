"""Finding the subcommand that a person meant, and whether they may have it; ``help`` and ``me``, which all features share."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import escape, shorten
from copbot.core.personal import Personal
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for


class Commands:
    """All subcommands of all features, and those that are nobody's alone: ``help``, ``me``."""

    def __init__(self, features: Sequence[Feature], slash: str) -> None:
        self._slash = slash
        self._help = Command("help", "everyone", "what you can do here", self._answer_help, writes=False)
        self._personal = Personal(features, slash)
        me = Command("me", "everyone", "your level and your answers; only you see it", self._answer_me, writes=False)
        self._by_name = {c.name: c for c in (self._help, me, *(c for f in features for c in f.commands))}

    def find(self, call: Call) -> tuple[Command, Call]:
        """The command that was typed; an unknown word leads to help with the nearest one."""
        command = self._by_name.get(call.name)
        if command is not None:
            return command, call
        return self._help, replace(call, argument=call.name)

    def refusal(self, ctx: Context, command: Command, call: Call) -> Answer | None:
        """The plain answer to someone without the role; None when they may."""
        if self._may(ctx, command, call):
            return None
        return Answer(
            f"`{self._slash} {command.name}` is something that {command.who} can do. `{self._slash} help` shows what you can do."
        )

    def _may(self, ctx: Context, command: Command, call: Call) -> bool:
        return command.who == "everyone" or bool(communities_for(ctx, call.user, command.who))

    def _answer_me(self, ctx: Context, tx: Tx, call: Call) -> Answer:
        here = communities_for(ctx, call.user, "everyone", call.channel)
        return self._personal.answer(ctx, tx, call.user, here)

    def _answer_help(self, ctx: Context, _tx: Tx, call: Call) -> Answer:
        mine = [c for c in self._by_name.values() if self._may(ctx, c, call)]
        lines = [f"`{self._slash} {' '.join(filter(None, [c.name, c.usage]))}`  {c.summary}" for c in mine]
        text = "Here is what you can do:\n" + "\n".join(lines)
        if call.argument:
            near = get_close_matches(call.argument, [c.name for c in mine], n=1, cutoff=0.5)
            unknown = f"I don't know `{escape(shorten(call.argument, 40))}`."
            text = f"{unknown} Did you mean `{self._slash} {near[0]}`?" if near else f"{unknown} {text}"
        block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
        return Answer(text, (block,))
