"""Posts keep their distance and leave holidays alone, as what happens in a community on a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery
from copbot.core.facts import MessageSeen
from copbot.core.posts import CronWhen, EveryWhen, Post, Spacing
from copbot.core.time import Hours, from_us, to_us
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.posting import POST_KINDS
from copbot.features.rhythm.timetable import coming_posts

MORNING = Post("morning", "#data", EveryWhen("day", time(10)), text="Morning")
LATER = replace(MORNING, id="later", when=EveryWhen("day", time(11)), text="Later", late=timedelta(hours=4))
APART = Spacing(channel=timedelta(hours=3))


def community(*posts: Post, **more: object) -> Community:
    return replace(COMMUNITY, posts=posts, **more)  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def at(scene: Scene, moment: datetime) -> list[str]:
    scene.clock.jump(moment - scene.now)
    return [delivery.outgoing.text for delivery in tick(scene)]


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


SOON_AFTER, HOUR = timedelta(seconds=1), timedelta(hours=1)


# --- the distance -------------------------------------------------------------------------------------------------


def test_the_second_of_two_posts_waits_until_the_distance_is_kept(scene: Scene) -> None:
    scene.communities = (community(MORNING, LATER, spacing=APART),)
    assert at(scene, moment(16, 10)) == ["Morning"]
    assert at(scene, moment(16, 11)) == []
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert moment(16, 13) <= due <= moment(16, 13) + SOON_AFTER
    assert at(scene, moment(16, 13) - SOON_AFTER) == []
    assert at(scene, due) == ["Later"]
    with scene.store.read() as tx:
        (latest, *_) = tx.deliveries.latest("data", POST_KINDS, 1)
    assert latest.outgoing.why == "as the schedule says, 2 hours later to keep the distance to another post"


def test_it_waits_also_across_a_restart_and_while_the_first_is_on_its_way(scene: Scene) -> None:
    scene.communities = (community(MORNING, LATER, spacing=APART),)
    scene.clock.jump(moment(16, 11, 30) - scene.now)
    FEATURE.plan_due(scene.ctx, scene.now)  # Slack is slow: nothing was sent yet
    FEATURE.plan_due(scene.ctx, scene.now)
    sent_at = scene.now
    assert [delivery.outgoing.text for delivery in scene.send()] == ["Morning"]
    scene.communities = (community(MORNING, LATER, spacing=APART),)  # files read anew, as a start does
    assert at(scene, sent_at + timedelta(hours=3) - SOON_AFTER) == []
    assert at(scene, sent_at + timedelta(hours=3) + SOON_AFTER) == ["Later"]


def test_what_would_come_too_late_is_skipped_and_said_so_once(scene: Scene) -> None:
    short = replace(LATER, late=timedelta(hours=1))
    scene.communities = (community(MORNING, short, spacing=APART),)
    at(scene, moment(16, 10))
    (told,) = at(scene, moment(16, 11))
    assert told.startswith(":hand: I held back *later* in #data, due Mon 16 Nov 11:00: another post was too near")
    skipped = scene.delivery("post:data:later:2026-11-16")
    assert skipped is not None
    assert (skipped.state, skipped.reason) == ("skipped", "too near to another post")
    assert at(scene, moment(16, 14)) == []


def test_two_that_are_due_at_once_go_out_in_the_order_of_the_files(scene: Scene) -> None:
    first, second = replace(MORNING, id="zzz", text="First"), replace(MORNING, id="aaa", text="Second", late=12 * HOUR)
    scene.communities = (community(first, second, spacing=APART),)
    assert at(scene, moment(16, 10)) == ["First"]
    assert at(scene, moment(16, 13) + SOON_AFTER) == ["Second"]


def test_other_channels_keep_only_the_communitys_distance(scene: Scene) -> None:
    there = replace(LATER, channel="#maps", when=EveryWhen("day", time(10)), text="There")
    scene.communities = (community(MORNING, there, spacing=APART),)
    assert sorted(at(scene, moment(16, 10))) == ["Morning", "There"]
    scene.communities = (community(MORNING, there, spacing=Spacing(community=HOUR)),)
    assert at(scene, moment(17, 10)) == ["Morning"]
    assert at(scene, moment(17, 11) + SOON_AFTER) == ["There"]


def test_a_channel_may_have_a_distance_of_its_own(scene: Scene) -> None:
    own = Spacing(channel=HOUR, channels=(("#data", 2 * HOUR),))
    scene.communities = (community(MORNING, replace(LATER, when=EveryWhen("day", time(10))), spacing=own),)
    assert at(scene, moment(16, 10)) == ["Morning"]
    assert at(scene, moment(16, 11, 30)) == []
    assert at(scene, moment(16, 12) + SOON_AFTER) == ["Later"]


BEST = Post(
    "best",
    "#data",
    EveryWhen("week", "best", on=(1,), between=Hours(time(8), time(18)), otherwise_day=1, otherwise_time=time(9)),
    text="Best",
)


def with_history(scene: Scene) -> None:
    """Eight weeks in which people write at 14:00, and some at 16:00 and 10:00."""
    end, people = moment(16, 0), {14: 6, 16: 4, 10: 2}
    scene.record(
        *(
            MessageSeen("CDATA", to_us(end - timedelta(days=day) + timedelta(hours=hour, minutes=n)), f"U{n}")
            for day in range(1, 57)
            for hour, members in people.items()
            for n in range(members)
        )
    )


def hours(scene: Scene) -> dict[str, str]:
    """Each post's next time."""
    rows = coming_posts(scene.communities, scene.now, 4, scene.ctx)
    return {row.post.id: f"{row.at:%a %H:%M}" for row in reversed(rows)}


def test_the_best_hour_keeps_away_from_other_posts_where_it_can(scene: Scene) -> None:
    with_history(scene)
    call = replace(MORNING, id="call", when=CronWhen("0 14 * * 2"), text="Call")
    scene.communities = (community(BEST, call),)
    assert hours(scene)["best"] == "Tue 14:00"
    scene.communities = (community(BEST, call, spacing=Spacing(channel=2 * HOUR)),)
    assert hours(scene)["best"] == "Tue 16:00"
    scene.communities = (community(BEST, call, spacing=Spacing(channel=timedelta(hours=12))),)
    assert hours(scene)["best"] == "Tue 14:00", "where every hour is too near, the best one waits its turn"


def test_of_two_that_look_for_their_best_hour_the_first_in_the_files_chooses_first(scene: Scene) -> None:
    with_history(scene)
    scene.communities = (community(BEST, replace(BEST, id="second"), spacing=Spacing(channel=2 * HOUR)),)
    assert hours(scene) == {"best": "Tue 14:00", "second": "Tue 16:00"}


@settings(max_examples=5)
@given(data=st.data())
def test_law_never_nearer_than_the_distance_nor_beyond_the_budget_however_time_passes(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    posts = (
        replace(MORNING, late=timedelta(hours=6)),
        replace(LATER, when=CronWhen("30 */3 * * *")),
        replace(MORNING, id="active", when=EveryWhen("day", "active", otherwise_time=time(12)), late=HOUR),
        replace(MORNING, id="maps", channel="#maps", when=CronWhen("15 */2 * * *")),
    )
    spacing = Spacing(community=HOUR / 2, channel=2 * HOUR)
    files = community(*posts, spacing=spacing, attention=Attention(channel_day=3))
    scene = Scene(tmp_path_factory.mktemp("law"), files)
    said: list[tuple[str, datetime, str]] = []
    try:
        for minutes in data.draw(st.lists(st.integers(1, 7 * 60), min_size=5, max_size=16)):
            scene.wait(minutes=minutes)
            if data.draw(st.booleans()):
                scene.says("U1", "Anybody here?")
            if data.draw(st.booleans()):
                scene.communities = (replace(files),)  # as after a restart
            FEATURE.plan_due(scene.ctx, scene.now)
            if data.draw(st.booleans()):  # else Slack is away for a while
                sent = [d for d in scene.send() if d.outgoing.kind in POST_KINDS]
                said += [(d.outgoing.target, scene.now, d.outgoing.key) for d in sent]
                FEATURE.plan_due(scene.ctx, scene.now)
                assert [d for d in scene.send() if d.outgoing.kind in POST_KINDS] == []
        assert len({key for *_, key in said}) == len(said)
        for number, (channel, when, _) in enumerate(said):
            for other, before, _ in said[:number]:
                apart = 2 * HOUR if other == channel else HOUR / 2
                assert when - before >= apart - timedelta(seconds=1)
        for day in {when.date() for _, when, _ in said}:
            assert sum(channel == "CDATA" and when.date() == day for channel, when, _ in said) <= 3
    finally:
        scene.close()


# --- holidays -------------------------------------------------------------------------------------------------------

THAI = {date(2026, 11, 17): "A Day of Rest", date(2026, 11, 18): "Another"}


@pytest.fixture
def thailand(scene: Scene) -> Scene:
    scene.ctx = replace(scene.ctx, holidays=lambda country, day: THAI.get(day) if country == "TH" else None)
    return scene


def test_a_daily_post_is_silent_on_a_holiday_and_says_so_in_the_timetable(thailand: Scene) -> None:
    scene = thailand
    scene.communities = (community(replace(MORNING, skip_holidays="TH")),)
    rows = coming_posts(scene.communities, scene.now, 3, scene.ctx)
    assert [str(row) for row in rows] == [
        "Mon 16 Nov 2026 10:00  morning in #data: as the schedule says",
        "Tue 17 Nov 2026 10:00  morning in #data: skipped, holiday: A Day of Rest",
        "Wed 18 Nov 2026 10:00  morning in #data: skipped, holiday: Another",
    ]
    assert rows[1].as_json()["skipped"] == "holiday: A Day of Rest"
    assert at(scene, moment(16, 10)) == ["Morning"]
    assert FEATURE.next_due(scene.ctx, scene.now) == moment(19, 10)
    assert at(scene, moment(17, 10)) == []
    assert at(scene, moment(18, 10)) == []
    skipped = scene.delivery("post:data:morning:2026-11-17")
    assert skipped is not None
    assert (skipped.state, skipped.reason) == ("skipped", "holiday: A Day of Rest")
    assert at(scene, moment(19, 10)) == ["Morning"]


def test_elsewhere_that_day_is_like_any_other(thailand: Scene) -> None:
    thailand.communities = (community(replace(MORNING, skip_holidays="DE")),)
    assert at(thailand, moment(17, 10)) == ["Morning"]


def test_best_chooses_among_the_days_that_are_none(thailand: Scene) -> None:
    with_history(thailand)
    when = replace(BEST.when, on=(1, 2, 3))  # type: ignore[type-var]
    thailand.communities = (community(replace(BEST, when=when, skip_holidays="TH")),)
    assert hours(thailand)["best"] == "Thu 14:00"
    at(thailand, moment(19, 14))
    assert thailand.delivery("post:data:best:2026-11-16") is not None


def test_best_on_nothing_but_holidays_is_skipped(thailand: Scene) -> None:
    thailand.communities = (community(replace(BEST, skip_holidays="TH")),)
    (row, *_) = coming_posts(thailand.communities, thailand.now, 1, thailand.ctx)
    assert (f"{row.at:%d %H:%M}", row.skipped) == ("17 09:00", "holiday: A Day of Rest")
    assert at(thailand, moment(17, 9)) == []
    assert from_us(to_us(thailand.now)) == moment(17, 9)


# --- quiet hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "otherwise", "expected"),
    [
        pytest.param(Hours(time(20), time(8)), time(10), "08:00-14:00", id="it begins when the night ends"),
        pytest.param(Hours(time(20), time(8)), time(18), "14:00-19:59", id="it ends when the night begins"),
        pytest.param(Hours(time(0), time(9)), time(10), "09:00-14:00", id="a night that begins at midnight"),
        pytest.param(None, time(10), "06:00-14:00", id="no quiet hours"),
    ],
)
def test_active_holds_the_quiet_hours(scene: Scene, quiet: Hours | None, otherwise: time, expected: str) -> None:
    active = replace(MORNING, id="active", when=EveryWhen("day", "active", otherwise_time=otherwise))
    scene.communities = (community(active, attention=Attention(quiet=quiet)),)
    scene.clock.jump(moment(16, 0, 1) - scene.now)
    (row,) = coming_posts(scene.communities, scene.now, 1, scene.ctx)
    assert f"{row.opens:%H:%M}-{row.at:%H:%M}" == expected


def test_hours_that_lie_wholly_in_the_night_were_meant_so(scene: Scene) -> None:
    when = EveryWhen("day", "active", between=Hours(time(21), time(23)), otherwise_time=time(22))
    scene.communities = (community(replace(MORNING, when=when)),)
    (row,) = coming_posts(scene.communities, scene.now, 1, scene.ctx)
    assert f"{row.opens:%H:%M}-{row.at:%H:%M}" == "21:00-23:00"
