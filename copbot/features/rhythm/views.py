"""What the rhythm says about itself to those who look after it."""

from datetime import datetime

from copbot.core.mrkdwn import escape
from copbot.core.posts import Post
from copbot.core.time import in_words


def late(post: Post, due: datetime, earlier: int) -> str:
    """``due`` is local."""
    more = ""
    if earlier:
        before = "one before it was" if earlier == 1 else f"{earlier} before it were"
        more = f" The {before} missed too."
    return (
        f":hourglass: I skipped *{escape(post.name)}* in {escape(post.channel)}: it was due {_moment(due)},"
        f" and I came more than {in_words(post.late)} too late.{more}"
    )


def missed(post: Post, earlier: int) -> str:
    times = "once" if earlier == 1 else f"{earlier} times"
    place = f"*{escape(post.name)}* in {escape(post.channel)}"
    return f":hourglass: {place} was missed {times} while I was away. It goes on from here."


def held_back(post: Post, due: datetime, budget: int) -> str:
    """``due`` is local."""
    posts = "1 post" if budget == 1 else f"{budget} posts"
    return (
        f":hand: I held back *{escape(post.name)}* in {escape(post.channel)}, due {_moment(due)}: {posts} a day is what"
        " `attention.channel.day` allows there."
    )


def crowded(post: Post, due: datetime) -> str:
    """``due`` is local."""
    return (
        f":hand: I held back *{escape(post.name)}* in {escape(post.channel)}, due {_moment(due)}: another post was too near, and"
        " waiting for the distance that `spacing` asks for would have made it too late."
    )


def credit(name: str) -> str:
    """Thanks below a question that a member suggested."""
    return f"\n_Suggested by {escape(name)}: thank you!_"


def not_written(post: Post, reason: str, *, skipped: bool = True) -> str:
    return f":warning: I could not write *{escape(post.name)}*{' and skipped it' if skipped else ''}: {escape(reason)}"


def no_channel(post: Post) -> str:
    return (
        f":warning: I cannot find {escape(post.channel)}, where *{escape(post.name)}* belongs ({escape(post.source)})."
        " Correct its name, or invite me there."
    )


def _moment(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %H:%M}"
