"""What a member may choose of what the bot sends them, as steps from settings to settings. Pure.

Decided here: *less* is one step down for everything, because whoever wants less mostly wants fewer messages; *off* is the subject of
the message alone, because what annoys is mostly one thing, and all else is one tap further. Both can be undone.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.preferences import MODES, SUBJECTS, CommunitysHours, Mode, Preferences, Subject
from copbot.core.time import Hours, from_us, to_us

_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?")

LONGEST_PAUSE = timedelta(days=366)
"""Whoever wants more turns everything off: nobody remembers a pause for so long."""


def less(preferences: Preferences) -> Preferences:
    """One step down; the last one stays where it is."""
    return replace(preferences, mode=MODES[min(MODES.index(preferences.mode) + 1, len(MODES) - 1)])


def without(preferences: Preferences, subject: Subject) -> Preferences:
    return replace(preferences, off=preferences.off | {subject})


def resumed(preferences: Preferences) -> Preferences:
    """The pause is over, and so is a general *off*."""
    return replace(
        preferences, paused_until_us=None, mode="standard" if preferences.mode == "off" else preferences.mode
    )


def opted_out(before: Preferences, after: Preferences) -> tuple[str, ...]:
    """What somebody wants no more: a lower mode, subjects, ``pause``. For counting, without who."""
    found: list[str] = []
    if MODES.index(after.mode) > MODES.index(before.mode):
        found.append(after.mode)
    found += sorted(after.off - before.off)
    if after.paused_until_us is not None and after.paused_until_us > (before.paused_until_us or 0):
        found.append("pause")
    return tuple(found)


def is_paused(preferences: Preferences, now: datetime) -> bool:
    return preferences.paused_until_us is not None and preferences.paused_until_us > to_us(now)


# -- a pause, by the day on which it ends


def pause_until_us(day: date, zone: ZoneInfo) -> int:
    """The instant at which a day begins by the clocks of a zone."""
    return to_us(datetime.combine(day, time(0), zone))


def paused_day(preferences: Preferences, now: datetime, zone: ZoneInfo) -> date | None:
    """The day on which a pause ends by the clocks of a zone; None while there is none."""
    if preferences.paused_until_us is None or not is_paused(preferences, now):
        return None
    return from_us(preferences.paused_until_us).astimezone(zone).date()


def is_ahead(day: date, now: datetime, zone: ZoneInfo) -> bool:
    return day > now.astimezone(zone).date()


def is_too_far(day: date, now: datetime, zone: ZoneInfo) -> bool:
    return day > now.astimezone(zone).date() + LONGEST_PAUSE


# -- settings as the value of a button, to be put back by it: it comes back from outside


def written(preferences: Preferences) -> str:
    off, paused = ",".join(sorted(preferences.off)), preferences.paused_until_us
    quiet = shown_hours(preferences.quiet) if isinstance(preferences.quiet, Hours) else preferences.quiet or "none"
    return "|".join([str(preferences.version), preferences.mode, off, quiet, "" if paused is None else str(paused)])


def read(value: str, user: str) -> Preferences | None:
    """What ``written`` wrote; None where it says anything else."""
    version, mode, off, quiet, paused = (*value.split("|"), *[""] * 5)[:5]
    numbers = all(one.isascii() and one.isdigit() and len(one) < 18 for one in (version, paused or "0"))
    named = frozenset(filter(None, off.split(",")))
    subjects = frozenset(subject for subject in SUBJECTS if subject in named)
    chosen = mode_of(mode)
    if value.count("|") != 4 or not numbers or chosen is None or len(subjects) != len(named):
        return None
    try:
        return Preferences(user, chosen, subjects, hours_of(quiet), int(paused) if paused else None, int(version))
    except ValueError:
        return None


def mode_of(value: str) -> Mode | None:
    return next((mode for mode in MODES if mode == value), None)


def shown_hours(hours: Hours) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


def hours_of(value: str) -> Hours | CommunitysHours | None:
    """Quiet hours as they are typed: ``21:00-07:00``, ``none``, ``community``.

    Raises ValueError for anything else, two equal times included.
    """
    if value == "community":
        return "community"
    if value == "none":
        return None
    start, end = map(_clock, value.partition("-")[::2])
    if start is None or end is None or start == end:
        raise ValueError(f"no hours: {value}")
    return Hours(start, end)


def _clock(value: str) -> time | None:
    """A time as people type it: ``21:00``, ``7:30``, ``7``."""
    match = _TIME.fullmatch(value.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))
