"""Whether the difference between two months means anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.features.participation.report.comparison import (
    Change,
    change_of_days,
    change_of_people,
    change_of_shares,
    change_of_waits,
    median,
)

DAYS = st.lists(st.integers(0, 40), min_size=1, max_size=31)
SHARE = st.integers(0, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
WAITS = st.lists(st.floats(0, 1e6), max_size=30)


def told(change: Change) -> tuple[str, bool | None]:
    return change.direction, change.is_clear


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param([], [3], ("unknown", None), id="no days at all"),
        pytest.param([0] * 30, [0] * 31, ("same", None), id="nothing happened"),
        pytest.param([1] * 5, [1] * 4, ("same", None), id="nine events: too few"),
        pytest.param([1] * 5, [1] * 5, ("same", False), id="ten events"),
        pytest.param([10] * 28, [10] * 31, ("same", False), id="a shorter month at the same rate"),
        pytest.param([20] * 30, [10] * 30, ("up", True), id="twice as many, every day"),
        pytest.param([600] + [0] * 29, [10] * 30, ("up", False), id="twice as many, all on one day"),
        pytest.param([9] * 30, [10] * 30, ("down", False), id="a tenth less is within chance"),
        pytest.param([7] * 30, [10] * 30, ("down", True), id="a third less is not"),
    ],
)
def test_events_are_compared_by_their_rate_and_their_spread(
    now: list[int], before: list[int], expected: tuple[str, bool | None]
) -> None:
    assert told(change_of_days(now, before)) == expected


@pytest.mark.parametrize(
    ("here", "both", "gone", "expected"),
    [
        pytest.param(4, 50, 0, ("up", None), id="four came: too few to tell"),
        pytest.param(5, 50, 0, ("up", False), id="five of five heads: one in sixteen"),
        pytest.param(6, 50, 0, ("up", True), id="six of six heads: one in thirty-two"),
        pytest.param(8, 0, 1, ("up", True), id="eight of nine: p 0.039"),
        pytest.param(7, 0, 1, ("up", False), id="seven of eight: p 0.070"),
        pytest.param(30, 0, 30, ("same", False), id="wholly other people, as many"),
        pytest.param(500, 0, 600, ("down", True), id="many: by the normal distribution"),
        pytest.param(540, 0, 560, ("down", False), id="many, hardly different"),
        pytest.param(0, 9, 0, ("same", None), id="the same people"),
    ],
)
def test_people_are_compared_by_those_who_wrote_in_one_month_only(
    here: int, both: int, gone: int, expected: tuple[str, bool | None]
) -> None:
    now, before = range(here + both), range(here, here + both + gone)
    assert told(change_of_people(now, before)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param((0, 0), (3, 9), ("unknown", None), id="nothing to divide by"),
        pytest.param((4, 4), (0, 9), ("up", None), id="of four: too few"),
        pytest.param((5, 5), (0, 5), ("up", True), id="of five"),
        pytest.param((56, 70), (48, 80), ("up", True), id="Newcombe's own example: 0.052 to 0.334"),
        pytest.param((9, 10), (3, 10), ("up", True), id="Newcombe's own example: 0.170 to 0.809"),
        pytest.param((6, 7), (2, 7), ("up", True), id="Newcombe's own example: 0.058 to 0.806"),
        pytest.param((5, 56), (0, 29), ("up", False), id="Newcombe's own example: -0.038 to 0.193"),
        pytest.param((500, 1000), (504, 1000), ("same", False), id="under half a per cent is the same"),
    ],
)
def test_shares_are_compared_by_newcombes_interval(
    now: tuple[int, int], before: tuple[int, int], expected: tuple[str, bool | None]
) -> None:
    assert told(change_of_shares(now, before)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param([], [1.0], ("unknown", None), id="nobody waited"),
        pytest.param([9.0] * 7, [1.0] * 8, ("up", None), id="seven waits: too few"),
        pytest.param(
            [float(n) for n in range(8)], [float(n) for n in range(100, 108)], ("down", True), id="all shorter"
        ),
        pytest.param([5.0] * 9, [5.0] * 9, ("same", False), id="all alike"),
        pytest.param([1.0, 9e9] * 6, [2.0, 8e9] * 6, ("up", False), id="one long wait more says nothing"),
    ],
)
def test_waits_are_compared_by_their_ranks(
    now: list[float], before: list[float], expected: tuple[str, bool | None]
) -> None:
    assert told(change_of_waits(now, before)) == expected


@given(DAYS, SHARE, WAITS)
def test_nothing_differs_from_itself(days: list[int], share: tuple[int, int], waits: list[float]) -> None:
    people = set(days)
    for change in (
        change_of_days(days, days),
        change_of_people(people, people),
        change_of_shares(share, share),
        change_of_waits(waits, waits),
    ):
        assert change.direction in ("same", "unknown")
        assert not change.is_clear


@given(DAYS, DAYS, SHARE, SHARE, WAITS, WAITS)
def test_looked_at_the_other_way_round_it_is_the_other_way_round(
    a: list[int], b: list[int], c: tuple[int, int], d: tuple[int, int], e: list[float], f: list[float]
) -> None:
    turned = {"up": "down", "down": "up", "same": "same", "unknown": "unknown"}
    pairs = [
        (change_of_days(a, b), change_of_days(b, a)),
        (change_of_people(a, b), change_of_people(b, a)),
        (change_of_shares(c, d), change_of_shares(d, c)),
        (change_of_waits(e, f), change_of_waits(f, e)),
    ]
    for there, back in pairs:
        assert (turned[there.direction], there.is_clear) == told(back)


@pytest.mark.parametrize(("values", "expected"), [([3.0], 3.0), ([1.0, 9.0], 5.0), ([9.0, 1.0, 2.0], 2.0)])
def test_the_median(values: list[float], expected: float) -> None:
    assert median(values) == expected
