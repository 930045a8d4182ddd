"""The rhythm's part of ``/cop status`` and of a moderator's day on the Home tab."""

from collections.abc import Sequence
from datetime import datetime

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape
from copbot.core.ports import Context, Tx
from copbot.features.rhythm.posting import moderators_words
from copbot.features.rhythm.rounds import rounds
from copbot.features.rhythm.suggestions.desk import desk_of
from copbot.features.rhythm.timetable import Coming, coming_in, coming_of

NEXT = 3


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """The next posts, and those that are paused: one that nobody resumes is silent for good."""
    coming = _coming(ctx, tx, community, ctx.clock.now())
    lines = [f"• {one.when}: {_what(ctx, one)}" for one in coming]
    waiting = _waiting(ctx, tx, community)
    paused = _paused(ctx, tx, community)
    told = [":calendar: Next posts:", *lines] if lines else [] if paused else [":calendar: Nothing is scheduled."]
    told += paused
    return (section("\n".join([*told, *waiting])),)


def today(ctx: Context, tx: Tx, community: Community, _user: str) -> tuple[Block, ...]:
    """What goes out today, and the suggestions that wait for a decision."""
    now = ctx.clock.now()
    coming = [one for one in _coming(ctx, tx, community, now) if one.at.date() == now.astimezone(one.at.tzinfo).date()]
    lines = [f"• {one.opens:%H:%M}{_window(one)}: {_what(ctx, one)}" for one in coming]
    told = [":calendar: Goes out today:", *lines] if lines else []
    told += _waiting(ctx, tx, community)
    return (section("\n".join(told)),) if told else ()


def _coming(ctx: Context, tx: Tx, community: Community, now: datetime) -> Sequence[Coming]:
    return [one for one in coming_in(ctx, tx, [community], now, 2 * NEXT) if not one.skipped][:NEXT]


def _window(one: Coming) -> str:
    return "" if one.opens == one.at else f"-{one.at:%H:%M}"


def _what(ctx: Context, one: Coming) -> str:
    channel = ctx.directory.channel(one.post.channel)
    return f"{escape(one.post.name)} in {channel_link(channel) if channel else escape(one.post.channel)}"


def _paused(ctx: Context, tx: Tx, community: Community) -> list[str]:
    """Those of which something would come: what is over needs nobody."""
    now, words = ctx.clock.now(), moderators_words(tx, community)
    held = [post for post in community.posts if (words[post.id].paused if post.id in words else post.paused)]
    found = rounds(ctx, tx, community, now) if held else None
    paused = [post for post in held if found and next(coming_of(tx, community, post, now, found), None)]
    if not paused:
        return []
    named = ", ".join(escape(post.name) for post in paused[:NEXT])
    more = f" and {len(paused) - NEXT} more" if len(paused) > NEXT else ""
    return [f":double_vertical_bar: Paused: {named}{more}"]


def _waiting(ctx: Context, tx: Tx, community: Community) -> list[str]:
    count = len(desk_of(ctx, tx, community).waiting)
    if not count:
        return []
    several = f"{count} suggested questions wait" if count > 1 else "A suggested question waits"
    return [f":bulb: {several} for a decision: `{ctx.command} suggestions`"]
