"""Whose turn it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.duty import Away, Duty

MONDAY = date(2026, 11, 16)
WEEKDAYS = range(5)
PEOPLE = ("ana@x.org", "ben@x.org", "UCHI")


def on(duty: Duty, days: int, working: range = WEEKDAYS) -> str | None:
    return next(iter(duty.turn(MONDAY + timedelta(days=days), working)), None)


def test_by_week_a_turn_lasts_from_monday_to_sunday_and_the_order_is_that_of_the_file() -> None:
    duty = Duty("week", PEOPLE)
    first = on(duty, 0)
    assert {on(duty, day) for day in range(7)} == {first}
    order = [on(duty, 7 * week) for week in range(4)]
    start = PEOPLE.index(order[0] or "")
    assert order == [PEOPLE[(start + week) % 3] for week in range(4)]


def test_by_day_it_changes_on_working_days_alone_and_stays_over_a_weekend() -> None:
    duty = Duty("day", PEOPLE)
    fortnight = [on(duty, day) for day in range(14)]
    start = PEOPLE.index(fortnight[0] or "")
    assert fortnight[:5] == [PEOPLE[(start + day) % 3] for day in range(5)]
    assert fortnight[5] == fortnight[6] == fortnight[4]
    assert fortnight[7] == PEOPLE[(start + 5) % 3]
    assert on(duty, 6, range(7)) != on(duty, 5, range(7))


def test_the_next_one_stands_in_for_whoever_is_away_and_nobodys_turn_moves() -> None:
    duty = Duty("week", PEOPLE)
    first, second = on(duty, 0), on(duty, 7)
    assert first is not None
    away = Away(first, MONDAY + timedelta(days=2), MONDAY + timedelta(days=3))
    with_absence = Duty("week", PEOPLE, (away,))
    assert [on(with_absence, day) for day in range(6)] == [first, first, second, second, first, first]
    assert on(with_absence, 7) == second


def test_with_everybody_away_nobody_is_on_duty() -> None:
    duty = Duty("week", PEOPLE, tuple(Away(who, MONDAY, MONDAY) for who in PEOPLE))
    assert on(duty, 0) is None
    assert on(duty, 1) is not None


@pytest.mark.parametrize("by", ["week", "day"])
@given(st.integers(0, 4000), st.integers(1, 6))
def test_over_time_everybody_has_the_same_number_of_turns(by: str, start: int, people: int) -> None:
    duty = Duty(by, tuple(f"U{number}" for number in range(people)))  # type: ignore[arg-type]
    length = 7 * people if by == "week" else 7 * people * 5
    days = [MONDAY + timedelta(days=start // 7 * 7 + day) for day in range(length)]
    turns = [next(iter(duty.turn(day, WEEKDAYS))) for day in days if day.weekday() < 5]
    assert len({turns.count(who) for who in duty.people}) == 1
    assert set(turns) == set(duty.people)
