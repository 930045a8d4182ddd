"""Clocks change, years leap, machines sleep and clocks are set back: each occasion once, never early, none forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention
from copbot.core.posts import CronWhen, EveryWhen, Post, When
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.recurrence import Period, Slot, coming

CHANGES = [  # the local date on which clocks go forward, and back
    pytest.param("Europe/Berlin", date(2027, 3, 28), id="Berlin forward"),
    pytest.param("Europe/Berlin", date(2026, 10, 25), id="Berlin back"),
    pytest.param("America/New_York", date(2027, 3, 14), id="New York forward"),
    pytest.param("America/New_York", date(2026, 11, 1), id="New York back"),
    pytest.param("Africa/Cairo", date(2027, 4, 30), id="Cairo forward, at midnight"),
    pytest.param("Africa/Cairo", date(2026, 10, 29), id="Cairo back, at midnight"),
    pytest.param("Australia/Lord_Howe", date(2026, 10, 4), id="Lord Howe forward, half an hour"),
    pytest.param("Australia/Lord_Howe", date(2027, 4, 4), id="Lord Howe back, half an hour"),
]
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]


def scene_in(zone: str, when: When, now: datetime, folder: pytest.TempPathFactory) -> Scene:
    post = Post("daily", "#data", when, text="Hello", late=timedelta(hours=2))
    community = replace(COMMUNITY, timezone=zone, posts=(post,), attention=Attention(channel_day=1000))
    scene = Scene(folder.mktemp("clocks"), community)
    scene.clock.jump(now - scene.now)
    return scene


def local_dates(scene: Scene) -> list[date]:
    """One pass; the local dates whose post went out, as its key names them."""
    FEATURE.plan_due(scene.ctx, scene.now)
    sent = [delivery for delivery in scene.send() if delivery.outgoing.kind == "post"]
    return [date.fromisoformat(delivery.outgoing.key.split(":")[3][:10]) for delivery in sent]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@settings(max_examples=2)
@given(at=st.sampled_from(HALF_HOURS), kind=st.sampled_from(["every", "cron"]))
def test_lived_through_in_half_hours_each_local_date_has_its_post_once_and_never_early(
    zone: str, change: date, kind: str, at: time, tmp_path_factory: pytest.TempPathFactory
) -> None:
    when: When = EveryWhen("day", at) if kind == "every" else CronWhen(f"{at.minute} {at.hour} * * *")
    local = ZoneInfo(zone)
    start = datetime.combine(change - timedelta(days=1), time(), local).astimezone(UTC)
    scene = scene_in(zone, when, start - timedelta(minutes=5), tmp_path_factory)
    found: list[date] = []
    try:
        while scene.now < start + timedelta(days=2.5):
            scene.wait(minutes=30)
            for day in local_dates(scene):
                assert scene.now.astimezone(local).replace(tzinfo=None) >= datetime.combine(day, at)
                found.append(day)
    finally:
        scene.close()
    assert [day for day in found if day in (change - timedelta(days=1), change)] == [change - timedelta(days=1), change]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@settings(max_examples=3)
@given(
    at=st.sampled_from(HALF_HOURS),
    steps=st.lists(
        st.one_of(st.integers(1, 90), st.just(-60), st.just(3 * 24 * 60)),
        min_size=20,
        max_size=30,
    ),
)
def test_with_a_clock_that_is_set_back_and_a_machine_that_sleeps_three_days_nothing_comes_twice_or_early(
    zone: str, change: date, at: time, steps: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    local = ZoneInfo(zone)
    start = datetime.combine(change - timedelta(days=1), time(12), local).astimezone(UTC)
    scene = scene_in(zone, EveryWhen("day", at), start, tmp_path_factory)
    found: list[date] = []
    try:
        for minutes in steps:
            scene.clock.jump(timedelta(minutes=minutes))
            new = local_dates(scene)
            assert len(new) <= 1, "after a sleep one late post at most"
            for day in new:
                assert scene.now.astimezone(local).replace(tzinfo=None) >= datetime.combine(day, at)
            found += new
    finally:
        scene.close()
    assert len(found) == len(set(found))


def first_day(_post: Post, period: Period) -> Slot:
    return Slot(period.days[0], time(10), "because")


@pytest.mark.parametrize(
    ("when", "start", "expected"),
    [
        pytest.param(
            EveryWhen("day", time(9)), date(2028, 2, 28), ["2028-02-28", "2028-02-29", "2028-03-01"], id="a leap day"
        ),
        pytest.param(
            EveryWhen("month", time(9), day_of_month=30),
            date(2028, 1, 30),
            ["2028-01-30", "2028-02-29", "2028-03-30"],
            id="the 30th in a leap February",
        ),
        pytest.param(CronWhen("0 9 29 2 *"), date(2026, 1, 1), ["2028-02-29T09:00"], id="only on leap days"),
        pytest.param(
            EveryWhen("week", time(9), on=(4,)),
            date(2026, 12, 25),
            ["2026-12-25", "2027-01-01", "2027-01-08"],
            id="through ISO week 53",
        ),
        pytest.param(
            EveryWhen("week", "best", on=(4,)),
            date(2026, 12, 26),
            ["2026-12-28", "2027-01-04", "2027-01-11"],
            id="best through ISO week 53",
        ),
        pytest.param(
            EveryWhen("2 weeks", time(9), on=(0,)),
            date(2026, 12, 20),
            ["2026-12-21", "2027-01-04", "2027-01-18"],
            id="every second week through ISO week 53",
        ),
    ],
)
def test_leap_days_and_week_53(when: When, start: date, expected: list[str]) -> None:
    begins = datetime.combine(start, time(), UTC) - timedelta(seconds=1)
    found = islice(coming(Post("p", "#data", when, text="x"), ZoneInfo("UTC"), begins, first_day), len(expected))
    assert [occasion.key for occasion in found] == expected


@pytest.mark.parametrize("every", ["week", "2 weeks"])
@given(start=st.dates(date(2020, 1, 1), date(2045, 1, 1)))
def test_no_years_end_disturbs_the_rhythm_of_weeks(every: str, start: date) -> None:
    when = EveryWhen(every, time(9), on=(2,))  # type: ignore[arg-type]
    begins = datetime.combine(start, time(), UTC)
    found = islice(coming(Post("p", "#data", when, text="x"), ZoneInfo("UTC"), begins, first_day), 60)
    apart = {later.due - earlier.due for earlier, later in pairwise(found)}
    assert apart == {timedelta(weeks=2 if every == "2 weeks" else 1)}
