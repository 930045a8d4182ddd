"""Who moves, who falls silent, who comes back: each told once, in the week in which it shows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.features.participation.movement.drift import Silence, came_back, fell_silent, missed_after
from copbot.features.participation.movement.rules import counted, movement

DORMANT = timedelta(weeks=8)


def test_movement_is_counted_from_one_instant_to_another() -> None:
    before = {"a": "active", "b": "core", "c": "newcomer", "d": "peripheral", "e": "dormant"}
    now = {"a": "core", "b": "active", "c": "peripheral", "e": "peripheral", "f": "newcomer"}
    moved = movement(before, now)  # type: ignore[type-var]
    assert moved == {"a": "up", "b": "down", "c": "held", "d": "left", "e": "up", "f": "joined"}
    assert counted(moved) == {"up": 2, "down": 1, "held": 1, "left": 1, "joined": 1}


@pytest.mark.parametrize(
    ("active", "weeks"),
    [
        pytest.param(12, 3, id="every week: three silent weeks are many"),
        pytest.param(8, 3),
        pytest.param(7, 4),
        pytest.param(6, 4, id="every other week"),
        pytest.param(5, 5),
        pytest.param(4, 6, id="every third week"),
        pytest.param(3, None, id="nobody expects more"),
    ],
)
def test_how_long_a_silence_must_be_depends_on_ones_own_rhythm(active: int, weeks: int | None) -> None:
    assert missed_after(active, 12) == weeks


@pytest.mark.parametrize(
    ("week", "missed"),
    [(14, None), (15, None), (16, Silence(4, 6, 12)), (17, None)],
)
def test_a_regular_is_missed_in_one_week_and_not_again(week: int, missed: Silence | None) -> None:
    every_other_week = [1, 3, 5, 7, 9, 11]
    assert fell_silent(every_other_week, week, 12) == missed


def test_who_writes_in_the_week_that_runs_is_not_missed() -> None:
    assert fell_silent([1, 3, 5, 7, 9, 11, 16], 16, 12) is None
    assert fell_silent([], 16, 12) is None


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        pytest.param([2, 11], 8, id="dormant, and back"),
        pytest.param([3, 11], None, id="a week too early for that"),
        pytest.param([1, 2, 3, 4, 5, 6, 11], 4, id="a regular who was missed"),
        pytest.param([1, 2, 3, 4, 5, 7, 11], None, id="a regular after a holiday"),
        pytest.param([11], None, id="here for the first time"),
        pytest.param([2, 11, 12], 8, id="and goes on"),
        pytest.param([2, 12], None, id="back in the week that runs: told next week"),
        pytest.param([2, 10], None, id="told last week"),
    ],
)
def test_coming_back_is_told_for_the_last_whole_week(weeks: list[int], told: int | None) -> None:
    assert came_back(weeks, 12, 12, DORMANT) == told


@given(st.sets(st.integers(0, 40)), st.integers(5, 60))
def test_nobody_is_missed_twice_in_a_silence_nor_missed_and_welcomed_at_once(weeks: set[int], week: int) -> None:
    active = sorted(number for number in weeks if number <= week)
    silent = fell_silent(active, week, 12)
    if silent is not None:
        assert came_back(active, week, 12, DORMANT) is None
        assert all(fell_silent(active, later, 12) is None for later in range(week + 1, week + 30))
