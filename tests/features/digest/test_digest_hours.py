"""At which hour a member gets their digest."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.digest import DigestEvery
from copbot.core.posts import Weekday
from copbot.core.time import Hours, to_us
from copbot.features.digest import rules
from copbot.features.digest.hours import LEAST_COMMUNITY, LEAST_OWN, NO_HABIT, Habit, Slot, best_slot, due_at, habits

NIGHT = Hours(time(20), time(8))
DAYS: tuple[Weekday, ...] = (1, 2, 3)
ZONES = st.sampled_from(
    ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/Lima", "Australia/Lord_Howe"]
).map(ZoneInfo)


def wrote(hours: dict[int, int], day: int = 2) -> Habit:
    """Somebody who wrote in so many of these hours, always on one day of the week."""
    habit = Habit()
    for hour, count in hours.items():
        habit.hours[hour] += count
        habit.days[day] += count
    return habit


@pytest.mark.parametrize(
    ("own", "everybody", "quiet", "hour", "basis"),
    [
        (NO_HABIT, NO_HABIT, NIGHT, 10, "default"),
        (NO_HABIT, NO_HABIT, Hours(time(9), time(12)), 12, "default"),
        (NO_HABIT, wrote({15: LEAST_COMMUNITY - 1}), NIGHT, 10, "default"),
        (NO_HABIT, wrote({15: LEAST_COMMUNITY}), NIGHT, 15, "community"),
        (wrote({9: LEAST_OWN - 1}), wrote({15: LEAST_COMMUNITY}), NIGHT, 15, "community"),
        (wrote({9: LEAST_OWN}), NO_HABIT, NIGHT, 9, "own"),
        (wrote({9: LEAST_OWN}), wrote({15: LEAST_COMMUNITY}), NIGHT, 15, "own"),
        (wrote({9: 21}), wrote({15: LEAST_COMMUNITY}), NIGHT, 9, "own"),
        (wrote({22: 50}), NO_HABIT, None, 22, "own"),
        (wrote({22: 50, 11: 5}), NO_HABIT, NIGHT, 11, "own"),
        (wrote({19: 50}), NO_HABIT, NIGHT, 19, "own"),
        (wrote({20: 50, 8: 1}), NO_HABIT, NIGHT, 19, "own"),
    ],
)
def test_the_hour_is_the_members_own_then_everybodys_then_the_stated_one(
    own: Habit, everybody: Habit, quiet: Hours | None, hour: int, basis: str
) -> None:
    slot = best_slot("UANA", own, everybody, DAYS, quiet)
    assert (slot.hour, slot.basis) == (hour, basis)


@given(
    st.lists(st.integers(0, 40), min_size=24, max_size=24),
    st.lists(st.integers(0, 200), min_size=24, max_size=24),
    st.times(),
    st.times(),
)
def test_it_never_falls_into_quiet_hours_while_there_is_another(
    own: list[int], everybody: list[int], start: time, end: time
) -> None:
    quiet = Hours(start, end)
    slot = best_slot("UANA", Habit(own), Habit(everybody), DAYS, quiet)
    is_awake_at_all = any(time(hour) not in quiet for hour in range(24))
    assert time(slot.hour) not in quiet or not is_awake_at_all


def test_the_day_is_the_one_on_which_they_write_and_else_spread_over_all() -> None:
    habit = wrote({9: 30}, day=3)
    assert best_slot("UANA", habit, NO_HABIT, DAYS, NIGHT).day == 3
    assert best_slot("UANA", wrote({9: 30}, day=6), NO_HABIT, DAYS, NIGHT).day in DAYS
    days = [best_slot(f"U{number}", NO_HABIT, NO_HABIT, DAYS, NIGHT).day for number in range(300)]
    assert all(70 < days.count(day) < 130 for day in DAYS)
    assert days == [best_slot(f"U{number}", NO_HABIT, NO_HABIT, DAYS, NIGHT).day for number in range(300)]


def test_hours_are_counted_by_each_ones_own_clock() -> None:
    noon = to_us(datetime(2026, 11, 17, 12, tzinfo=UTC)) // 3_600_000_000
    zones = {"UANA": ZoneInfo("Asia/Bangkok"), "UBEN": ZoneInfo("America/Lima")}
    own, everybody = habits([("UANA", noon, 9), ("UBEN", noon, 1), ("UOUT", noon, 1)], zones)
    assert own["UANA"].hours[19] == 1
    assert own["UBEN"].hours[7] == 1
    assert everybody.known == 2, "who is no member counts nowhere"


@pytest.mark.parametrize(
    ("zone", "monday", "slot", "due"),
    [
        ("Europe/Berlin", date(2026, 3, 23), Slot(6, 2, "own"), "2026-03-29 01:00"),  # 02:00 is skipped: 03:00
        ("Europe/Berlin", date(2026, 3, 23), Slot(6, 3, "own"), "2026-03-29 01:00"),
        ("Europe/Berlin", date(2026, 10, 19), Slot(6, 2, "own"), "2026-10-25 00:00"),  # 02:00 comes twice: the first
        ("Asia/Bangkok", date(2026, 11, 16), Slot(1, 10, "own"), "2026-11-17 03:00"),
    ],
)
def test_it_is_due_by_the_members_clock_whatever_clocks_do(zone: str, monday: date, slot: Slot, due: str) -> None:
    assert f"{due_at(monday, slot, ZoneInfo(zone)):%Y-%m-%d %H:%M}" == due


@given(
    ZONES,
    ZONES,
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(0, 6),
    st.integers(0, 23),
    st.integers(0, rules.LATE_US - 1),
    st.sampled_from(["week", "2 weeks", "month"]),
)
def test_whatever_is_due_anywhere_lies_in_a_week_that_is_looked_at(
    home: ZoneInfo, own: ZoneInfo, day: date, weekday: Weekday, hour: int, late_us: int, every: DigestEvery
) -> None:
    monday = day - timedelta(days=day.weekday())
    due = due_at(monday, Slot(weekday, hour, "own"), own)
    now = due + timedelta(microseconds=late_us)
    assert rules.is_due(to_us(due), to_us(now))
    weeks = list(rules.weeks_at(now, home, every))
    assert (monday in weeks) is rules.has_digest(monday, every)
    assert len(weeks) == len(set(weeks)) <= 2
    assert rules.next_look_at(now, home) > now


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_between_two_digests_lies_what_the_files_say(day: date) -> None:
    mondays = [day - timedelta(days=day.weekday()) + timedelta(weeks=number) for number in range(26)]
    for every, apart in (("week", {7}), ("2 weeks", {14}), ("month", {28, 35})):
        found = [monday for monday in mondays if rules.has_digest(monday, every)]  # type: ignore[arg-type]
        assert {(after - before).days for before, after in pairwise(found)} <= apart
    assert len({rules.key_of("data", monday, "UANA") for monday in mondays}) == 26
