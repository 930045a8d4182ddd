"""Newcomers in ``/cop status``, in ``/cop member``, and in a moderator's day."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.core.onboarding import Onboarding, Question
from copbot.core.time import to_us
from copbot.features.onboarding import FEATURE

ONBOARDING = Onboarding(welcome="welcome.j2", questions=(Question("goal", "What brings you here?", "text"),))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Ana was welcomed two days ago and asked something yesterday that nobody answered."""
    scene = Scene(tmp_path, replace(COMMUNITY, onboarding=ONBOARDING))
    scene.joins("UANA", name="Ana")
    with scene.store.begin() as tx:
        tx.journeys.start("data", "UANA", to_us(scene.now))
    scene.wait(days=1)
    asked_us = scene.says("UANA", "Who knows this?")
    with scene.store.begin() as tx:
        tx.cards.open("data", "CDATA", asked_us, "UANA", "member", "why", asked_us, "card:1", is_first=True)
    scene.wait(days=1)
    yield scene
    scene.close()


def said(scene: Scene, name: str, *user: str) -> str:
    with scene.store.read() as tx:
        blocks = getattr(FEATURE, name)(scene.ctx, tx, scene.communities[0], *user)
    return "\n".join(block["text"]["text"] for block in blocks)


def test_the_status_counts_them_and_says_who_waits(scene: Scene) -> None:
    assert said(scene, "status") == (
        ":wave: I welcomed 1 in the last 30 days: 0 answered, 1 wrote. 1 waits for one of you: `/cop newcomers`"
    )
    scene.wait(days=40)
    assert said(scene, "status") == ":wave: I welcomed nobody in the last 30 days."


def test_a_moderators_day_names_those_without_a_hello(scene: Scene) -> None:
    told = said(scene, "today", "UMOD")
    assert told.startswith(":wave: Newcomers wait for a hello:\n• <@UANA>, <https://example.slack.com/")
    assert "no answer for 24 hours" in told


def test_of_a_member_it_is_told_how_far_they_came(scene: Scene) -> None:
    assert said(scene, "member", "UANA") == "Welcomed 2 days ago: has written"
    assert said(scene, "member", "UBEN") == ""


def test_without_an_onboarding_there_is_nothing_to_tell(scene: Scene) -> None:
    scene.communities = (COMMUNITY,)
    assert [said(scene, "status"), said(scene, "today", "UMOD"), said(scene, "member", "UANA")] == ["", "", ""]
