"""What a member is thanked for, by rules alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.participation.recognition import rules
from copbot.features.participation.recognition.rules import APART_US, Answered, Occasion

T = to_us(datetime(2026, 3, 2, 9, tzinfo=UTC))


def answered(*spaced: tuple[int, int]) -> list[Answered]:
    """(microseconds after the start, thread)."""
    return [Answered(T + after, ("C1", thread)) for after, thread in spaced]


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (APART_US, 1), (9 * APART_US, 1)], 1),
        ([(0, 1), (APART_US - 1, 2)], 1),
        ([(0, 1), (APART_US, 2)], 2),
        ([(0, 1), (5, 2), (2 * APART_US, 2)], 2),
        ([(n, n) for n in range(30)], 1),
    ],
    ids=[
        "none",
        "one",
        "several in one thread are one",
        "two within ten minutes are one",
        "two ten minutes apart",
        "a later reply in a thread that came too soon",
        "thirty threads at once are one",
    ],
)
def test_which_answers_count(given: list[tuple[int, int]], counts: int) -> None:
    assert len(rules.counted(answered(*given))) == counts


@given(st.lists(st.tuples(st.integers(0, 20 * APART_US), st.integers(0, 8)), max_size=30), st.randoms())
def test_doing_more_never_counts_for_less_than_its_threads_and_minutes_allow(
    spaced: list[tuple[int, int]], chance: object
) -> None:
    instants = rules.counted(answered(*spaced))
    assert len(instants) <= len({thread for _, thread in spaced})
    assert all(later - earlier >= APART_US for earlier, later in pairwise(instants))
    assert bool(instants) == bool(spaced)


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (0, []),
        (1, ["answers:1"]),
        (9, ["answers:1"]),
        (10, ["answers:1", "answers:10"]),
        (100, ["answers:1", "answers:10", "answers:50", "answers:100"]),
        (5000, ["answers:1", "answers:10", "answers:50", "answers:100"]),
    ],
)
def test_what_so_many_answers_reach(count: int, names: list[str]) -> None:
    assert [one.name for one in rules.reached(range(count), all_known=True)] == names
    assert [one.name for one in rules.reached(range(count), all_known=False)] == names[1:]


@pytest.mark.parametrize(
    ("first", "zone", "over"),
    [
        ("2025-03-02T09:00+00:00", "UTC", "2026-03-02T00:00+00:00"),
        ("2025-03-02T23:30+00:00", "Asia/Tokyo", "2026-03-03T00:00+09:00"),
        ("2024-02-29T12:00+00:00", "UTC", "2025-03-01T00:00+00:00"),
        ("2023-02-28T12:00+00:00", "UTC", "2024-02-28T00:00+00:00"),
    ],
)
def test_a_year_is_over_on_the_day_of_the_calendar(first: str, zone: str, over: str) -> None:
    found = rules.year_in(to_us(datetime.fromisoformat(first)), ZoneInfo(zone))
    assert found == Occasion("year", 1, to_us(datetime.fromisoformat(over)))


@given(st.integers(0, 10 * 365 * 24), st.sampled_from(["UTC", "Asia/Tokyo", "America/Lima"]))
def test_who_has_a_year_behind_them_this_week_or_tomorrow_is_among_those_looked_at(hours: int, zone: str) -> None:
    now, where = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours), ZoneInfo(zone)
    since, until = rules.first_messages_between(now, where)
    over_at = (
        rules.year_in(first, where).at_us for first in range(since - 5 * DAY_US, until + 5 * DAY_US, DAY_US // 4)
    )
    firsts = range(since - 5 * DAY_US, until + 5 * DAY_US, DAY_US // 4)
    for first, over in zip(firsts, over_at, strict=True):
        if to_us(now) - rules.THANKED_WITHIN_US <= over <= to_us(now) + DAY_US:
            assert since <= first < until, from_us(first)


@pytest.mark.parametrize(
    ("joined", "first", "begun", "known"),
    [
        (T, T, None, True),
        (T + 1, T, None, False),
        (None, T, None, False),
        (None, T, T - rules.KNOWN_AFTER_US + 1, False),
        (None, T, T - rules.KNOWN_AFTER_US, True),
    ],
)
def test_of_whom_all_is_known(joined: int | None, first: int, begun: int | None, known: bool) -> None:
    assert rules.knows_all(joined, first, begun) == known


@pytest.mark.parametrize(
    ("at", "timely"),
    [(T - 1, False), (T, True), (T + 9 * DAY_US, True), (T + 2 * DAY_US, False), (T + 3 * DAY_US, True)],
)
def test_only_what_happened_since_the_bot_thanks_and_within_a_week_is_an_occasion(at: int, timely: bool) -> None:
    now = T + 10 * DAY_US if at >= T + DAY_US else T + DAY_US
    assert rules.is_timely(Occasion("answers", 1, at), T, now) == timely
