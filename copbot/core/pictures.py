"""Pictures as plain values: what is to be seen. ``adapters/pictures.py`` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heatmap:
    """A week by weekday (Monday first) and hour. ``alt`` says the same in words, for whoever does not see it.

    ``marked``: the weekday and hour that stand out. ``strip``: a share from 0 to 1 for each hour, shown below, with its own label.
    """

    title: str
    explained: Sequence[str]
    table: Sequence[Sequence[float]]
    unit: str
    alt: str
    marked: tuple[int, int] | None = None
    strip: Sequence[float] | None = None
    strip_label: str = ""
    name: str = "heatmap"
    """Of the file, without its ending."""


Picture = Heatmap
