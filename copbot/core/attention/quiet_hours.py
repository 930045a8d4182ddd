"""Quiet hours, by the clocks of whoever is to sleep well."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.core.preferences import Preferences
from copbot.core.time import Hours


def zone_of(timezone: str | None, otherwise: str) -> ZoneInfo:
    """A member's own zone; the community's while it is not known or no zone."""
    try:
        return ZoneInfo(timezone or otherwise)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(otherwise)


def quiet_of(preferences: Preferences, communitys: Hours | None) -> Hours | None:
    """A member's own quiet hours where they set some, else those of the community that writes; None for none."""
    return communitys if preferences.quiet == "community" else preferences.quiet


def outside_quiet(at: datetime, quiet: Hours | None, zone: ZoneInfo) -> datetime:
    """``at``, or the end of the quiet hours in which it falls by the clocks of ``zone``."""
    local = at.astimezone(zone)
    if quiet is None or local.time() not in quiet:
        return at
    ends = [datetime.combine(local.date(), quiet.end, zone).replace(fold=fold) for fold in (0, 1)]
    ends.append(datetime.combine(local.date() + timedelta(days=1), quiet.end, zone))
    return next(end.astimezone(at.tzinfo) for end in ends if end.timestamp() > at.timestamp())
