"""Whose working hours a slot serves, without telling where any few people are."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.time import from_us, to_us
from copbot.features.rhythm.learning.wall_clock import even_stretches
from copbot.features.rhythm.learning.working_hours import in_words, working_hours

MONDAY = date(2026, 11, 16)
UTC = ZoneInfo("UTC")


def test_each_slot_counts_those_for_whom_it_is_nine_to_six_on_a_working_day() -> None:
    found = working_hours([("Europe/Berlin", 6), ("Asia/Tokyo", 18)], UTC, MONDAY)
    assert found is not None
    assert found.share[1][7] == 0.75  # 08:00 in Berlin, 16:00 in Tokyo
    assert found.share[1][8] == 1.0  # 09:00 and 17:00
    assert found.share[1][9] == 0.25  # 10:00 and 18:00
    assert found.share[1][17] == 0.0
    assert found.share[6][23] == 0.0  # Sunday 23:00: Monday 08:00 in Tokyo
    assert found.share[0][0] == 0.75  # Monday 00:00: 09:00 in Tokyo
    assert found.share[5][10] == 0.0, "Saturday is no working day"


@pytest.mark.parametrize(("people", "named"), [(4, False), (5, True)])
def test_fewer_than_five_people_are_neither_named_nor_counted(people: int, named: bool) -> None:
    found = working_hours([("Europe/Berlin", 9), ("Asia/Tokyo", 9), ("America/Lima", people), (None, 2)], UTC, MONDAY)
    assert found is not None
    assert (("America/Lima", people) in found.zones) is named
    assert found.left_out == 2 + (0 if named else people)
    assert (found.share[1][20] > 0) is named  # 15:00 in Lima, evening or night for the others
    assert ("Lima" in in_words(found)) is named


def test_one_clock_for_all_needs_no_such_line() -> None:
    assert working_hours([("Europe/Berlin", 6), ("Europe/Paris", 7), ("Asia/Tokyo", 4)], UTC, MONDAY) is None
    assert working_hours([], UTC, MONDAY) is None
    assert working_hours([("No/Where", 50), ("Europe/Berlin", 6)], UTC, MONDAY) is None


def test_in_words_the_largest_zones_stand_first() -> None:
    zones = [("Europe/Berlin", 12), ("Asia/Tokyo", 38), ("America/Lima", 5), ("Africa/Cairo", 6), ("Asia/Dhaka", 7)]
    found = working_hours([*zones, (None, 3)], UTC, MONDAY)
    assert found is not None
    assert in_words(found) == (
        "38 in Asia/Tokyo, 12 in Europe/Berlin, 7 in Asia/Dhaka, 6 in Africa/Cairo, 5 in 1 more time zone"
        " (3 in smaller or unknown time zones are not counted)"
    )


ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
]


@given(zone=st.sampled_from(ZONES), day=st.integers(0, 3650), length=st.integers(0, 800), at=st.floats(0, 1))
def test_within_an_even_stretch_the_clock_is_as_far_ahead_throughout(
    zone: str, day: int, length: int, at: float
) -> None:
    begins = to_us(datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=day))
    ends = begins + length * 86_400_000_000
    stretches = list(even_stretches(ZoneInfo(zone), begins, ends))
    assert [stretch.since_us for stretch in stretches] == ([begins] if length else []) + [
        stretch.until_us for stretch in stretches[:-1]
    ]
    assert not stretches or stretches[-1].until_us == ends
    for stretch in stretches:
        moment = stretch.since_us + int(at * (stretch.until_us - stretch.since_us - 1))
        offset = from_us(moment).astimezone(ZoneInfo(zone)).utcoffset()
        assert offset == timedelta(microseconds=stretch.offset_us)
