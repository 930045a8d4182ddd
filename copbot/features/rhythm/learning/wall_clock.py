"""Stretches of time in which a zone's wall clock runs as far ahead of UTC throughout. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from copbot.core.time import DAY_US, MICROSECOND, SECOND_US, from_us

_EPOCH_DAY = date(1970, 1, 1).toordinal()

STEP_US = 7 * DAY_US
"""No zone changes its clock twice within it and back (Ramadan's pause of summer time, the shortest, lasts four weeks)."""


class Even(NamedTuple):
    """``[since_us, until_us)``, and how far the wall clock is ahead of UTC."""

    since_us: int
    until_us: int
    offset_us: int


def even_stretches(zone: ZoneInfo, since_us: int, until_us: int) -> Iterator[Even]:
    """The stretches of ``[since_us, until_us)``, in order."""
    begins, at_us = since_us, since_us
    while at_us < until_us:
        following = min(at_us + STEP_US, until_us)
        offset = _offset_us(zone, begins)
        if _offset_us(zone, following) != offset:
            following = _change_us(zone, at_us, following)
            yield Even(begins, following, offset)
            begins = following
        at_us = following
    if begins < until_us:
        yield Even(begins, until_us, _offset_us(zone, begins))


def _change_us(zone: ZoneInfo, before: int, after: int) -> int:
    offset = _offset_us(zone, before)
    while after - before > SECOND_US:
        middle = (before + after) // 2
        if _offset_us(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after // SECOND_US * SECOND_US


def _offset_us(zone: ZoneInfo, us: int) -> int:
    offset = from_us(us).astimezone(zone).utcoffset()
    return (offset or timedelta()) // MICROSECOND


def local_date(day: int) -> date:
    """The date of a day that is counted from the epoch by the wall clock."""
    return date.fromordinal(_EPOCH_DAY + day)
