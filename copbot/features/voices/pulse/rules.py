"""When a pulse survey opens and closes. Local dates and times are by the community's clock."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from copbot.core.voices import Pulse, PulseEvery

MONTHS: dict[PulseEvery, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
TUESDAY = 1

LEAST_OPEN = timedelta(days=2)
"""A survey that comes late, after a stop, opens only while so much of its time is left."""


@dataclass(frozen=True)
class Opening:
    """``period`` is the local date, as the round is known by."""

    period: str
    opens: datetime
    closes: datetime


def openings(pulse: Pulse, zone: ZoneInfo, since: date) -> Iterator[Opening]:
    """The openings on local dates from ``since`` on, in order."""
    step = MONTHS[pulse.every]
    start = pulse.first or date(since.year - 1, 1, 1)
    passed = max(0, (since.year - start.year) * 12 + since.month - start.month) // step
    for number in range(max(0, passed - 1), passed + 1000):
        month = start.month - 1 + number * step
        year, month = start.year + month // 12, month % 12 + 1
        if year > 9998:
            return
        day = _second_tuesday(year, month) if pulse.first is None else _same_day(pulse.first.day, year, month)
        if day >= since:
            opens = datetime.combine(day, pulse.at, zone)
            yield Opening(day.isoformat(), opens, opens + pulse.stays_open)


def open_now(pulse: Pulse, zone: ZoneInfo, now: datetime) -> Opening | None:
    """The survey that may be asked at ``now``: opened, and with enough of its time left."""
    since = (now - pulse.stays_open).astimezone(zone).date() - timedelta(days=1)
    least = min(LEAST_OPEN, pulse.stays_open / 2)
    found = None
    for opening in openings(pulse, zone, since):
        if opening.opens > now:
            break
        if now <= opening.closes - least:
            found = opening
    return found


def next_opening(pulse: Pulse, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the next survey opens, after ``now``."""
    since = now.astimezone(zone).date() - timedelta(days=1)
    return next((opening.opens for opening in openings(pulse, zone, since) if opening.opens > now), None)


def _second_tuesday(year: int, month: int) -> date:
    """Far enough from the turn of the year, and from the month's own rush."""
    first = date(year, month, 1)
    return first + timedelta(days=(TUESDAY - first.weekday()) % 7 + 7)


def _same_day(day: int, year: int, month: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
