"""The documents of ``copbot stats``, from material small enough to count by hand."""

from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.months import Month
from copbot.core.ports.figure import BucketCounts, NewcomerCounts, RootCounts
from copbot.core.time import EPOCH, HOUR_US, from_us, to_us
from copbot.features.participation.figures import (
    Document,
    LocalHours,
    activity_document,
    calendar_months,
    gini,
    hours_between,
    iso,
    members_document,
    newcomers_document,
    retention_document,
    shares,
    threads_document,
    top_decile_share,
)
from copbot.features.participation.views import newcomers_table, retention_table

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> int:
    return to_us(datetime(*parts, tzinfo=UTC))  # type: ignore[misc]


def counted(messages: list[tuple[int, int]], zone: ZoneInfo, since: int | None, until: int) -> Document:
    """The document of (ts, user), counted one by one."""
    hours, first = hours_between(min([ts_us for ts_us, _ in messages], default=until), until, zone)
    room = max(hours.numbers) + 1
    of = [hours.numbers[bisect_right(hours.starts_us, ts_us) - 1] for ts_us, _ in messages]
    who = {(number, user) for number, (_, user) in zip(of, messages, strict=True)}
    by_hour, members = Counter(of), Counter(number for number, _ in who)
    counts = BucketCounts(
        len(messages),
        len({user for _, user in messages}),
        [by_hour[number] for number in range(room)],
        [members[number] for number in range(room)],
    )
    return activity_document(counts, first, zone, since, until)


def test_activity_counts_messages_by_the_wall_clock_and_members_once_an_hour_and_week() -> None:
    monday = utc(2026, 1, 5, 9)
    messages = [(monday, 1), (monday + 1, 1), (monday + 2, 2), (monday + 7 * 24 * HOUR_US, 1)]
    document = counted(messages, BERLIN, None, utc(2026, 2, 1))
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
    document = counted([(first, 1), (second, 1)], BERLIN, first, second + 1)
    assert document["messages_by_hour_of_week"][6 * 24 + 2] == 2
    assert document["members_by_hour_of_week"][6 * 24 + 2] == 1
    assert document["since"] == "2026-10-25T02:30:00+02:00"


ODD_ZONES = ["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Europe/Berlin"]


@given(st.integers(utc(2013, 1, 1), utc(2035, 1, 1)), st.integers(0, 400 * 24 * HOUR_US), st.sampled_from(ODD_ZONES))
def test_hours_and_weeks_are_those_of_the_zone(first_us: int, after_us: int, name: str) -> None:
    zone, us = ZoneInfo(name), first_us + after_us
    local = from_us(us).astimezone(zone)
    week, hour = LocalHours(zone).of(us)
    assert hour == local.weekday() * 24 + local.hour
    assert LocalHours(zone).of(us + 7 * 24 * HOUR_US)[0] - week in (0, 1, 2)
    assert local.date().isocalendar()[1] == datetime.fromordinal(week * 7 + 1).isocalendar()[1]
    hours, first = hours_between(us - min(after_us, 3 * 24 * HOUR_US), us + 1, zone)
    assert list(hours.starts_us) == sorted(set(hours.starts_us))
    number = first + hours.numbers[bisect_right(hours.starts_us, us) - 1]
    assert number == (local.replace(tzinfo=UTC) - EPOCH) // timedelta(hours=1)


def test_threads_are_told_of_all_roots_and_of_questions() -> None:
    document = threads_document(RootCounts(5, 2, (3, 1, 1), (2_000_001, 3_000_000)), RootCounts(2, 0, (1, 0, 0), None))
    assert document == {
        "roots": 5,
        "answered": 2,
        "unanswered_after": {"24h": 3, "48h": 1, "7d": 1},
        "median_seconds_to_first_answer": 2.5,
        "questions": {
            "roots": 2,
            "answered": 0,
            "unanswered_after": {"24h": 1, "48h": 0, "7d": 0},
            "median_seconds_to_first_answer": None,
        },
    }


def test_nothing_at_all_divides_by_nothing() -> None:
    assert members_document([], Counter()) == {
        "members": [],
        "shares": dict.fromkeys(("core", "active", "peripheral", "dormant", "newcomer")),
        "gini": None,
        "top_decile_share": None,
    }
    assert counted([], BERLIN, None, utc(2026, 1, 1))["messages_by_hour_of_week"] == [0] * 168
    nobody = retention_document([Month(2026, 1)], [(0, 0)], (0, 0))
    assert nobody == {"months": [], "rolling": {"previous": 0, "returned": 0, "rate": None}}
    assert newcomers_document([], [Month(2026, 1)], BERLIN, utc(2026, 2, 1)) == {"months": []}


def test_retention_lists_the_months_from_the_first_to_the_last_in_which_anybody_wrote() -> None:
    months = calendar_months(utc(2025, 10, 5), utc(2026, 3, 1), BERLIN)
    assert [month.key for month in months] == ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
    returning = [(0, 0), (4, 0), (0, 0), (3, 2), (2, 0), (0, 0)]
    document = retention_document(months, returning, (3, 1))
    assert document == {
        "months": [
            {"month": "2025-11", "active": 4, "returned": 0, "rate": 0.0},
            {"month": "2025-12", "active": 0, "returned": 0, "rate": None},
            {"month": "2026-01", "active": 3, "returned": 2, "rate": 0.666667},
            {"month": "2026-02", "active": 2, "returned": 0, "rate": 0.0},
        ],
        "rolling": {"previous": 3, "returned": 1, "rate": 0.333333},
    }
    table = retention_table(document, "2026-02").splitlines()
    assert table[3].split() == ["2026-01", "3", "2", "67", "%", "(21-94", "%)"]
    assert table[4].split() == ["2026-02", "2", "not", "over", "yet"]
    assert table[5].endswith("1 wrote in the last 30: 33 % (6-79 %).")
    assert table[2].endswith("-")


@pytest.mark.parametrize(
    ("until", "months"),
    [
        (utc(2026, 1, 31, 23), ["2026-01"]),  # exactly its end in Berlin
        (utc(2026, 1, 31, 23) + 1, ["2026-01", "2026-02"]),
        (utc(2026, 1, 10), ["2026-01"]),
    ],
)
def test_a_month_belongs_to_a_period_that_holds_an_instant_of_it(until: int, months: list[str]) -> None:
    assert [month.key for month in calendar_months(utc(2026, 1, 10), until, BERLIN)] == months


def test_newcomers_count_by_the_month_of_joining() -> None:
    months = calendar_months(utc(2026, 1, 1), utc(2026, 4, 1), BERLIN)
    february = utc(2026, 1, 31, 23)  # 00:00 in Berlin
    joined = [
        NewcomerCounts(february - 1, (0, 0), None),
        NewcomerCounts(february, (0, 1), utc(2026, 3, 1)),
        NewcomerCounts(february + 9, (1, 1), utc(2026, 4, 1)),
        NewcomerCounts(february + 9, (1, 2), None),
    ]
    document = newcomers_document(joined, months, BERLIN, utc(2026, 4, 1))
    keys = ("joined", "posted_7d", "posted_30d", "posted_again_30d", "answered_onboarding")
    assert document == {
        "months": [
            {"month": "2026-01"} | dict(zip(keys, (1, 0, 0, 0, 0), strict=True)),
            {"month": "2026-02"} | dict(zip(keys, (3, 2, 3, 1, 1), strict=True)),
        ]
    }
    table = newcomers_table(document).splitlines()
    assert table[2].split()[:4] == ["2026-02", "3", "2", "67"]
    assert newcomers_table({"months": []}) == "Nobody joined in this time."


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
