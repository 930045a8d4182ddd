"""For which weeks there is a digest, and for whom. Pure.

Decided here, where the files leave it open:

- A digest belongs to an ISO week by the community's clocks; its hour is by the member's own. ``2 weeks`` counts from the week of
  5 January 1970, as posts do; ``month`` is the first week that begins in a month.
- Who came within that week gets their first one in the next: they have just been welcomed.
- After an outage a digest that is late by a day or more waits for the next one, which tells of the time since the last: a Thursday's
  worth of messages on a Saturday night helps nobody.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.digest import DigestEvery
from copbot.core.time import DAY_US, HOUR_US, to_us

_FIRST_MONDAY = date(1970, 1, 5)

LATE_US = DAY_US
"""So late a digest still comes."""

APART_US = 26 * HOUR_US
"""Between the clocks that are furthest apart: so much before a week of the community's begins, and after it ends, it is somewhere."""

SPAN_US = {"week": 7 * DAY_US, "2 weeks": 14 * DAY_US, "month": 31 * DAY_US}
"""From one digest to the next."""

LOOKED_BACK = 2
"""How many of these are looked back at most: one that was skipped is made up for, a long absence is not."""


def weeks_at(now: datetime, zone: ZoneInfo, every: DigestEvery) -> Iterator[date]:
    """The Mondays of the weeks of which a digest may be due at an instant, late or on time, anywhere."""
    first = _monday(now - timedelta(microseconds=APART_US + LATE_US), zone)
    last = _monday(now + timedelta(microseconds=APART_US), zone)
    while first <= last:
        if has_digest(first, every):
            yield first
        first += timedelta(weeks=1)


def has_digest(monday: date, every: DigestEvery) -> bool:
    """Whether the week from a Monday on has one."""
    if every == "2 weeks":
        return (monday - _FIRST_MONDAY).days // 7 % 2 == 0
    return every == "week" or monday.day <= 7


def next_look_at(now: datetime, zone: ZoneInfo) -> datetime:
    """When another week may come into sight."""
    monday = datetime.combine(_monday(now + timedelta(microseconds=APART_US), zone) + timedelta(weeks=1), time(), zone)
    return monday.astimezone(now.tzinfo) - timedelta(microseconds=APART_US)


def week_named(monday: date) -> str:
    """The ISO week that a Monday begins, such as ``2026-W47``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def begins_us(monday: date, zone: ZoneInfo) -> int:
    return to_us(datetime.combine(monday, time(), zone))


def is_of_age(since_us: int | None, monday: date, zone: ZoneInfo) -> bool:
    """Whether somebody who has been a member since then gets the digest of a week."""
    return since_us is None or since_us < begins_us(monday, zone)


def is_due(due_us: int, now_us: int) -> bool:
    return due_us <= now_us < due_us + LATE_US


def key_of(community: str, monday: date, user: str) -> str:
    """The name of the one digest that a member gets of a community in a week."""
    return f"digest:{community}:{week_named(monday)}:{user}"


def _monday(at: datetime, zone: ZoneInfo) -> date:
    local = at.astimezone(zone).date()
    return local - timedelta(days=local.weekday())
