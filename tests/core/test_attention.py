"""The budget of a member's attention, and their quiet hours."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import Scene

from copbot.core.attention import budget_free_us, free_again_us, outside_quiet, zone_of
from copbot.core.community import Attention
from copbot.core.delivery import Kind, Outgoing
from copbot.core.time import DAY_US, Hours, from_us, to_us

AT = 1000 * DAY_US
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


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def again(scene: Scene, key: str) -> datetime | None:
    delivery = scene.delivery(key)
    assert delivery is not None
    with scene.store.read() as tx:
        free_us = free_again_us(scene.ctx, tx, delivery.outgoing, scene.now)
    return None if free_us is None else from_us(free_us)


def test_after_an_outage_of_days_only_what_was_said_counts_and_nights_stay_quiet(scene: Scene) -> None:
    """What was planned for three days must not come at once, and not at night."""
    scene.joins("UANA", timezone="Asia/Bangkok")  # 16:00 there
    kinds: list[tuple[int, Kind]] = [(3, "recognition"), (2, "story"), (1, "moderation"), (0, "welcome")]
    for days, kind in kinds:
        with scene.store.begin() as tx:
            due_us = to_us(scene.now) - days * DAY_US
            tx.deliveries.plan(Outgoing(f"{kind}:1", kind, "UANA", "Hello", due_us, community="data"))
    assert again(scene, "recognition:1") == again(scene, "story:1") == again(scene, "moderation:1") == scene.now
    assert again(scene, "welcome:1") == scene.now  # as planned

    scene.send()  # a message a second; the next thing of that day waits for the next
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("survey:1", "survey", "UANA", "Hello", to_us(scene.now), community="data"))
    free = again(scene, "survey:1")
    assert free is not None
    assert timedelta(hours=23) < free - scene.now <= timedelta(hours=24)

    scene.wait(days=7, hours=5)  # 21:00 there, and the budget is free
    assert again(scene, "survey:1") == (scene.now + timedelta(hours=11)).replace(minute=0, second=0, microsecond=0)
