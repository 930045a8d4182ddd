"""Telling those who can mend something, once, in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.notices import SHOWN, tell_broken, tell_late, tell_refused, tell_unpinned


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def post(target: str = "CDATA", **more: str) -> Delivery:
    kind = more.pop("kind", "post")
    return Delivery(
        1,
        Outgoing(key="post:1", kind=kind, target=target, text="", due_us=0, community="data", **more),  # type: ignore[arg-type]
        "sending",
    )


def told(scene: Scene) -> list[tuple[str, str]]:
    with scene.store.read() as tx:
        return [(d.outgoing.target, d.outgoing.text) for d in tx.deliveries.ready(2**62, 100)]


def test_a_refusal_is_told_to_the_moderators_once_for_each_channel_and_reason(scene: Scene) -> None:
    tell_refused(scene.ctx, post(), "the channel is archived")
    tell_refused(scene.ctx, post(), "the channel is archived")
    assert told(scene) == [("CMODS", "I could not post in <#CDATA>: the channel is archived.")]
    tell_refused(scene.ctx, post("UANA"), "the channel is archived")
    assert told(scene)[1] == ("CMODS", "I could not post in <@UANA>: the channel is archived.")


def test_when_the_moderators_channel_is_in_trouble_the_coordinators_are_told(scene: Scene) -> None:
    tell_refused(scene.ctx, post("CMODS"), "I am not in that channel")
    assert told(scene) == [("UJESS", "I could not post in <#CMODS>: I am not in that channel.")]


def test_a_notice_that_was_refused_makes_no_further_notice(scene: Scene) -> None:
    tell_refused(scene.ctx, post(kind="notice"), "whatever")
    assert told(scene) == []


def test_each_post_that_came_too_late_is_told(scene: Scene) -> None:
    tell_late(scene.ctx, post(late_note="webinar was due 2026-11-16 14:00"))
    tell_late(scene.ctx, post(late_note="webinar was due 2026-11-16 14:00"))
    ((target, text),) = told(scene)
    assert target == "CMODS"
    assert "skipped a post in <#CDATA>" in text
    assert "was due 2026-11-16 14:00" in text


def test_broken_files_are_told_to_each_coordinator_once_and_not_endlessly(scene: Scene) -> None:
    lines = [f"schedules/posts.yaml:{n}:1: <!channel> is wrong" for n in range(1, SHOWN + 3)]
    tell_broken(scene.ctx, lines)
    tell_broken(scene.ctx, lines)
    ((target, text),) = told(scene)
    assert target == "UJESS"
    assert "posts.yaml:1:1: &lt;!channel&gt; is wrong" in text
    assert "2 more" in text
    tell_broken(scene.ctx, lines[1:])
    assert len(told(scene)) == 2


def test_the_same_mistake_made_again_on_another_day_is_told_again(scene: Scene) -> None:
    for _ in range(2):
        tell_broken(scene.ctx, ["schedules/posts.yaml:1:1: this is not YAML"])
        scene.wait(hours=24)
    assert len(told(scene)) == 2


def test_a_message_that_could_not_be_pinned_is_told_once_and_that_it_stands_there(scene: Scene) -> None:
    for _ in range(2):
        tell_unpinned(scene.ctx, post(), "pinning there is restricted")
    assert told(scene) == [("CMODS", "I posted in <#CDATA> but could not pin it: pinning there is restricted.")]
