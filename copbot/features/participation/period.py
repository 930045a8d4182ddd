"""What people type after ``--since``, ``--until``, ``--timezone`` and ``--channel``, as a period."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from copbot.core.errors import Mistake
from copbot.core.ports import Figures
from copbot.core.records import Scope
from copbot.core.time import from_us, to_us
from copbot.features.participation.service import Period


def stats_period(
    figures: Figures,
    now: datetime,
    *,
    since: str | None = None,
    until: str | None = None,
    timezone: str = "UTC",
    channels: Sequence[str] = (),
) -> Period:
    """Raises Mistake for what cannot be read. Dates are their first instant in the zone; ``until`` is exclusive, now by
    default; no ``channels`` are all stored ones."""
    zone = _zone(timezone)
    since_us = None if since is None else to_us(instant_of("--since", since, zone))
    until_us = to_us(now) if until is None else to_us(instant_of("--until", until, zone))
    if since_us is not None and since_us >= until_us:
        raise Mistake(
            f"--since {since} is not before {'now' if until is None else '--until ' + until}: swap or widen them"
        )
    chosen = tuple(dict.fromkeys(_channel(figures, channel) for channel in channels)) or None
    return Period(Scope(since_us, until_us, chosen), zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "write one such as Europe/Berlin"
        raise Mistake(f"--timezone {name}: there is no such time zone: {hint}") from None


def instant_of(option: str, text: str, zone: ZoneInfo) -> datetime:
    """A date, or a date and time, as people type it behind ``option``; local where it names no zone. Raises Mistake."""
    try:
        read = datetime.fromisoformat(text.strip())
        if read.tzinfo is None:
            read = first_valid(read, zone)
        known = 1970 <= read.year < 2200
    except (ValueError, OverflowError):
        known = False
    if not known:
        raise Mistake(f"{option} {text}: not a date: write one such as 2026-01-31 or 2026-01-31T14:00")
    return read


def first_valid(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time in a zone; one that a change of clocks skips is the first valid instant after it."""
    at = local.replace(tzinfo=zone)
    before, after = at.replace(fold=0).utcoffset(), at.replace(fold=1).utcoffset()
    if before is None or after is None or after <= before:
        return at
    skipped = to_us(at.replace(fold=1)), to_us(at.replace(fold=0))  # the change lies between these
    return _change_between(*skipped, zone)


def _change_between(low_us: int, high_us: int, zone: ZoneInfo) -> datetime:
    offset = from_us(low_us).astimezone(zone).utcoffset()
    while high_us - low_us > 1:
        middle = (low_us + high_us) // 2
        if from_us(middle).astimezone(zone).utcoffset() == offset:
            low_us = middle
        else:
            high_us = middle
    return from_us(high_us).astimezone(zone)


def _channel(figures: Figures, reference: str) -> str:
    wanted = reference.strip().removeprefix("#")
    stored = figures.channels()
    named = [channel for channel, name in stored if name == wanted] or [
        channel for channel, _ in stored if channel == wanted
    ]
    if named:
        return named[0]
    names = [name or channel for channel, name in stored]
    near = get_close_matches(wanted.lower(), names, n=3, cutoff=0.4)
    if not names:
        hint = "no channel is stored yet: run copbot import first"
    elif near:
        hint = "did you mean " + " or ".join(f"#{name}" for name in near) + "?"
    else:
        hint = "stored are " + ", ".join(f"#{name}" for name in names[:5]) + (" and more" if len(names) > 5 else "")
    raise Mistake(f"--channel {reference}: no such channel: {hint}")
