"""Databases that released versions of copbot made: a history taken in by that version, and a row in every table that it had."""

import gzip
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fixtures/databases"

RELEASED = ("0001", "0002", "0004")
"""By the migration that they had come to. What came between two of them (0003) was in no release."""


def put(version: str, file: Path) -> None:
    """A copy of that version's database."""
    file.write_bytes(gzip.decompress((FOLDER / f"{version}.db.gz").read_bytes()))
    file.chmod(0o600)


def figures(version: str) -> dict[str, Any]:
    """What `copbot stats … --json --until 2026-11-20 --timezone Asia/Bangkok` of that version said of it."""
    found: dict[str, Any] = json.loads((FOLDER / f"{version}.json").read_text())
    return found
