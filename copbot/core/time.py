"""Instants, Slack's ``ts`` and durations as plain values.

Inside the program an instant is either an aware UTC ``datetime`` or an integer of microseconds since the
epoch (``…_us``). Slack's ``ts`` is a string with exactly those microseconds; a float would lose the last ones.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US

_TS = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?")
_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def to_us(instant: datetime) -> int:
    """Microseconds since the epoch of an aware instant."""
    return (instant - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC instant of microseconds since the epoch."""
    return EPOCH + us * MICROSECOND


def ts_to_us(ts: object) -> int:
    """Microseconds of Slack's ``ts`` (a string such as ``"1764585000.000100"``).

    Raises ValueError for anything that is not a ``ts``.
    """
    match = _TS.fullmatch(ts) if isinstance(ts, str) else None
    if match is None:
        raise ValueError(f"not a Slack timestamp: {ts!r}")
    whole, fraction = match.groups()
    return int(whole) * SECOND_US + int((fraction or "").ljust(6, "0"))


def us_to_ts(us: int) -> str:
    """Slack's ``ts`` of microseconds since the epoch."""
    return f"{us // SECOND_US}.{us % SECOND_US:06d}"


def parse_duration(text: str) -> timedelta:
    """A duration as coordinators write it: ``45s``, ``30m``, ``24h``, ``3d``, ``2w``.

    Raises ValueError when it is none.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration: write a number and s, m, h, d or w, such as 24h")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def in_words(duration: timedelta) -> str:
    """A duration for people, in its largest fitting unit: ``26 hours``, ``3 days``, ``1 minute``."""
    seconds = max(0, int(duration.total_seconds()))
    for unit, size, least in (("day", 86400, 2), ("hour", 3600, 1), ("minute", 60, 1)):
        if seconds >= size * least:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"


@dataclass(frozen=True)
class Hours:
    """A span of the day by wall clock, ``[start, end)``; it may pass midnight. Equal ends mean none."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end
