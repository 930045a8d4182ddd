"""The history of a member's levels: when each began, as living through it would have told."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.core.community import LevelRule, Participation
from copbot.core.time import DAY_US, HOUR_US, to_us
from copbot.features.participation.rules import (
    NEWCOMER_US,
    Calendar,
    Contribution,
    Span,
    known_by,
    levels_held,
    standing,
    weeks_of,
)

MONDAY = to_us(datetime(2026, 1, 5, tzinfo=UTC))
WEEK = 7 * DAY_US
SMALL = Participation(core=LevelRule(3, 5), active=LevelRule(2, 2))


def written(*instants: int) -> list[Contribution]:
    return [Contribution(ts_us, "root") for ts_us in sorted(instants)]


def history(contributions: list[Contribution], joined: int | None, until: int) -> list[Span]:
    first = min([until, *(one.ts_us for one in contributions), *([] if joined is None else [joined])])
    return held(contributions, joined, until, Calendar(ZoneInfo("UTC"), first, until))


def held(contributions: list[Contribution], joined: int | None, until: int, calendar: Calendar) -> list[Span]:
    past, reached = known_by(contributions, until, calendar)
    return levels_held(weeks_of(past, calendar), joined, until, calendar, SMALL, reached)


def test_a_member_comes_goes_and_comes_back() -> None:
    joined = MONDAY + DAY_US
    wrote = [joined + week * WEEK + hours * HOUR_US for week in range(4) for hours in (1, 2)]
    told = history(written(*wrote, MONDAY + 40 * WEEK), joined, MONDAY + 41 * WEEK)
    assert told == [
        Span("newcomer", joined),
        Span("active", wrote[2]),  # the second week's first message: two weeks, three messages
        Span("core", wrote[4]),
        Span("dormant", MONDAY + 13 * WEEK),  # silent for eight weeks on two Mondays
        Span("peripheral", MONDAY + 40 * WEEK),
    ]


def test_who_never_wrote_was_a_newcomer_and_reads_along_since() -> None:
    assert history([], MONDAY, MONDAY + 50 * WEEK) == [
        Span("newcomer", MONDAY),
        Span("peripheral", MONDAY + NEWCOMER_US),
    ]
    assert history([], None, MONDAY) == [Span("peripheral", None)]


def test_who_wrote_long_before_they_joined_was_no_newcomer_then() -> None:
    joined = MONDAY + 14 * WEEK
    assert history(written(MONDAY, MONDAY + 4 * WEEK), joined, joined + DAY_US) == [
        Span("peripheral", MONDAY),
        Span("active", MONDAY + 4 * WEEK),
        Span("peripheral", MONDAY + 13 * WEEK),
        Span("dormant", MONDAY + 14 * WEEK),
    ]


_history = st.lists(st.integers(0, 30 * 7 * 24).map(lambda hours: MONDAY + hours * HOUR_US), max_size=25).map(
    lambda instants: written(*instants)
)


@settings(max_examples=60)
@given(_history, st.integers(1, 60 * 7 * 24), st.none() | st.integers(-400, 200))
def test_at_each_instant_the_history_says_what_was_true_then(
    contributions: list[Contribution], hours: int, day: int | None
) -> None:
    until = MONDAY + hours * HOUR_US
    joined = None if day is None else MONDAY + day * DAY_US
    calendar = Calendar(ZoneInfo("UTC"), MONDAY - 400 * DAY_US, until)

    def stood(instant: int) -> tuple[str, int | None]:
        now = standing(contributions, joined, instant, calendar, SMALL)
        return now.level, now.since_us

    told = held(contributions, joined, until, calendar)
    assert (told[-1].level, told[-1].since_us) == stood(until)
    for before, after in pairwise(told):
        assert before.level != after.level
        assert after.since_us is not None
        assert stood(after.since_us + 1)[0] == after.level
        if joined is None or after.since_us > joined + 1:  # before it was known of nobody that they had joined
            assert stood(after.since_us - 1)[0] == before.level
