"""A member's quiet hours, by their own clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.attention.quiet_hours import outside_quiet, zone_of
from copbot.core.time import Hours

QUIET = Hours(time(20), time(8))


@pytest.mark.parametrize(
    ("local", "quiet", "expected"),
    [
        pytest.param("2026-11-16 07:59:59", QUIET, "2026-11-16 08:00:00", id="a second before the morning"),
        pytest.param("2026-11-16 08:00:00", QUIET, "2026-11-16 08:00:00", id="the morning"),
        pytest.param("2026-11-16 19:59:59", QUIET, "2026-11-16 19:59:59", id="a second before the evening"),
        pytest.param("2026-11-16 20:00:00", QUIET, "2026-11-17 08:00:00", id="the evening"),
        pytest.param("2026-11-16 13:30:00", Hours(time(13), time(14)), "2026-11-16 14:00:00", id="a quiet noon"),
        pytest.param("2026-11-16 23:00:00", Hours(time(8), time(8)), "2026-11-16 23:00:00", id="equal ends: none"),
        pytest.param("2026-11-16 23:00:00", None, "2026-11-16 23:00:00", id="off"),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Bangkok", "America/Los_Angeles", "UTC"])
def test_a_message_waits_for_the_end_of_the_quiet_hours(
    local: str, quiet: Hours | None, expected: str, zone: str
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end = datetime.fromisoformat(expected).replace(tzinfo=ZoneInfo(zone))
    assert outside_quiet(at, quiet, ZoneInfo(zone)) == end.astimezone(UTC)


def test_quiet_hours_hold_when_the_clocks_go_back_and_repeat_an_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    quiet = Hours(time(22), time(2, 30))
    second_pass = datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1)
    assert outside_quiet(second_pass.astimezone(UTC), quiet, berlin) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(
    st.integers(0, 2 * 365 * 24 * 60 * 60),
    st.times(),
    st.times(),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_a_message_is_moved_forward_out_of_the_quiet_hours_by_a_day_at_most(
    seconds: int, start: time, end: time, zone_name: str
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    zone, quiet = ZoneInfo(zone_name), Hours(start, end)
    moved = outside_quiet(at, quiet, zone)
    assert timedelta(0) <= moved - at <= timedelta(hours=26)
    assert outside_quiet(moved, None, zone) == moved
    if moved == at:
        assert at.astimezone(zone).time() not in quiet
    else:
        assert (
            moved.astimezone(zone).time() == end
            or moved.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset()
        )


def test_a_zone_that_is_none_falls_back_to_the_communitys() -> None:
    assert zone_of("Asia/Tokyo", "UTC") == ZoneInfo("Asia/Tokyo")
    for unknown in (None, "", "Mars/Olympus", "../etc/passwd"):
        assert zone_of(unknown, "Asia/Bangkok") == ZoneInfo("Asia/Bangkok")
