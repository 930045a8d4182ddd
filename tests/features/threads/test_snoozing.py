"""Until when a card rests: the morning of a day, by the community's clock, when somebody works."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.time import DAY_US, Hours, from_us, to_us
from copbot.core.working_time import WeekHours, WorkingTime
from copbot.features.threads.snoozing import wakes_us

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = (WeekHours(frozenset(range(5)), Hours(time(8, 30), time(17))),)


@pytest.mark.parametrize(
    ("now", "choice", "week", "wakes"),
    [
        pytest.param("2026-11-16 15:00", "tomorrow", (), "2026-11-17 09:00", id="tomorrow at nine"),
        pytest.param("2026-11-16 00:00", "tomorrow", (), "2026-11-17 09:00", id="tomorrow is the next day at midnight"),
        pytest.param("2026-11-16 23:59", "tomorrow", (), "2026-11-17 09:00", id="and a minute before it"),
        pytest.param("2026-11-20 15:00", "tomorrow", (), "2026-11-21 09:00", id="a Saturday, where all days count"),
        pytest.param(
            "2026-11-20 15:00", "tomorrow", OFFICE, "2026-11-23 08:30", id="Monday, where nobody works on Saturday"
        ),
        pytest.param("2026-11-18 15:00", "week", (), "2026-11-23 09:00", id="next week is its Monday"),
        pytest.param("2026-11-23 08:00", "week", (), "2026-11-30 09:00", id="on a Monday the next one"),
        pytest.param("2026-11-22 23:00", "week", OFFICE, "2026-11-23 08:30", id="on a Sunday tomorrow"),
        pytest.param("2026-11-16 15:00", date(2026, 12, 5), OFFICE, "2026-12-07 08:30", id="a date without work"),
        pytest.param("2026-03-28 15:00", "tomorrow", (), "2026-03-29 09:00", id="the clocks go forward that night"),
    ],
)
def test_a_card_wakes_when_work_begins(now: str, choice: object, week: tuple[WeekHours, ...], wakes: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=BERLIN)

    found = wakes_us(choice, at(now).astimezone(UTC), WorkingTime(BERLIN, week))  # type: ignore[arg-type]
    assert found == to_us(at(wakes))


@given(st.integers(0, 4 * 10**15), st.sampled_from(["tomorrow", "week"]), st.sampled_from([(), OFFICE]))
def test_it_wakes_later_and_within_eleven_days(now_us: int, choice: str, week: tuple[WeekHours, ...]) -> None:
    wakes = wakes_us(choice, from_us(now_us), WorkingTime(BERLIN, week))  # type: ignore[arg-type]
    assert now_us < wakes < now_us + 11 * DAY_US
