"""The rhythm in ``/cop status`` and in a moderator's day: what comes next, and what waits for a decision."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Community
from copbot.core.posts import EveryWhen, Post
from copbot.core.records import PostControl
from copbot.features.rhythm import FEATURE

DAILY = Post(id="daily", channel="#data", when=EveryWhen("day", time(10)), text="Hello")
WEEKLY = Post(id="weekly", channel="#nowhere", when=EveryWhen("week", time(10), on=(2,)), text="Hello")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, posts=(DAILY, WEEKLY)))
    yield scene
    scene.close()


def said(scene: Scene, *, today: bool, community: Community | None = None) -> str:
    assert FEATURE.today is not None
    assert FEATURE.status is not None
    community = community or scene.communities[0]
    with scene.store.read() as tx:
        blocks = FEATURE.today(scene.ctx, tx, community, "UMOD") if today else FEATURE.status(scene.ctx, tx, community)
    return "\n".join(block["text"]["text"] for block in blocks)


def test_the_next_three_posts_with_their_places(scene: Scene) -> None:
    assert said(scene, today=False).splitlines() == [
        ":calendar: Next posts:",
        "• Mon 16 Nov 2026 10:00: daily in <#CDATA>",
        "• Tue 17 Nov 2026 10:00: daily in <#CDATA>",
        "• Wed 18 Nov 2026 10:00: daily in <#CDATA>",
    ]


def test_today_is_what_goes_out_today(scene: Scene) -> None:
    assert said(scene, today=True) == ":calendar: Goes out today:\n• 10:00: daily in <#CDATA>"
    scene.wait(hours=2)
    assert said(scene, today=True) == ""
    scene.wait(days=1, hours=22)
    assert "weekly in #nowhere" in said(scene, today=True)


def test_suggestions_that_wait_are_work(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.suggestions.add("data", "UANA", "What next?", "daily", is_named=True, now_us=1)
    for today in (True, False):
        assert ":bulb: A suggested question waits for a decision: `/cop suggestions`" in said(scene, today=today)


def test_nothing_planned_is_said_in_the_status_alone(scene: Scene) -> None:
    empty = replace(COMMUNITY, posts=())
    assert said(scene, today=False, community=empty) == ":calendar: Nothing is scheduled."
    assert said(scene, today=True, community=empty) == ""


def test_what_is_paused_is_told_though_nothing_of_it_comes(scene: Scene) -> None:
    """The file pauses one, a moderator the other."""
    paused = replace(COMMUNITY, posts=(DAILY, replace(WEEKLY, paused=True)))
    assert said(scene, today=False, community=paused).splitlines()[-1] == ":double_vertical_bar: Paused: weekly"
    with scene.store.begin() as tx:
        tx.controls.set(PostControl("data", "daily", paused=True, by="UMOD", at_us=1))
    assert said(scene, today=False, community=paused) == ":double_vertical_bar: Paused: daily, weekly"
