"""The moderators' commands about the rhythm."""

import re
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import channel_link, escape, shorten
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for
from copbot.features.rhythm import views
from copbot.features.rhythm.best_hour import best_slot, explanation, shortfall
from copbot.features.rhythm.evidence import read_evidence
from copbot.features.rhythm.timetable import coming_in

_LINKED = re.compile(r"<#([A-Z0-9]+)(\|[^>]*)?>")
SHOWN = 8


def _schedule(ctx: Context, tx: Tx, call: Call) -> Answer:
    communities = communities_for(ctx, call.user, "moderators", call.channel)
    rows = coming_in(ctx, tx, communities, ctx.clock.now(), SHOWN)
    return Answer(views.schedule(rows, {community.id: community.name for community in communities}))


def _when(ctx: Context, tx: Tx, call: Call) -> Answer:
    communities = communities_for(ctx, call.user, "moderators", call.channel)
    if not communities:
        return Answer("Moderators can see this.")
    asked = call.argument.strip()
    channel = _channel(ctx, communities[0], asked, call.channel)
    home = next((c for c in communities if channel in map(ctx.directory.channel, c.channels.discussion)), None)
    if channel is None or home is None:
        named = f"{escape(shorten(asked, 80))} is" if asked else "This is"
        known = ", ".join(escape(name) for community in communities for name in community.channels.discussion)
        return Answer(f"{named} no discussion channel of yours. Try one of {known}.")
    return Answer(views.best_time(channel_link(channel), _best(ctx, tx, home, channel)))


def _channel(ctx: Context, community: Community, asked: str, here: str) -> str | None:
    """The ID of the channel that was named; of the one where the command was typed, else of the first, when none
    was.
    """
    linked = _LINKED.fullmatch(asked)
    if linked:
        return linked[1]
    if asked:
        return ctx.directory.channel(asked if re.fullmatch(r"[CG][A-Z0-9]+", asked) else f"#{asked.lstrip('#')}")
    discussion = [ctx.directory.channel(name) for name in community.channels.discussion]
    return here if here in discussion else next(filter(None, discussion), None)


def _best(ctx: Context, tx: Tx, community: Community, channel: str) -> str:
    """The best of all the hours of the coming seven days, from the history until now."""
    now = ctx.clock.now()
    evidence = read_evidence(ctx, tx, community, channel, now)
    today = now.astimezone(ZoneInfo(community.timezone)).date()
    week = [today + timedelta(days=number) for number in range(1, 8)]
    slots = [(day, time(hour)) for day in week for hour in range(24)]
    best = best_slot(evidence, slots)
    return explanation(best, evidence) if best else f"not known yet: {shortfall(evidence)}"


COMMANDS = (
    Command("schedule", "moderators", "the coming posts, and why then", _schedule, writes=False),
    Command(
        "when", "moderators", "the best time to post, and what it is learned from", _when, "[#channel]", writes=False
    ),
)
