"""Coverage: each share with its counts and interval, nothing divided by nothing, and a table that a person can read."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from histories import close, memory_store, record

from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import ChannelSeen, MessageSeen
from copbot.core.ports.answering import AnsweredCounts
from copbot.core.records import Scope
from copbot.core.time import DAY_US, HOUR_US
from copbot.features.participation.coverage import answers_document, counts_document, coverage, coverage_table
from copbot.features.participation.service import Period

JULY = 1_782_864_000_000_000
"""The first of July 2026, 00:00 UTC."""


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """Two questions in July, one of them answered after an hour, a root in #talk; a question in September on its last day."""
    store = memory_store()
    asked, later, last = JULY, JULY + DAY_US, JULY + 91 * DAY_US
    record(
        store,
        [
            ChannelSeen("C1", name="data", updated_us=1),
            ChannelSeen("C2", name="talk", updated_us=1),
            MessageSeen("C1", asked, "U1", text="Which one?"),
            MessageSeen("C1", asked + HOUR_US, "U2", thread_us=asked, text="the second"),
            MessageSeen("C1", later, "U1", text="And when?"),
            MessageSeen("C2", later, "U3", text="done"),
            MessageSeen("C1", last, "U2", text="Who comes along to the library?"),
        ],
    )
    yield store
    close(store)


def period() -> Period:
    return Period(Scope(None, JULY + 91 * DAY_US + 12 * HOUR_US), ZoneInfo("UTC"))


def test_a_share_stands_beside_its_counts_and_its_interval() -> None:
    document = counts_document(AnsweredCounts(30, 20, ((15, 29), (16, 28), (0, 0)), (90e6, 60_000_000, 120_000_000)))
    assert document == {
        "roots": 30,
        "answered": 20,
        "within": {
            "24h": {"answered": 15, "of": 29, "share": 0.517241, "low": 0.34431, "high": 0.686139},
            "48h": {"answered": 16, "of": 28, "share": 0.571429, "low": 0.390708, "high": 0.734915},
            "7d": {"answered": 0, "of": 0, "share": None, "low": None, "high": None},
        },
        "median_seconds_to_first_answer": {"of": 20, "median": 90.0, "low": 60.0, "high": 120.0},
    }


def test_without_an_answer_there_is_no_middle() -> None:
    document = counts_document(AnsweredCounts(1, 0, ((0, 1),) * 3, None))
    assert document["median_seconds_to_first_answer"] == {"of": 0, "median": None, "low": None, "high": None}


def test_who_answers_and_how_evenly() -> None:
    document = answers_document({"U1": 6, "U2": 2, "U3": 2})
    assert document["answerers"][0] == {"user": "U1", "answers": 6}
    assert (document["people"], document["answers"], document["top_three_share"]) == (3, 10, 1.0)
    assert (document["gini"], document["top_decile_share"]) == (0.266667, 0.6)
    nobody = answers_document({})
    assert (nobody["people"], nobody["gini"], nobody["top_three_share"]) == (0, None, None)


def test_by_month_every_month_is_there_and_what_is_too_young_is_left_out(store: SqlStore) -> None:
    with store.read() as tx:
        document = coverage(tx, period(), "month")
    assert [month["month"] for month in document["months"]] == ["2026-07", "2026-08", "2026-09"]
    july, august, september = (month["questions"] for month in document["months"])
    assert (july["roots"], july["within"]["24h"]["answered"], july["within"]["24h"]["of"]) == (2, 1, 2)
    assert (august["roots"], september["roots"], september["within"]["24h"]["of"]) == (0, 1, 0)
    assert document["waiting"] == 2
    assert document["answers"]["answerers"] == [{"user": "U2", "answers": 1}]


def test_by_channel_the_one_with_most_questions_first(store: SqlStore) -> None:
    with store.read() as tx:
        document = coverage(tx, period(), "channel")
    assert [(one["channel"], one["name"], one["questions"]["roots"]) for one in document["channels"]] == [
        ("C1", "data", 3),
        ("C2", "talk", 0),
    ]
    assert document["all"]["others"]["roots"] == 1


def test_a_time_in_which_there_were_only_replies_has_nothing_to_cover(store: SqlStore) -> None:
    with store.read() as tx:
        document = coverage(tx, Period(Scope(JULY + 1, JULY + HOUR_US + 1), ZoneInfo("UTC")), "month")
    assert document["all"]["questions"]["roots"] == document["all"]["others"]["roots"] == 0
    assert document["answers"]["answerers"] == [{"user": "U2", "answers": 1}]


def test_the_table_tells_all_of_it(store: SqlStore) -> None:
    with store.read() as tx:
        lines = coverage_table(coverage(tx, period(), "channel"), {"U2": "Ben"}).splitlines()
    assert lines == [
        "Questions                count        within 24 h               48 h             7 days      median to first answer",
        "all                          3      50 % (9-91 %)      50 % (9-91 %)      50 % (9-91 %)                      60 min",
        "#data                        3      50 % (9-91 %)      50 % (9-91 %)      50 % (9-91 %)                      60 min",
        "",
        "Other messages           count        within 24 h               48 h             7 days      median to first answer",
        "all                          1       0 % (0-79 %)       0 % (0-79 %)       0 % (0-79 %)                           -",
        "#talk                        1       0 % (0-79 %)       0 % (0-79 %)       0 % (0-79 %)                           -",
        "",
        "2 questions without an answer.",
        "1 person gave 1 answer.",
        "Most by Ben (1).",
    ]


def test_of_an_empty_history_nothing_is_told_but_that() -> None:
    store = memory_store()
    with store.read() as tx:
        document = coverage(tx, period(), "month")
        table = coverage_table(document)
    close(store)
    assert document["all"]["questions"]["roots"] == 0
    assert table.endswith("0 questions without an answer.\nNobody answered anybody.")
