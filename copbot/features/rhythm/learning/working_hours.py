"""Whose working hours a slot of the week serves, by the members' own time zones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from copbot.core.small_groups import FEWEST_SHOWN

STARTS, ENDS = 9, 18  # of a working day, Monday to Friday


@dataclass(frozen=True)
class WorkingHours:
    """``zones``: those with at least five people, the largest first; ``left_out``: people in smaller ones or in none that is known.

    ``share[weekday][hour]``: which share of the people in ``zones`` it is then 09:00-18:00 on a working day for.
    """

    zones: tuple[tuple[str, int], ...]
    left_out: int
    share: tuple[tuple[float, ...], ...]

    @property
    def people(self) -> int:
        return sum(count for _, count in self.zones)


def working_hours(zones: Sequence[tuple[str | None, int]], zone: ZoneInfo, monday: date) -> WorkingHours | None:
    """For the week from ``monday`` on by the clock of ``zone``; None where the members' clocks do not differ, or too few are
    known for it to be shown.
    """
    named = {name: count for name, count in zones if name and count >= FEWEST_SHOWN and _exists(name)}
    everybody = sum(count for _, count in zones)
    begins = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    slots = [[begins + timedelta(days=day, hours=hour) for hour in range(24)] for day in range(7)]
    noon = slots[2][12]
    if len({noon.astimezone(ZoneInfo(name)).utcoffset() for name in named}) < 2:
        return None
    people = sum(named.values())
    share = tuple(
        tuple(sum(n for name, n in named.items() if _at_work(slot, name)) / people for slot in day) for day in slots
    )
    ordered = sorted(named.items(), key=lambda one: (-one[1], one[0]))
    return WorkingHours(tuple(ordered), everybody - people, share)


def in_words(hours: WorkingHours, most: int = 4) -> str:
    """Who the people are, by time zone, on one line."""
    shown = [f"{count} in {name}" for name, count in hours.zones[:most]]
    others = sum(count for _, count in hours.zones[most:])
    if others:
        more = len(hours.zones) - most
        shown.append(f"{others} in {more} more time zone{'' if more == 1 else 's'}")
    left_out = f" ({hours.left_out} in smaller or unknown time zones are not counted)" if hours.left_out else ""
    return f"{', '.join(shown)}{left_out}"


def _at_work(slot: datetime, name: str) -> bool:
    local = slot.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(name))
    return local.weekday() < 5 and STARTS <= local.hour < ENDS


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
