"""When a member is best written to: on their own days, at their own hour, never in their quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.time import Hours
from copbot.features.onboarding.follow_up.their_hours import MONDAY_TO_FRIDAY, TheirHours, their_hours

ACCRA, BERLIN = ZoneInfo("Africa/Accra"), ZoneInfo("Europe/Berlin")
NIGHT = Hours(time(20), time(8))
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def at(text: str, zone: ZoneInfo = ACCRA) -> datetime:
    """``"mon 09:30"`` of the week of 16 November 2026."""
    day, clock = text.split()
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(day)
    local = datetime.combine(MONDAY.date() + timedelta(days=days), time.fromisoformat(clock), zone)
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("wrote", "here", "expected"),
    [
        pytest.param([], "mon 14:20", time(14), id="the hour at which they came"),
        pytest.param(["tue 10:05"], "mon 14:20", time(10), id="they wrote once"),
        pytest.param(["tue 10:05", "wed 16:00", "wed 16:40"], "mon 14:20", time(16), id="where they write most"),
        pytest.param(["tue 10:05", "wed 15:30", "thu 16:10"], "mon 14:20", time(15), id="two beside each other"),
        pytest.param([], "mon 19:59", time(19), id="before the quiet hours"),
        pytest.param([], "mon 20:00", time(8), id="in the quiet hours: in the morning"),
        pytest.param([], "mon 03:00", time(8), id="at night: in the morning"),
        pytest.param(["tue 23:05"], "mon 14:20", time(8), id="who writes at night hears in the morning"),
    ],
)
def test_the_hour_is_that_at_which_they_are_here(wrote: list[str], here: str, expected: time) -> None:
    assert their_hours([at(one) for one in wrote], at(here), ACCRA, NIGHT).at == expected


def test_the_hour_is_by_their_own_clocks() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert their_hours([], at("mon 01:30"), tokyo, NIGHT).at == time(10)
    assert their_hours([], at("mon 14:30"), tokyo, NIGHT).at == time(8)


@pytest.mark.parametrize(
    ("wrote", "days"),
    [
        pytest.param([], MONDAY_TO_FRIDAY, id="weekdays"),
        pytest.param(["sun 10:00"], MONDAY_TO_FRIDAY | {6}, id="and a Sunday on which they wrote"),
        pytest.param(["sun 10:00", "mon 10:00", "tue 10:00"] * 2, MONDAY_TO_FRIDAY | {6}, id="six messages"),
        pytest.param(["sun 10:00", "mon 10:00"] * 4, MONDAY_TO_FRIDAY | {6}, id="two days"),
        pytest.param(["sun 10:00", "mon 10:00", "wed 9:00", "wed 10:00"] * 2, {6, 0, 2}, id="their own days alone"),
    ],
)
def test_the_days_are_weekdays_until_their_own_are_known(wrote: list[str], days: frozenset[int]) -> None:
    moments = [at(one if len(one) == 9 else one.replace(" ", " 0")) for one in wrote]
    assert their_hours(moments, at("sat 10:00"), ACCRA, NIGHT).days == days


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("mon 12:59", "mon 14:00", id="too early in the day"),
        pytest.param("mon 13:00", "mon 13:00", id="an hour before"),
        pytest.param("mon 16:00", "mon 16:00", id="two hours after"),
        pytest.param("mon 16:01", "tue 14:00", id="too late: the next day"),
        pytest.param("fri 17:00", "mon 14:00", id="Friday evening: on Monday"),
        pytest.param("sat 14:00", "mon 14:00", id="the weekend: on Monday"),
    ],
)
def test_what_is_due_waits_for_the_next_of_their_times(moment: str, expected: str) -> None:
    hours = TheirHours(ACCRA, time(14), MONDAY_TO_FRIDAY, NIGHT)
    found = hours.next(at(moment))
    later = timedelta(days=7) if at(expected) < at(moment) else timedelta(0)
    assert found == at(expected) + later


def test_a_change_of_clocks_costs_no_day() -> None:
    came = datetime(2026, 10, 23, 10, 15, tzinfo=BERLIN)  # a Friday; the clocks go back on Sunday
    due = (came.astimezone(UTC) + timedelta(days=3)).astimezone(UTC)
    hours = their_hours([], came, BERLIN, NIGHT)
    assert due.astimezone(BERLIN).hour == 9
    assert hours.next(due) == due


def test_the_edge_of_the_quiet_hours_holds_within_their_time() -> None:
    hours = TheirHours(ACCRA, time(19), MONDAY_TO_FRIDAY, NIGHT)
    assert hours.next(at("mon 19:59")) == at("mon 19:59")
    assert hours.next(at("mon 20:00")) == at("tue 19:00")


@given(
    st.lists(st.integers(0, 60 * 24 * 60), max_size=20),
    st.integers(0, 400 * 24 * 60),
    st.times(),
    st.times(),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_it_is_never_in_the_quiet_hours_never_on_a_strange_day_and_within_a_week(
    minutes: list[int], now_minutes: int, start: time, end: time, zone_name: str
) -> None:
    zone, quiet = ZoneInfo(zone_name), Hours(start, end)
    wrote = [MONDAY + timedelta(minutes=one) for one in minutes]
    now = MONDAY + timedelta(minutes=now_minutes)
    hours = their_hours(wrote, now, zone, quiet)
    found = hours.next(now)
    local = found.astimezone(zone)
    assert timedelta(0) <= found - now < timedelta(days=8)
    assert start == end or local.time() not in quiet
    assert local.weekday() in hours.days
    assert hours.next(found) == found
