"""What the store knows of who wrote when, for the best hour of one channel."""

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Store, Tx
from copbot.core.posts import Post
from copbot.core.time import HOUR_US, from_us, to_us
from copbot.features.rhythm.learning.best_hour import NO_ACTIVITY, Activity, Evidence, activity
from copbot.features.rhythm.learning.histogram import MEMORY, Histogram, histogram
from copbot.features.rhythm.learning.uncertainty import Course
from copbot.features.rhythm.learning.wall_clock import even_stretches, local_date
from copbot.features.rhythm.recurrence import Choose, Period, Slot
from copbot.features.rhythm.rules import slot

NOTHING = Evidence(NO_ACTIVITY, NO_ACTIVITY)
"""The evidence where there is no store: then ``otherwise`` holds."""

COURSES_KEPT = 64
SLOTS_KEPT = 20_000
SLOW_S = 2.0


@dataclass
class Memo:
    """What was learned within one hour of the clock: a glance each second must not read all history again, and what an
    import or a gap that was read brings is known an hour later. Entries are only ever added, so that threads may share it.
    ``hour`` is None where nothing is added to the history any more. A history so long that reading it takes seconds is read
    once a day: ``slow`` are the keys of those.
    """

    hour: int | None
    histograms: dict[tuple[str, frozenset[str]], Histogram] = field(default_factory=dict)
    courses: dict[object, Course] = field(default_factory=dict)
    slots: dict[object, Slot] = field(default_factory=dict)
    slow: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    def an_hour_later(self, hour: int) -> "Memo":
        """What still holds then: the long histories, until the day ends by their own clock."""
        if self.hour is None:
            return Memo(hour)
        then, now = from_us(self.hour * HOUR_US), from_us(hour * HOUR_US)
        held = {
            key
            for key in self.slow
            if then.astimezone(ZoneInfo(key[0])).date() == now.astimezone(ZoneInfo(key[0])).date()
        }
        return Memo(hour, {key: known for key, known in self.histograms.items() if key in held}, slow=held)


_memos: WeakKeyDictionary[Store, Memo] = WeakKeyDictionary()
_memos_lock = threading.Lock()


def chooser(ctx: Context, tx: Tx, community: Community, now: datetime) -> Choose:
    """The slot of any period of a post's, from the history before the period began (before today, for one that has
    not).
    """
    zone = ZoneInfo(community.timezone)
    today = now.astimezone(zone).date()
    discussion = discussion_of(ctx, community)

    def choose(post: Post, period: Period) -> Slot:
        channel = ctx.directory.channel(post.channel)
        end = min(period.first, today)
        key = (community.timezone, discussion, channel, post.when, period, end)
        slots = _memo(ctx).slots
        found = slots.get(key)
        if found is None:
            evidence = read_evidence(ctx, tx, community, channel, datetime.combine(end, time(), zone))
            found = slot(post, period, evidence)
            if len(slots) < SLOTS_KEPT:
                slots[key] = found
        return found

    return choose


def without_history(post: Post, period: Period) -> Slot:
    """The slot where there is no store to learn from."""
    return slot(post, period, NOTHING)


def read_evidence(ctx: Context, tx: Tx, community: Community, channel: str | None, end: datetime) -> Evidence:
    """The history of a channel (its ID) and of all discussion channels before the local day of an instant."""
    zone = ZoneInfo(community.timezone)
    courses, place = _memo(ctx).courses, _place(ctx, community, channel)
    course = courses.get(place)
    if course is None:
        memo, began = _memo(ctx), ctx.clock.monotonic()
        before = set(memo.histograms)
        course = read_course(tx, zone, channel, discussion_of(ctx, community), memo.histograms)
        if ctx.clock.monotonic() - began > SLOW_S:
            memo.slow.update(set(memo.histograms) - before)
        if len(courses) < COURSES_KEPT:
            courses[place] = course
    return evidence_of(tx, zone, course, channel, discussion_of(ctx, community), end.astimezone(zone).date())


def read_course(
    tx: Tx,
    zone: ZoneInfo,
    channel: str | None,
    discussion: Collection[str],
    kept: dict[tuple[str, frozenset[str]], Histogram] | None = None,
) -> Course:
    """The whole history of a channel, and of the community's discussion channels and it together.

    ``kept``: what was read before; the community's common history, which takes longest, is put there.
    """
    own = frozenset({channel} if channel else ())
    everywhere = own | frozenset(discussion)
    mine = read_histogram(tx, zone, own)
    if everywhere == own:
        return Course(mine, mine)
    key, known = (zone.key, everywhere), {} if kept is None else kept
    common = known.get(key)
    if common is None:
        common = known[key] = read_histogram(tx, zone, everywhere)
    return Course(mine, common)


def read_courses(tx: Tx, zone: ZoneInfo, channels: Collection[str]) -> Iterator[tuple[str, Course]]:
    """The courses of many channels of one community, one after the other: their common history is read once."""
    kept: dict[tuple[str, frozenset[str]], Histogram] = {}
    for channel in channels:
        yield channel, read_course(tx, zone, channel, channels, kept)


def read_histogram(tx: Tx, zone: ZoneInfo, channels: Collection[str]) -> Histogram:
    """Distinct people by local hour over all that is stored; one who wrote in several of the channels counts once an hour."""
    span = tx.presence.span_us(channels) if channels else None
    if span is None:
        return histogram(())
    counts = (
        count
        for even in even_stretches(zone, span[0], span[1] + 1)
        for count in tx.presence.hours(channels, even.since_us, even.until_us, even.offset_us, together=True)
    )
    return histogram((local_date(count.hour // 24), count.hour % 24, count.members, count.messages) for count in counts)


def evidence_of(
    tx: Tx, zone: ZoneInfo, course: Course, channel: str | None, discussion: Collection[str], end: date
) -> Evidence:
    """What a course says before the beginning of the local day ``end``."""
    own = {channel} if channel else set()
    outlook = course.outlook(end)

    def counted(history: Histogram, channels: Collection[str], *, wanted: bool) -> Activity:
        until = datetime.combine(end, time(), zone)
        since = datetime.combine(end - MEMORY, time(), zone)
        members = tx.presence.people(channels, to_us(since), to_us(until)) if wanted else 0
        return activity(history, end, members)

    mine = counted(course.own, own, wanted=outlook.own.is_enough)
    common = counted(
        course.common, own | set(discussion), wanted=not outlook.own.is_enough and outlook.common.is_enough
    )
    return Evidence(mine, common, course)


def discussion_of(ctx: Context, community: Community) -> frozenset[str]:
    """The IDs of a community's discussion channels that exist."""
    return frozenset(filter(None, map(ctx.directory.channel, community.channels.discussion)))


def _place(ctx: Context, community: Community, channel: str | None) -> object:
    return community.timezone, discussion_of(ctx, community), channel


def _memo(ctx: Context) -> Memo:
    hour = to_us(ctx.clock.now()) // HOUR_US
    with _memos_lock:
        memo = _memos.get(ctx.store)
        if memo is None or memo.hour not in (hour, None):
            memo = _memos[ctx.store] = memo.an_hour_later(hour) if memo else Memo(hour)
        return memo


def learn_once(store: Store) -> None:
    """Of a store whose history is over: what is learned from it holds whatever the clock says."""
    with _memos_lock:
        _memos[store] = Memo(None)
