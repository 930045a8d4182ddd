"""Backups: one file each, made beside a running bot, looked through before it is called one."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from copbot.adapters.store.engine import NO_ADDRESS, NO_FILE
from copbot.adapters.store.server_backup import copy_server
from copbot.adapters.store.sqlite_files import Contents, Progress, copy_database, in_bytes, remove, settle_name
from copbot.core.errors import Mistake

UNFINISHED = ".unfinished"
"""What a backup's name ends with until it is one."""

ROOM = 1.1
"""Free room that is asked for, in sizes of the database."""

_NIGHTLY = re.compile(r"copbot-(\d{8}T\d{6})Z\.db")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Backup:
    file: Path
    made: datetime
    size: int  # bytes


def sqlite_file(database_url: str) -> Path | None:
    """The file of a SQLite database; None for a database on a server. Raises Mistake where the address names neither."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Mistake(NO_ADDRESS) from None
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in {None, "", ":memory:"}:
        raise Mistake(NO_FILE)
    return Path(str(url.database))


def back_up(database_url: str, target: Path, progress: Progress, *, force: bool = False) -> Contents:
    """Copy the database to a file, consistently, while a bot may go on writing. Nothing has the file's name before it is whole.

    From PostgreSQL the same kind of file is made: a SQLite database with the same rows, which `copbot restore` takes back into either.
    Raises Mistake when the file is there already and ``force`` is not set, when there is no room, or the database cannot be read.
    """
    source = sqlite_file(database_url)
    _look_at_target(source, target, force=force)
    made = target.with_name(target.name + UNFINISHED)
    remove(made)
    try:
        if source is None:
            contents = copy_server(database_url, made, progress)
        else:
            _look_for_room(source, target.parent)
            contents = copy_database(source, made, progress)
        settle_name(made, target)
    except BaseException:
        remove(made)
        raise
    return contents


def _look_at_target(source: Path | None, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise Mistake(f"{target} is a folder: name a file in it, such as {target / 'copbot-backup.db'}")
    if not target.parent.is_dir():
        raise Mistake(f"there is no folder {target.parent}: make it, or name another place")
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise Mistake(f"{target} is the database itself: name another file")
    if target.exists() and not force:
        raise Mistake(f"{target} is there already: name another file, or write over it with --force")
    if not os.access(target.parent, os.W_OK):
        raise Mistake(f"{target.parent} cannot be written to: name a place that can")


def _look_for_room(source: Path, folder: Path) -> None:
    log = source.with_name(source.name + "-wal")
    size = source.stat().st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(folder).free
    if free < size * ROOM:
        raise Mistake(f"{folder} has room for {in_bytes(free)}, and {in_bytes(int(size * ROOM))} are needed: make room")


# -- several in a folder


def nightly_name(now: datetime) -> str:
    return f"copbot-{now.astimezone(UTC):{_STAMP}}Z.db"


def backups_in(folder: Path) -> Sequence[Backup]:
    """The nightly backups of a folder, the oldest first; files of other names are nobody's business here."""
    if not folder.is_dir():
        return ()
    found = []
    for file in folder.iterdir():
        if match := _NIGHTLY.fullmatch(file.name):
            made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(file, made, file.stat().st_size))
    return sorted(found, key=lambda backup: backup.made)


def back_up_nightly(database_url: str, folder: Path, keep: int, now: datetime, progress: Progress) -> Contents:
    """A backup in a folder, which is made where there is none, and the oldest of more than ``keep`` removed. Only after the new one was
    found whole: the last good one is never removed for one that failed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    contents = back_up(database_url, folder / nightly_name(now), progress, force=True)
    made = [backup for backup in backups_in(folder) if backup.made <= now]
    for backup in made[: max(0, len(made) - max(keep, 1))]:
        remove(backup.file)
    for left in folder.glob(f"copbot-*Z.db{UNFINISHED}"):  # of a process that was killed at it
        remove(left)
    return contents
