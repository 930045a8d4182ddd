"""What the best hour is learned from: read once an hour, whoever asks, and never the bots' hours."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.adapters.store.presence import SqlPresence
from copbot.core.community import Channels
from copbot.core.facts import MessageSeen, UserSeen
from copbot.core.posts import EveryWhen, Post
from copbot.core.time import to_us
from copbot.features.rhythm.learning.evidence import chooser, read_courses, read_evidence
from copbot.features.rhythm.recurrence import Period, Slot

POST = Post("p", "#data", EveryWhen("week", "best", otherwise_day=2, otherwise_time=time(10)))
TODAY = MONDAY.date()
WEEK = Period(TODAY, tuple(TODAY + timedelta(days=number) for number in range(7)))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def write(scene: Scene, hour: int, channel: str = "CDATA", people: int = 5, days: int = 84) -> None:
    """On each of the days before today."""
    begins = datetime.combine(TODAY, time(hour), ZoneInfo("UTC"))
    scene.record(
        *(
            MessageSeen(channel, to_us(begins - timedelta(days=day)) + number, f"U{number}")
            for day in range(1, days + 1)
            for number in range(people)
        )
    )


def choose(scene: Scene, community: object = COMMUNITY, post: Post = POST, period: Period = WEEK) -> Slot:
    with scene.store.read() as tx:
        return chooser(scene.ctx, tx, community, scene.now)(post, period)  # type: ignore[arg-type]


def test_a_glance_each_second_does_not_read_the_history_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[object] = []
    known = SqlPresence.hours
    monkeypatch.setattr(SqlPresence, "hours", lambda *a, **k: (reads.append(a), known(*a, **k))[1])
    write(scene, 14)
    first = choose(scene)
    count = len(reads)
    assert count > 0
    for _ in range(60):
        scene.wait(seconds=1)
        assert choose(scene) == first
    other = replace(POST, id="q", when=EveryWhen("day", "best", otherwise_time=time(9)))
    choose(scene, post=other, period=Period(TODAY, (TODAY,)))
    assert len(reads) == count, "another post in the same channel learns from the same reading"


def test_an_import_is_known_within_the_hour(scene: Scene) -> None:
    assert choose(scene).why.startswith("as `otherwise` says")
    write(scene, 14)
    scene.wait(hours=1)
    assert choose(scene).moment == time(14)


def test_a_new_time_zone_holds_at_once(scene: Scene) -> None:
    write(scene, 14)
    assert choose(scene).moment == time(14)
    assert choose(scene, replace(COMMUNITY, timezone="Asia/Tokyo")).moment == time(23)


def test_a_new_discussion_channel_counts_at_once(scene: Scene) -> None:
    write(scene, 14, people=1, days=20)
    write(scene, 9, channel="CMAPS")
    assert choose(scene).why.startswith("as `otherwise` says")
    both = replace(COMMUNITY, channels=Channels(("#data", "#maps"), "#mods"))
    assert choose(scene, both).moment == time(9)


def test_what_is_written_today_does_not_move_todays_hour(scene: Scene) -> None:
    write(scene, 14)
    before = choose(scene)
    scene.record(*(MessageSeen("CDATA", to_us(scene.now) + number, f"V{number}") for number in range(200)))
    scene.wait(hours=2)
    assert choose(scene) == before


def test_a_period_that_has_begun_keeps_what_was_known_then(scene: Scene) -> None:
    write(scene, 14)
    before = choose(scene)
    scene.wait(hours=49)
    scene.record(*(MessageSeen("CDATA", to_us(scene.now) - 3_600_000_000 + n, f"V{n}") for n in range(500)))
    scene.wait(hours=24)
    assert choose(scene) == before


def test_bots_and_copbots_own_posts_never_enter(scene: Scene) -> None:
    write(scene, 14)
    scene.record(UserSeen("UCOP", is_bot=True, updated_us=1), UserSeen("UFEED", is_bot=True, updated_us=1))
    for bot in ("UCOP", "UFEED"):
        begins = datetime.combine(TODAY, time(3), ZoneInfo("UTC"))
        scene.record(
            *(MessageSeen("CDATA", to_us(begins - timedelta(days=d)) + n, bot) for d in range(1, 85) for n in range(50))
        )
    slot = choose(scene)
    assert slot.moment == time(14)
    assert "from 420 messages by 5 members over 12 weeks" in slot.why


def test_many_threads_may_ask_at_once(scene: Scene) -> None:
    write(scene, 14)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: choose(scene), range(32)))) == 1


def test_a_replay_of_the_past_knows_only_what_was_known_then(scene: Scene) -> None:
    write(scene, 14)
    with scene.store.read() as tx:
        evidence = read_evidence(scene.ctx, tx, COMMUNITY, "CDATA", MONDAY - timedelta(days=64))
    assert evidence.end == date(2026, 9, 13)
    assert evidence.basis is None
    assert evidence.channel.messages == 20 * 5


def test_the_courses_of_many_channels_are_those_of_each(scene: Scene) -> None:
    write(scene, 14)
    write(scene, 9, channel="CMAPS")
    both = replace(COMMUNITY, channels=Channels(("#data", "#maps"), "#mods"))
    hours = tuple(range(24))
    with scene.store.read() as tx:
        courses = dict(read_courses(tx, ZoneInfo("UTC"), ["CDATA", "CMAPS"]))
        for channel, course in courses.items():
            evidence = read_evidence(scene.ctx, tx, both, channel, scene.now)
            assert evidence.course is not None
            assert course.standing_hour(TODAY, hours) == evidence.course.standing_hour(TODAY, hours)
            assert course.outlook(TODAY).hours == pytest.approx(evidence.course.outlook(TODAY).hours)


def test_a_history_that_takes_long_to_read_is_read_once_a_day(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The common history of a large community; a channel's own stays fresh by the hour."""
    both = replace(COMMUNITY, channels=Channels(("#data", "#maps"), "#mods"), timezone="Asia/Tokyo")
    write(scene, 14)
    reads: list[int] = []
    known = SqlPresence.span_us

    def slowly(presence: SqlPresence, channels: set[str]) -> tuple[int, int] | None:
        reads.append(len(channels))
        if len(channels) > 1:
            scene.clock.tick(3)
        return known(presence, channels)

    monkeypatch.setattr(SqlPresence, "span_us", slowly)
    for _ in range(5):  # from 18:00 to 22:00 in Tokyo
        choose(scene, both)
        scene.wait(hours=1)
    assert reads.count(2) == 1
    assert reads.count(1) == 5
    for _ in range(3):  # past midnight there
        choose(scene, both)
        scene.wait(hours=1)
    assert reads.count(2) == 2
