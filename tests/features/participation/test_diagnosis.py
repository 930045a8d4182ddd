"""What the shares of the levels mean, in words."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from copbot.core.community import Participation
from copbot.core.time import to_us
from copbot.features.participation.levels.diagnosis import (
    Beginning,
    Lean,
    Share,
    beginning,
    diagnosis,
    lean,
    leaning,
    likely,
    percent,
)


def people(core: int, active: int, others: int) -> Counter[str]:
    return Counter(core=core, active=active, peripheral=others)


def test_a_core_that_is_too_small_is_told_with_the_usual_band_and_who_is_near() -> None:
    told = diagnosis(people(4, 20, 94), short_of_core=5)  # type: ignore[arg-type]
    assert told == [
        "Your core is 4 of 118, 3 %; communities of this kind thrive at 10-15 %.",
        "Your active part is 20 of 118, 17 %; communities of this kind thrive at 15-20 %: that is healthy.",
        "Five members are one active week short of core.",
    ]


@pytest.mark.parametrize(
    ("part", "total", "place"),
    [
        pytest.param(1, 19, None, id="too few members"),
        pytest.param(0, 20, "within", id="so few that chance may explain it"),
        pytest.param(0, 40, "below", id="none of forty"),
        pytest.param(5, 100, "within", id="five of a hundred: 2-11 %"),
        pytest.param(4, 100, "below", id="four of a hundred: 2-10 %, just under"),
        pytest.param(12, 100, "within", id="in the band"),
        pytest.param(21, 100, "within", id="14.2-30 %"),
        pytest.param(22, 100, "above", id="15.0-31 %, just above"),
    ],
)
def test_a_share_is_held_against_the_band_by_its_interval(part: int, total: int, place: str | None) -> None:
    assert Share("core", part, total).place == place


def test_chance_is_named_where_the_share_is_outside_and_the_interval_is_not() -> None:
    told = diagnosis(people(2, 10, 38), short_of_core=0)  # type: ignore[arg-type]
    assert told[0].endswith("10-15 %, and the difference may be chance.")


@pytest.mark.parametrize(
    ("members", "told"),
    [(0, []), (1, "1 member is too few"), (19, "19 members are too few")],
)
def test_few_members_are_held_against_nothing(members: int, told: str | list[str]) -> None:
    found = diagnosis(people(0, 0, members), short_of_core=0)  # type: ignore[arg-type]
    assert found == told if isinstance(told, list) else told in found[0]


MONDAY = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        pytest.param(MONDAY, datetime(2026, 11, 9, tzinfo=UTC), Beginning(5, 6), id="five whole weeks"),
        pytest.param(
            MONDAY, datetime(2026, 11, 9, 0, 0, 1, tzinfo=UTC), None, id="the sixth has begun: core is possible"
        ),
        pytest.param(
            datetime(2026, 10, 11, 23, tzinfo=UTC), datetime(2026, 10, 12, tzinfo=UTC), Beginning(1, 6), id="an hour"
        ),
        pytest.param(None, MONDAY, None, id="nothing"),
        pytest.param(MONDAY, MONDAY, None, id="nothing yet"),
    ],
)
def test_a_history_shorter_than_core_takes_is_young(
    first: datetime | None, until: datetime, expected: Beginning | None
) -> None:
    since_us = None if first is None else to_us(first)
    assert beginning(since_us, to_us(until), ZoneInfo("UTC"), Participation()) == expected


def test_where_nobody_can_be_core_yet_no_share_is_held_against_the_band() -> None:
    told = diagnosis(people(0, 40, 60), short_of_core=2, young=Beginning(5, 6))  # type: ignore[arg-type]
    assert told == [
        "Nobody can be in the core yet: that takes 6 active weeks, and the history known here has 5 so far.",
        "Two members are one active week short of core.",
    ]


def test_levels_without_a_benchmark_have_no_place() -> None:
    assert Share("dormant", 90, 100).place is None


@pytest.mark.parametrize(("part", "shown"), [(0, "0 %"), (1, "under 1 %"), (7, "1 %"), (1000, "100 %")])
def test_per_cents_are_whole_and_never_nothing_for_something(part: int, shown: str) -> None:
    assert percent(Share("core", part, 1000)) == shown


@pytest.mark.parametrize(
    ("part", "total", "shown"), [(2, 40, "1-17 %"), (10, 3709, "under 1 %"), (4000, 10000, "39-41 %")]
)
def test_the_interval_is_in_whole_per_cents_and_one_of_no_width_is_not_written_as_one(
    part: int, total: int, shown: str
) -> None:
    assert likely(Share("core", part, total)) == shown


def test_how_much_leans_on_three() -> None:
    assert lean([5, 1, 9, 2]) == Lean(16, 17)
    told = leaning(Lean(192, 300), Lean(40, 50))
    assert told.startswith(
        "In the window, the three who wrote most wrote 64 % of the messages (192 of 300), "
        "the three who answered most gave 80 % of the answers (40 of 50)."
    )
    assert "a lot to rest on three" in told
    assert "a lot" not in leaning(Lean(10, 20), Lean(1, 2))
    assert leaning(Lean(19, 19), Lean(0, 0)) == ""
