"""Four real communities go in whole, twice, and every figure equals the one computed independently, to the integer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from histories import DATA, close, content, empty_store, import_from

from copbot.adapters.store.sql import SqlStore
from copbot.core.time import from_us
from copbot.features.history import Imported
from copbot.features.participation.figures import Document
from copbot.features.participation.period import stats_period
from copbot.features.participation.service import stats_activity, stats_members, stats_threads

LATER = datetime(2026, 11, 22, tzinfo=UTC)
"""After the last message of each, by more than every wait."""

SETS = ("houstondatavis-slack-2015", "dd2030-slack-2025", "haskell-jp-slack-2017-2026", "gitter-livechat-2016-2020")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real histories are not here: no folder {DATA}")


class History(NamedTuple):
    store: SqlStore
    first: Imported
    second: Imported
    is_unchanged: bool
    expected: dict[str, Any]

    def stats(self, kind: Any, now: datetime = LATER, **options: Any) -> Document:
        with self.store.read() as tx:
            return kind(tx.figures, stats_period(tx.figures, now, **options))


@pytest.fixture(scope="module", params=SETS)
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder: Path = DATA / request.param
    (export,) = folder.glob("*.zip")
    store = empty_store(f"sqlite:///{tmp_path_factory.mktemp('real')}/copbot.db")
    first = import_from(store, export)
    before = content(store)
    second = import_from(store, export)
    expected = json.loads((folder / "expected.json").read_text())
    yield History(store, first, second, content(store) == before, expected)
    close(store)


def test_it_goes_in_whole(history: History) -> None:
    counts = history.expected["counts"]
    assert history.first.lines == []
    assert (history.first.messages_new, history.first.messages_known) == (counts["human_messages"], 0)
    assert (history.first.bots, history.first.notices) == (counts["bot_messages"], counts["system_events"])


def test_a_second_time_counts_nothing_twice(history: History) -> None:
    assert (history.second.messages_new, history.second.messages_known) == (0, history.first.messages_new)
    assert history.is_unchanged


@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata"]
)
def test_the_hours_of_the_week_are_equal_in_every_zone(history: History, zone: str) -> None:
    document = history.stats(stats_activity, timezone=zone)
    assert document["messages_by_hour_of_week"] == history.expected["hour_of_week"][zone]
    assert document["messages"] == history.expected["counts"]["human_messages"]
    assert document["members"] == history.expected["counts"]["human_authors"]


def test_the_unanswered_are_equal_until_now(history: History) -> None:
    expected = history.expected["unanswered"]
    document = history.stats(stats_threads)
    assert document["roots"] == expected["roots"]
    assert document["roots"] - document["answered"] == expected["ever"]
    assert [document["unanswered_after"][wait] for wait in ("24h", "48h")] == [
        expected[wait]["all"] for wait in ("24h", "48h")
    ]
    median = history.expected["first_reply"].get("median_s")
    assert document["median_seconds_to_first_answer"] == (None if median is None else round(median, 3))


def test_the_unanswered_are_equal_until_the_last_message(history: History) -> None:
    last = from_us(history.expected["period"]["last_ts_us"])
    document = history.stats(stats_threads, now=last)
    for wait in ("24h", "48h"):
        assert document["unanswered_after"][wait] == history.expected["unanswered"][wait]["observed"]


def test_the_spread_over_members_is_equal(history: History) -> None:
    expected = history.expected["participation"]
    document = history.stats(stats_members)
    written = {member["user"]: member["messages"] for member in document["members"] if member["messages"]}
    assert written == history.expected["per_user_messages"]
    assert (document["gini"], document["top_decile_share"]) == (expected["gini"], expected["top10pct_share"])
    assert sum(part or 0 for part in document["shares"].values()) == pytest.approx(1, abs=1e-5)


def test_each_channel_is_equal(history: History) -> None:
    for name, expected in history.expected["per_channel"].items():
        activity = history.stats(stats_activity, channels=[f"#{name}"])
        threads = history.stats(stats_threads, channels=[expected["id"]])
        assert (activity["messages"], activity["members"]) == (expected["human_messages"], expected["authors"]), name
        assert threads["roots"] == expected["roots"], name
        assert threads["unanswered_after"]["24h"] == expected["24h"]["all"], name
        assert threads["unanswered_after"]["48h"] == expected["48h"]["all"], name


def test_each_month_is_equal(history: History) -> None:
    months = sorted(history.expected["monthly"])
    for month, following in zip(months, [*months[1:], None], strict=True):
        until = f"{following}-01" if following else None
        document = history.stats(stats_activity, since=f"{month}-01", until=until)
        expected = history.expected["monthly"][month]
        assert (document["messages"], document["members"]) == (expected["messages"], expected["active"]), month


def test_levels_are_given_to_every_member_and_nobody_else(history: History) -> None:
    last = from_us(history.expected["period"]["last_ts_us"])
    document = history.stats(stats_members, now=last, timezone="Asia/Tokyo")
    levels = [member["level"] for member in document["members"]]
    assert {"core", "active", "peripheral", "newcomer"} <= {level for level in levels if level}
    for member in document["members"]:
        assert (member["since"] is None) <= (member["level"] in (None, "peripheral"))
        assert member["score"] >= 0
