"""What a person sees of themselves: the answer to ``me``, and the app's Home tab. Each feature tells its part (``Feature.about``)."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from copbot.core.blocks import context, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.ports import Context, Tx

MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
MESSAGE_CHARACTERS = 10_000
"""Of all blocks of a message together: Slack documents no limit, and refuses from some 11,300 on (slackapi/bolt-js, issue 2867)."""

NOTHING = "There is nothing to tell of you here yet."
GREETING = "This is your own page: nobody else sees it."


class Personal:
    """``slash`` is the name of the slash command."""

    def __init__(self, features: Sequence[Feature], slash: str) -> None:
        self._abouts = [feature.about for feature in features if feature.about is not None]
        self._slash = slash

    def answer(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> Answer:
        """All about a person in these communities, for them alone."""
        blocks = self._blocks(ctx, tx, user, communities)
        if not blocks:
            return Answer(NOTHING)
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        sizes = accumulate(len(str(block)) for block in blocks)
        fitting = sum(size <= MESSAGE_CHARACTERS for size in sizes)
        most = MESSAGE_BLOCKS if fitting == len(blocks) else min(fitting + 1, MESSAGE_BLOCKS)
        return Answer(shorten(text, MESSAGE_LIMIT), _as_many_as(blocks, most))

    def home(self, ctx: Context, tx: Tx, user: str) -> dict[str, Any]:
        """The Home tab's view, over all communities."""
        blocks = self._blocks(ctx, tx, user, ctx.communities()) or (section(NOTHING),)
        more = context(f"`{self._slash} help` shows what else you can do.")
        return {"type": "home", "blocks": [section(GREETING), *_as_many_as(blocks, HOME_BLOCKS - 2), more]}

    def _blocks(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> tuple[Block, ...]:
        found: list[Block] = []
        for community in communities:
            parts = [block for about in self._abouts for block in about(ctx, tx, community, user)]
            if parts:
                found += [{"type": "divider"}] if found else []
                found += [section(f"*{escape(community.name)}*"), *parts]
        return tuple(found)


def _as_many_as(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    if len(blocks) <= most:
        return tuple(blocks)
    return (*blocks[: most - 1], context("There is more than fits here."))
