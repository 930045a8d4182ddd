"""The values of a report as people read them."""

from dataclasses import replace

import pytest
from reported import figures, report

from copbot.core.report import KeyFigure, Part, Section, Shown, as_shown, change_in_words, per_cent, together, waited

FIGURE = figures()[0]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.0005, "0.1 %"),
        (0.0337, "3.4 %"),
        (0.05, "5 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.774, "77 %"),
        (0.994, "99 %"),
        (0.9951, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_never_written_as_nothing_or_all_when_it_is_not(share: float, words: str) -> None:
    assert per_cent(share) == words


@pytest.mark.parametrize(
    ("seconds", "words", "short"),
    [
        (29, "under a minute", "< 1 min"),
        (60, "1 minute", "1 min"),
        (89 * 60, "89 minutes", "89 min"),
        (90 * 60, "2 hours", "2 h"),
        (47 * 3600, "47 hours", "47 h"),
        (48 * 3600, "2 days", "2 d"),
        (2000 * 86400, "2,000 days", "2,000 d"),
    ],
)
def test_a_wait_is_told_in_the_unit_that_fits(seconds: float, words: str, short: str) -> None:
    assert waited(seconds) == words
    assert as_shown(seconds, "wait") == short


@pytest.mark.parametrize(
    ("value", "shown", "words"),
    [
        (None, "count", "–"),
        ("x", "text", "x"),
        (1234, "count", "1,234"),
        (1234.56, "number", "1,234.6"),
        (0.5, "share", "50 %"),
    ],
)
def test_a_value_in_words(value: float | str | None, shown: Shown, words: str) -> None:
    assert as_shown(value, shown) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_clear": False}, "no clear change"),
        ({"is_clear": True}, "clearly more"),
        ({"is_clear": True, "direction": "down"}, "clearly fewer"),
        ({"is_clear": True, "direction": "down", "shown": "share"}, "clearly lower"),
        ({"is_clear": True, "shown": "wait"}, "clearly longer"),
        ({"is_clear": None}, "too little to tell"),
        ({"is_clear": None, "direction": "same"}, "as before"),
        ({"before": None}, "nothing to compare with"),
        ({"now": None}, "nothing to tell of this month"),
    ],
)
def test_what_a_difference_means_in_words(changes: dict[str, object], words: str) -> None:
    figure: KeyFigure = replace(FIGURE, **changes)  # type: ignore[arg-type]
    assert change_in_words(figure) == words


def test_parts_come_in_their_order_and_names_come_last() -> None:
    named, plain = Section("names", "Names", for_moderators=True), Section("care", "Care")
    part = together([Part((named,), ("One.",), notes=("A note.",)), Part((plain,), ("Two.",), notes=("A note.",))])
    assert part == Part((plain, named), ("One.", "Two."), (), ("A note.",))


def test_each_table_and_figure_of_a_report_is_there_once() -> None:
    assert [table.name for table in report().tables] == [
        "days",
        "months",
        "week",
        "levels",
        "steps",
        "ranges",
        "trend",
        "plain",
    ]
    assert [figure.key for figure in report().figures] == ["messages", "answered_24h", "median_wait"]


@pytest.mark.parametrize(
    ("parts", "words"), [((1, 2), "1 of 2"), ((4, 9), "4 of 9"), ((5, 10), "50 %"), ((0, 0), "–"), (None, "–")]
)
def test_a_share_of_few_is_told_by_its_parts(parts: tuple[int, int] | None, words: str) -> None:
    share = parts[0] / parts[1] if parts and parts[1] else None
    figure = replace(FIGURE, shown="share", now=share, before=share, parts=parts, parts_before=parts)
    assert (figure.now_in_words, figure.before_in_words) == (words, words)
