"""What a person sees of themselves and of what is theirs to look after: the answer to ``me``, and the app's Home tab.

Each feature tells its part: of a person (``Feature.about``), of a moderator's work today (``Feature.today``), of the community as its
coordinators see it (``Feature.picture``). The Home tab shows first what waits for somebody.
"""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from copbot.core.blocks import context, header, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.notices import files_line
from copbot.core.ports import Context, Tx
from copbot.core.roles import has_role

MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
MESSAGE_CHARACTERS = 10_000
"""Of all blocks of a message together: Slack documents no limit, and refuses from some 11,300 on (slackapi/bolt-js, issue 2867)."""

HOME_BYTES = 200_000
"""Of a view: Slack takes 250 kB."""

NOTHING = "There is nothing to tell of you here yet."
GREETING = "This is your own page: nobody else sees it."
REFUSED = "Moderators can do this."
AT_REST = ":sunny: Nothing waits for you. Enjoy the quiet."


class Personal:
    """``slash`` is the name of the slash command."""

    def __init__(self, features: Sequence[Feature], slash: str) -> None:
        self._abouts = [feature.about for feature in features if feature.about is not None]
        self._todays = [feature.today for feature in reversed(features) if feature.today is not None]
        self._pictures = [feature.picture for feature in features if feature.picture is not None]
        self._slash = slash

    def answer(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> Answer:
        """All about a person in these communities, for them alone."""
        blocks = self._own(ctx, tx, user, communities)
        if not blocks:
            return Answer(NOTHING)
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))

    def home(self, ctx: Context, tx: Tx, user: str) -> dict[str, Any]:
        """The Home tab's view, over all communities."""
        communities = ctx.communities()
        work = self._work(ctx, tx, user, communities)
        own = self._own(ctx, tx, user, communities) or (section(NOTHING),)
        if work:
            own = (*work, header("And you yourself"), *own)
        more = context(f"`{self._slash} help` shows what else you can do.")
        blocks = _as_many_as([section(GREETING), *own], _within(own, HOME_BLOCKS - 1))
        return {"type": "home", "blocks": [*blocks, more]}

    def _work(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> tuple[Block, ...]:
        """What a moderator has to do today in each community, and how it is where they coordinate it."""
        found: list[Block] = []
        for community in communities:
            if not has_role(ctx, community, user, "moderators"):
                continue
            name = f"{community.name}: " if len(communities) > 1 else ""
            today = [block for part in self._todays for block in part(ctx, tx, community, user)]
            found += [header(_capital(f"{name}today")), *(today or [section(AT_REST)])]
            if has_role(ctx, community, user, "coordinators"):
                picture = [block for part in self._pictures for block in part(ctx, tx, community)]
                found += [header(_capital(f"{name}how the community is")), *picture, section(files_line(ctx))]
        return tuple(found)

    def _own(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> tuple[Block, ...]:
        found: list[Block] = []
        for community in communities:
            parts = [block for about in self._abouts for block in about(ctx, tx, community, user)]
            if parts:
                found += [{"type": "divider"}] if found else []
                found += [section(f"*{escape(community.name)}*"), *parts]
        return tuple(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def fitting(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """As much of a message as Slack takes; a line says so where something was left out."""
    sizes = accumulate(len(str(block)) for block in blocks)
    most = sum(size <= MESSAGE_CHARACTERS for size in sizes)
    return _as_many_as(blocks, MESSAGE_BLOCKS if most == len(blocks) else min(most + 1, MESSAGE_BLOCKS))


def _within(blocks: Sequence[Block], most: int) -> int:
    """How many blocks a view bears: ``most``, or fewer where they are large."""
    sizes = accumulate(len(json.dumps(block)) for block in blocks)
    return min(most, sum(size <= HOME_BYTES for size in sizes) + 1)


def _as_many_as(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    if len(blocks) <= most:
        return tuple(blocks)
    return (*blocks[: most - 1], context("There is more than fits here."))
