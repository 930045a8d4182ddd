"""Four real communities go in whole, twice, and every figure equals the one computed independently, to the integer."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import databases
import pytest
from histories import DATA, close, content, empty_store, import_from
from sqlalchemy import text

from copbot.adapters.store.sql import SqlStore
from copbot.core.records import Scope
from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.history import Imported
from copbot.features.participation.figures import Document
from copbot.features.participation.period import stats_period
from copbot.features.participation.service import (
    stats_activity,
    stats_members,
    stats_newcomers,
    stats_retention,
    stats_threads,
)

LATER = datetime(2026, 11, 22, tzinfo=UTC)
"""After the last message of each, by more than every wait."""

SETS = (
    *("houstondatavis-slack-2015", "dd2030-slack-2025", "haskell-jp-slack-2017-2026"),
    pytest.param("gitter-livechat-2016-2020", marks=pytest.mark.slow),  # as much work as the other three together
)

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
    store = empty_store(databases.address(tmp_path_factory.mktemp("real") / "copbot.db"))
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


def test_each_months_retention_is_that_of_the_people_who_wrote(history: History) -> None:
    document = history.stats(stats_retention)
    active = {month["month"]: month["active"] for month in document["months"] if month["active"]}
    assert active == {name: month["active"] for name, month in history.expected["monthly"].items() if month["active"]}
    wrote = people_by_month(history)
    for month, following in zip(document["months"], [*document["months"][1:], None], strict=True):
        again = wrote[month["month"]] & wrote[following["month"]] if following else set()
        assert month["returned"] == len(again)
        assert month["rate"] == (round(len(again) / month["active"], 6) if month["active"] else None)
    last = from_us(history.expected["period"]["last_ts_us"])
    rolling = history.stats(stats_retention, now=last)["rolling"]
    ages = [(to_us(last) - ts_us, user) for ts_us, user in messages(history)]
    recent = {user for age, user in ages if 0 < age <= 30 * DAY_US}
    before = {user for age, user in ages if 30 * DAY_US < age <= 60 * DAY_US}
    assert (rolling["previous"], rolling["returned"]) == (len(before), len(before & recent))


def test_newcomers_are_those_who_joined_else_wrote_first(history: History) -> None:
    joined, authors = history.expected["newcomers_by_join"], history.expected["per_user_messages"]
    months = history.stats(stats_newcomers)["months"]
    with history.store._engine.connect() as connection:
        people = connection.execute(text("SELECT slack_id, joined_us FROM slack_user WHERE NOT is_bot")).all()
    unseen = [user for user, joined_us in people if joined_us is None and user in authors]  # nobody saw them join
    assert sum(month["joined"] for month in months) == sum(at is not None for _, at in people) + len(unseen)
    assert sum(month["posted_7d"] for month in months) == joined["posted_within_7d_of_first_join"] + len(unseen)
    if not joined["join_events"]:
        assert {month["month"]: month["joined"] for month in months if month["joined"]} == {
            name: month["new"] for name, month in history.expected["monthly"].items() if month["new"]
        }
    for month in months:
        assert month["joined"] >= month["posted_30d"] >= max(month["posted_7d"], month["posted_again_30d"])


def messages(history: History) -> list[tuple[int, int]]:
    with history.store.read() as tx:
        return list(tx.figures.messages(Scope(None, to_us(LATER))))


def people_by_month(history: History) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for ts_us, user in messages(history):
        found[f"{from_us(ts_us):%Y-%m}"].add(user)
    return found


def test_the_roll_ups_are_what_the_facts_give(history: History) -> None:
    with history.store.read() as tx:
        assert list(tx.rollups.compare()) == []
        assert tx.rollups.left_to_fill() == 0


def test_levels_are_given_to_every_member_and_nobody_else(history: History) -> None:
    last = from_us(history.expected["period"]["last_ts_us"])
    document = history.stats(stats_members, now=last, timezone="Asia/Tokyo")
    levels = [member["level"] for member in document["members"]]
    assert {"core", "active", "peripheral", "newcomer"} <= {level for level in levels if level}
    for member in document["members"]:
        assert (member["since"] is None) <= (member["level"] in (None, "peripheral"))
        assert member["score"] >= 0
