"""Backups of a database on a server: the same kind of file as those of a SQLite database, with the same rows.

So one kind of backup serves both, is read through before it is called one, and may be put back into either: no client program of the
server's own version is needed beside copbot.
"""

import tempfile
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from copbot.adapters.store.after_restore import mark_restored
from copbot.adapters.store.engine import PATIENCE, open_engine, reading
from copbot.adapters.store.moving import carry_over, figures_of, rows_in
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.schema import WAIT_FOR_OTHERS_MS, build_schema, migrate, revision_of
from copbot.adapters.store.sqlite_files import Contents, Progress, copy_database, look_through, one_file_alone
from copbot.core.errors import Mistake


def copy_server(database_url: str, target: Path, progress: Progress) -> Contents:
    """Copy all rows as they are at one moment to a SQLite file that is not there yet, while others write. Raises Mistake when the
    database is of another version than this program, or cannot be read."""
    source = open_engine(database_url)
    copy = open_engine(f"sqlite:///{target}")
    try:
        _refuse_other_versions(revision_of(source))
        with reading(source.connect()) as old, copy.begin() as new:
            _carry(old, new, lambda share: progress(share * 0.8))
    except DBAPIError as failed:
        raise Mistake(f"DATABASE_URL: the database cannot be read ({_first_line(failed)})") from None
    finally:
        source.dispose()
        copy.dispose()
    one_file_alone(target)
    return look_through(target, lambda _share: progress(0.9))


def restore_server(backup: Path, database_url: str, now_us: int, progress: Progress) -> Contents:
    """Carry a backup's rows over into an empty database on a server, in one transaction. Raises Mistake when it is not empty."""
    with tempfile.TemporaryDirectory(prefix="copbot-restore-") as folder:
        copy = Path(folder) / "copbot.db"
        contents = copy_database(backup, copy, lambda share: progress(share * 0.3))
        source = open_engine(f"sqlite:///{copy}")
        target = open_engine(database_url).execution_options(**{PATIENCE: WAIT_FOR_OTHERS_MS})
        try:
            migrate(source, keeps_copy=False)
            with reading(source.connect()) as old, target.begin() as new:
                if inspect(new).get_table_names():
                    raise Mistake(
                        "DATABASE_URL: this database on a server is not empty, and nothing in it is replaced: make an empty one "
                        "(createdb), name it in DATABASE_URL, and restore into that"
                    )
                _carry(old, new, lambda share: progress(0.3 + share * 0.65))
                mark_restored(new, now_us)
        except DBAPIError as failed:
            raise Mistake(
                f"DATABASE_URL: the database cannot be written ({_first_line(failed)}): nothing was restored"
            ) from None
        finally:
            source.dispose()
            target.dispose()
    progress(1.0)
    return contents


def _carry(source: Connection, target: Connection, progress: Progress) -> None:
    build_schema(target)
    expected = max(1, rows_in(source))
    carry_over(source, target, lambda done: progress(min(1.0, done / expected)))
    if figures_of(source) != figures_of(target):
        raise Mistake("the copy does not hold what the database holds: try again, and look at the disks of both")


def _refuse_other_versions(found: str | None) -> None:
    if found != known_revisions()[-1]:
        raise Mistake(
            f"DATABASE_URL: the database is of version {found or 'none'}, this program's is {known_revisions()[-1]}: "
            "make the backup with the program that it belongs to, or `copbot upgrade` it first"
        )


def _first_line(failed: DBAPIError) -> str:
    return (str(failed.orig).strip().splitlines() or [type(failed.orig).__name__])[0]
