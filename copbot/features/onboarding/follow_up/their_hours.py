"""When a member is best written to: on their own days, at their own hour, never in their quiet hours.

A follow-up that is due after days need not come to the minute. It comes at the hour of the day at which this person was here
before, which is when they read Slack: the hour in which they write most; while they have not written, the hour at which they
answered their questions; failing that, the hour at which they came. On weekdays, and on other days on which they write
(weekends differ between countries); who has written on several days is known well enough for those days alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.time import Hours

MONDAY_TO_FRIDAY = frozenset(range(5))

KNOWN_MESSAGES, KNOWN_DAYS = 8, 3
"""From so many messages on so many different weekdays on, a member's own days hold alone."""

AROUND = timedelta(minutes=90)
"""How far from the own hour's middle is still their time: so a change of clocks, or a late start, costs no whole day."""


@dataclass(frozen=True)
class TheirHours:
    """``at`` is a time of the day outside the quiet hours, by the clocks of ``zone``; ``days`` are weekdays, Monday is 0."""

    zone: ZoneInfo
    at: time
    days: frozenset[int]
    quiet: Hours | None = None

    def next(self, moment: datetime) -> datetime:
        """``moment`` where it is one of their times, else the next one."""
        local = moment.astimezone(self.zone)
        if self._is_theirs(local):
            return moment
        for days in range(15):
            start = _instant(local.date() + timedelta(days=days), self.at, self.zone)
            if start > moment and self._is_theirs(start.astimezone(self.zone)):
                return start.astimezone(moment.tzinfo)
        raise AssertionError("a week has one of their days")

    def _is_theirs(self, local: datetime) -> bool:
        if local.weekday() not in self.days or (self.quiet is not None and local.time() in self.quiet):
            return False
        middle = datetime.combine(local.date(), self.at) + timedelta(minutes=30)
        return abs(local.replace(tzinfo=None, fold=0) - middle) <= AROUND


def their_hours(
    wrote: Sequence[datetime], otherwise: datetime, zone: ZoneInfo, quiet: Hours | None = None
) -> TheirHours:
    """The hours of a member who wrote at these instants; ``otherwise`` they were here, when they wrote nothing."""
    local = [moment.astimezone(zone) for moment in wrote]
    days = frozenset(moment.weekday() for moment in local)
    well_known = len(local) >= KNOWN_MESSAGES and len(days) >= KNOWN_DAYS
    hour = _busiest([moment.hour for moment in local]) if local else otherwise.astimezone(zone).hour
    at = time(hour)
    if quiet is not None and at in quiet:
        at = quiet.end  # in the morning
    return TheirHours(zone, at, days if well_known else days | MONDAY_TO_FRIDAY, quiet)


def _busiest(hours: Sequence[int]) -> int:
    """The hour with most in it and beside it; of several the one with most in it, then the earliest of the day."""
    count = Counter(hours)
    around = {hour: count[(hour - 1) % 24] + 2 * count[hour] + count[(hour + 1) % 24] for hour in count}
    return min(count, key=lambda hour: (-around[hour], -count[hour], hour))


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time on a day; a time that a change of clocks skips moves behind the gap."""
    local = datetime.combine(day, at, zone)
    return local.astimezone(ZoneInfo("UTC"))
