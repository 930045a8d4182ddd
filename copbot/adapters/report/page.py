"""A report as one page of HTML that holds all it needs: it asks nothing of any network, and runs no script."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from copbot.adapters.report.colours import DARK, LIGHT
from copbot.adapters.report.svg import svg
from copbot.core.report import Cell, Chart, Column, KeyFigure, Report, Table, as_shown, change_in_words

ARROWS = {"up": "↑", "down": "↓", "same": "→", "unknown": ""}


def page(report: Report) -> str:
    """The whole document."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "chart": lambda chart: _charts(report, chart),
        "cell": _cell,
        "classes": _classes,
        "whole": lambda text: text.replace(" %", "\u00a0%"),
        "arrow": lambda figure: ARROWS[figure.direction],
        "change": change_in_words,
        "interval": interval_in_words,
        "light": LIGHT.variables(),
        "dark": DARK.variables(),
    }
    return environment.get_template("report.html.j2").render(report=report, part=report.part, asked=report.asked)


def _charts(report: Report, chart: Chart) -> dict[str, Any]:
    """The same chart for wide and for narrow pages; only one of them is shown."""
    number = report.charts.index(chart)
    return {
        "wide": Markup(svg(chart, narrow=False, prefix=f"w{number}")),  # noqa: S704 - texts in it are escaped there
        "narrow": Markup(svg(chart, narrow=True, prefix=f"n{number}")),  # noqa: S704
    }


def _classes(column: Column) -> Markup:
    """Numbers stand to the right; what is extra is left out where there is little room."""
    names = [*(["number"] if column.shown != "text" else []), *(["extra"] if column.is_extra else [])]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup("")


def _cell(table: Table, row: tuple[Cell, ...], number: int) -> str:
    return as_shown(row[number], table.columns[number].shown)


def interval_in_words(figure: KeyFigure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    decimals = 0 if figure.high >= 0.1 else 1
    return f"95 % interval: {100 * figure.low:.{decimals}f} to {100 * figure.high:.{decimals}f} %"
