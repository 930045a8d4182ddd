"""Attention is a budget: when the bot may write to a person by itself (interfaces.md, ``attention:``).

One budget across all communities and features. The welcome, answers to a person's own action and a moderator's duties are free of
it, and of quiet hours. Instants named ``…_us`` are microseconds since the epoch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.core.community import Attention, Community
from copbot.core.delivery import Kind, Outgoing
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.core.time import DAY_US, Hours, from_us, to_us

BUDGETED: tuple[Kind, ...] = ("onboarding", "recognition", "ask", "survey", "story", "post", "question")
"""The kinds of direct messages that the bot starts by itself and that use up a member's attention."""

NEVER_AT_NIGHT: tuple[Kind, ...] = ("moderation",)
"""What uses up no attention and yet waits for the end of a member's quiet hours."""

BUDGET_WINDOW_US = 7 * DAY_US
"""How far back what a person was sent counts against the budget."""


def free_at(tx: Tx, community: Community, person: Person, now: datetime) -> datetime | None:
    """When a person may next be written to: ``now``, or later; within their budget and outside their quiet hours. None for never."""
    now_us = to_us(now)
    told = tx.deliveries.told([person.user], BUDGETED, now_us - BUDGET_WINDOW_US + 1).get(person.user, ())
    free_us = budget_free_us(community.attention, told, now_us)
    if free_us is None:
        return None
    return _awake_at(community, person, free_us)


def free_again_us(ctx: Context, tx: Tx, outgoing: Outgoing, now: datetime) -> int | None:
    """When a message that could not go out when it was due is due from now on: ``now``, or later; None for never. Whatever neither a
    budget nor quiet hours hold stays due when it was.

    It was planned by what held then. After an outage, or behind a thousand others, it may be night, and what was due on several days
    would come at once: so only what was really said counts here, and what is said now counts from now.
    """
    now_us = to_us(now)
    community = next((one for one in ctx.communities() if one.id == outgoing.community), None)
    person = tx.facts.person(outgoing.target)
    if community is None or person is None or outgoing.updates or outgoing.kind not in (*BUDGETED, *NEVER_AT_NIGHT):
        return outgoing.due_us
    free_us: int | None = now_us
    if outgoing.kind in BUDGETED:
        said = tx.deliveries.said_in(target=person.user, kinds=BUDGETED, since_us=now_us - BUDGET_WINDOW_US + 1)
        free_us = budget_free_us(community.attention, sorted(ts_us for ts_us in said if ts_us is not None), now_us)
    if free_us is None:
        return None
    return to_us(_awake_at(community, person, free_us))


def _awake_at(community: Community, person: Person, at_us: int) -> datetime:
    """``at_us``, or the end of the person's quiet hours in which it falls."""
    return outside_quiet(from_us(at_us), community.attention.quiet, zone_of(person.timezone, community.timezone))


def zone_of(timezone: str | None, otherwise: str) -> ZoneInfo:
    """A member's own zone; the community's while it is not known or no zone."""
    try:
        return ZoneInfo(timezone or otherwise)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(otherwise)


def outside_quiet(at: datetime, quiet: Hours | None, zone: ZoneInfo) -> datetime:
    """``at``, or the end of the quiet hours in which it falls by the clocks of ``zone``."""
    local = at.astimezone(zone)
    if quiet is None or local.time() not in quiet:
        return at
    ends = [datetime.combine(local.date(), quiet.end, zone).replace(fold=fold) for fold in (0, 1)]
    ends.append(datetime.combine(local.date() + timedelta(days=1), quiet.end, zone))
    return next(end.astimezone(at.tzinfo) for end in ends if end.timestamp() > at.timestamp())


def budget_free_us(attention: Attention, told_us: Sequence[int], now_us: int) -> int | None:
    """When one more message fits, after those of ``told_us`` (in order of time): ``now_us`` or later; None for never."""
    free_us = now_us
    for most, days in ((attention.member_day, 1), (attention.member_week, 7)):
        if most == 0:
            return None
        if len(told_us) >= most:
            free_us = max(free_us, told_us[-most] + days * DAY_US)
    return free_us
