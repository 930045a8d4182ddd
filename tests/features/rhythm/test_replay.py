"""The files over a recorded history: the bot itself lives through it again, knowing nothing of what comes later."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, Scene

from copbot.adapters.store.scratch import scratch_store
from copbot.core.community import Attention, Community
from copbot.core.facts import MessageSeen
from copbot.core.posts import DateWhen, EveryWhen, Post, Spacing
from copbot.core.time import HOUR_US, to_us
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.rehearsal.difference import difference
from copbot.features.rhythm.rehearsal.past import HistoryClock, PastStore, Writing, writing_of
from copbot.features.rhythm.rehearsal.replay import Audience, Replay, Replayed

SINCE = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday
UNTIL = SINCE + timedelta(days=14)
LIVED = timedelta(days=5)
DAILY = Post("daily", "#data", EveryWhen("day", time(10)), text="Hello", late=timedelta(hours=2))
SECOND = Post("second", "#data", EveryWhen("day", time(10, 30)), text="Hello")
ALIVE = Post(
    "alive", "#data", EveryWhen("day", "active", otherwise_time=time(12), window=timedelta(hours=4)), text="Hi"
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def wrote(scene: Scene, at: datetime, user: str) -> None:
    scene.record(MessageSeen("CDATA", to_us(at), user, text="…"))


@contextmanager
def past(scene: Scene, *posts: Post, **changes: object) -> Iterator[Replay]:
    community: Community = replace(COMMUNITY, posts=posts, **changes)  # type: ignore[arg-type]
    clock = HistoryClock(SINCE)
    with scene.store.read() as recorded, scratch_store() as scratch:
        written = writing_of(recorded, ["CDATA"], 0, to_us(UNTIL) + HOUR_US)
        store = PastStore(scratch, recorded, written, clock)
        ctx = replace(scene.ctx, clock=clock, store=store, communities=lambda: (community,))
        audiences = {"CDATA": Audience(written["CDATA"], [0, to_us(SINCE + timedelta(days=7))])}
        yield Replay(ctx, clock, audiences, SINCE, UNTIL)


def replayed(scene: Scene, *posts: Post, **changes: object) -> list[Replayed]:
    with past(scene, *posts, **changes) as replay:
        return replay.run()


def test_each_occasion_goes_out_at_its_time_from_the_first_to_the_last(scene: Scene) -> None:
    rows = replayed(scene, DAILY)
    assert [one.at for one in rows] == [SINCE + timedelta(days=day, hours=10) for day in range(14)]
    assert {one.state for one in rows} == {"sent"}


def test_what_was_due_before_does_not_go_out_at_the_beginning(scene: Scene) -> None:
    rows = replayed(scene, replace(DAILY, when=EveryWhen("day", time(23)), late=timedelta(days=1)))
    assert rows[0].at == SINCE + timedelta(hours=23)
    assert len(rows) == 14


def test_the_reach_is_who_was_there_and_who_wrote_in_the_hour_after(scene: Scene) -> None:
    at = SINCE + timedelta(hours=10)
    wrote(scene, at - timedelta(days=31), "UOLD")
    wrote(scene, at - timedelta(days=29), "U1")
    wrote(scene, at - timedelta(minutes=29), "U2")
    wrote(scene, at + timedelta(minutes=1), "U2")
    wrote(scene, at + timedelta(hours=1), "U3")
    wrote(scene, at + timedelta(hours=1, seconds=1), "ULATE")
    first = replayed(scene, DAILY)[0]
    assert (first.members, first.active, first.wrote, first.fresh) == (1, 2, 2, 1)
    assert replayed(scene, DAILY)[-1].members == 2


def test_a_spent_budget_and_too_small_a_distance_hold_back(scene: Scene) -> None:
    rows = replayed(scene, DAILY, SECOND, attention=Attention(channel_day=1))
    assert [(one.post, one.state) for one in rows[:2]] == [("daily", "sent"), ("second", "held back")]
    assert "budget" in rows[1].why
    far = replace(SECOND, late=timedelta(minutes=30))
    rows = replayed(scene, DAILY, far, spacing=Spacing(channel=timedelta(hours=3)))
    assert (rows[1].state, rows[1].why) == ("held back", "too near to another post")


def test_active_goes_out_when_somebody_writes_and_else_at_its_windows_end(scene: Scene) -> None:
    wrote(scene, SINCE + timedelta(days=1, hours=11, minutes=7), "U1")
    wrote(scene, SINCE + timedelta(days=2, hours=9, minutes=45), "U1")
    rows = replayed(scene, ALIVE)
    assert [one.at for one in rows[:3]] == [
        SINCE + timedelta(hours=14),
        SINCE + timedelta(days=1, hours=11, minutes=7),
        SINCE + timedelta(days=2, hours=10),
    ]
    assert "one member was writing" in rows[1].why
    assert rows[1].fresh == 0


def test_a_past_date_and_a_community_without_posts_come_out_plainly(scene: Scene) -> None:
    assert replayed(scene, Post("call", "#data", DateWhen(datetime(2025, 1, 1)), text="x")) == []  # noqa: DTZ001
    assert replayed(scene) == []


def test_it_decides_as_the_running_bot_would_have(scene: Scene) -> None:
    """Given a history, the bot that lives through it and the replay afterwards post at the same moments."""
    best = Post("best", "#data", EveryWhen("week", "best", otherwise_time=time(9)), text="x")
    posts = (DAILY, ALIVE, best)
    roomy = Attention(channel_day=5)
    rows = replayed_of_busy(scene, posts, roomy)
    lived = lived_through(scene, posts, roomy)
    assert [(one.post, one.at) for one in rows if one.at and one.at < SINCE + LIVED] == lived
    assert any("times the average" in one.why for one in rows if one.post == "best")


def busy() -> list[tuple[datetime, str]]:
    """Six weeks before and the two of the replay, most of it between two and four in the afternoon."""
    start = SINCE - timedelta(weeks=6)
    days = [start + timedelta(days=day) for day in range(56)]
    return [
        (day + timedelta(hours=14 + number % 3, minutes=(number * 13 + index) % 60), f"U{(index + number) % 9}")
        for index, day in enumerate(days)
        for number in range(4)
    ]


def replayed_of_busy(scene: Scene, posts: Sequence[Post], attention: Attention) -> list[Replayed]:
    scene.record(*(MessageSeen("CDATA", to_us(at), user, text="…") for at, user in busy()))
    return replayed(scene, *posts, attention=attention)


def lived_through(scene: Scene, posts: Sequence[Post], attention: Attention) -> list[tuple[str, datetime]]:
    """The same history told message by message to a bot that looks at each."""
    with scratch_store() as store:
        clock = HistoryClock(SINCE)
        community = replace(COMMUNITY, posts=tuple(posts), attention=attention)
        ctx = replace(scene.ctx, clock=clock, store=store, communities=lambda: (community,))
        with store.begin() as tx:
            tx.facts.record(MessageSeen("CDATA", to_us(at), user, text="…") for at, user in busy() if at < SINCE)
        posted: list[tuple[str, datetime]] = []
        coming = [(at, user) for at, user in sorted(busy()) if SINCE <= at < SINCE + LIVED]
        hours = [SINCE + timedelta(hours=hour) for hour in range(5 * 24) if 8 <= hour % 24 <= 19]
        moments = sorted({*hours, *(at for at, _ in coming)})
        for now in moments:
            clock.put(now)
            with store.begin() as tx:
                tx.facts.record(MessageSeen("CDATA", to_us(at), user, text="…") for at, user in coming if at == now)
            FEATURE.plan_due(ctx, now)
            with store.begin() as tx:
                for delivery in tx.deliveries.ready(to_us(now), 100):
                    tx.deliveries.claim(delivery.id, "t", to_us(now))
                    tx.deliveries.settle(delivery.id, delivery.attempts + 1, "sent", channel="C", ts_us=to_us(now))
                    if delivery.outgoing.key.startswith("post:"):
                        posted.append((delivery.outgoing.key.split(":")[2], now))
    return posted


def test_what_came_later_changes_nothing_that_was_decided_before(scene: Scene) -> None:
    best = Post("best", "#data", EveryWhen("week", "best", otherwise_time=time(9)), text="x")
    before = replayed_of_busy(scene, (best, ALIVE), Attention())
    cut = SINCE + timedelta(days=8)
    later = [(to_us(cut + timedelta(hours=3, minutes=minute)), f"UN{minute % 40}") for minute in range(300)]
    scene.record(*(MessageSeen("CDATA", ts_us, user, text="…") for ts_us, user in later))
    after = replayed(scene, best, ALIVE)
    assert [one.at for one in after if one.moment < cut] == [one.at for one in before if one.moment < cut]


def test_progress_only_grows_and_ends_with_all(scene: Scene) -> None:
    told: list[float] = []
    with past(scene, DAILY) as replay:
        replace(replay, progress=told.append).run()
    assert told == sorted(told)
    assert told[-1] == 1.0


# --- the difference -------------------------------------------------------------------------------------------------


def row(occasion: str, at: datetime | None, post: str = "weekly", channel: str = "#data") -> Replayed:
    due = at or SINCE
    return Replayed("data", post, channel, occasion, due, "sent" if at else "held back", "", at=at)


def on(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=ZoneInfo("UTC"))


def test_two_versions_differ_by_what_came_went_and_moved() -> None:
    before = [row("2026-06-01", on(2)), row("2026-06-08", on(9)), row("2026-06-15", on(16)), row("2026-06-22", None)]
    after = [row("2026-06-01", on(2)), row("2026-06-08", on(9, 11)), row("2026-06-22", on(23))]
    found = difference(before, after)
    assert (found.added, found.gone) == ((after[2],), (before[2],))
    assert found.moved == ((before[1], after[1]),)
    assert found.same == 1


def test_a_post_whose_rule_changed_has_moved_within_its_week() -> None:
    before = [row("2026-06-01", on(2)), row("2026-06-08", on(9))]
    after = [row("2026-06-04", on(4)), row("2026-06-11", on(11)), row("2026-06-12", on(12))]
    found = difference(before, after)
    assert found.moved == ((before[0], after[0]), (before[1], after[1]))
    assert (found.added, found.gone) == ((after[2],), ())


def test_another_channel_is_a_move_and_another_post_is_not() -> None:
    here, there = row("2026-06-01", on(2)), row("2026-06-01", on(2), channel="#maps")
    assert difference([here], [there]).moved == ((here, there),)
    other = row("2026-06-01", on(2), post="other")
    found = difference([here], [other])
    assert (found.added, found.gone, found.moved) == ((other,), (here,), ())


def test_the_writing_of_a_channel_is_found_on_both_sides_of_each_boundary() -> None:
    writing = Writing([(10, "A"), (20, "B"), (20, "C"), (30, "A")])
    assert writing.people(10, 20) == {"A"}
    assert writing.people(10, 21) == {"A", "B", "C"}
    assert list(writing.between(20, 30)) == [(20, "B"), (20, "C")]
    assert [writing.last_us(at) for at in (10, 11, 31)] == [None, 10, 30]
    assert [writing.next_us(at) for at in (9, 10, 30)] == [10, 20, None]
