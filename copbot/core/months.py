"""Calendar months by the clock of a zone, and what people write to name one."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.errors import Mistake
from copbot.core.time import to_us

NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EARLIEST, LATEST = 1970, 2199


@dataclass(frozen=True, order=True)
class Month:
    """``number`` is 1 for January."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """Such as ``2026-10``."""
        return f"{self.year}-{self.number:02}"

    @property
    def name(self) -> str:
        """Such as ``October 2026``."""
        return f"{NAMES[self.number - 1]} {self.year}"

    def plus(self, months: int) -> "Month":
        """So many months later, or earlier."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def start_us(self, zone: ZoneInfo) -> int:
        """Its first instant by the zone's clock."""
        return to_us(datetime(self.year, self.number, 1, tzinfo=zone))

    def end_us(self, zone: ZoneInfo) -> int:
        """The instant at which the next one begins."""
        return self.plus(1).start_us(zone)


def month_of(instant: datetime, zone: ZoneInfo) -> Month:
    """The month in which an instant lies by the zone's clock."""
    local = instant.astimezone(zone)
    return Month(local.year, local.month)


def month_named(text: str, now: datetime, zone: ZoneInfo) -> Month:
    """The month that somebody means by ``2026-10``, ``October 2026`` or ``oct``; by nothing the last whole one. A name without a year
    is the last such month that has begun.

    Raises Mistake, one line for the person, for what is no month and for one that has not begun.
    """
    running = month_of(now, zone)
    if not text.strip():
        return running.plus(-1)
    month = _numbered(text.strip()) or _spelled(text.strip(), running)
    if month is None or not EARLIEST <= month.year <= LATEST:
        raise Mistake(f"{text.strip()[:40]}: not a month: write one such as {running.plus(-1).key}")
    if month > running:
        raise Mistake(f"{month.name} has not begun yet: the last whole month is {running.plus(-1).key}")
    return month


def _numbered(text: str) -> Month | None:
    year, dash, number = text.partition("-")
    if dash and len(year) == 4 and len(number) in (1, 2) and (year + number).isdecimal() and 1 <= int(number) <= 12:
        return Month(int(year), int(number))
    return None


def _spelled(text: str, running: Month) -> Month | None:
    name, *year = text.casefold().split()
    found = [number for number, known in enumerate(NAMES, 1) if len(name) >= 3 and known.casefold().startswith(name)]
    if len(found) != 1 or len(year) > 1 or (year and not (len(year[0]) == 4 and year[0].isdecimal())):
        return None
    if year:
        return Month(int(year[0]), found[0])
    this_year = Month(running.year, found[0])
    return this_year if this_year <= running else this_year.plus(-12)
