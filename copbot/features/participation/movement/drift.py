"""Regulars who fell silent, and members who came back: seen by whole weeks, each named once. Pure.

Weeks are the calendar's (Monday 00:00 in the community's zone), by number. What is a long silence depends on the member: who was
active nearly every week is missed after three, who came every third week after six.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

LEAST_SILENCE = 3
"""Whole weeks: shorter is a holiday."""

REGULAR_SHARE = 3
"""A regular was active in at least one of so many weeks of the window."""

USUAL_GAPS = 2
"""A silence of more than so many of one's usual gaps is unusual."""


@dataclass(frozen=True)
class Silence:
    """``weeks`` whole weeks without a contribution, by somebody who was active in ``active`` of the ``window`` weeks before."""

    weeks: int
    active: int
    window: int


def missed_after(active: int, window: int) -> int | None:
    """The whole weeks of silence after which a member is missed; None of whom nobody expects more.

    ``active``: weeks in which they were active, of the ``window`` that ends with their last.
    """
    if active * REGULAR_SHARE < window:
        return None
    return max(LEAST_SILENCE, -(-USUAL_GAPS * window // active))


def fell_silent(active_weeks: Sequence[int], week: int, window: int) -> Silence | None:
    """Of somebody whose silence reached its limit with the last whole week before ``week``; of each silence once.

    ``active_weeks``: the numbers of their active weeks in order, also of the week that runs: who is back is not missed.
    """
    if not active_weeks or active_weeks[-1] >= week:
        return None
    active = _active(active_weeks, active_weeks[-1], window)
    silent = week - 1 - active_weeks[-1]
    return Silence(silent, active, window) if silent == missed_after(active, window) else None


def came_back(active_weeks: Sequence[int], week: int, window: int, dormant_after: timedelta) -> int | None:
    """After how many whole weeks of silence somebody came back in the last whole week before ``week``; None who did not.

    It takes a silence after which they were missed, or one that made them dormant.
    """
    end = bisect_left(active_weeks, week)
    if end < 2 or active_weeks[end - 1] != week - 1:
        return None
    before = active_weeks[end - 2]
    silent = week - 1 - before - 1
    dormant = -(-dormant_after // timedelta(weeks=1))
    limit = missed_after(_active(active_weeks, before, window), window)
    return silent if silent >= min(dormant, limit or dormant) else None


def _active(active_weeks: Sequence[int], last: int, window: int) -> int:
    """In how many of the weeks of the window that ends with ``last``."""
    return bisect_right(active_weeks, last) - bisect_right(active_weeks, last - window)
