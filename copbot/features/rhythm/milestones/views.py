"""What is said of milestones."""

from collections.abc import Sequence
from datetime import date

from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, mention, shorten
from copbot.core.ports import Context
from copbot.core.posts import Milestone, Post

WEEKS_FROM = 21
"""Days from which on the time to go is told in weeks: the line then changes once a week, not each day."""


def board(ctx: Context, milestones: Sequence[Milestone], today: date) -> str:
    """The pinned message of a channel: a line per milestone, the nearest first. ``today`` is the community's date."""
    lines = [_line(ctx, milestone, today) for milestone in sorted(milestones, key=lambda one: (one.date, one.name))]
    return shorten("*What we are working towards*\n" + "\n".join(lines), MESSAGE_LIMIT)


def reminder(ctx: Context, milestone: Milestone, post: Post) -> str:
    """A reminder before a milestone, or the note after it; ``post.from_date`` is the day on which it is said."""
    day = post.from_date or milestone.date
    if day > milestone.date:
        return (
            f":checkered_flag: *{escape(milestone.name)}* was due {_ago((day - milestone.date).days)}: how did it go?"
            f"{_who(ctx, milestone)}{_link(milestone)}"
        )
    return (
        f":calendar: *{escape(milestone.name)}* is due {_to_go((milestone.date - day).days)}, on {_day(milestone.date)}."
        f"{_who(ctx, milestone)}{_link(milestone)} What is still missing, and who can help?"
    )


def done(ctx: Context, milestone: Milestone) -> str:
    names = _people(ctx, milestone)
    thanks = f" Thank you, {names}!" if names else " Thank you to all who worked on it!"
    return f":tada: *{escape(milestone.name)}* is done.{thanks}{_link(milestone)}"


def _line(ctx: Context, milestone: Milestone, today: date) -> str:
    name, day = f"*{escape(milestone.name)}*", _day(milestone.date)
    to_go = (milestone.date - today).days
    if milestone.done:
        state = f":white_check_mark: {name}: done"
    elif to_go < 0:
        state = f":hourglass: {name} was due {day}"
    else:
        state = f":dart: {name}  {day}, {_to_go(to_go)}"
    names = _people(ctx, milestone)
    return state + (f"  {names}" if names else "") + _link(milestone)


def _to_go(days: int) -> str:
    if days <= 1:
        return "tomorrow" if days else "today"
    return f"in {days // 7} weeks" if days >= WEEKS_FROM else f"in {days} days"


def _ago(days: int) -> str:
    return "yesterday" if days == 1 else f"{days} days ago"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _who(ctx: Context, milestone: Milestone) -> str:
    names = _people(ctx, milestone)
    return f" {names}." if names else ""


def _people(ctx: Context, milestone: Milestone) -> str:
    """Whom the coordinators named: mentions, since that is what they are named for."""
    named = []
    for reference in milestone.who:
        people = sorted(ctx.directory.people([reference]))
        named += [str(mention(person)) for person in people] or [escape(reference)]
    return ", ".join(named)


def _link(milestone: Milestone) -> str:
    return f" <{escape(milestone.link)}|Open it>" if milestone.link else ""
