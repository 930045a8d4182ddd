"""The best hour stands still until another is surely better."""

import random
from datetime import date, timedelta
from itertools import pairwise
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.features.rhythm.learning.histogram import Histogram
from copbot.features.rhythm.learning.uncertainty import Course, Outlook

FIRST = date(2026, 1, 5)  # a Monday
ALL = tuple(range(24))


def history(rows: list[list[int]]) -> Histogram:
    return Histogram(FIRST, rows, [sum(row) for row in rows])


def hours_by_week(known: Histogram, common: Histogram | None = None) -> list[int]:
    """What stood on each Monday from the fifth on."""
    course = Course(known, common or known)
    mondays = [FIRST + timedelta(weeks=number) for number in range(5, known.days // 7 + 1)]
    return [course.standing_hour(monday, ALL) for monday in mondays]


def moves(stood: list[int]) -> int:
    return sum(one != other for one, other in pairwise(stood))


def rhythm(peak: int, a_day: float) -> list[float]:
    """A day's people by hour around a peak, as in real communities: broad, and somebody at every hour."""
    parts = [0.3 + exp(-(min((hour - peak) % 24, (peak - hour) % 24) ** 2) / 32) for hour in ALL]
    return [a_day * part / sum(parts) for part in parts]


def poisson(chance: random.Random, mean: float) -> int:
    count, product, limit = 0, chance.random(), exp(-mean)
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def lived(chance: random.Random, days: int, peak: int, a_day: float) -> list[list[int]]:
    return [[poisson(chance, mean) for mean in rhythm(peak, a_day)] for _ in range(days)]


@given(
    day=st.lists(st.integers(0, 9), min_size=24, max_size=24).filter(lambda day: sum(day) >= 4),
    weeks=st.integers(6, 40),
)
def test_where_every_day_is_the_same_the_hour_never_moves(day: list[int], weeks: int) -> None:
    assert moves(hours_by_week(history([day] * (7 * weeks)))) == 0


@given(
    week=st.lists(st.lists(st.integers(0, 5), min_size=24, max_size=24), min_size=7, max_size=7).filter(
        lambda week: sum(map(sum, week)) >= 28
    )
)
def test_where_every_week_is_the_same_the_hour_and_the_weekday_settle(week: list[list[int]]) -> None:
    """Once the memory is full of whole weeks, nothing changes any more."""
    known = history(week * 40)
    course = Course(known, known)
    mondays = [FIRST + timedelta(weeks=number) for number in range(26, 40)]
    assert moves([course.standing_hour(monday, ALL) for monday in mondays]) <= 1
    assert moves([course.standing_weekday(monday, tuple(range(7))) for monday in mondays]) <= 1


@pytest.mark.parametrize(
    "a_day", [pytest.param(3, id="three people a day"), pytest.param(12, id="twelve people a day")]
)
def test_by_chance_alone_the_hour_moves_about_twice_a_year(a_day: int) -> None:
    years = [moves(hours_by_week(history(lived(random.Random(seed), 455, 13, a_day)))) for seed in range(30)]
    assert sum(years) / len(years) <= 2.5
    assert max(years) <= 6


def test_without_the_rule_it_would_move_every_other_week() -> None:
    """What the rule is for: the highest figure of each Monday, by itself."""
    known = history(lived(random.Random(5), 455, 13, 3))
    top = [Outlook(known, known, FIRST + timedelta(weeks=number)).hours for number in range(5, 65)]
    assert moves([hours.index(max(hours)) for hours in top]) >= 10


def test_a_real_shift_of_three_hours_is_followed_within_five_months() -> None:
    """Half of the memory holds the new hours after six weeks; of quiet communities one in six takes longer than five months."""
    followed = 0
    for seed in range(30):
        chance = random.Random(seed)
        rows = lived(chance, 182, 13, 12) + lived(chance, 154, 16, 12)
        followed += abs(hours_by_week(history(rows))[-1] - 16) <= 1
    assert followed >= 25


def test_a_shift_that_nobody_can_miss_is_followed_within_three_months() -> None:
    chance = random.Random(1)
    rows = lived(chance, 182, 9, 30) + lived(chance, 91, 18, 30)
    assert abs(hours_by_week(history(rows))[-1] - 18) <= 1


def test_a_restart_comes_to_the_same_hour_as_having_lived_through_it() -> None:
    known = history(lived(random.Random(2), 400, 13, 3))
    lived_through = Course(known, known)
    for number in range(5, 57):
        monday = FIRST + timedelta(weeks=number)
        later = lived_through.standing_hour(monday, ALL)
        assert Course(known, known).standing_hour(monday, ALL) == later


def test_what_comes_after_a_day_does_not_change_what_stood_before_it() -> None:
    rows = lived(random.Random(3), 400, 13, 3)
    before, whole = history(rows[:200]), history(rows)
    monday = FIRST + timedelta(weeks=28)
    assert Course(before, before).standing_hour(monday, ALL) == Course(whole, whole).standing_hour(monday, ALL)


def test_within_a_week_the_hour_stays() -> None:
    known = history(lived(random.Random(4), 400, 13, 2))
    course = Course(known, known)
    for number in range(8, 50):
        monday = FIRST + timedelta(weeks=number)
        assert len({course.standing_hour(monday + timedelta(days=day), ALL) for day in range(7)}) == 1


def test_a_better_hour_must_be_ahead_on_two_mondays_in_a_row() -> None:
    """One wild week at night is over before the second Monday's figures could confirm it."""
    quiet = [0] * 24
    day = [*quiet[:10], 3, 3, 3, *quiet[13:]]
    night = [9, 9, *quiet[2:]]
    rows = [day] * 7 * 10 + [night] * 3 + [day] * 7 * 10
    assert moves(hours_by_week(history(rows))) == 0


def test_a_channel_of_its_own_hours_leaves_those_of_the_community() -> None:
    chance = random.Random(6)
    own, others = lived(chance, 200, 20, 8), lived(chance, 200, 9, 8)
    everybody = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(own, others, strict=True)]
    stood = hours_by_week(history(own), history(everybody))
    assert abs(stood[-1] - 20) <= 2
