"""The copy of a SQLite database that is kept before it is brought to a newer version."""

import logging
import re
import shutil
from pathlib import Path

from copbot.adapters.store.sqlite_files import SIDE_FILES, copy_database, in_bytes, remove, settle_name, side_file
from copbot.core.errors import Mistake

log = logging.getLogger(__name__)

KEPT = 3
"""Versions of which the copy stays beside the database."""

ROOM = 2.2
"""Free room that is asked for, in sizes of the database: the copy, and what the migration writes anew."""


def copy_of(database: Path, revision: str) -> Path:
    """Where the copy of a database of that version is kept: beside it. The next upgrade from there takes its place."""
    return side_file(database, f".version-{revision}")


def keep_copy(database: Path, revision: str) -> Path:
    """Copy a database that may be in use, look the copy through, and remove those of versions long past. Returns where it is.

    Raises Mistake when there is no room for it, or the database is damaged: then nothing was changed.
    """
    size = sum(file.stat().st_size for file in (database, side_file(database, SIDE_FILES[0])) if file.exists())
    free = shutil.disk_usage(database.parent).free
    if free < size * ROOM:
        raise Mistake(
            f"{database} wants to be brought to this version, and a copy of it kept first: make {in_bytes(int(size * ROOM))} of room in "
            f"{database.absolute().parent} ({in_bytes(free)} are free), or run `copbot upgrade --without-copy` once you have a backup"
        )
    kept = copy_of(database, revision)
    made = side_file(kept, ".unfinished")
    remove(made)
    copy_database(database, made, lambda _share: None)
    settle_name(made, kept)
    log.info("a copy of the database as it was is kept as %s", kept)
    for older in _copies(database)[:-KEPT]:
        remove(older)
    return kept


def _copies(database: Path) -> list[Path]:
    name = re.compile(re.escape(database.name) + r"\.version-[0-9]+")
    return sorted(file for file in database.absolute().parent.iterdir() if name.fullmatch(file.name))
