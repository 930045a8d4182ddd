"""Charts drawn with matplotlib's own objects from the columns of their tables: no pyplot, no window.

``Paper`` says how large, in which colours, and how texts are shown: whoever makes an SVG puts in place-holders for both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from copbot.adapters.report.colours import Palette
from copbot.core.report import Cell, Chart, as_shown

POINTS = 72
ROW_IN = 0.4
FEWEST_SHOWN = 7
"""Places along a time: two months alone would be two towers."""
FONT = 13.0
SMALL = 11.5
NAMES_IN = 2.75
"""Room for the names of rows beside them."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Paper:
    """``width_in``: inches; at 72 points to the inch, which are a browser's pixels within an SVG. ``say`` turns a text into what is
    drawn for it."""

    width_in: float
    palette: Palette
    say: Callable[[str], str]

    @property
    def is_narrow(self) -> bool:
        return self.width_in < 6


def drawn(chart: Chart, paper: Paper) -> Any:
    """A matplotlib Figure."""
    draw = {
        "columns": _columns,
        "week": _week,
        "split": _split,
        "steps": _steps,
        "ranges": _ranges,
        "trend": _trend,
    }[chart.kind]
    return draw(chart, paper)


def _figure(paper: Paper, height_in: float) -> Any:
    from matplotlib.backends.backend_agg import (
        FigureCanvasAgg,
    )  # loaded only when something is drawn: it takes a second
    from matplotlib.figure import Figure

    figure = Figure(figsize=(paper.width_in, height_in), dpi=POINTS, facecolor=paper.palette.surface)
    FigureCanvasAgg(figure)
    return figure


def _axes(
    paper: Paper, height_in: float, *, left: float, right: float = 0.12, top: float = 0.12, bottom: float = 0.3
) -> Any:
    """Axes with these margins, in inches."""
    figure = _figure(paper, height_in)
    width = paper.width_in
    place = (left / width, bottom / height_in, (width - left - right) / width, (height_in - top - bottom) / height_in)
    axes = figure.add_axes(place, facecolor="none")
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL, colors=paper.palette.faint)
    return axes


def values_of(chart: Chart, key: str) -> list[float]:
    """A column as numbers; nothing there is drawn as nothing."""
    return [float("nan") if not isinstance(cell, int | float) else float(cell) for cell in chart.table.column(key)]


def _names(chart: Chart) -> list[str]:
    return [_spelled(str(cell)) for cell in chart.table.column(chart.x)] if chart.kind == "split" else _keys(chart)


def _keys(chart: Chart) -> list[str]:
    return [str(cell) for cell in chart.table.column(chart.x)]


def _spelled(name: str) -> str:
    """``Oct 2026`` for ``2026-10``."""
    year, dash, month = name.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if dash and month.isdecimal() else name


# -- over time


def _columns(chart: Chart, paper: Paper) -> Any:
    heights, names = values_of(chart, chart.ys[0]), _names(chart)
    axes = _axes(paper, 2.05 if paper.is_narrow else 2.25, left=0.45, bottom=0.46)
    colours = [paper.palette.pale if number in chart.marked else paper.palette.mark for number in range(len(heights))]
    axes.bar(range(len(heights)), heights, width=0.78, color=colours, linewidth=0)
    _upright(axes, paper, max(heights, default=0.0))
    _dates(axes, paper, names)
    return axes.figure


def _upright(axes: Any, paper: Paper, most: float) -> None:
    """A scale with few whole numbers, from 0."""
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(0, most * 1.12 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
    axes.grid(axis="y", color=paper.palette.line, linewidth=0.7)
    axes.set_axisbelow(True)


def _dates(axes: Any, paper: Paper, names: Sequence[str]) -> None:
    """Days as 1, 8, 15 …; months by their short names, each year's first with the year."""
    axes.set_xlim(-0.7, max(len(names), FEWEST_SHOWN) - 0.3)
    if names and len(names[0]) == len("2026-10-01"):
        places = list(range(0, len(names), 7))
        axes.set_xticks(places, [str(int(names[place][8:])) for place in places])
        return
    step = 1 if len(names) <= 7 or not paper.is_narrow else 2
    places = list(range(len(names) - 1, -1, -step))[::-1]
    labels = []
    for number, place in enumerate(places):
        month = int(names[place][5:7])
        with_year = number == 0 or names[places[number - 1]][:4] != names[place][:4]
        labels.append(MONTHS[month - 1] + (f"\n{names[place][:4]}" if with_year else ""))
    axes.set_xticks(places, labels)


def _trend(chart: Chart, paper: Paper) -> Any:
    shares, lows, highs = (values_of(chart, key) for key in chart.ys)
    axes = _axes(paper, 2.25, left=0.6, bottom=0.46)
    axes.fill_between(range(len(shares)), lows, highs, color=paper.palette.warmth[2], linewidth=0, alpha=1.0)
    axes.plot(range(len(shares)), shares, color=paper.palette.mark, linewidth=1.8, marker="o", markersize=4.5)
    _per_cent(axes.yaxis)
    axes.set_ylim(0, 1.02)
    axes.grid(axis="y", color=paper.palette.line, linewidth=0.7)
    axes.set_axisbelow(True)
    _dates(axes, paper, _names(chart))
    return axes.figure


def _per_cent(axis: Any) -> None:
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])


# -- the week


def _week(chart: Chart, paper: Paper) -> Any:
    from matplotlib.patches import Rectangle

    table = [values_of(chart, hour) for hour in chart.ys]
    days = _names(chart)
    most = max(max(column) for column in table) or 1.0
    axes = _axes(paper, 2.6, left=0.5, bottom=0.62)
    for hour, column in enumerate(table):
        for day, people in enumerate(column):
            place = (hour + 0.04, day + 0.04)
            axes.add_patch(Rectangle(place, 0.92, 0.92, facecolor=_warmth(people, most, paper.palette), linewidth=0))
    axes.set_xlim(0, 24)
    axes.set_ylim(len(days), 0)
    axes.set_yticks([day + 0.5 for day in range(len(days))], [name[:3] for name in days])
    every = 6 if paper.is_narrow else 3
    axes.set_xticks(range(0, 24, every), [f"{hour:02}:00" for hour in range(0, 24, every)])
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    _key(axes, most, chart.unit, paper)
    return axes.figure


def _warmth(people: float, most: float, palette: Palette) -> str:
    """Nobody has a colour of their own; everybody else one of equal steps."""
    steps = len(palette.warmth) - 1
    return (
        palette.warmth[0] if people <= 0 else palette.warmth[1 + min(steps - 1, int(steps * people / most * 0.999999))]
    )


def _key(axes: Any, most: float, unit: str, paper: Paper) -> None:
    """What the colours mean, below the hours."""
    from matplotlib.patches import Rectangle

    figure = axes.figure
    height = figure.get_figheight()
    key = figure.add_axes(
        (0.5 / paper.width_in, 0.06 / height, 1 - 0.62 / paper.width_in, 0.2 / height), facecolor="none"
    )
    key.set_axis_off()
    width = (paper.width_in - 0.62) / 0.2  # in squares
    key.set_xlim(0, width)
    key.set_ylim(0, 1)
    key.text(0, 0.45, "0", size=SMALL, color=paper.palette.faint, va="center")
    for number, colour in enumerate(paper.palette.warmth):
        key.add_patch(Rectangle((0.8 + number * 1.1, 0), 1.0, 0.9, facecolor=colour, linewidth=0))
    end = 0.8 + len(paper.palette.warmth) * 1.1 + 0.2
    key.text(end, 0.45, paper.say(f"{most:,.1f} {unit}"), size=SMALL, color=paper.palette.faint, va="center")


# -- lying bars


def _lying(chart: Chart, paper: Paper, *, left: float, right: float, bottom: float = 0.06) -> Any:
    """Axes with a row for each name, its name above it where there is little room beside."""
    rows = len(chart.table.rows)
    row_in = ROW_IN * 1.6 if paper.is_narrow else ROW_IN
    axes = _axes(
        paper,
        rows * row_in + bottom + 0.06,
        left=0.04 if paper.is_narrow else left,
        right=right,
        top=0.06,
        bottom=bottom,
    )
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    return axes


def _name_rows(axes: Any, chart: Chart, paper: Paper, left: float) -> None:
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(axes.transAxes, axes.transData)
    width = axes.get_position().width * paper.width_in
    for row, name in enumerate(_names(chart)):
        said = paper.say(name)
        if paper.is_narrow:
            axes.text(
                0, row - 0.3, said, transform=across, size=FONT, color=paper.palette.ink, va="center", clip_on=False
            )
        else:
            axes.text(
                -left / width,
                row,
                said,
                transform=across,
                size=FONT,
                color=paper.palette.ink,
                va="center",
                clip_on=False,
            )


def _bar_place(row: int, paper: Paper) -> float:
    return row + (0.14 if paper.is_narrow else 0.0)


def _steps(chart: Chart, paper: Paper) -> Any:
    widths = values_of(chart, chart.ys[0])
    most = max(widths, default=0.0) or 1.0
    axes = _lying(chart, paper, left=NAMES_IN, right=0.6)
    height = 0.36 if paper.is_narrow else 0.62
    axes.barh(
        [_bar_place(row, paper) for row in range(len(widths))],
        widths,
        height=height,
        color=paper.palette.mark,
        linewidth=0,
    )
    axes.set_xlim(0, most)
    axes.set_xticks([])
    for row, width in enumerate(widths):
        _note_beside(axes, f"{width:,.0f}", (width, _bar_place(row, paper)), 5, paper)
    _name_rows(axes, chart, paper, NAMES_IN - 0.05)
    return axes.figure


def _note_beside(axes: Any, text: str, at: tuple[float, float], right: float, paper: Paper) -> None:
    """A word to the right of a place, so many points away."""
    axes.annotate(
        text,
        at,
        xytext=(right, 0),
        textcoords="offset points",
        va="center",
        size=FONT,
        color=paper.palette.ink,
        annotation_clip=False,
    )


def _ranges(chart: Chart, paper: Paper) -> Any:
    shares, lows, highs = (values_of(chart, key) for key in chart.ys)
    axes = _lying(chart, paper, left=NAMES_IN, right=0.72, bottom=0.3)
    axes.set_xlim(0, 1)
    _per_cent(axes.xaxis)
    axes.grid(axis="x", color=paper.palette.line, linewidth=0.7)
    axes.set_axisbelow(True)
    for row, (share, low, high) in enumerate(zip(shares, lows, highs, strict=True)):
        at = _bar_place(row, paper)
        axes.plot([low, high], [at, at], color=paper.palette.pale, linewidth=6, solid_capstyle="round")
        axes.plot([share], [at], color=paper.palette.mark, marker="o", markersize=7, linestyle="none")
        cell: Cell = chart.table.column(chart.ys[0])[row]
        _note_beside(axes, as_shown(cell, "share"), (1, at), 8, paper)
    _name_rows(axes, chart, paper, NAMES_IN - 0.05)
    return axes.figure


def _split(chart: Chart, paper: Paper) -> Any:
    """Each row a whole of 100 %, with the count in each part that has room for it; below it what the colours mean."""
    columns = [values_of(chart, key) for key in chart.ys]
    totals = [sum(column[row] for column in columns) or 1.0 for row in range(len(chart.table.rows))]
    lines = 3 if paper.is_narrow else 1
    axes = _lying(chart, paper, left=1.0, right=0.12, bottom=0.1 + 0.26 * lines)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    height = 0.42 if paper.is_narrow else 0.74
    before = [0.0] * len(totals)
    for part, column in enumerate(columns):
        shares = [count / total for count, total in zip(column, totals, strict=True)]
        places = [_bar_place(row, paper) for row in range(len(totals))]
        axes.barh(
            places,
            shares,
            height=height,
            left=before,
            color=paper.palette.parts[part],
            linewidth=0,
            label=chart.ys[part],
        )
        for row, share in enumerate(shares):
            if share * paper.width_in > 0.45:
                told = f"{column[row]:,.0f}"
                colour = paper.palette.on_parts[part]
                axes.text(before[row] + share / 2, places[row], told, size=FONT, color=colour, ha="center", va="center")
        before = [done + share for done, share in zip(before, shares, strict=True)]
    _name_rows(axes, chart, paper, 0.95)
    _legend(axes, chart, paper, lines)
    return axes.figure


def _legend(axes: Any, chart: Chart, paper: Paper, lines: int) -> None:
    from matplotlib.patches import Rectangle

    figure = axes.figure
    height = 0.26 * lines
    room = paper.width_in - 0.1
    legend = figure.add_axes(
        (0.04 / paper.width_in, 0.02, room / paper.width_in, height / figure.get_figheight()), facecolor="none"
    )
    legend.set_axis_off()
    across = -(-len(chart.ys) // lines)
    legend.set_xlim(0, room)
    legend.set_ylim(lines, 0)
    for number, key in enumerate(chart.ys):
        x, line = (number % across) * room / across, number // across
        legend.add_patch(Rectangle((x, line + 0.25), 0.16, 0.5, facecolor=paper.palette.parts[number], linewidth=0))
        label = paper.say(chart.table.head(key).label)
        legend.text(x + 0.24, line + 0.52, label, size=SMALL, color=paper.palette.faint, va="center")
