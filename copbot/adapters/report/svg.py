"""A chart as SVG for a page: its colours are the page's own, so that it suits light and dark, and its texts are texts, in any script.

matplotlib measures and writes place-holders: a colour that stands for a variable, letters that stand for a text. What was meant is put
in afterwards, so that no font has to be at hand, and nothing that a person wrote is taken for a formula.
"""

import re
import threading
from html import escape
from io import StringIO

from copbot.adapters.report.colours import LIGHT, placeholders
from copbot.adapters.report.drawing import Paper, drawn
from copbot.core.mrkdwn import shorten
from copbot.core.report import Chart

WIDE_IN, NARROW_IN = 9.4, 4.4
LONGEST, LONGEST_NARROW = 27, 40
"""Characters of a text within a chart; the table has all of it. A narrow one has it above the row."""

_drawing = threading.Lock()
"""matplotlib's settings are one for all threads."""


def svg(chart: Chart, *, narrow: bool, prefix: str) -> str:
    """An ``<svg>`` element without a name of its own; ids in it begin with ``prefix``."""
    import matplotlib

    texts: list[str] = []

    def say(text: str) -> str:
        texts.append(shorten(text, LONGEST_NARROW if narrow else LONGEST))
        return f"qq{len(texts) - 1:03}qq"

    out = StringIO()
    with _drawing, matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        figure = drawn(chart, Paper(NARROW_IN if narrow else WIDE_IN, placeholders(), say))
        figure.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _cleaned(out.getvalue(), texts, prefix)


def _cleaned(drawing: str, texts: list[str], prefix: str) -> str:
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style[^>]*>.*?</style>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*"', r"\1", drawing)
    drawing = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*"', r"\1", drawing)
    drawing = re.sub(r' (?:xmlns:xlink|version)="[^"]*"', "", drawing).replace("xlink:href", "href")
    drawing = re.sub(r'<g id="[^"]*">', "<g>", drawing)
    drawing = re.sub(r'(id="|url\(#|href="#)(\w+)', rf"\1{prefix}-\2", drawing)
    drawing = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", drawing)
    drawing = re.sub(r"(?<=\d\.\d\d)\d+", "", drawing)  # a hundredth of a pixel is enough
    for name, colour in _variables().items():
        drawing = drawing.replace(colour, f"var(--{name})")
    drawing = re.sub(r"qq(\d{3})qq", lambda found: escape(texts[int(found[1])], quote=False), drawing)
    return re.sub(r">\s+<", "><", drawing).strip()


def _variables() -> dict[str, str]:
    standing = placeholders().variables()
    return {name: standing[name] for name in LIGHT.variables()}
