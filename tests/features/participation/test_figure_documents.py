"""The documents of ``copbot stats``, from material small enough to count by hand."""

import statistics
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.time import HOUR_US, SECOND_US, from_us, to_us
from copbot.features.participation.figures import (
    LocalHours,
    activity_document,
    gini,
    iso,
    members_document,
    shares,
    threads_document,
    top_decile_share,
)

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> int:
    return to_us(datetime(*parts, tzinfo=UTC))  # type: ignore[misc]


def test_activity_counts_messages_by_the_wall_clock_and_members_once_an_hour_and_week() -> None:
    monday = utc(2026, 1, 5, 9)
    messages = [(monday, 1), (monday + 1, 1), (monday + 2, 2), (monday + 7 * 24 * HOUR_US, 1)]
    document = activity_document(messages, BERLIN, None, utc(2026, 2, 1))
    assert list(document) == [
        "timezone",
        "since",
        "until",
        "messages",
        "members",
        "messages_by_hour_of_week",
        "members_by_hour_of_week",
    ]
    assert (document["timezone"], document["since"], document["until"]) == (
        "Europe/Berlin",
        None,
        "2026-02-01T01:00:00+01:00",
    )
    assert (document["messages"], document["members"]) == (4, 2)
    assert document["messages_by_hour_of_week"] == [0] * 10 + [4] + [0] * 157
    assert document["members_by_hour_of_week"] == [0] * 10 + [3] + [0] * 157


def test_an_hour_that_a_change_of_clocks_repeats_is_one_hour_of_the_week() -> None:
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)  # both Sunday 02:30 in Berlin
    document = activity_document([(first, 1), (second, 1)], BERLIN, first, second + 1)
    assert document["messages_by_hour_of_week"][6 * 24 + 2] == 2
    assert document["members_by_hour_of_week"][6 * 24 + 2] == 1
    assert document["since"] == "2026-10-25T02:30:00+02:00"


@given(
    st.integers(utc(2010, 1, 1), utc(2035, 1, 1)),
    st.sampled_from(["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"]),
)
def test_hours_and_weeks_are_those_of_the_zone(us: int, name: str) -> None:
    zone = ZoneInfo(name)
    local = from_us(us).astimezone(zone)
    week, hour = LocalHours(zone).of(us)
    assert hour == local.weekday() * 24 + local.hour
    assert LocalHours(zone).of(us + 7 * 24 * HOUR_US)[0] - week in (0, 1, 2)
    assert local.date().isocalendar()[1] == datetime.fromordinal(week * 7 + 1).isocalendar()[1]


def test_threads_count_what_was_old_enough_and_unanswered() -> None:
    until = utc(2026, 1, 10)
    day = 24 * HOUR_US
    roots = [
        (until - day, False, None),  # exactly a day old
        (until - day + 1, False, None),  # a microsecond too young
        (until - 3 * day, True, until - 2 * day),  # answered at exactly 24 h: within
        (until - 3 * day, True, until - 2 * day + 1),
        (until - 8 * day, False, None),
    ]
    document = threads_document(roots, until)
    assert document == {
        "roots": 5,
        "answered": 2,
        "unanswered_after": {"24h": 3, "48h": 1, "7d": 1},
        "median_seconds_to_first_answer": 86400.0,
        "questions": {
            "roots": 2,
            "answered": 2,
            "unanswered_after": {"24h": 1, "48h": 0, "7d": 0},
            "median_seconds_to_first_answer": 86400.0,
        },
    }


@given(st.lists(st.integers(0, 10**13), min_size=1))
def test_the_median_is_in_seconds_to_three_places(delays: list[int]) -> None:
    document = threads_document([(0, False, delay) for delay in delays], 10**15)
    assert document["median_seconds_to_first_answer"] == round(statistics.median(delays) / SECOND_US, 3)


def test_nothing_at_all_divides_by_nothing() -> None:
    assert threads_document([], 1)["median_seconds_to_first_answer"] is None
    document = members_document([], Counter())
    assert document == {
        "members": [],
        "shares": dict.fromkeys(("core", "active", "peripheral", "dormant", "newcomer")),
        "gini": None,
        "top_decile_share": None,
    }
    assert activity_document([], BERLIN, None, 1)["messages_by_hour_of_week"] == [0] * 168


@pytest.mark.parametrize(
    ("counts", "expected"), [([5, 5, 5], 0.0), ([1], 0.0), ([1, 3], 0.25), ([0, 4], 0.5), ([1, 1, 4], 0.333333)]
)
def test_the_gini_tells_how_unevenly_people_write(counts: list[int], expected: float) -> None:
    assert gini(counts) == expected


@pytest.mark.parametrize(("people", "expected"), [(1, 1.0), (10, 0.1), (11, 0.181818), (20, 0.1)])
def test_the_top_tenth_is_rounded_up(people: int, expected: float) -> None:
    assert top_decile_share([7] * people) == expected


def test_shares_are_parts_of_all_members() -> None:
    assert shares({"core": 1, "newcomer": 2}) == {
        "core": 0.333333,
        "active": 0.0,
        "peripheral": 0.0,
        "dormant": 0.0,
        "newcomer": 0.666667,
    }


def test_members_stand_in_descending_score_then_by_user() -> None:
    entries = [{"user": u, "score": s, "messages": m} for u, s, m in (("UB", 10, 1), ("UA", 10, 3), ("UC", 30, 0))]
    document = members_document(entries, Counter(core=1))
    assert [member["user"] for member in document["members"]] == ["UC", "UA", "UB"]
    assert document["gini"] == 0.25  # of those who wrote


def test_instants_carry_their_offset() -> None:
    assert iso(utc(2026, 7, 1, 12), BERLIN) == "2026-07-01T14:00:00+02:00"
    assert iso(None, BERLIN) is None
