"""``/cop schedule``, ``pause``, ``resume`` and ``post``, typed or pressed. Who may is looked at again at each press."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from itertools import islice
from zoneinfo import ZoneInfo

from copbot.core.attention import channels as channel_attention
from copbot.core.community import Community
from copbot.core.interaction import Answer, Call, Command, Press
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.core.refusal import refused
from copbot.core.roles import channels_of, communities_for, has_role
from copbot.core.time import from_us
from copbot.features.rhythm import posting
from copbot.features.rhythm.controls import service as controls
from copbot.features.rhythm.controls import views
from copbot.features.rhythm.controls.views import PAUSE, POST_NOW, RESUME, Lately, Row
from copbot.features.rhythm.posting import NO_NEWS
from copbot.features.rhythm.rehearsal.plan import PlannedPost, planned
from copbot.features.rhythm.rounds import Rounds, posts_of, rounds
from copbot.features.rhythm.timetable import coming_of

SHOWN = 8
PER_POST = 3
LATELY = 5
LOOKED_THROUGH = 30

BUDGET_DAYS = timedelta(days=7)
"""How far ahead it is told what would be held back."""

MOST_PLANNED = 100
"""Occasions looked at for that: a moderator waits for the answer."""

Act = Callable[[Context, Tx, Community, Post, str], str]


@dataclass(frozen=True)
class Control:
    verb: str
    action: str
    act: Act


CONTROLS = (
    Control("pause", PAUSE, controls.pause),
    Control("resume", RESUME, controls.resume),
    Control("post", POST_NOW, controls.post_now),
)


# --- the schedule ---------------------------------------------------------------------------------------------------


def _schedule(ctx: Context, tx: Tx, call: Call) -> Answer:
    return _shown(ctx, tx, communities_for(ctx, call.user, "moderators", call.channel))


def _shown(ctx: Context, tx: Tx, communities: Sequence[Community], done: str = "", *, replaces: bool = False) -> Answer:
    now = ctx.clock.now()
    around = {community.id: rounds(ctx, tx, community, now) for community in communities}
    rows = [row for community in communities for row in _by_milestone(_rows(ctx, tx, community, now, around))]
    rows.sort(key=lambda row: (row.is_paused, row.coming[0].at, row.post.id))
    shown = [_in_full(tx, row, now, around[row.community.id]) for row in rows[: views.WITH_BUTTONS]]
    names = {community.id: community.name for community in communities}
    lately = [one for community in communities for one in _lately(tx, community)]
    paused = [row for row in rows if row.is_paused]
    coming = sorted((one for row in shown if not row.is_paused for one in row.coming), key=lambda one: one.at)
    budgets = [one for community in communities for one in _budgets(ctx, tx, community, now)]
    text = views.schedule_text(coming[:SHOWN], paused, names, lately, budgets)
    blocks = views.schedule_blocks([*shown, *rows[len(shown) :]], names, lately, budgets, done)
    return Answer(f"{done}\n{text}" if done else text, blocks, replaces=replaces)


def _rows(ctx: Context, tx: Tx, community: Community, now: datetime, around: Mapping[str, Rounds]) -> list[Row]:
    """The posts that come again or are paused, each with the next time alone: there may be a thousand of them."""
    found, words = around[community.id], posting.moderators_words(tx, community)
    rows = []
    for post in posts_of(community):
        coming = tuple(islice(coming_of(tx, community, post, now, found), 1))
        if coming:
            control = words.get(post.id)
            is_paused = control.paused if control else post.paused
            channel, year = ctx.directory.channel(post.channel), now.astimezone(found.zone).year
            rows.append(Row(community, post, channel, coming, is_paused, control, year))
    return rows


def _in_full(tx: Tx, row: Row, now: datetime, found: Rounds) -> Row:
    """With the times that follow; a milestone has all of its own already."""
    if row.is_milestone:
        return row
    return replace(row, coming=tuple(islice(coming_of(tx, row.community, row.post, now, found), PER_POST)))


def _by_milestone(rows: Sequence[Row]) -> list[Row]:
    """The reminders of a milestone in one row: a schedule that is full of them hides the posts that can be paused."""
    found: dict[str, Row] = {}
    for row in rows:
        name = row.post.id.rpartition(":")[0] if row.is_milestone else row.post.id
        coming = (*found[name].coming, *row.coming) if name in found else row.coming
        found[name] = replace(row, coming=sorted(coming, key=lambda one: one.at))
    return list(found.values())


def _budgets(ctx: Context, tx: Tx, community: Community, now: datetime) -> list[views.Budget]:
    """What each discussion channel got today of what it may, and what would be held back in the days to come."""
    held: dict[str | None, list[PlannedPost]] = defaultdict(list)
    for one in planned(ctx, tx, community, now, now + BUDGET_DAYS, MOST_PLANNED):
        if one.outcome == "held back":
            held[one.channel].append(one)
    zone, found = ZoneInfo(community.timezone), []
    for channel in dict.fromkeys(filter(None, map(ctx.directory.channel, community.channels.discussion))):
        got = channel_attention.got_today(tx, channel, now, zone)
        found.append(views.Budget(channel, got, community.attention.channel_day, tuple(held[channel])))
    return found


def _lately(tx: Tx, community: Community) -> list[Lately]:
    """The last posts that went out or were held back; what was paused or on a holiday stands in the schedule itself."""
    zone, start = ZoneInfo(community.timezone), f"post:{community.id}:"
    found: list[Lately] = []
    recent = tx.deliveries.latest(community.id, posting.POST_KINDS, LOOKED_THROUGH)
    for delivery in [one for one in recent if not (one.state == "skipped" and one.reason.startswith(NO_NEWS))][:LATELY]:
        key = delivery.outgoing.key
        posts = [post for post in posts_of(community) if key.startswith(f"{start}{post.id}:")]
        at_us = delivery.outgoing.due_us if delivery.ts_us is None else delivery.ts_us
        meant = max(posts, key=lambda post: len(post.id), default=None)
        name = key.removeprefix(start).partition(":")[0] if meant is None else meant.name
        found.append(Lately(name, from_us(at_us).astimezone(zone), delivery))
    return found


# --- pause, resume, post --------------------------------------------------------------------------------------------


def _typed(control: Control) -> Callable[[Context, Tx, Call], Answer]:
    def answer(ctx: Context, tx: Tx, call: Call) -> Answer:
        mine = communities_for(ctx, call.user, "moderators")
        asked = call.argument.strip().strip("`*\"'")
        found = [(c, post) for c in mine for post in c.posts if _is_meant(c, post, asked)]
        here = [
            (c, post)
            for c, post in found
            if call.channel == ctx.directory.channel(post.channel) or call.channel in channels_of(ctx, c)
        ]
        if len(found) > 1 and len(here) == 1:
            found = here
        if not found:
            return Answer(_unknown(ctx, control.verb, asked, mine))
        if len(found) > 1:
            text, blocks = views.which(control.action, control.verb, found)
            return Answer(text, blocks)
        ((community, post),) = found
        return Answer(control.act(ctx, tx, community, post, call.user))

    return answer


def _is_meant(community: Community, post: Post, asked: str) -> bool:
    """``POST``, or ``COMMUNITY/POST`` where several have one of that name; capitals make no difference."""
    return asked.casefold() in (post.id.casefold(), f"{community.id}/{post.id}".casefold())


def _unknown(ctx: Context, verb: str, asked: str, communities: Sequence[Community]) -> str:
    known = sorted({post.id for community in communities for post in community.posts})
    near = get_close_matches(asked.rpartition("/")[2].lower(), known, n=1, cutoff=0.5) if asked else []
    return views.unknown(ctx.command, verb, asked, near[0] if near else None, known)


def _pressed(control: Control) -> Callable[[Context, Tx, Press], Answer]:
    def answer(ctx: Context, tx: Tx, press: Press) -> Answer:
        community, post = _claimed(ctx, press.value)
        if community is None or not has_role(ctx, community, press.user, "moderators"):
            return Answer(refused("moderators", community))
        if post is None:
            return _shown(ctx, tx, (community,), "This post is no longer in the files.", replaces=True)
        done = control.act(ctx, tx, community, post, press.user)
        return _shown(ctx, tx, communities_for(ctx, press.user, "moderators", press.channel), done, replaces=True)

    return answer


def _claimed(ctx: Context, value: str) -> tuple[Community | None, Post | None]:
    """What a button says it is about; it comes from outside."""
    try:
        said = json.loads(value)
        community_id, post_id = said["community"], said["post"]
    except (ValueError, KeyError, TypeError):
        return None, None
    community = next((one for one in ctx.communities() if one.id == community_id), None)
    return community, next((one for one in community.posts if one.id == post_id), None) if community else None


SUMMARIES = ("let nothing of a post go out", "let a paused post go on", "post it now, in the place of the next one")

COMMANDS = (
    Command("schedule", "moderators", "the coming posts, and why then", _schedule, writes=False),
    *(
        Command(
            *(control.verb, "moderators", summary, _typed(control), "POST"), example="weekly-question", chooses=True
        )
        for control, summary in zip(CONTROLS, SUMMARIES, strict=True)
    ),
)

ACTIONS = {
    f"{control.action}{suffix}": _pressed(control)
    for control in CONTROLS
    for suffix in ("", *(f":{number}" for number in range(5)))
}
"""With a number behind it where one message asks which of several is meant: Slack wants each to be one of a kind."""
