"""When each member's digest of a week is due: a function of the files, the members, their settings and what they wrote before it.

Worked out once for a week and kept in memory: a pass each second must not read thousands of members' hours again. Nothing is decided by
what is kept: whoever is due is looked at again, by what is true then. A change of the files works it out anew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.attention.quiet_hours import zone_of
from copbot.core.community import Community
from copbot.core.ports import Context, Store, Tx
from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.digest import rules
from copbot.features.digest.gathering import discussion_of
from copbot.features.digest.hours import NO_HABIT, Habit, best_slot, due_at, habits

MEMORY_US = 90 * DAY_US
"""How far back members' hours are learned from, as the best hour to post is."""


LOOKED_AHEAD = timedelta(weeks=7)
"""Within it lies the next digest, also where there is one a month."""


@dataclass
class Week:
    """The digests of one week, by when they are due. ``done``: of whom nothing is left to decide."""

    community: Community
    monday: date
    due: list[tuple[int, str]]  # microseconds, user
    done: set[str] = field(default_factory=set)

    def ready(self, now_us: int) -> list[str]:
        """Whose digest is due now and was not looked at, the first due first."""
        first, last = self._between(now_us - rules.LATE_US + 1, now_us + 1)
        return [user for _, user in self.due[first:last] if user not in self.done]

    def next_us(self, now_us: int) -> int | None:
        """When somebody's is due next; one that is due and was not looked at is due now."""
        if self.ready(now_us):
            return now_us
        first = bisect_right(self.due, (now_us, "\U0010ffff"))
        return self.due[first][0] if first < len(self.due) else None

    def _between(self, since_us: int, until_us: int) -> tuple[int, int]:
        return bisect_left(self.due, (since_us, "")), bisect_left(self.due, (until_us, ""))


_weeks: WeakKeyDictionary[Store, dict[tuple[str, date], Week]] = WeakKeyDictionary()


def weeks_now(ctx: Context, tx: Tx, community: Community, now: datetime) -> Iterator[Week]:
    """The weeks of which a digest may be due now."""
    if community.digest is None:
        return
    kept = _weeks.setdefault(ctx.store, {})
    mondays = list(rules.weeks_at(now, ZoneInfo(community.timezone), community.digest.every))
    for known in [key for key in list(kept) if key[0] == community.id and key[1] not in mondays]:
        kept.pop(known, None)
    for monday in mondays:
        week = kept.get((community.id, monday))
        if week is None or week.community is not community:
            week = kept[community.id, monday] = Week(community, monday, _due(ctx, tx, community, monday))
        yield week


def _due(ctx: Context, tx: Tx, community: Community, monday: date) -> list[tuple[int, str]]:
    zone, on = ZoneInfo(community.timezone), community.digest.on if community.digest else ()
    channels = discussion_of(ctx, community)
    readers = [one for one in tx.digests.readers(channels) if rules.is_of_age(one.since_us, monday, zone)]
    zones = {one.user: zone_of(one.timezone, community.timezone) for one in readers}
    own, everybody = read_habits(tx, channels, zones, monday, zone)
    preferences = tx.preferences.of_many(zones)
    found = []
    for user, clock in zones.items():
        quiet = preferences[user].quiet
        slot = best_slot(
            *(user, own.get(user, NO_HABIT), everybody, on),
            community.attention.quiet if quiet == "community" else quiet,
        )
        found.append((to_us(due_at(monday, slot, clock)), user))
    return sorted(found)


def digests_between(
    ctx: Context, tx: Tx, community: Community, now: datetime, until: datetime
) -> Iterator[tuple[datetime, str]]:
    """(when, user) of the digests whose hour comes after ``now`` and until ``until``, if there is anything to tell then."""
    if community.digest is None:
        return
    monday = next(rules.weeks_at(now, ZoneInfo(community.timezone), "week"))
    while rules.begins_us(monday, ZoneInfo(community.timezone)) - rules.APART_US <= to_us(until):
        if rules.has_digest(monday, community.digest.every):
            for at_us, user in _due(ctx, tx, community, monday):
                if to_us(now) < at_us <= to_us(until):
                    yield from_us(at_us), user
        monday += timedelta(weeks=1)


def next_of(ctx: Context, tx: Tx, community: Community, user: str, now: datetime) -> datetime | None:
    """When a member's next digest comes, if there is anything to tell; None where they get none."""
    coming = digests_between(ctx, tx, community, now, now + LOOKED_AHEAD)
    return next((at for at, who in coming if who == user), None)


def read_habits(
    tx: Tx, channels: Sequence[str], zones: Mapping[str, ZoneInfo], monday: date, zone: ZoneInfo
) -> tuple[Mapping[str, Habit], Habit]:
    """Everybody's hours before a week begins anywhere: what is written in it changes nothing any more."""
    until_us = rules.begins_us(monday, zone) - rules.APART_US
    return habits(tx.digests.written(channels, until_us - MEMORY_US, until_us), zones)
