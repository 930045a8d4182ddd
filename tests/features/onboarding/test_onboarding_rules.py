"""Who is a newcomer, and when a follow-up is due."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.community import Attention
from copbot.core.onboarding import FollowUp, may_be_welcomed
from copbot.core.records import Person
from copbot.core.time import DAY_US, MICROSECOND, Hours
from copbot.features.onboarding.rules import (
    APART,
    APART_AT_MOST,
    Standing,
    applies,
    budget_free_us,
    is_newcomer,
    outside_quiet,
    step_due_us,
    step_names,
    told_due_us,
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


def test_nobody_who_writes_is_reminded_of_questions_but_the_moderators_may_hear_of_them() -> None:
    wrote = Standing(answered=False, posted=True)
    assert not applies(FollowUp(timedelta(days=3), "open", prompt="reminder.j2"), wrote)
    assert applies(FollowUp(timedelta(days=3), "open", tell_moderators=True), wrote)
    assert applies(FollowUp(timedelta(days=3), "open", prompt="reminder.j2"), Standing(answered=False, posted=False))


@pytest.mark.parametrize(
    ("after", "last_notice", "told"),
    [
        pytest.param(timedelta(days=7), None, timedelta(0), id="at once"),
        pytest.param(timedelta(days=7), timedelta(minutes=-5), APART - timedelta(minutes=5), id="apart from the last"),
        pytest.param(timedelta(days=7), -APART, timedelta(0), id="far enough from the last"),
        pytest.param(timedelta(days=7), timedelta(hours=3), APART_AT_MOST, id="an hour late at most"),
        pytest.param(timedelta(days=1), timedelta(0), APART, id="from a day on"),
        pytest.param(timedelta(hours=23), timedelta(0), timedelta(0), id="what is meant soon comes at once"),
    ],
)
def test_the_moderators_hear_of_newcomers_in_few_messages(
    after: timedelta, last_notice: timedelta | None, told: timedelta
) -> None:
    due_us = step_due_us(AT, FollowUp(after, "silent", tell_moderators=True))
    last_us = None if last_notice is None else due_us + last_notice // MICROSECOND
    assert told_due_us(due_us, FollowUp(after, "silent", tell_moderators=True), last_us) == due_us + told // MICROSECOND


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
    ("told_days_ago", "free_in_days"),
    [
        pytest.param([], 0, id="nothing yet"),
        pytest.param([1], 0, id="a whole day ago"),
        pytest.param([0.25], 0.75, id="less than a day ago"),
        pytest.param([0], 1, id="just now"),
        pytest.param([6, 4, 2], 1, id="three in this week"),
        pytest.param([7, 4, 2], 0, id="the first of three leaves the week"),
        pytest.param([6.5, 4, 0], 1, id="both: the later holds"),
    ],
)
def test_one_more_message_fits_when_both_budgets_are_free(told_days_ago: list[float], free_in_days: float) -> None:
    told_us = [AT - int(days * DAY_US) for days in told_days_ago]
    free_us = budget_free_us(Attention(member_day=1, member_week=3), told_us, AT)
    assert free_us == AT + int(free_in_days * DAY_US)


@pytest.mark.parametrize("attention", [Attention(member_day=0), Attention(member_week=0)])
def test_a_budget_of_nothing_is_never_free(attention: Attention) -> None:
    assert budget_free_us(attention, [], AT) is None
