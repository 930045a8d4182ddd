"""``/cop status``: a community on one screen, for moderators. Each feature tells its part (``Feature.status``)."""

from collections.abc import Sequence

from copbot.core.blocks import context, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.notices import files_line
from copbot.core.personal import REFUSED, fitting
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for


def status_feature(features: Sequence[Feature]) -> Feature:
    """The feature that puts the others' parts together; the last of ``features`` comes first, as what waits is there."""
    parts = [feature.status for feature in reversed(features) if feature.status is not None]

    def answer(ctx: Context, tx: Tx, call: Call) -> Answer:
        communities = communities_for(ctx, call.user, "moderators", call.channel)
        if not communities:
            return Answer(REFUSED)
        blocks: list[Block] = [section(files_line(ctx))]
        for community in communities:
            blocks += [{"type": "divider"}, section(f"*{escape(community.name)}*"), *_told(ctx, tx, community)]
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))

    def _told(ctx: Context, tx: Tx, community: Community) -> Sequence[Block]:
        told = [block for part in parts for block in part(ctx, tx, community)]
        return told or (context("There is nothing to tell yet."),)

    summary = "what waits, what comes, how the community is"
    return Feature(name="status", commands=(Command("status", "moderators", summary, answer, writes=False),))
