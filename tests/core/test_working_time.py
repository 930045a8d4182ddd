"""Working time by the clocks of a zone, also where these change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.core.time import HOUR_US, Hours, from_us, to_us
from copbot.core.working_time import WeekHours, WorkingTime

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE_US = HOUR_US // 60
WEEKDAYS = frozenset(range(5))


def hours(start: str, end: str) -> Hours:
    return Hours(time.fromisoformat(start), time.fromisoformat(end))


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold))


OFFICE = WorkingTime(BERLIN, (WeekHours(WEEKDAYS, hours("09:00", "18:00")),))
NIGHTS = WorkingTime(BERLIN, (WeekHours(frozenset({5, 6}), hours("22:00", "06:00")),))
WHOLE_DAYS = WorkingTime(BERLIN, (WeekHours(WEEKDAYS),), lambda day: day == date(2026, 11, 18))
WITH_A_BREAK = WorkingTime(
    BERLIN, (WeekHours(WEEKDAYS, hours("13:00", "17:00")), WeekHours(frozenset({0}), hours("08:00", "12:00")))
)


@pytest.mark.parametrize(
    ("working", "start", "length_h", "reached"),
    [
        pytest.param(OFFICE, "2026-11-16 10:00", 2, "2026-11-16 12:00", id="within a day"),
        pytest.param(OFFICE, "2026-11-16 10:00", 8, "2026-11-17 09:00", id="to the end of the day: as the next begins"),
        pytest.param(OFFICE, "2026-11-16 03:00", 0, "2026-11-16 09:00", id="before work"),
        pytest.param(OFFICE, "2026-11-16 18:00", 0, "2026-11-17 09:00", id="as work ends"),
        pytest.param(OFFICE, "2026-11-20 17:00", 2, "2026-11-23 10:00", id="over a weekend"),
        pytest.param(OFFICE, "2026-11-21 12:00", 1, "2026-11-23 10:00", id="from a Saturday on"),
        pytest.param(WITH_A_BREAK, "2026-11-16 11:00", 2, "2026-11-16 14:00", id="over a break"),
        pytest.param(WITH_A_BREAK, "2026-11-17 11:00", 1, "2026-11-17 14:00", id="a day with other hours"),
        pytest.param(NIGHTS, "2026-11-16 12:00", 3, "2026-11-22 01:00", id="hours that pass midnight"),
        pytest.param(NIGHTS, "2026-11-23 05:00", 0, "2026-11-23 05:00", id="in a night that began on Sunday"),
        pytest.param(NIGHTS, "2026-11-23 06:00", 0, "2026-11-28 22:00", id="as that night ends"),
        pytest.param(WHOLE_DAYS, "2026-11-17 12:00", 24, "2026-11-19 12:00", id="a holiday in between"),
        pytest.param(WHOLE_DAYS, "2026-11-18 12:00", 0, "2026-11-19 00:00", id="on a holiday"),
        pytest.param(OFFICE, "2026-03-27 17:00", 2, "2026-03-30 10:00", id="the clocks go forward meanwhile"),
        pytest.param(OFFICE, "2026-10-23 17:00", 2, "2026-10-26 10:00", id="the clocks go back meanwhile"),
        pytest.param(NIGHTS, "2026-03-28 22:00", 7, "2026-03-29 22:00", id="a night that is an hour shorter"),
        pytest.param(NIGHTS, "2026-10-24 22:00", 8, "2026-10-25 05:00", id="a night that is an hour longer"),
        pytest.param(WorkingTime(BERLIN), "2026-11-21 12:00", 24, "2026-11-22 12:00", id="all time counts"),
    ],
)
def test_so_much_working_time_later(working: WorkingTime, start: str, length_h: int, reached: str) -> None:
    assert from_us(working.later(at(start), length_h * HOUR_US)) == from_us(at(reached))


@pytest.mark.parametrize(
    ("working", "end", "length_h", "reached"),
    [
        pytest.param(OFFICE, "2026-11-16 12:00", 2, "2026-11-16 10:00", id="within a day"),
        pytest.param(
            OFFICE, "2026-11-17 10:00", 1, "2026-11-16 18:00", id="to the beginning: the end of the day before"
        ),
        pytest.param(OFFICE, "2026-11-23 10:00", 2, "2026-11-20 17:00", id="over a weekend"),
        pytest.param(OFFICE, "2026-11-22 10:00", 2, "2026-11-20 16:00", id="from a Sunday"),
        pytest.param(NIGHTS, "2026-11-23 12:00", 3, "2026-11-23 03:00", id="a night that ends on Monday"),
        pytest.param(WorkingTime(BERLIN), "2026-11-22 12:00", 24, "2026-11-21 12:00", id="all time counts"),
    ],
)
def test_so_much_working_time_earlier(working: WorkingTime, end: str, length_h: int, reached: str) -> None:
    assert from_us(working.earlier(at(end), length_h * HOUR_US)) == from_us(at(reached))


def test_hours_that_a_change_of_clocks_skips_hold_no_time_and_those_that_it_repeats_twice_as_much() -> None:
    small_hours = WorkingTime(BERLIN, (WeekHours(hours=hours("02:15", "02:45")),))
    skipped, repeated = at("2026-03-29 00:00"), at("2026-10-25 00:00")
    assert small_hours.later(skipped, 0) == at("2026-03-30 02:15")
    # From the first 02:15 to the second 02:45: half an hour, and the hour of changed clocks in between
    assert small_hours.later(repeated, 90 * MINUTE_US - 1) == at("2026-10-25 02:45", fold=1) - 1
    until_half_past = WorkingTime(BERLIN, (WeekHours(hours=hours("00:00", "02:30")),))
    assert until_half_past.later(skipped, 2 * HOUR_US - 1) == at("2026-03-29 03:00") - 1
    assert until_half_past.later(skipped, 2 * HOUR_US) == at("2026-03-30 00:00")


@pytest.mark.parametrize(
    ("day", "working_day"), [("2026-11-17", True), ("2026-11-18", False), ("2026-11-20", True), ("2026-11-21", False)]
)
def test_working_days(day: str, working_day: bool) -> None:
    assert WHOLE_DAYS.works_on(date.fromisoformat(day)) is working_day
    assert WorkingTime(BERLIN).works_on(date.fromisoformat(day)) is (day != "2026-11-21")


def test_work_begins_with_the_first_hours_of_a_day_else_as_is_said() -> None:
    monday, sunday = date(2026, 11, 16), date(2026, 11, 22)
    assert WITH_A_BREAK.starts_us(monday, time(9)) == at("2026-11-16 08:00")
    assert WITH_A_BREAK.starts_us(sunday, time(9)) == at("2026-11-22 09:00")
    assert WHOLE_DAYS.starts_us(monday, time(9)) == at("2026-11-16 09:00")
    assert WorkingTime(BERLIN).starts_us(sunday, time(9)) == at("2026-11-22 09:00")


# --- laws

TIMES = st.integers(0, 24 * 4 - 1).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
SPANS = st.builds(Hours, TIMES, TIMES).filter(lambda span: span.start != span.end)
WEEKS = st.lists(
    st.builds(WeekHours, st.frozensets(st.integers(0, 6), min_size=1), st.one_of(st.none(), SPANS)),
    min_size=1,
    max_size=3,
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
INSTANTS = st.integers(at("2026-03-20 00:00") // MINUTE_US, at("2026-04-10 00:00") // MINUTE_US).map(
    lambda m: m * MINUTE_US
)


def is_working(week: list[WeekHours], zone: ZoneInfo, us: int) -> bool:
    """Looked at minute by minute: what the clock on the wall shows then."""
    wall = from_us(us).astimezone(zone)
    for some in week:
        if some.hours is None:
            if wall.weekday() in some.days:
                return True
            continue
        overnight = some.hours.start > some.hours.end
        day = wall.date() - timedelta(days=1) if overnight and wall.time() < some.hours.end else wall.date()
        if wall.time() in some.hours and day.weekday() in some.days:
            return True
    return False


@settings(max_examples=30)
@given(WEEKS, ZONES, INSTANTS, st.integers(0, 30 * 60))
def test_it_is_what_one_counts_minute_by_minute(week: list[WeekHours], zone: str, start_us: int, minutes: int) -> None:
    where = ZoneInfo(zone)
    reached = WorkingTime(where, tuple(week)).later(start_us, minutes * MINUTE_US)
    us, left = start_us, minutes
    while left or not is_working(week, where, us):
        if is_working(week, where, us):
            left -= 1
        us += MINUTE_US
    if not _repeated_edge(week, where, start_us, us):
        assert from_us(reached) == from_us(us)


def _repeated_edge(week: list[WeekHours], zone: ZoneInfo, start_us: int, end_us: int) -> bool:
    """Whether a span begins or ends in an hour that comes twice, where the wall clock alone does not tell first from second."""
    return any(
        from_us(us).astimezone(zone).replace(fold=1).utcoffset()
        != from_us(us).astimezone(zone).replace(fold=0).utcoffset()
        for us in range(start_us - start_us % HOUR_US - 30 * HOUR_US, end_us + 3 * HOUR_US, HOUR_US // 2)
    )


@settings(max_examples=60)
@given(WEEKS, ZONES, INSTANTS, st.integers(0, 40 * 60), st.integers(0, 20 * 60))
def test_more_time_and_a_later_beginning_never_come_earlier(
    week: list[WeekHours], zone: str, start_us: int, minutes: int, more: int
) -> None:
    working = WorkingTime(ZoneInfo(zone), tuple(week))
    reached = working.later(start_us, minutes * MINUTE_US)
    assert reached >= start_us + minutes * MINUTE_US
    assert working.later(reached, 0) == reached, "it lies in working time"
    assert working.later(start_us, (minutes + more) * MINUTE_US) == working.later(reached, more * MINUTE_US)
    assert working.later(start_us + more * MINUTE_US, minutes * MINUTE_US) >= reached
    back = working.earlier(reached, minutes * MINUTE_US)
    assert working.later(back, minutes * MINUTE_US) <= reached
    assert working.later(back - 1, minutes * MINUTE_US) <= reached


def test_the_zone_of_the_result_is_of_no_matter() -> None:
    assert from_us(OFFICE.later(at("2026-11-16 10:00"), 0)).tzinfo is UTC
