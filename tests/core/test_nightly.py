"""What is done once a night: when a night has begun, who does it, and what becomes of one that failed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import Scene

from copbot.core.errors import SlackGone
from copbot.core.nightly import Task, do_what_is_due, night_of

BANGKOK = "Asia/Bangkok"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


@pytest.mark.parametrize(
    ("at", "timezone", "night"),
    [
        ("2026-11-16T19:59:59.999999+00:00", BANGKOK, "2026-11-16"),  # 02:59:59 on the 17th
        ("2026-11-16T20:00:00+00:00", BANGKOK, "2026-11-17"),
        ("2026-11-17T05:00:00+00:00", BANGKOK, "2026-11-17"),
        ("2026-11-16T20:00:00+00:00", "UTC", "2026-11-16"),
        ("2026-03-29T00:59:59+00:00", "Europe/Berlin", "2026-03-28"),  # the clock goes from 2 to 3: the night begins
        ("2026-03-29T01:00:00+00:00", "Europe/Berlin", "2026-03-29"),
    ],
)
def test_a_night_begins_at_three_by_the_wall_clock_of_its_zone(at: str, timezone: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(at), timezone) == date.fromisoformat(night)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(ZoneInfo("UTC"))),  # noqa: DTZ001
    st.sampled_from([BANGKOK, "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
)
def test_the_later_the_instant_the_later_the_night(now: datetime, timezone: str) -> None:
    later = datetime.fromtimestamp(now.timestamp() + 3600, ZoneInfo("UTC"))
    nights = night_of(now, timezone), night_of(later, timezone)
    assert 0 <= (nights[1] - nights[0]).days <= 1


def test_a_task_is_done_once_a_night_by_whoever_comes_first_and_made_up_for_at_noon(scene: Scene) -> None:
    done: list[str] = []
    mine, other = (Task("backup", "UTC", lambda who=who: done.append(who)) for who in ("mine", "other"))  # type: ignore[misc]

    do_what_is_due(scene.ctx, [mine])  # the first time: at once
    do_what_is_due(scene.ctx, [other])
    scene.wait(hours=17, minutes=59)  # 02:59
    do_what_is_due(scene.ctx, [mine])
    assert done == ["mine"]
    scene.wait(minutes=1)
    do_what_is_due(scene.ctx, [other, mine])
    assert done == ["mine", "other"]

    scene.wait(days=3, hours=9)  # off for three nights, and back at noon
    do_what_is_due(scene.ctx, [mine])
    do_what_is_due(scene.ctx, [mine])
    assert done == ["mine", "other", "mine"]


def test_one_that_fails_holds_up_no_other_is_told_once_and_begun_again_two_hours_later(scene: Scene) -> None:
    tried: list[str] = []
    told: list[str] = []
    reasons = ["no room", "no room", "no folder", "", "no room"]

    def work() -> None:
        tried.append("backup")
        if reason := reasons.pop(0):
            raise OSError(reason)

    tasks = [Task("backup", "UTC", work, told.append), Task("tidy", "UTC", lambda: tried.append("tidy"))]
    do_what_is_due(scene.ctx, tasks)
    scene.wait(minutes=119)
    do_what_is_due(scene.ctx, tasks)
    assert (tried, told) == (["backup", "tidy"], ["no room"])

    for _ in range(3):
        scene.wait(hours=2, minutes=1)
        do_what_is_due(scene.ctx, tasks)
        assert told == ["no room"], "another reason is no news while it does not work"
    with scene.store.read() as tx:
        run = tx.nights.of("backup")
    assert run is not None
    assert run.done_us is not None
    assert run.failure == ""

    scene.wait(days=1)  # in another night, after one that went well, it is news
    do_what_is_due(scene.ctx, tasks)
    assert told == ["no room", "no room"]


def test_a_process_that_was_killed_at_it_is_stood_in_for_and_wakes_without_harm(scene: Scene) -> None:
    night, now_us = date(2026, 11, 16), scene.clock.now_us()
    with scene.store.begin() as tx:
        assert tx.nights.claim("backup", night, now_us, now_us - 1)
        assert not tx.nights.claim("backup", night, now_us + 5, now_us)
        assert tx.nights.claim("backup", night, now_us + 5, now_us + 1)
        tx.nights.done("backup", night, now_us + 9)
        assert not tx.nights.claim("backup", night, now_us + 20, now_us + 19)
        assert not tx.nights.claim("backup", date(2026, 11, 15), now_us + 20, now_us + 19), "a clock that was set back"


def test_an_installation_that_slack_no_longer_knows_ends_the_program(scene: Scene) -> None:
    def work() -> None:
        raise SlackGone("token_revoked")

    with pytest.raises(SlackGone):
        do_what_is_due(scene.ctx, [Task("backup", "UTC", work)])
