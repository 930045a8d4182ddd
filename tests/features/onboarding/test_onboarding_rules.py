"""Who is a newcomer, and when a follow-up is due."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.community import Attention
from copbot.core.onboarding import FollowUp
from copbot.core.records import Person
from copbot.core.time import DAY_US, Hours
from copbot.features.onboarding.rules import (
    TOO_LATE,
    Standing,
    applies,
    is_newcomer,
    is_too_late,
    may_be_welcomed,
    outside_quiet,
    step_due_us,
    step_names,
    within_budget,
    zone_of,
)

AT = 1000 * DAY_US
QUIET = Hours(time(20), time(8))


@pytest.mark.parametrize(
    ("person", "welcome"),
    [
        pytest.param(Person("U1"), True, id="a person"),
        pytest.param(Person("U1", is_guest=True), True, id="a guest"),
        pytest.param(Person("U1", is_bot=True), False, id="a bot"),
        pytest.param(Person("U1", is_deleted=True), False, id="deactivated"),
        pytest.param(Person("U1", is_external=True), False, id="of another organisation"),
    ],
)
def test_people_of_this_organisation_are_welcomed(person: Person, welcome: bool) -> None:
    assert may_be_welcomed(person) is welcome
    assert is_newcomer(person, AT) is welcome


@pytest.mark.parametrize(
    ("known_since_us", "to_workspace", "to_channel"),
    [
        pytest.param(None, True, True, id="never seen before"),
        pytest.param(AT, True, True, id="seen first as they joined"),
        pytest.param(AT - DAY_US, True, True, id="invited a day before"),
        pytest.param(AT - DAY_US - 1, False, True, id="there for longer: new to the channel alone"),
        pytest.param(AT + DAY_US, True, True, id="noted later"),
    ],
)
def test_who_existed_before_returns_to_the_workspace_but_may_be_new_to_a_channel(
    known_since_us: int | None, to_workspace: bool, to_channel: bool
) -> None:
    person = Person("U1", known_since_us=known_since_us)
    assert is_newcomer(person, AT, "workspace") is to_workspace
    assert is_newcomer(person, AT, "channel") is to_channel


def test_who_wrote_here_before_is_returning_wherever_they_join() -> None:
    assert not is_newcomer(Person("U1"), AT, "workspace", wrote_before=True)
    assert not is_newcomer(Person("U1"), AT, "channel", wrote_before=True)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # for (answered, posted) = (no, no), (no, yes), (yes, no), (yes, yes)
        (None, [True, True, True, True]),
        ("open", [True, True, False, False]),
        ("answered", [False, False, True, False]),
        ("posted", [False, True, False, True]),
        ("silent", [True, False, False, False]),
    ],
)
def test_a_condition_holds_by_what_the_newcomer_did(condition: str | None, expected: list[bool]) -> None:
    follow_up = FollowUp(timedelta(days=3), condition)  # type: ignore[arg-type]
    standings = [Standing(answered, posted) for answered in (False, True) for posted in (False, True)]
    assert [applies(follow_up, standing) for standing in standings] == expected


def test_a_step_keeps_its_name_when_another_is_put_before_it() -> None:
    reminder = FollowUp(timedelta(days=3), "open", prompt="reminder.j2")
    tell = FollowUp(timedelta(days=7), "silent", tell_moderators=True)
    hello = FollowUp(timedelta(days=1), prompt="hello.j2")
    assert step_names([reminder, tell]) == ("reminder.j2", "moderators")
    assert step_names([hello, replace(reminder, after=timedelta(days=4)), tell])[1:] == step_names([reminder, tell])
    assert step_names([reminder, reminder, reminder]) == ("reminder.j2", "reminder.j2#2", "reminder.j2#3")


def test_a_step_is_dropped_when_more_than_a_week_late() -> None:
    due_us = step_due_us(AT, FollowUp(timedelta(days=3)))
    assert due_us == AT + 3 * DAY_US
    late_us = TOO_LATE // timedelta(microseconds=1)
    assert not is_too_late(due_us, due_us + late_us)
    assert is_too_late(due_us, due_us + late_us + 1)


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


@pytest.mark.parametrize(
    ("day", "week", "fits"),
    [(0, 0, True), (0, 2, True), (1, 1, False), (0, 3, False)],
)
def test_one_more_message_fits_only_within_both_budgets(day: int, week: int, fits: bool) -> None:
    assert within_budget(Attention(member_day=1, member_week=3), day, week) is fits
