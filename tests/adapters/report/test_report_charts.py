"""Charts of a report: drawn from their tables alone, in the page's own colours, with texts that are texts."""

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from reported import JAPANESE, NASTY, RIGHT_TO_LEFT, charts, report

from copbot.adapters.report.colours import DARK, LIGHT, Palette, placeholders
from copbot.adapters.report.drawing import Paper, drawn, values_of
from copbot.adapters.report.picture import in_words, overview
from copbot.adapters.report.svg import svg
from copbot.core.report import Chart

PLAIN = Paper(9.0, LIGHT, lambda text: text.replace("$", ""))
CHARTS = charts()


def of(kind: str) -> Chart:
    return next(chart for chart in CHARTS if chart.kind == kind)


def bars(figure: Any) -> list[Any]:
    return [patch for container in figure.axes[0].containers for patch in container]


def close(numbers: list[float]) -> Any:
    return pytest.approx(numbers, nan_ok=True)


def test_columns_are_as_high_as_the_table_says() -> None:
    chart = of("columns")
    assert [bar.get_height() for bar in bars(drawn(chart, PLAIN))] == values_of(chart, "messages")


def test_steps_are_as_long_as_the_table_says() -> None:
    chart = of("steps")
    figure = drawn(chart, PLAIN)
    assert [bar.get_width() for bar in bars(figure)] == values_of(chart, "people")
    assert [text.get_text() for text in figure.axes[0].texts][:3] == ["9", "4", "0"]


def test_each_part_of_a_whole_has_its_share_and_its_count() -> None:
    chart = of("split")
    figure = drawn(chart, PLAIN)
    widths = [bar.get_width() for bar in bars(figure)]
    assert widths[0::2] == close([4 / 48, 9 / 48, 20 / 48, 12 / 48, 3 / 48])
    assert widths[1::2] == [0.0] * 5
    assert {"4", "9", "20", "12", "3"} <= {text.get_text() for text in figure.axes[0].texts}


def test_a_range_lies_where_the_table_says_and_one_without_figures_nowhere() -> None:
    chart = of("ranges")
    lines = drawn(chart, PLAIN).axes[0].get_lines()
    spans, dots = lines[0::2], lines[1::2]
    assert [dot.get_xdata()[0] for dot in dots] == close(values_of(chart, "share"))
    assert [list(span.get_xdata()) for span in spans] == [
        close([low, high]) for low, high in zip(values_of(chart, "low"), values_of(chart, "high"), strict=True)
    ]


def test_a_trend_goes_through_the_tables_shares() -> None:
    chart = of("trend")
    (line,) = drawn(chart, PLAIN).axes[0].get_lines()
    assert list(line.get_ydata()) == values_of(chart, "share")


def test_the_week_has_a_square_for_each_hour_the_warmer_the_more_people() -> None:
    chart = of("week")
    squares = [patch for patch in drawn(chart, PLAIN).axes[0].patches if patch.get_width() < 1]
    people = [values_of(chart, hour)[day] for hour in chart.ys for day in range(3)]
    assert len(squares) == len(people) == 72
    from matplotlib.colors import to_hex

    steps = [LIGHT.warmth.index(to_hex(square.get_facecolor())) for square in squares]
    assert [step == 0 for step in steps] == [count == 0 for count in people]
    assert sorted(zip(people, steps, strict=True)) == sorted(zip(people, steps, strict=True), key=lambda pair: pair[1])
    assert max(steps) == 5


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.table.name)
def test_as_svg_it_is_well_formed_has_no_colours_of_its_own_and_asks_for_nothing(chart: Chart, narrow: bool) -> None:
    drawing = svg(chart, narrow=narrow, prefix="x1")
    ElementTree.fromstring(drawing)
    assert not re.findall(r"#[0-9a-f]{6}", drawing)
    assert set(re.findall(r"var\(--([\w-]+)\)", drawing)) <= LIGHT.variables().keys()
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", drawing)
    assert "<script" not in drawing
    assert not re.search(r"qq\d\d\dqq", drawing)
    assert len(drawing) < 60_000
    identifiers = re.findall(r'\bid="([^"]+)"', drawing)
    assert len(identifiers) == len(set(identifiers))
    assert all(identifier.startswith("x1-") for identifier in identifiers)


def test_names_in_any_script_stand_in_it_as_they_are() -> None:
    drawing = svg(of("ranges"), narrow=True, prefix="x")
    texts = [text.text for text in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]
    assert RIGHT_TO_LEFT in texts
    assert JAPANESE in texts
    assert any(text is not None and text.startswith(f"#{NASTY[:30]}") for text in texts)


def test_drawn_twice_it_is_the_same() -> None:
    assert svg(of("week"), narrow=False, prefix="x") == svg(of("week"), narrow=False, prefix="x")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_what_is_behind_them(palette: Palette) -> None:
    for text in (palette.ink, palette.faint):
        assert contrast(text, palette.surface) >= 4.5
    for text, part in zip(palette.on_parts, palette.parts, strict=True):
        assert contrast(text, part) >= 4.5
    assert contrast(palette.mark, palette.surface) >= 3
    assert contrast(palette.mark, palette.pale) >= 2
    ordered = [contrast(colour, palette.surface) for colour in palette.warmth]
    assert ordered == sorted(ordered)


def test_no_place_holder_is_a_colour_of_another_name() -> None:
    colours = list(placeholders().variables().values())
    assert len(set(colours)) == len(colours)


def test_for_slack_the_charts_are_one_picture_that_is_told_in_words() -> None:
    drawn_picture = overview(report())
    assert drawn_picture.startswith(b"\x89PNG")
    assert in_words(report()) == "Messages by day People by month A heatmap Two bars"
