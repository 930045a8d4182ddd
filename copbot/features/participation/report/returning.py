"""Retention: who comes back from one month to the next (definitions: stats retention). Pure."""

from collections.abc import Sequence

from copbot.core.intervals import wilson
from copbot.core.months import Month
from copbot.core.report import Asked, Cell, Chart, Column, Section, Table
from copbot.features.participation.report.material import Material

FEWEST_MONTHS = 3
"""Of a line over time."""


def section(material: Material, asked: Asked) -> Section | None:
    """Each row is a month in which people wrote, and those of them who wrote in the next one; of a running month nobody knows yet."""
    known = len(material.months) - (2 if asked.is_running else 1)
    rows = _rows([month for month, _, _ in material.months[:known]], material.returning[:known])
    if len(rows) < FEWEST_MONTHS:
        return None
    columns = (
        Column("month", "Wrote in", "text"),
        Column("active", "People"),
        Column("returned", "Wrote in the next month"),
        Column("rate", "Share", "share"),
        Column("low", "From", "share"),
        Column("high", "To", "share"),
    )
    last = rows[-1]
    chart = Chart(
        kind="trend",
        title="Who wrote again in the month after",
        alt=(
            f"Of those who wrote in each month, the share that wrote again in the next, with intervals. Last: {last[2]:,} of {last[1]:,}."
        ),
        table=Table("retention", "Coming back", columns, tuple(rows)),
        x="month",
        ys=("rate", "low", "high"),
        unit="wrote again",
    )
    text = "Of those who wrote in a month, the share that wrote again in the next, with its 95 % interval."
    return Section("retention", "Coming back", (text,), charts=(chart,))


def _rows(months: Sequence[Month], returning: Sequence[tuple[int, int]]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for month, (wrote, again) in zip(months, returning, strict=True):
        interval = wilson(again, wrote)
        if interval is not None:
            rows.append((month.key, wrote, again, again / wrote, *interval))
    return rows
