"""What the demo's page says comes next: at the times at which the bot would do it, by the very rules that it goes by."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.adapters.files.words import week_hours
from copbot.core.community import Unanswered
from copbot.demo.coming import what_comes
from copbot.features.threads.service import plan_due

HOURS = Unanswered(
    timedelta(hours=9), timedelta(hours=9), timedelta(hours=27), hours=(week_hours("mon-fri 09:00-18:00"),)
)
QUICK = replace(HOURS, after=timedelta(hours=1), hours=())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    community = replace(COMMUNITY, unanswered=replace(HOURS, channels=(("#maps", QUICK),)))
    channels = replace(community.channels, discussion=("#data", "#maps"))
    with_maps = Scene(tmp_path, replace(community, channels=channels))
    yield with_maps
    with_maps.close()


def coming(scene: Scene) -> dict[str, datetime]:
    return {one.what: one.at for one in what_comes(scene.ctx)}


def test_cards_and_reminders_by_the_working_hours_and_the_rules_of_their_channel(scene: Scene) -> None:
    scene.wait(hours=5)  # Monday 14:00
    scene.says("UANA", "How do I link registers?")
    scene.says("UBEN", "Who knows a map of all districts?", channel="CMAPS")
    found = coming(scene)
    assert found["a question in #data becomes a card"] - datetime(2026, 11, 17, 14, tzinfo=UTC) < timedelta(minutes=1)
    assert found["a question in #maps becomes a card"] - datetime(2026, 11, 16, 15, tzinfo=UTC) < timedelta(minutes=1)

    scene.wait(hours=25)
    plan_due(scene.ctx, scene.now)
    assert coming(scene)["moderators are reminded of an open question"] > datetime(2026, 11, 17, 15, tzinfo=UTC)


def test_the_brief_and_the_report_come_with_the_rest(scene: Scene) -> None:
    found = coming(scene)
    assert found["the report, to the coordinators"] == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert found["the week in a few lines, to the moderators"] == datetime(2026, 11, 23, 9, tzinfo=UTC)
