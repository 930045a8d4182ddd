"""Pictures as PNG, drawn with matplotlib's own objects: no pyplot, no window, nothing shared between threads.

They are read on phones, in light and in dark mode: large print on a white card of its own.
"""

from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import Any

from copbot.core.pictures import Heatmap, Picture

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COLOURS = "YlGnBu"  # one hue's way from pale to dark: told apart by the colour-blind and in print
INK, FAINT, CARD, MARK = "#1d1c1d", "#616061", "#ffffff", "#d1242f"
WIDTH_IN, DPI = 8.0, 150
CHARACTERS = 88  # of a line below the picture
LINE_IN = 0.24


def png(picture: Picture) -> bytes:
    """A picture as PNG, 1200 pixels wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # loaded only when one is drawn: it takes a second
    from matplotlib.figure import Figure

    lines = [line for text in picture.explained for line in wrap(plain(text), CHARACTERS)]
    below_in = 0.35 + LINE_IN * len(lines)
    strip_in = 0.55 if picture.strip is not None else 0.0
    height_in = 0.75 + 3.0 + strip_in + 0.45 + below_in
    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor=CARD)
    FigureCanvasAgg(figure)
    figure.text(0.02, 1 - 0.3 / height_in, plain(picture.title), size=15, weight="bold", color=INK, va="center")
    top = 1 - 0.75 / height_in
    axes = figure.add_axes((0.085, top - 3.0 / height_in, 0.8, 3.0 / height_in))
    _week(figure, axes, picture, has_strip=picture.strip is not None)
    if picture.strip is not None:
        below = top - (3.0 + strip_in) / height_in
        _strip(figure.add_axes((0.085, below, 0.8, 0.4 / height_in)), picture.strip, picture.strip_label)
    for number, line in enumerate(lines):
        figure.text(0.02, (below_in - 0.3 - LINE_IN * number) / height_in, line, size=11, color=INK, va="center")
    out = BytesIO()
    figure.savefig(out, format="png", facecolor=CARD, metadata={"Software": None, "Description": plain(picture.alt)})
    return out.getvalue()


def _week(figure: Any, axes: Any, picture: Heatmap, *, has_strip: bool) -> None:
    top = max(max(day) for day in picture.table) or 1.0
    image = axes.imshow(picture.table, cmap=COLOURS, vmin=0, vmax=top, aspect="auto")
    axes.set_yticks(range(7), DAYS, size=12, color=INK)
    _hours(axes, labelled=not has_strip)
    if picture.marked is not None:
        from matplotlib.patches import Rectangle

        day, hour = picture.marked
        axes.add_patch(Rectangle((hour - 0.5, day - 0.5), 1, 1, fill=False, edgecolor=MARK, linewidth=3))
    place = axes.get_position()
    bar = figure.colorbar(image, cax=figure.add_axes((0.905, place.y0, 0.018, place.height)))
    bar.set_label(picture.unit, size=10, color=FAINT)
    bar.ax.tick_params(labelsize=10, colors=FAINT)
    bar.outline.set_visible(False)


def _strip(axes: Any, shares: Sequence[float], label: str) -> None:
    axes.imshow([list(shares)], cmap="Greys", vmin=0, vmax=1.3, aspect="auto")
    for hour, share in enumerate(shares):
        axes.text(
            hour, 0, f"{round(100 * share)}", ha="center", va="center", size=8, color=INK if share < 0.7 else CARD
        )
    axes.set_yticks([0], [label], size=10, color=INK)
    _hours(axes, labelled=True)


def _hours(axes: Any, *, labelled: bool) -> None:
    axes.set_xticks(range(0, 24, 2), [f"{hour:02}" for hour in range(0, 24, 2)] if labelled else [], size=12, color=INK)
    axes.tick_params(length=0)
    axes.set_xticks([hour - 0.5 for hour in range(1, 24)], minor=True)
    axes.grid(which="minor", color=CARD, linewidth=1)
    axes.tick_params(which="minor", length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def plain(text: str) -> str:
    """What the font at hand can show; a dollar sign would begin a formula."""
    return "".join(letter if letter.isascii() or letter in "äöüÄÖÜßéèêàçñ…·–" else "?" for letter in text).replace(
        "$", r"\$"
    )
