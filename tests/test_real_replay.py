"""A replay over a real history keeps the promises that the running bot makes."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from histories import DATA

from copbot.adapters import clock
from copbot.cli import main
from copbot.commands.replaying import Replaying
from copbot.features.rhythm.rehearsal.replay import Replayed
from copbot.settings import Settings, load_settings

pytestmark = pytest.mark.usefixtures("as_it_was")

EXPORT = DATA / "dd2030-slack-2025" / "dd2030.slack-export.zip"
TOKYO = ZoneInfo("Asia/Tokyo")
COMMUNITY = """
community: {id: dd, name: DD, timezone: Asia/Tokyo}
channels: {discussion: ["#2_開発_いどばた", "#7_雑談"], moderators: "#mods"}
roles: {coordinators: [U0123456]}
spacing: {channel: 1h}
"""
POSTS = """
posts:
  - {id: alive, channel: "#7_雑談", when: {every: day, at: active, between: "08:00-22:00", otherwise: "10:00"}, text: Hello}
  - {id: noon, channel: "#7_雑談", when: {every: day, at: "12:00"}, text: Hello}
  - {id: best, channel: "#2_開発_いどばた", when: {every: week, at: best, between: "08:00-22:00", otherwise: "wed 10:00"}, text: Hello}
  - {id: later, channel: "#7_雑談", when: {every: day, at: "12:30"}, text: Hello}
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replayed]]:
    if not EXPORT.exists():
        pytest.skip(f"{EXPORT} is not here")
    folder: Path = tmp_path_factory.mktemp("replay")
    (folder / "schedules").mkdir()
    (folder / "prompts").mkdir()
    (folder / "schedules/community.yaml").write_text(COMMUNITY, encoding="utf-8")
    (folder / "schedules/posts.yaml").write_text(POSTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        assert main(["import", str(EXPORT)]) == 0
        now = replace_clock(patch)
        replaying = Replaying(load_settings(), now, since="2025-05-05", until="2025-05-19")
        replaying.run(lambda _share: None)
        yield list(replaying.rows)


def replace_clock(patch: pytest.MonkeyPatch) -> clock.SystemClock:
    patch.setattr(clock.SystemClock, "now", lambda _self: datetime(2025, 5, 21, tzinfo=UTC))
    return clock.SystemClock()


def sent(rows: list[Replayed]) -> list[Replayed]:
    return [one for one in rows if one.at is not None]


def test_every_occasion_is_accounted_for_once(rows: list[Replayed]) -> None:
    assert Counter(one.post for one in rows) == {"alive": 14, "noon": 14, "later": 14, "best": 2}
    assert len({(one.post, one.occasion) for one in rows}) == len(rows)


def test_no_channel_gets_more_a_day_than_its_budget_and_the_distance_is_kept(rows: list[Replayed]) -> None:
    days = Counter((one.channel, one.moment.astimezone(TOKYO).date()) for one in sent(rows))
    assert max(days.values()) <= 2
    for channel in {one.channel for one in rows}:
        moments = sorted(one.moment for one in sent(rows) if one.channel == channel)
        assert all(after - before >= timedelta(hours=1) for before, after in pairwise(moments))


def test_something_was_held_back_and_each_says_why(rows: list[Replayed]) -> None:
    assert any(one.state == "held back" for one in rows)
    assert all(one.why for one in rows)


def test_the_best_hour_is_learned_from_what_was_there_by_then(rows: list[Replayed]) -> None:
    best = [one for one in rows if one.post == "best"]
    assert all("messages by" in one.why for one in best)


def test_reach_is_counted_from_the_history(rows: list[Replayed]) -> None:
    assert all(0 <= one.fresh <= one.wrote for one in sent(rows))
    assert all(one.active > 0 for one in sent(rows))
