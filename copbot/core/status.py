"""``/cop status``: a community on one screen, for moderators. Each feature tells its part (``Feature.status``)."""

from collections.abc import Sequence

from copbot.core.audit_trail import lately
from copbot.core.blocks import actions, context, section
from copbot.core.community import Community
from copbot.core.community_choice import NEXT, next_button
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.notices import files_line
from copbot.core.personal import fitting
from copbot.core.ports import Context, Tx
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for

NEXT_STEPS = (("Unanswered questions", "unanswered"), ("Newcomers", "newcomers"), ("Schedule", "schedule"))
"""Where one goes from here: a button each."""


def _next(number: int, step: tuple[str, str]) -> Block | None:
    label, name = step
    return next_button(label, f"{NEXT}{number}", name)


def status_feature(features: Sequence[Feature]) -> Feature:
    """The feature that puts the others' parts together; the last of ``features`` comes first, as what waits is there."""
    parts = [feature.status for feature in reversed(features) if feature.status is not None]

    def answer(ctx: Context, tx: Tx, call: Call) -> Answer:
        communities = communities_for(ctx, call.user, "moderators", call.channel)
        if not communities:
            return Answer(MODERATORS_ONLY)
        blocks: list[Block] = [section(files_line(ctx))]
        for community in communities:
            blocks += [{"type": "divider"}, section(f"*{escape(community.name)}*"), *_told(ctx, tx, community)]
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        blocks.append(actions(*(one for one in map(_next, range(len(NEXT_STEPS)), NEXT_STEPS) if one is not None)))
        return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))

    def _told(ctx: Context, tx: Tx, community: Community) -> Sequence[Block]:
        told = [block for part in parts for block in part(ctx, tx, community)]
        return (*(told or (context("There is nothing to tell yet."),)), *lately(ctx, tx, community))

    summary = "what waits, what comes, how the community is"
    return Feature(name="status", commands=(Command("status", "moderators", summary, answer, writes=False),))
