"""The wall clock of a zone, hour by hour."""

from zoneinfo import ZoneInfo

from copbot.core.ports.figure import Buckets
from copbot.core.time import DAY_US, HOUR_US, MICROSECOND, from_us

WEEK_HOURS = 168
EPOCH_HOUR = 3 * 24
"""The hour of the week with which the epoch began by the clock of UTC: it was a Thursday."""

_QUARTER_US = HOUR_US // 4


class LocalHours:
    """Instants by the wall clock of a zone: the number of the calendar week and the hour of the week.

    Every zone's clock, and every change of one since Slack exists, keeps to quarters of an hour: so does this memory.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, ts_us: int) -> tuple[int, int]:
        quarter = ts_us // _QUARTER_US
        found = self._known.get(quarter)
        if found is None:
            local = from_us(quarter * _QUARTER_US).astimezone(self._zone)
            week = (local.toordinal() - 1) // 7  # the first day of year 1 was a Monday
            found = self._known[quarter] = week, local.weekday() * 24 + local.hour
        return found


def hours_between(first_us: int, until_us: int, zone: ZoneInfo) -> tuple[Buckets, int]:
    """The hours that the zone's clock shows from ``first_us`` (or up to a day before) to ``until_us``, and the number that the first
    has, counted from 1970-01-01 00:00 on that clock. An hour that a change of clocks repeats is one bucket, one it skips none."""
    starts: list[int] = []
    hours: list[int] = []
    day, offset_us = first_us // DAY_US * DAY_US, _offset_us(first_us // DAY_US * DAY_US, zone)
    while day < until_us or not starts:
        following_us = _offset_us(day + DAY_US, zone)
        step_us = HOUR_US if following_us == offset_us and offset_us % HOUR_US == 0 else _QUARTER_US
        for start in range(day, day + DAY_US, step_us):
            now_us = offset_us if following_us == offset_us else _offset_us(start, zone)
            hour = (start + now_us) // HOUR_US
            if not hours or hour != hours[-1]:
                starts.append(start)
                hours.append(hour)
        day, offset_us = day + DAY_US, following_us
    first = min(hours)
    return Buckets(starts, [hour - first for hour in hours]), first


def _offset_us(us: int, zone: ZoneInfo) -> int:
    offset = from_us(us).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // MICROSECOND
