"""A report as files: the page, and each table as CSV beside it. As JSON, the same values in one document."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

from copbot.adapters.out_folder import writing_to
from copbot.adapters.report.page import page
from copbot.core.report import Cell, KeyFigure, Report, Table, change_in_words
from copbot.core.spreadsheet import inert

FIGURES = ("key", "label", "now", "before", "low", "high", "direction", "is_clear", "change", "test")


def write(report: Report, folder: Path) -> list[Path]:
    """Write the page and the tables into a folder, in the place of what an earlier report of the month left there.

    Raises Mistake when it cannot be written to.
    """
    stem = f"{report.asked.community.id}-{report.asked.month.key}"
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written = [folder / f"{stem}.html"]
        written[0].write_text(page(report), encoding="utf-8")
        for name, text in csv_files(report).items():
            written.append(folder / f"{stem}-{name}.csv")
            written[-1].write_text(text, encoding="utf-8", newline="")
        for left in set(folder.glob(f"{stem}-*.csv")) - set(written):  # names above all: the folder may be forwarded
            left.unlink()
    return written


def csv_files(report: Report) -> dict[str, str]:
    """Name -> content: ``figures``, and each table under its own name."""
    figures = [[_csv(row[key]) for key in FIGURES] for row in map(figure_document, report.figures)]
    files = {"figures": _csv_text(list(FIGURES), figures)}
    for table in report.tables:
        head = [column.key for column in table.columns]
        files[table.name] = _csv_text(head, [[_csv(cell) for cell in row] for row in table.rows])
    return files


def _csv_text(head: list[str], rows: list[list[Any]]) -> str:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def _csv(cell: Cell) -> Cell:
    """Nothing where there is no value; text that is no formula."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    return round(cell, 6) if isinstance(cell, float) else cell


def figure_document(figure: KeyFigure) -> dict[str, Any]:
    values = {key: getattr(figure, key) for key in FIGURES if key != "change"}
    return values | {"change": change_in_words(figure)}


def document(report: Report) -> dict[str, Any]:
    """The report as one JSON document (docs/report.md)."""
    asked = report.asked
    return {
        "community": asked.community.id,
        "name": asked.community.name,
        "month": asked.month.key,
        "is_running": asked.is_running,
        "timezone": asked.zone.key,
        "channels": [asked.channel_names.get(channel, channel) for channel in asked.channels],
        "sentences": list(report.part.sentences),
        "figures": {figure.key: figure_document(figure) for figure in report.figures},
        "tables": {table.name: _rows(table) for table in report.tables},
    }


def _rows(table: Table) -> list[dict[str, Cell]]:
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]
