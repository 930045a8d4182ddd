"""What posts would say, before they say it: exactly what the bot then posts, with nothing used up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.community import Attention, Community
from copbot.core.facts import UserSeen
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Post
from copbot.core.previews import Shown, Wanted
from copbot.core.records import PostControl
from copbot.features.rhythm import FEATURE

DAILY = Post(
    "daily", "#data", EveryWhen("day", time(10)), text="{{ question }} in {{ channel }}", questions=("A?", "B?", "C?")
)
HELLO = Post("hello", "#data", EveryWhen("day", time(11)), prompts=("one.j2", "two.j2"))
CALL = Post("call", "#data", DateWhen(datetime(2026, 12, 3, 14, 0)), text="At {{ occurrence.strftime('%d %b %H:%M') }}")  # noqa: DTZ001
PROMPTS = {"one.j2": "One", "two.j2": "Two", "broken.j2": "{{ nothing }}"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, with_posts(DAILY, HELLO, CALL), prompts=PROMPTS)
    yield scene
    scene.close()


def with_posts(*posts: Post, **changes: object) -> Community:
    return replace(COMMUNITY, posts=posts, **changes)  # type: ignore[arg-type]


def show(scene: Scene, name: str = "", at: datetime | None = None) -> list[Shown]:
    preview = FEATURE.preview
    assert preview is not None
    with scene.store.read() as tx:
        return list(preview.show(scene.ctx, tx, scene.communities[0], Wanted(at or scene.now, name)))


def live_until(scene: Scene, end: datetime) -> list[tuple[datetime, str]]:
    """What the bot really posts until then: when, and what."""
    posted: list[tuple[datetime, str]] = []
    while scene.now < end:
        FEATURE.plan_due(scene.ctx, scene.now)
        posted += [(scene.now, d.outgoing.text) for d in scene.send() if d.outgoing.kind in ("post", "question")]
        upcoming = FEATURE.next_due(scene.ctx, scene.now)
        assert upcoming is not None
        scene.clock.jump(max(upcoming - scene.now, timedelta(microseconds=1)))
    return posted


def test_the_two_weeks_to_come_are_what_is_then_posted(scene: Scene) -> None:
    end = MONDAY + timedelta(days=14)
    shown = [one.text for one in show(scene) if one.text]
    assert shown == [text for _, text in live_until(scene, end)]
    assert len(shown) == 28
    assert shown[:4] == ["A? in <#CDATA>", "One", "B? in <#CDATA>", "Two"]


@pytest.mark.parametrize(
    ("name", "at", "text", "when"),
    [
        ("daily", MONDAY, "A? in <#CDATA>", "Mon 16 Nov 2026 10:00"),
        ("daily", MONDAY + timedelta(hours=1), "A? in <#CDATA>", "Mon 16 Nov 2026 10:00"),
        ("daily", MONDAY + timedelta(hours=1, seconds=1), "B? in <#CDATA>", "Tue 17 Nov 2026 10:00"),
        ("hello", datetime(2026, 11, 19, tzinfo=UTC), "Two", "Thu 19 Nov 2026 11:00"),
        ("call", datetime(2026, 12, 1, tzinfo=UTC), "At 03 Dec 14:00", "Thu 3 Dec 2026 14:00"),
    ],
)
def test_a_post_is_shown_as_it_will_be_at_its_next_occasion(
    scene: Scene, name: str, at: datetime, text: str, when: str
) -> None:
    (one,) = show(scene, name, at)
    assert (one.text, one.when, one.where, one.name) == (text, when, "#data", name)


def test_looking_uses_nothing_up(scene: Scene) -> None:
    assert show(scene) == show(scene)
    with scene.store.read() as tx:
        assert tx.questions.used("data", "daily") == {}
    assert show(scene, "daily")[0].text.startswith("A?")


def test_what_was_posted_ahead_of_its_time_does_not_come_again(scene: Scene) -> None:
    scene.wait(hours=1)
    FEATURE.plan_due(scene.ctx, scene.now)
    (one,) = show(scene, "daily", scene.now)
    assert (one.text, one.when) == ("B? in <#CDATA>", "Tue 17 Nov 2026 10:00")


def test_what_would_be_held_back_says_so(scene: Scene) -> None:
    scene.communities = (with_posts(DAILY, HELLO, attention=Attention(channel_day=1)),)
    first, second = show(scene)[:2]
    assert first.text
    assert not first.notes
    assert not second.text
    assert "attention.channel.day allows 1" in second.notes[0]
    assert "would be held back" in show(scene, "hello")[0].notes[0]
    assert show(scene, "hello")[0].text == "One"


def test_a_paused_post_is_shown_by_name_alone_and_says_so(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.controls.set(PostControl("data", "daily", paused=True, by="UMOD", at_us=1))
    assert all(one.name != "daily" for one in show(scene))
    (one,) = show(scene, "daily")
    assert one.text == "A? in <#CDATA>"
    assert "paused" in one.notes[0]


def test_a_post_that_never_comes_again_is_shown_as_it_would_read(scene: Scene) -> None:
    (one,) = show(scene, "call", datetime(2026, 12, 4, tzinfo=UTC))
    assert "does not come again after 2026-12-04" in one.notes[0]
    assert one.text.startswith("At")


def test_a_broken_template_says_what_is_wrong(scene: Scene) -> None:
    scene.communities = (with_posts(replace(HELLO, prompts=("broken.j2",))),)
    (one,) = show(scene, "hello")
    assert one.text == ""
    assert "cannot be written" in one.notes[0]
    assert "'nothing' is undefined" in one.notes[0]


def test_a_post_with_a_window_shows_the_whole_of_it(scene: Scene) -> None:
    when = EveryWhen("day", "active", otherwise_time=time(12), window=timedelta(hours=4))
    scene.communities = (with_posts(Post("alive", "#data", when, text="Hello")),)
    (one,) = show(scene, "alive")
    assert one.when == "Mon 16 Nov 2026 10:00-14:00"
    assert "first sign of life" in one.why


def test_a_channel_that_slack_does_not_know_stands_as_it_was_written(scene: Scene) -> None:
    scene.communities = (with_posts(replace(DAILY, channel="#nowhere")),)
    (one,) = show(scene, "daily")
    assert (one.where, one.text) == ("#nowhere", "A? in <#nowhere>")


def test_an_approved_suggestion_comes_next_with_credit(scene: Scene) -> None:
    scene.record(UserSeen("U1", name="Ana <3", updated_us=1))
    with scene.store.begin() as tx:
        one = tx.suggestions.add("data", "U1", "Mine?", "daily", 1, is_named=True)
        tx.suggestions.settle(replace(one, state="approved", decided_us=2), before="waiting")
    text = show(scene, "daily")[0].text
    assert text.startswith("Mine? in <#CDATA>")
    assert "Ana &lt;3" in text
    FEATURE.plan_due(scene.ctx, MONDAY + timedelta(hours=1))
    scene.wait(hours=1)
    (posted,) = scene.send()
    assert posted.outgoing.text == text


def test_a_yearly_post_is_found_although_others_come_daily(scene: Scene) -> None:
    yearly = Post("yearly", "#data", CronWhen("0 9 1 6 *"), text="Happy birthday")
    scene.communities = (with_posts(DAILY, yearly),)
    assert show(scene, "yearly")[0].when == "Tue 1 Jun 2027 09:00"


def test_a_post_that_has_ended_does_not_come(scene: Scene) -> None:
    scene.communities = (with_posts(replace(DAILY, until_date=date(2026, 11, 1))),)
    assert show(scene) == []
    assert "does not come again" in show(scene, "daily")[0].notes[0]


@pytest.mark.parametrize(
    ("name", "at", "when"),
    [
        pytest.param(
            "daily", datetime(2026, 11, 18, tzinfo=UTC), "Wed 18 Nov 2026 10:00", id="others come each minute"
        ),
        pytest.param("often", datetime(2026, 12, 1, 12, tzinfo=UTC), "Tue 1 Dec 2026 12:00", id="it comes each minute"),
    ],
)
def test_a_post_is_found_although_very_much_comes_before_it(scene: Scene, name: str, at: datetime, when: str) -> None:
    often = Post("often", "#data", CronWhen("* * * * *"), text="Tick")
    scene.communities = (with_posts(DAILY, often, attention=Attention(channel_day=10_000)),)
    (one,) = show(scene, name, at)
    assert (one.name, one.when) == (name, when)
