"""Many posts at once: the first go out while the last are still being recorded, and the distance between them is what it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention
from copbot.core.posts import EveryWhen, Post, Spacing
from copbot.core.time import to_us
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.recurrence import Period, instant
from copbot.features.rhythm.rounds import rounds_without_history

POSTS = 120


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def test_the_first_can_be_sent_before_the_last_is_recorded(scene: Scene) -> None:
    posts = tuple(Post(f"p{n}", "#data", EveryWhen("day", time(10)), text="Hello") for n in range(POSTS))
    scene.communities = (replace(COMMUNITY, posts=posts, attention=Attention(channel_day=POSTS)),)
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.wait(hours=1)
    recorded: list[list[str]] = []

    def look() -> None:
        with scene.store.read() as tx:
            recorded.append([one.outgoing.key for one in tx.deliveries.ready(to_us(scene.now), 2 * POSTS)])

    scene.store.on_planned = look
    FEATURE.plan_due(scene.ctx, scene.now)
    assert [len(keys) for keys in recorded] == [50, 100, 120]
    assert recorded[-1] == [f"post:data:p{n}:2026-11-16" for n in range(POSTS)], "in the order of the files"


@pytest.mark.parametrize("zone", ["UTC", "America/Santiago", "Australia/Lord_Howe", "Europe/Paris"])
@settings(max_examples=25, deadline=None)
@given(
    first=st.dates(date(2026, 3, 20), date(2026, 11, 5)),
    length=st.integers(1, 7),
    at=st.tuples(st.integers(0, 23), st.sampled_from((0, 1, 30, 59))),
    apart_min=st.integers(1, 300),
)
def test_an_hour_is_taken_when_it_begins_nearer_to_another_post_than_their_distance(
    zone: str, first: date, length: int, at: tuple[int, int], apart_min: int
) -> None:
    here, apart = ZoneInfo(zone), timedelta(minutes=apart_min)
    other = Post("other", "#data", EveryWhen("day", time(*at)), text="Hello")
    best = Post("best", "#data", EveryWhen("week", "best", otherwise_time=time(10)), text="Hello")
    community = replace(COMMUNITY, timezone=zone, posts=(other, best), spacing=Spacing(channel=apart))
    days = tuple(first + timedelta(days=n) for n in range(length))

    taken = rounds_without_history(community, lambda _country, _day: None).calendar.taken(best, Period(first, days))

    around = [first + timedelta(days=n) for n in range(-1, length + 1)]
    said = [instant(datetime.combine(day, time(*at)), here) for day in around]
    hours = {(day, hour): instant(datetime.combine(day, time(hour)), here) for day in days for hour in range(24)}
    expected = {slot for slot, begins in hours.items() if any(abs(begins - one) < apart for one in said)}
    assert taken == expected
