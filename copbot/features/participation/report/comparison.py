"""Whether the difference between two months means anything: one test for each kind of figure, two-sided at 5 %.

Of twenty figures that did not change, one will seem to by chance: the report says so. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb, sqrt

from copbot.core.intervals import Z, wilson
from copbot.core.report import Direction

FEWEST_EVENTS = 10
"""In both months together; with fewer nothing is said of a change."""

FEWEST_OF_A_SHARE = 5
"""That a share must be of, in each month."""

FEWEST_WAITS = 8
"""In each month: from here on ranks are as good as normally distributed."""

_CHANCE = 0.05
_EXACT_TO = 1000
_SAME_SHARE = 0.005

DAYS_TEST = "rates per day, with the spread from day to day (quasi-Poisson)"
PEOPLE_TEST = "people who wrote in one of the two months only (McNemar, exact)"
SHARES_TEST = "difference of two shares (Newcombe's interval from Wilson's)"
WAITS_TEST = "waits by rank (Mann-Whitney)"


@dataclass(frozen=True)
class Change:
    """``is_clear`` is None where there is too little to tell."""

    direction: Direction
    is_clear: bool | None
    test: str


def change_of_days(now: Sequence[int], before: Sequence[int]) -> Change:
    """Events by day. People write in bursts, so the spread from day to day is measured rather than assumed, and never taken to be
    smaller than chance alone would make it."""
    if not now or not before:
        return Change("unknown", None, DAYS_TEST)
    rate, rate_before = sum(now) / len(now), sum(before) / len(before)
    direction = _direction(rate, rate_before)
    if sum(now) + sum(before) < FEWEST_EVENTS or len(now) + len(before) < 4:
        return Change(direction, None, DAYS_TEST)
    spread = max(1.0, (_unrest(now) + _unrest(before)) / (len(now) + len(before) - 2))
    error = sqrt(spread * (rate / len(now) + rate_before / len(before)))
    return Change(direction, abs(rate - rate_before) > Z * error, DAYS_TEST)


def _unrest(days: Sequence[int]) -> float:
    """Pearson's sum: how much days differ from their mean, in units of that mean."""
    mean = sum(days) / len(days)
    return sum((day - mean) ** 2 for day in days) / mean if mean else 0.0


def change_of_people(now: Collection[int], before: Collection[int]) -> Change:
    """Mostly the same people write in both months: only those who wrote in one of them tell of a change."""
    here, gone = len(set(now) - set(before)), len(set(before) - set(now))
    direction = _direction(len(now), len(before))
    if here + gone < FEWEST_OF_A_SHARE:
        return Change(direction, None, PEOPLE_TEST)
    return Change(direction, _by_chance(min(here, gone), here + gone) < _CHANCE, PEOPLE_TEST)


def _by_chance(fewer: int, both: int) -> float:
    """How likely an even coin falls at least as unevenly."""
    if both > _EXACT_TO:  # the normal distribution is exact enough, and the other sum is long
        return _CHANCE / 2 if abs(both - 2 * fewer) - 1 > Z * sqrt(both) else 1.0
    return min(1.0, 2 * sum(comb(both, heads) for heads in range(fewer + 1)) / float(2**both))


def change_of_shares(now: tuple[int, int], before: tuple[int, int]) -> Change:
    """Each a part and what it is a part of (Newcombe 1998, method 10)."""
    interval, interval_before = wilson(*now), wilson(*before)
    if interval is None or interval_before is None:
        return Change("unknown", None, SHARES_TEST)
    share, share_before = now[0] / now[1], before[0] / before[1]
    change = share - share_before
    direction: Direction = "same" if abs(change) < _SAME_SHARE else _direction(share, share_before)
    if min(now[1], before[1]) < FEWEST_OF_A_SHARE:
        return Change(direction, None, SHARES_TEST)
    below = sqrt((share - interval[0]) ** 2 + (interval_before[1] - share_before) ** 2)
    above = sqrt((interval[1] - share) ** 2 + (share_before - interval_before[0]) ** 2)
    return Change(direction, change - below > 0 or change + above < 0, SHARES_TEST)


def change_of_waits(now: Sequence[float], before: Sequence[float]) -> Change:
    """By the medians; whether it is clear, by the ranks of all waits."""
    if not now or not before:
        return Change("unknown", None, WAITS_TEST)
    direction = _direction(median(now), median(before))
    if min(len(now), len(before)) < FEWEST_WAITS:
        return Change(direction, None, WAITS_TEST)
    return Change(direction, _ranks_differ(now, before), WAITS_TEST)


def _ranks_differ(now: Sequence[float], before: Sequence[float]) -> bool:
    every = sorted([*((wait, True) for wait in now), *((wait, False) for wait in before)])
    total, ranks, ties, place = len(every), 0.0, 0.0, 0
    while place < total:
        end = place
        while end < total and every[end][0] == every[place][0]:
            end += 1
        alike = end - place
        rank = (place + 1 + end) / 2  # the mean of the ranks that they share
        ranks += rank * sum(is_now for _, is_now in every[place:end])
        ties += alike**3 - alike
        place = end
    count, other = len(now), len(before)
    middle = count * (total + 1) / 2
    spread = count * other / 12 * (total + 1 - ties / (total * (total - 1)))
    return spread > 0 and abs(ranks - middle) > Z * sqrt(spread)


def median(values: Sequence[float]) -> float:
    """The middle one, or the mean of the two middle ones. Raises IndexError where there is none."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _direction(now: float, before: float) -> Direction:
    return "same" if now == before else "up" if now > before else "down"
