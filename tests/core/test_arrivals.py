"""When somebody joined whom nobody saw joining."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.arrivals import WELCOMED_WITHIN_US, Arrival, Gap, Listed, arrival, joined_channel, joined_workspace
from copbot.core.facts import UserSeen
from copbot.core.time import DAY_US, HOUR_US

NOW = 1000 * DAY_US
SHORT = Gap(NOW - 3 * DAY_US, NOW)
LONG = Gap(NOW - 30 * DAY_US, NOW)


@pytest.mark.parametrize(
    ("gap", "signs", "at_us"),
    [
        pytest.param(SHORT, (), NOW, id="a short gap, no sign: when they were found"),
        pytest.param(SHORT, (NOW - 2 * DAY_US, NOW - DAY_US), NOW - 2 * DAY_US, id="the first sign of them"),
        pytest.param(SHORT, (None, NOW - DAY_US), NOW - DAY_US, id="one sign alone"),
        pytest.param(SHORT, (SHORT.since_us, NOW + 1), NOW, id="signs of other times are none"),
        pytest.param(LONG, (), None, id="a long gap, no sign: nobody can tell"),
        pytest.param(LONG, (NOW - WELCOMED_WITHIN_US,), NOW - WELCOMED_WITHIN_US, id="a week ago exactly"),
        pytest.param(LONG, (NOW - WELCOMED_WITHIN_US - 1,), None, id="longer than a week ago"),
        pytest.param(LONG, (NOW - 20 * DAY_US, NOW - DAY_US), None, id="the first sign decides"),
        pytest.param(Gap(NOW - WELCOMED_WITHIN_US, NOW), (), NOW, id="a gap of a week"),
        pytest.param(Gap(NOW - WELCOMED_WITHIN_US - 1, NOW), (), None, id="a gap of a little more"),
    ],
)
def test_the_first_sign_of_somebody_is_the_latest_that_they_can_have_joined(
    gap: Gap, signs: tuple[int | None, ...], at_us: int | None
) -> None:
    assert arrival("U1", signs, gap) == Arrival("U1", at_us)


@given(
    st.integers(0, 60 * DAY_US),
    st.lists(st.one_of(st.none(), st.integers(NOW - 90 * DAY_US, NOW + DAY_US)), max_size=4),
)
def test_nobody_is_dated_outside_the_gap_or_longer_ago_than_a_week(length: int, signs: list[int | None]) -> None:
    gap = Gap(NOW - length, NOW)
    at_us = arrival("U1", signs, gap).at_us
    assert at_us is None or max(gap.since_us, NOW - WELCOMED_WITHIN_US) <= at_us <= NOW
    assert at_us is not None or length > WELCOMED_WITHIN_US, "in a short gap everybody is welcomed"


def listed(user: str, changed_us: int | None = None, **described: object) -> Listed:
    return Listed(UserSeen(user, **described), changed_us)  # type: ignore[arg-type]


def test_only_who_was_not_there_before_and_was_not_told_of_is_found() -> None:
    people = [
        listed("UOLD"),
        listed("UJUST"),
        listed("UNEW"),
        listed("UWROTE"),
        listed("UTOLD"),
        listed("UBOT", is_bot=True),
        listed("ULEFT", is_deleted=True),
    ]
    known = {"UOLD": SHORT.since_us - 1, "UJUST": SHORT.since_us, "UWROTE": NOW - HOUR_US, "UTOLD": NOW - HOUR_US}
    found = joined_workspace(people, known, {"UTOLD"}, SHORT)
    assert found == [Arrival("UNEW", NOW), Arrival("UWROTE", NOW - HOUR_US)]


def test_who_was_in_a_channel_or_told_of_is_not_found_there_and_a_newcomer_is_dated_as_such() -> None:
    arrived = {"UNEW": Arrival("UNEW", NOW - DAY_US)}
    found = joined_channel(["UIN", "UTOLD", "UNEW", "UCAME"], {"UIN"}, {"UTOLD"}, arrived, SHORT)
    assert found == [Arrival("UNEW", NOW - DAY_US), Arrival("UCAME", NOW)]
    assert joined_channel(["UCAME"], (), (), {}, LONG) == [Arrival("UCAME", None)]
