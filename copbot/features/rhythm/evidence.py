"""What the store knows of who wrote when, for the best hour of one channel."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from heapq import merge
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Store, Tx
from copbot.core.posts import Post
from copbot.core.time import from_us, to_us
from copbot.features.rhythm.best_hour import MEMORY, NO_ACTIVITY, Evidence, activity_of
from copbot.features.rhythm.recurrence import Choose, Period, Slot
from copbot.features.rhythm.rules import slot

NOTHING = Evidence(NO_ACTIVITY, NO_ACTIVITY)
"""The evidence where there is no store: then ``otherwise`` holds."""


_kept: WeakKeyDictionary[Store, dict[object, Slot]] = WeakKeyDictionary()
"""Slots as they were found today: a glance each second must not read 90 days of history. An import counts from the next day on."""


def chooser(ctx: Context, tx: Tx, community: Community, now: datetime) -> Choose:
    """The slot of any period of a post's, from the history before the period began (before today, for one that has
    not).
    """
    zone = ZoneInfo(community.timezone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    kept = _kept.setdefault(ctx.store, {})

    def choose(post: Post, period: Period) -> Slot:
        channel = ctx.directory.channel(post.channel)
        key = (community.id, community.timezone, community.channels, channel, post.when, period, today)
        if key not in kept:
            begins = datetime.combine(period.first, time(), zone)
            found = slot(post, period, read_evidence(ctx, tx, community, channel, min(begins, today)))
            if len(kept) > 1000:
                kept.clear()
            kept[key] = found
        return kept[key]

    return choose


def without_history(post: Post, period: Period) -> Slot:
    """The slot where there is no store to learn from."""
    return slot(post, period, NOTHING)


def read_evidence(ctx: Context, tx: Tx, community: Community, channel: str | None, end: datetime) -> Evidence:
    """The history of a channel (its ID) and of all discussion channels in the ``MEMORY`` before an instant."""
    zone = ZoneInfo(community.timezone)
    discussion = set(filter(None, map(ctx.directory.channel, community.channels.discussion)))
    local_end = end.astimezone(zone).replace(tzinfo=None)
    histories = {name: list(_local(tx, name, zone, end)) for name in discussion | ({channel} if channel else set())}
    own: Iterable[tuple[datetime, str]] = histories.get(channel, []) if channel else []
    common = merge(*(histories[name] for name in sorted(discussion)))
    return Evidence(activity_of(own, local_end), activity_of(common, local_end))


def _local(tx: Tx, channel: str, zone: ZoneInfo, end: datetime) -> Iterator[tuple[datetime, str]]:
    start = end - MEMORY - timedelta(hours=2)  # a change of clocks may lie between
    for ts_us, user in tx.facts.hours_of(channel, to_us(start), to_us(end)):
        yield from_us(ts_us).astimezone(zone).replace(tzinfo=None), user
