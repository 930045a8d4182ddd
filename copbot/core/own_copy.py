"""A person's own copy of everything that is stored about them: one JSON document, and a CSV file for each table, in a zip file.

For the person in their direct messages, and for the operator on the command line: the same, so it stands here. Times are UTC, as
ISO 8601; people and channels are Slack's IDs.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from copbot.core.ports import Context
from copbot.core.spreadsheet import inert
from copbot.core.time import from_us

Stored = Mapping[str, Sequence[Mapping[str, Any]]]

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""A zip file's earliest time: the entries carry no other, so that the same data give the same file."""


def document(user: str, stored: Stored, now: datetime) -> dict[str, Any]:
    """All that is stored, as one JSON document."""
    tables = {table: [_readable(row) for row in rows] for table, rows in sorted(stored.items())}
    return {"user": user, "stored_at": now.isoformat(), "tables": tables}


def csv_files(stored: Stored) -> dict[str, str]:
    """File name -> content, a file for each table."""
    return {f"{table}.csv": _csv([_readable(row) for row in rows]) for table, rows in sorted(stored.items())}


def archive(user: str, stored: Stored, now: datetime) -> bytes:
    """Both in one zip file."""
    files = {f"{user}.json": as_json(document(user, stored, now)), **csv_files(stored)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def archive_of(ctx: Context, user: str) -> bytes:
    """A person's copy as of now, read in a transaction of its own: it may take a while."""
    with ctx.store.read() as tx:
        stored = tx.privacy.stored(user)
    return archive(user, stored, ctx.clock.now())


def as_json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its instants as people and programs read them: a column ``…_us`` becomes ``…_at``."""
    return {(f"{name[:-3]}_at" if name.endswith("_us") else name): _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if not name.endswith("_us"):
        return value
    if isinstance(value, list):
        return [_value(name, one) for one in value]
    # 0 stands for "never" where the column knows no other way.
    return from_us(value).isoformat() if isinstance(value, int) and value > 0 else None


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return written.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
