"""A report's charts as one picture for Slack: one below the other, in large print, on a white card as all pictures there."""

from io import BytesIO
from typing import Any

from copbot.adapters.pictures import plain
from copbot.adapters.report.colours import LIGHT
from copbot.adapters.report.drawing import FONT, Paper, drawn
from copbot.core.report import Chart, Report

WIDTH_IN = 4.6
DPI = 240
MARGIN_IN = 0.16
TITLE_IN = 0.42
SHOWN = ("columns", "week", "split")
"""The kinds of charts whose words are the program's own: the fonts at hand may not know the letters of a channel's name."""


def charts_shown(report: Report) -> tuple[Chart, ...]:
    return tuple(chart for chart in report.charts if chart.kind in SHOWN)


def overview(report: Report) -> bytes:
    """As PNG, some 1,100 pixels wide. Raises ValueError for a report without such charts."""
    import numpy
    from matplotlib.image import imsave

    strips = []
    for chart in charts_shown(report):
        figure = drawn(chart, Paper(WIDTH_IN - 2 * MARGIN_IN, LIGHT, plain))
        strips += [_title(chart.title), _pixels(figure)]
    whole = numpy.vstack(strips)
    margin = round(MARGIN_IN * DPI)
    card = numpy.full((whole.shape[0] + 2 * margin, whole.shape[1] + 2 * margin, 3), 255, dtype=numpy.uint8)
    card[margin:-margin, margin:-margin] = whole
    out = BytesIO()
    imsave(out, card, format="png")
    return out.getvalue()


def _title(text: str) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN - 2 * MARGIN_IN, TITLE_IN), facecolor=LIGHT.surface)
    figure.text(0.01, 0.42, plain(text), size=FONT, weight="bold", color=LIGHT.ink, va="center")
    return _pixels(figure)


def _pixels(figure: Any) -> Any:
    import numpy
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(DPI)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return numpy.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def in_words(report: Report) -> str:
    """The same for whoever does not see it."""
    return " ".join(chart.alt for chart in charts_shown(report))
