"""What a discussion channel bears in a day (``attention.channel.day``): one account for all features that post there.

A day is the calendar day in the community's zone. Cards, introductions, the pinned line of milestones, and what stands in threads are
free; so are all other channels.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.delivery import Kind
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us

COUNTED: tuple[Kind, ...] = ("question", "post", "recognition")
"""The kinds of posts that use up a channel's attention."""


def budget_of(ctx: Context, community: Community, channel: str | None) -> int | None:
    """How many posts a day a channel (its ID) bears; None for no limit: it is no discussion channel."""
    discussion = {ctx.directory.channel(name) for name in community.channels.discussion}
    return community.attention.channel_day if channel in discussion else None


def got_today(tx: Tx, channel: str, now: datetime, zone: ZoneInfo) -> int:
    """How many posts a channel got, or is about to get, on the day of ``now``."""
    since_us, until_us = (to_us(moment) for moment in _day(now, zone))
    said: Sequence[int | None] = tx.deliveries.said_in(target=channel, kinds=COUNTED, since_us=since_us)
    return sum(1 for ts_us in said if ts_us is None or ts_us < until_us)


def free_at(ctx: Context, tx: Tx, community: Community, channel: str, now: datetime) -> datetime | None:
    """When a channel bears one more post: ``now``, or the beginning of the next day; None for never."""
    most, zone = budget_of(ctx, community, channel), ZoneInfo(community.timezone)
    if most is None or got_today(tx, channel, now, zone) < most:
        return now
    return _day(now, zone)[1] if most else None


def _day(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = now.astimezone(zone).date()
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return start, end
