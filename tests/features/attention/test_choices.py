"""The steps from settings to settings, and settings as a button carries them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.preferences import MODES, SUBJECTS, Preferences
from copbot.core.time import Hours, from_us
from copbot.features.attention import choices

ZONES = [ZoneInfo(name) for name in ("UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Beirut", "Europe/London")]
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)

minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
hours = st.builds(Hours, minutes, minutes).filter(lambda one: one.start != one.end)
settings = st.builds(
    Preferences,
    st.just("UANA"),
    st.sampled_from(MODES),
    st.frozensets(st.sampled_from(list(SUBJECTS))),
    st.one_of(st.just("community"), st.none(), hours),
    st.one_of(st.none(), st.integers(0, 10**17 - 1)),
    st.integers(0, 10**6),
)


@given(settings)
def test_what_a_button_carries_comes_back_as_it_was(preferences: Preferences) -> None:
    assert choices.read(choices.written(preferences), "UANA") == preferences


@given(st.text())
def test_whatever_a_button_is_made_to_carry_is_settings_of_who_presses_or_nothing(value: str) -> None:
    found = choices.read(value, "UANA")
    assert found is None or found.user == "UANA"


@given(settings)
def test_less_is_never_more_and_leads_to_off(preferences: Preferences) -> None:
    down = preferences
    for _ in MODES:
        lower = choices.less(down)
        assert MODES.index(lower.mode) >= MODES.index(down.mode)
        assert replace(lower, mode=down.mode) == down, "nothing else changes"
        down = lower
    assert down.mode == "off"


@given(settings, settings)
def test_what_is_counted_as_wanted_no_more_is_what_is_less_than_before(before: Preferences, after: Preferences) -> None:
    counted = choices.opted_out(before, after)
    assert not choices.opted_out(after, after)
    assert ("pause" in counted) == ((after.paused_until_us or 0) > (before.paused_until_us or 0))
    assert {one for one in counted if one in SUBJECTS} == after.off - before.off
    assert {one for one in counted if one in MODES} == (
        {after.mode} if MODES.index(after.mode) > MODES.index(before.mode) else set()
    )


@given(st.sampled_from(ZONES), st.integers(1, 366))
def test_a_pause_ends_as_its_day_begins_by_the_members_clock(zone: ZoneInfo, days: int) -> None:
    day = NOW.astimezone(zone).date() + timedelta(days=days)
    paused = Preferences("UANA", paused_until_us=choices.pause_until_us(day, zone))
    assert choices.paused_day(paused, NOW, zone) == day
    assert from_us((paused.paused_until_us or 0) - 1).astimezone(zone).date() < day
    assert choices.is_ahead(day, NOW, zone)
    assert not choices.is_too_far(day, NOW, zone)


def test_a_day_is_ahead_by_the_members_clock_not_by_ours() -> None:
    late = datetime(2026, 11, 16, 23, tzinfo=UTC)
    assert choices.is_ahead(date(2026, 11, 17), late, ZoneInfo("UTC"))
    assert not choices.is_ahead(date(2026, 11, 17), late, ZoneInfo("Asia/Bangkok"))


@pytest.mark.parametrize(
    "typed", ["21:00", "21:00-", "-07:00", "21-21:00", "21:00:30-07:00", "24-7", "9:60-10", "२१-७", ""]
)
def test_what_are_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no hours"):
        choices.hours_of(typed)


@pytest.mark.parametrize("typed", ["21:00-07:00", "21-7", " 21:00 - 7:00 "])
def test_hours_are_read_as_people_type_them(typed: str) -> None:
    assert choices.hours_of(typed) == Hours(time(21), time(7))
