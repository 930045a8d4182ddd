"""The interval of a share: as published, never beyond what can be, narrower with more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.intervals import median_ranks, wilson


@pytest.mark.parametrize(
    ("part", "total", "interval"),
    [
        pytest.param(81, 263, (0.2553, 0.3662), id="Newcombe 1998, table I"),
        pytest.param(15, 148, (0.0624, 0.1605), id="Newcombe 1998, table I"),
        pytest.param(0, 20, (0.0, 0.1611), id="none of them"),
        pytest.param(1, 29, (0.0061, 0.1718), id="one of them"),
    ],
)
def test_it_is_the_published_one(part: int, total: int, interval: tuple[float, float]) -> None:
    assert wilson(part, total) == pytest.approx(interval, abs=5e-5)


def test_there_is_none_where_there_is_nothing_to_divide_by() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("part", "total"), [(2, 1), (-1, 3)])
def test_a_part_is_never_more_than_the_whole(part: int, total: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        wilson(part, total)


@given(st.integers(0, 500), st.integers(1, 500))
def test_it_holds_the_share_and_stays_between_nothing_and_all(part: int, more: int) -> None:
    total = part + more
    found = wilson(part, total)
    assert found is not None
    low, high = found
    assert 0 <= low <= part / total <= high <= 1


@pytest.mark.parametrize(
    ("count", "ranks"),
    [
        pytest.param(5, None, id="all of five hold it in 94 of 100 cases only"),
        pytest.param(6, (0, 5), id="too few to leave any out"),
        pytest.param(10, (1, 8), id="Conover 1999: second to ninth"),
        pytest.param(50, (17, 32), id="18th to 33rd"),
        pytest.param(100, (39, 60), id="40th to 61st"),
    ],
)
def test_the_middle_lies_between_the_ranks_of_the_sign_test(count: int, ranks: tuple[int, int] | None) -> None:
    assert median_ranks(count) == ranks


def test_there_is_no_middle_of_nothing() -> None:
    assert median_ranks(0) is None
