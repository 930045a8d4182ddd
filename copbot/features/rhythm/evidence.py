"""What the store knows of who wrote when, for the best hour of one channel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import merge
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.community import Community, Post
from copbot.core.ports import Context, Store, Tx
from copbot.core.time import from_us, to_us
from copbot.features.rhythm.best_hour import MEMORY, NO_ACTIVITY, Evidence, activity_of
from copbot.features.rhythm.recurrence import Choose, Period, Slot
from copbot.features.rhythm.rules import slot

KEPT_FOR = timedelta(minutes=10)
"""How long a slot is remembered, by the Clock: only so that a glance each second does not read 90 days of history."""

NOTHING = Evidence(NO_ACTIVITY, NO_ACTIVITY)
"""The evidence where there is no store: then ``otherwise`` holds."""


@dataclass(frozen=True)
class _Kept:
    slot: Slot
    until: datetime


_kept: WeakKeyDictionary[Store, dict[object, _Kept]] = WeakKeyDictionary()


def chooser(ctx: Context, tx: Tx, community: Community, now: datetime) -> Choose:
    """The slot of any period of a post's, from the history before the period began (before now, for one that has
    not).
    """
    zone = ZoneInfo(community.timezone)
    kept = _kept.setdefault(ctx.store, {})

    def choose(post: Post, period: Period) -> Slot:
        key = (community.id, community.timezone, community.channels, post.channel, post.when, period)
        known = kept.get(key)
        if known is not None and known.until - KEPT_FOR <= now < known.until:
            return known.slot
        begins = datetime.combine(period.first, time(), zone)
        found = slot(
            post, period, read_evidence(ctx, tx, community, ctx.directory.channel(post.channel), min(begins, now))
        )
        if len(kept) > 1000:
            kept.clear()
        kept[key] = _Kept(found, now + KEPT_FOR)
        return found

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
