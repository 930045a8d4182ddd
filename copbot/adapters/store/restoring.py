"""Putting a backup in the database's place, with what was there kept beside it."""

import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from copbot.adapters.store.after_restore import forget_again, mark_restored
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.schema import migrate
from copbot.adapters.store.sqlite_files import (
    SIDE_FILES,
    Contents,
    Progress,
    alone_with,
    copy_database,
    look_through,
    one_file_alone,
    remove,
    settle_name,
    side_file,
    workspace_in,
)
from copbot.core.errors import Mistake
from copbot.core.time import to_us

UNFINISHED = ".restoring"


@dataclass(frozen=True)
class Restored:
    """``contents``: of the backup. ``kept``: where the database that stood there is now; None when there was none. ``forgotten``: how many
    people were forgotten again, who had been forgotten in that one; None where that is not known."""

    contents: Contents
    kept: Path | None
    forgotten: int | None = None


def fit_to_restore(backup: Path, progress: Progress = lambda _share: None) -> Contents:
    """What a backup holds, once it was found whole and one that this program can use. Raises Mistake with what to do instead."""
    contents = look_through(backup, progress)
    if contents.revision not in known_revisions():
        raise Mistake(
            f"{backup} was made by a newer copbot (its version is {contents.revision or 'unknown'}, this one's {known_revisions()[-1]}): "
            "upgrade copbot first, or take an older backup"
        )
    return contents


def restore_file(backup: Path, database: Path, now: datetime, progress: Progress, *, force: bool) -> Restored:
    """Put a backup in the place of a SQLite database: whole or not at all. With ``force`` also where there is one, which is kept beside it.

    What it will do stands in the refusal without ``force``. Raises Mistake when the backup is not fit, a database is there and ``force`` is
    not set, it is another workspace's, or a process has it open.
    """
    if database.is_symlink():  # which stays one, and the data stay on their disk
        database = database.resolve()
    holds = fit_to_restore(backup, lambda share: progress(share * 0.3))
    if database.exists() and database.samefile(backup):
        raise Mistake(f"{backup} is the database itself: name a backup of it")
    if not database.parent.is_dir():
        raise Mistake(f"DATABASE_URL: there is no folder {database.parent}: make it, or name another place")
    if database.exists() and not force:
        becomes = (
            f" It would be brought from version {holds.revision} to {known_revisions()[-1]}." if holds.is_older else ""
        )
        raise Mistake(
            f"there is a database {database} already: put the backup in its place with --force; it is kept beside.{becomes}"
        )
    if database.exists():
        _refuse_another_workspaces(backup, database)
        with alone_with(database):
            pass  # told before the work, and made sure of at its end
    made = side_file(database, UNFINISHED)
    remove(made)
    try:
        contents = copy_database(backup, made, lambda share: progress(0.3 + share * 0.5))
        forgotten = _told(made, database, to_us(now))
        with alone_with(database) if database.exists() else nullcontext():
            _same_owner(made, database)
            kept = _put_aside(database, now)
            settle_name(made, database)
    except BaseException:
        remove(made)
        raise
    progress(1.0)
    return Restored(contents, kept, forgotten)


def _refuse_another_workspaces(backup: Path, database: Path) -> None:
    """A wrong file is easily named: the bot would not start on it, and whoever looks for the data would not find them."""
    theirs, ours = workspace_in(backup), workspace_in(database)
    if theirs and ours and theirs != ours:
        raise Mistake(
            f"{backup} is of workspace {theirs}, the database {database} of {ours}: name a backup of that one, or another DATABASE_URL"
        )


def _same_owner(made: Path, database: Path) -> None:
    """Where the superuser puts it back, who runs the bot can still open it."""
    if os.geteuid() == 0:
        there = (database if database.exists() else database.parent).stat()
        os.chown(made, there.st_uid, there.st_gid)


def _told(made: Path, replaced: Path, now_us: int) -> int | None:
    """Bring a copy of a backup to this program's version, and tell it what came after it."""
    engine = open_engine(f"sqlite:///{made}")
    try:
        migrate(engine, keeps_copy=False)
        with engine.begin() as connection:
            mark_restored(connection, now_us)
        forgotten = _forgotten_again(engine, replaced, now_us)
    finally:
        engine.dispose()
    one_file_alone(made)
    return forgotten


def _forgotten_again(restored: Engine, replaced: Path, now_us: int) -> int | None:
    if not replaced.exists():
        return None
    try:
        before = open_engine(f"sqlite:///{replaced}")
    except Mistake:  # it is no database any more
        return None
    try:
        return forget_again(restored, before, now_us)
    finally:
        before.dispose()


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Give what is there another name, with what SQLite keeps beside it: together they are what can still be read of it. It keeps its own
    name too until the backup takes it, so that at no moment a start finds nothing and makes a new database."""
    if not database.exists():
        for kind in SIDE_FILES:  # of a database that was removed by hand: they would be taken for the new one's
            side_file(database, kind).unlink(missing_ok=True)
        return None
    kept = _free_name(side_file(database, f".before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"))
    for kind in SIDE_FILES:
        if side_file(database, kind).exists():
            side_file(database, kind).rename(side_file(kept, kind))
    try:
        kept.hardlink_to(database)
    except OSError:  # a file system that knows no second name
        database.rename(kept)
    return kept


def _free_name(name: Path) -> Path:
    """The name, or where two restores fell into one second the next that is free: none takes the place of what was kept."""
    number = 1
    found = name
    while found.exists():
        number += 1
        found = name.with_name(f"{name.name}-{number}")
    return found
