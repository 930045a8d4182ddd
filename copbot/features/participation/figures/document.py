"""What all documents of figures have in common."""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.months import Month, month_of
from copbot.core.time import from_us

Document = dict[str, Any]


@lru_cache(maxsize=10_000)  # most levels began on a Monday
def iso(us: int | None, zone: ZoneInfo) -> str | None:
    """An instant as ISO 8601 with the zone's offset."""
    return None if us is None else from_us(us).astimezone(zone).isoformat()


def rounded(part: int, total: int) -> float | None:
    """A share, to 6 places; None where there is nothing to divide by."""
    return round(part / total, 6) if total else None


def calendar_months(first_us: int, until_us: int, zone: ZoneInfo) -> list[Month]:
    """The months by the zone's clock that hold any of ``[first, until)``, the first one's at least."""
    months = [month_of(from_us(first_us), zone)]
    last = month_of(from_us(max(first_us, until_us - 1)), zone)
    while months[-1] < last:
        months.append(months[-1].plus(1))
    return months
