"""What the rhythm says about itself to those who look after it."""

from collections.abc import Sequence
from datetime import datetime

from copbot.core.mrkdwn import escape
from copbot.core.posts import Post
from copbot.core.time import in_words
from copbot.features.rhythm.timetable import Coming


def late(post: Post, due: datetime, earlier: int) -> str:
    """``due`` is local."""
    more = ""
    if earlier:
        before = "one before it was" if earlier == 1 else f"{earlier} before it were"
        more = f" The {before} missed too."
    return (
        f":hourglass: I skipped *{escape(post.id)}* in {escape(post.channel)}: it was due {_moment(due)},"
        f" and I came more than {in_words(post.late)} too late.{more}"
    )


def missed(post: Post, earlier: int) -> str:
    times = "once" if earlier == 1 else f"{earlier} times"
    place = f"*{escape(post.id)}* in {escape(post.channel)}"
    return f":hourglass: {place} was missed {times} while I was away. It goes on from here."


def held_back(post: Post, due: datetime, budget: int) -> str:
    """``due`` is local."""
    posts = "1 post" if budget == 1 else f"{budget} posts"
    return (
        f":hand: I held back *{escape(post.id)}* in {escape(post.channel)}, due {_moment(due)}: {posts} a day is what"
        " `attention.channel.day` allows there."
    )


def not_written(post: Post, reason: str) -> str:
    return f":warning: I could not write *{escape(post.id)}* and skipped it: {escape(reason)}"


def no_channel(post: Post) -> str:
    return (
        f":warning: I cannot find {escape(post.channel)}, where *{escape(post.id)}* belongs ({escape(post.source)})."
        " Correct its name, or invite me there."
    )


def schedule(rows: Sequence[Coming], names: dict[str, str]) -> str:
    """``names``: the communities' names by id, shown where there are several."""
    if not rows:
        return "Nothing is scheduled. Coordinators add posts to the files in `schedules/`."
    several = len({row.community for row in rows}) > 1
    lines = []
    for row in rows:
        place = f" ({escape(names[row.community])})" if several else ""
        lines.append(
            f"• *{row.when}*  {escape(row.post.id)} in {escape(row.post.channel)}{place}\n   _{escape(row.why)}_"
        )
    return "What comes next:\n" + "\n".join(lines)


def best_time(channel: str, why: str) -> str:
    return f"Best time to post in {channel}: {why}"


def _moment(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %H:%M}"
