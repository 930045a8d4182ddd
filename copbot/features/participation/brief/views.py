"""The week's brief as it reads."""

from collections.abc import Callable
from datetime import date, timedelta

from copbot.core.blocks import context, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape
from copbot.features.participation.brief.rules import Brief, Number
from copbot.features.participation.levels.views import arrow

Name = Callable[[str], str]
"""How somebody is called: a name that notifies nobody, escaped."""


def text(community: Community, monday: date) -> str:
    """What a notification says. ``monday``: of the week in which the brief comes."""
    return f"The week in {escape(community.name)}, {_days(monday)}"


def blocks(community: Community, brief: Brief, monday: date, name: Name | None, command: str) -> tuple[Block, ...]:
    """``name`` None: where everybody may read it, nobody is named."""
    told = [f"*{text(community, monday)}*", *map(_number, brief.numbers)]
    parts = [section("\n".join(told))]
    if brief.names and name is not None:
        parts.append(section("\n".join(f"• *{name(one.user)}*: {one.why}" for one in brief.names)))
    parts.append(section(f":point_right: {_todo(brief, name, command)}"))
    if brief.others or (brief.names and name is None):
        parts.append(
            context(f"`{command} levels` names {'everybody' if name is None else 'the others'}, for you alone.")
        )
    return tuple(parts)


def _number(number: Number) -> str:
    """A line led by its direction: sideways where the difference may be chance."""
    before = f"{number.before:,}"
    if number.what == "writers":
        told = f"{number.now:,} {'person' if number.now == 1 else 'people'} wrote"
    elif number.what == "messages":
        told = f"{number.now:,} message{'' if number.now == 1 else 's'}"
    elif not number.of:
        return "→ no question was asked"
    else:
        told = f"{number.now:,} of {number.of:,} question{'' if number.of == 1 else 's'} answered within a day"
        before = f"{number.before:,} of {number.of_before:,}" if number.of_before else "none asked"
    if not number.change.is_clear:
        return f"→ {told} ({before} the week before)"
    more = "more" if number.change.direction == "up" else "fewer"
    return f"{arrow(number.change)} {told}: clearly {more} than the week before ({before})"


def _todo(brief: Brief, name: Name | None, command: str) -> str:
    if brief.waiting:
        waits = "A question has" if brief.waiting == 1 else f"{brief.waiting:,} questions have"
        return f"{waits} waited for more than two days: `{command} unanswered` shows who could use a hand."
    if name is None or not brief.names:
        return f"Have a look at `{command} levels`: who drifts, and who could do more."
    first, who = brief.names[0], name(brief.names[0].user)
    return {
        "silent": f"Write {who} a personal line: what are they working on, and what would help?",
        "returned": f"Tell {who} that it is good to see them again.",
        "moderator": f"Ask {who} whether they would look after questions with you.",
        "rising": f"Thank {who}, and ask what they would like to do more of here.",
    }[first.kind]


def _days(monday: date) -> str:
    """The week before, such as ``9-15 November``."""
    first, last = monday - timedelta(days=7), monday - timedelta(days=1)
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begin}-{last.day} {last:%B}"
