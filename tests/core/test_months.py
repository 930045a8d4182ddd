"""Calendar months, and the words by which people name one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.errors import Mistake
from copbot.core.months import Month, month_named, month_of
from copbot.core.time import from_us

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
MONTHS = st.builds(Month, st.integers(1971, 2198), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "2026-10"),
        ("  ", "2026-10"),
        ("2026-10", "2026-10"),
        ("2026-9", "2026-09"),
        ("2026-11", "2026-11"),
        ("October", "2026-10"),
        ("oct", "2026-10"),
        ("DEC", "2025-12"),
        ("December 2024", "2024-12"),
    ],
)
def test_a_month_is_named_by_number_or_by_word(text: str, key: str) -> None:
    assert month_named(text, NOW, UTC_ZONE).key == key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12", "December 2026 has not begun yet: the last whole month is 2026-10"),
        ("2026-13", "2026-13: not a month: write one such as 2026-10"),
        ("2026-0", "2026-0: not a month"),
        ("26-10", "26-10: not a month"),
        ("ju", "ju: not a month"),
        ("march of 2026", "march of 2026: not a month"),
        ("1969-12", "1969-12: not a month"),
        ("²⁰²⁶-10", "²⁰²⁶-10: not a month"),
    ],
)
def test_what_is_none_is_told_in_a_line(text: str, expected: str) -> None:
    with pytest.raises(Mistake) as told:
        month_named(text, NOW, UTC_ZONE)
    assert str(told.value).startswith(expected)


def test_the_last_whole_month_is_the_zones() -> None:
    new_year = datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert month_named("", new_year, ZoneInfo("Asia/Tokyo")).key == "2026-12"
    assert month_named("", new_year, UTC_ZONE).key == "2026-11"


@given(MONTHS, st.integers(-500, 500), st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"]))
def test_months_follow_each_other_without_a_gap(month: Month, steps: int, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    assert month.plus(steps).plus(-steps) == month
    assert month.end_us(zone) == month.plus(1).start_us(zone)
    assert month_of(from_us(month.start_us(zone)), zone) == month
    assert month_of(from_us(month.end_us(zone) - 1), zone) == month
