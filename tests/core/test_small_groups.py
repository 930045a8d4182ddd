"""Nothing that members see speaks of fewer than five people: the rule; each place that follows it has its own test."""

import pytest

from copbot.core.small_groups import FEWEST_SHOWN, shown_of

ANSWERS = ("a", "b", "c")


@pytest.mark.parametrize(
    ("counts", "shown", "is_more"),
    [
        pytest.param({"a": 5, "b": 9}, {"a": 5, "b": 9, "c": 0}, False, id="all by five or nobody"),
        pytest.param({"a": 5, "b": 4}, {"a": 5}, True, id="four are left out, and with them who was chosen by nobody"),
        pytest.param({"a": 1}, {}, True, id="one alone"),
        pytest.param({}, {"a": 0, "b": 0, "c": 0}, False, id="nobody"),
    ],
)
def test_an_answer_is_told_from_five_people_on(counts: dict[str, int], shown: dict[str, int], is_more: bool) -> None:
    assert shown_of(counts, ANSWERS) == (shown, is_more)


def test_the_number_is_one_for_all_places() -> None:
    assert FEWEST_SHOWN == 5
