"""A rota: whose turn it is to look after what waits, by week or by day. Pure; dates are the community's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Away:
    """``who`` is away from the first to the last day, both included."""

    who: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Duty:
    """People, as the file refers to them, in the order of their turns."""

    by: Literal["week", "day"]
    people: tuple[str, ...]
    away: tuple[Away, ...] = ()

    def is_away(self, who: str, day: date) -> bool:
        return any(one.who == who and day in one for one in self.away)

    def turn(self, day: date, working_days: Collection[int]) -> tuple[str, ...]:
        """Who may be on duty on a day: whose turn it is, then those after them, who stand in for them; nobody who is away.

        Turns change on Mondays, or with each of ``working_days`` (0 is Monday): so nobody's turn falls on days when nobody works,
        and whoever had it on the last working day keeps it until the next. They are counted from a fixed Monday on, so that neither
        a restart nor an absence moves them.
        """
        start = _turns_before(day, self.by, working_days) % len(self.people)
        order = (*self.people[start:], *self.people[:start])
        return tuple(who for who in order if not self.is_away(who, day))


def _turns_before(day: date, by: Literal["week", "day"], working_days: Collection[int]) -> int:
    weeks = (day.toordinal() - 1) // 7  # the first day of the calendar was a Monday
    if by == "week" or not working_days:
        return weeks
    gone = sum(number <= day.weekday() for number in working_days)
    return weeks * len(working_days) + gone - 1
