"""The schedule as moderators see it on a phone, and what they are told when they pause, resume or post."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.blocks import actions, button, context, section
from copbot.core.community import Community
from copbot.core.delivery import Block, Delivery
from copbot.core.mrkdwn import MESSAGE_LIMIT, channel_link, escape, mention, shorten
from copbot.core.posts import Post
from copbot.core.records import PostControl
from copbot.core.time import from_us
from copbot.features.rhythm.milestones.posts import PREFIX
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rehearsal.plan import PlannedPost
from copbot.features.rhythm.timetable import Coming

PAUSE, RESUME, POST_NOW = "rhythm:pause", "rhythm:resume", "rhythm:post"

WITH_BUDGETS = 8
"""Channels whose budget is told of: more than anybody reads."""

WITH_BUTTONS = 12
"""Posts that get buttons; more would be a scroll, and Slack takes 50 blocks in a message."""


@dataclass(frozen=True)
class Row:
    """A post with what comes of it next, soonest first. ``paused_by`` is a moderator's word, None where the file says so."""

    community: Community
    post: Post
    channel: str | None  # its ID
    coming: Sequence[Coming]
    is_paused: bool
    control: PostControl | None = None
    year: int = 0  # it is now; another one is named

    @property
    def is_milestone(self) -> bool:
        return self.post.id.startswith(PREFIX)


@dataclass(frozen=True)
class Lately:
    """A post of the last days and what became of it; the time is local."""

    post: str
    at: datetime
    delivery: Delivery


@dataclass(frozen=True)
class Budget:
    """What a discussion channel got today, how much it may get in a day, and what would be held back in the next days."""

    channel: str  # its ID
    got: int
    allowed: int
    held: tuple[PlannedPost, ...] = ()


# --- /cop schedule --------------------------------------------------------------------------------------------------


def schedule_text(
    rows: Sequence[Coming],
    paused: Sequence[Row],
    names: dict[str, str],
    lately: Sequence[Lately],
    budgets: Sequence[Budget] = (),
) -> str:
    """The schedule as text alone. ``names``: the communities' names by id, shown where there are several."""
    lines = [_coming_line(row, names) for row in rows]
    parts = ["What comes next:\n" + "\n".join(lines)] if lines else []
    if paused:
        parts.append("Paused:\n" + "\n".join(f"• {escape(row.post.id)}: {_paused(row)}" for row in paused))
    if rows and budgets:
        parts.append("\n".join(map(_budget, budgets)))
    if lately:
        parts.append("Lately:\n" + "\n".join(f"• {line(one)}" for one in lately))
    if not rows and not paused:
        parts.insert(0, "Nothing is scheduled. Coordinators add posts to the files in `schedules/`.")
    return shorten("\n".join(parts), MESSAGE_LIMIT)


def _coming_line(row: Coming, names: dict[str, str]) -> str:
    place = f" ({escape(names[row.community])})" if len(names) > 1 else ""
    why = f"skipped, {row.skipped}" if row.skipped else row.why
    return f"• *{row.when}*  {escape(row.post.name)} in {escape(row.post.channel)}{place}\n   _{escape(why)}_"


def schedule_blocks(
    rows: Sequence[Row],
    names: dict[str, str],
    lately: Sequence[Lately],
    budgets: Sequence[Budget] = (),
    done: str = "",
) -> tuple[Block, ...]:
    """A section and its buttons for each post. ``done``: what a press has just done, said on top."""
    if not rows:
        return ()
    blocks: list[Block] = [section(done)] if done else []
    for row in rows[:WITH_BUTTONS]:
        blocks.append(section(_about(row, names)))
        if not row.is_milestone:
            blocks.append(_buttons(row))
    rest = rows[WITH_BUTTONS:]
    if rest:
        listed = "\n".join(f"• {escape(row.post.name)}: {_state(row)}" for row in rest)
        blocks.append(section(f"And these, which `pause`, `resume` and `post` know by their names:\n{listed}"))
    if budgets:
        shown = [_budget(one) for one in budgets[:WITH_BUDGETS]]
        blocks.append(context("*What the channels bear*\n" + "\n".join(shown)))
    if lately:
        blocks.append(context("*Lately*\n" + "\n".join(line(one) for one in lately)))
    return tuple(blocks)


def _budget(budget: Budget) -> str:
    """One line, and one for what would be held back, with the reason of the first."""
    posts = "1 post" if budget.allowed == 1 else f"{budget.allowed} posts"
    line = f"• {channel_link(budget.channel)}: {budget.got} of {posts} today"
    if not budget.held:
        return f"{line}; nothing will be held back this week"
    first, *more = budget.held
    also = f", and {len(more)} more" if more else ""
    return f"{line}; :hand: held back: *{escape(first.post.name)}* {_moment(first.at)}{also} ({escape(first.why)})"


def which(action: str, verb: str, found: Sequence[tuple[Community, Post]]) -> tuple[str, tuple[Block, ...]]:
    """Several communities have a post of that name: which one is meant?"""
    text = f"Several of your communities have a post of that name. Which one shall I {verb}?"
    places = [
        button(f"{community.name}: {post.channel}", f"{action}:{number}", value_of(community, post))
        for number, (community, post) in enumerate(found[:5])
    ]
    return text, (section(text), actions(*places))


def value_of(community: Community, post: Post) -> str:
    return json.dumps({"community": community.id, "post": post.id}, ensure_ascii=False)


def _about(row: Row, names: dict[str, str]) -> str:
    place = channel_link(row.channel) if row.channel else f"{escape(row.post.channel)} :warning: I cannot find it"
    home = f" ({escape(names[row.community.id])})" if len(names) > 1 else ""
    name = escape(row.post.name)
    why = "" if row.is_paused or not row.coming else f"\n_{escape(_why(row))}_"
    return f"*{name}* in {place}{home}\n{_state(row)}{why}"


def _why(row: Row) -> str:
    return "its reminders, and the day after" if row.is_milestone else row.coming[0].why


def _state(row: Row) -> str:
    if row.is_paused:
        return _paused(row)
    if not row.coming:
        return "nothing comes any more"
    first, *later = [_when(one, row.year) for one in row.coming]
    return first + (f", then {', '.join(later)}" if later else "")


def _when(one: Coming, year: int) -> str:
    opens = _moment(one.opens, year)
    span = opens if one.opens == one.at else f"{opens}-{one.at:%H:%M}"
    return f"{span} (skipped, {escape(one.skipped)})" if one.skipped else span


def _paused(row: Row) -> str:
    return f":double_vertical_bar: paused {_by(row.post, row.control, row.community)}"


def _by(post: Post, control: PostControl | None, community: Community) -> str:
    if control is None or not control.paused:
        return f"in the file ({escape(post.source)})" if post.source else "in the file"
    at = from_us(control.at_us).astimezone(ZoneInfo(community.timezone))
    return f"by {mention(control.by)} since {_moment(at)}"


def _buttons(row: Row) -> Block:
    value = value_of(row.community, row.post)
    turn = button("Resume", RESUME, value) if row.is_paused else button("Pause", PAUSE, value)
    now = button("Post now", POST_NOW, value)
    now["confirm"] = {
        "title": {"type": "plain_text", "text": "Post it now?"},
        "text": {"type": "plain_text", "text": shorten(f"{row.post.id} goes out in {row.post.channel} at once.", 300)},
        "confirm": {"type": "plain_text", "text": "Post now"},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }
    return actions(turn, now)


def line(one: Lately) -> str:
    """One of the last posts, and why it went out when it did or did not."""
    delivery = one.delivery
    what = {"sent": "", "skipped": "skipped: ", "failed": "refused: "}.get(delivery.state, "on its way: ")
    reason = delivery.outgoing.why if not what or delivery.state in ("due", "sending") else delivery.reason
    return f"{_moment(one.at)}  {escape(one.post)}: {what}{_safe(reason)}"


def _safe(reason: str) -> str:
    """A reason is the bot's own words, except for what a template says when it fails; a mention in it is the bot's own."""
    return reason if reason.startswith(_BY_HAND) else escape(reason)


# --- what was done --------------------------------------------------------------------------------------------------

_BY_HAND = "posted by "


def by_hand(user: str) -> str:
    return f"{_BY_HAND}{mention(user)}"


def paused(post: Post, command: str, *, is_leaving: bool = False) -> str:
    text = f"*{escape(post.id)}* is paused: nothing of it goes out until `{command} resume {escape(post.id)}`."
    return text + (" One was on its way already and still arrives." if is_leaving else "")


def paused_already(post: Post, control: PostControl | None, community: Community) -> str:
    return f"*{escape(post.id)}* is paused already, {_by(post, control, community)}."


def not_paused(post: Post, coming: Occasion | None, now: datetime) -> str:
    """``now`` is local, here and below."""
    return f"*{escape(post.id)}* is not paused. {_comes(coming, now)}"


def resumed(post: Post, coming: Occasion | None, now: datetime) -> str:
    file = f" The file still says `paused: true` ({escape(post.source)}); your word stands." if post.paused else ""
    return f"*{escape(post.id)}* goes on. {_comes(coming, now)}{file}"


def posted_already(post: Post, actor: str) -> str:
    by = f", posted by {mention(actor)}" if actor else ""
    return f"*{escape(post.id)}* went out a moment ago{by}. I did not post it twice."


def posted(
    post: Post,
    channel: str,
    occasion: Occasion | None,
    now: datetime,
    beyond: tuple[int, int] | None,
    *,
    paused: bool,
) -> str:
    """``beyond``: how many posts that makes today, and how many the channel's budget allows."""
    text = f"*{escape(post.id)}* goes out in {channel_link(channel)} now"
    text += "." if occasion is None else f", in the place of the one of {_day_and_time(occasion.due, now)}."
    if beyond:
        text += f" That makes {beyond[0]} posts there today; `attention.channel.day` allows {beyond[1]}."
    return text + (" It stays paused." if paused else "")


def unknown(command: str, verb: str, asked: str, near: str | None, known: Sequence[str]) -> str:
    start = f"I know no post `{escape(shorten(asked, 40))}`. " if asked else ""
    if near:
        return f"{start}Did you mean `{command} {verb} {escape(near)}`?"
    if not known:
        return f"{start}There are no posts yet: coordinators add them to the files in `schedules/`."
    return f"{start}Name one of these: {', '.join(f'`{escape(name)}`' for name in known)}."


def _comes(coming: Occasion | None, now: datetime) -> str:
    if coming is None:
        return "Nothing of it comes any more by its dates."
    opens = _day_and_time(coming.opens, now)
    return f"It comes next on {opens}{'' if coming.opens == coming.due else ' or soon after'}."


def _moment(local: datetime, this_year: int | None = None) -> str:
    year = "" if this_year in (None, local.year) else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}"


def _day_and_time(instant: datetime, now: datetime) -> str:
    """By the clock of ``now``, with the year where it is another one."""
    return _moment(instant.astimezone(now.tzinfo), now.year)
