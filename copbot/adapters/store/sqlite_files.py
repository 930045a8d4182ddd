"""SQLite files as wholes: copied while they are in use, and looked through before they are trusted."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from copbot.adapters.store.revisions import known_revisions
from copbot.core.errors import Mistake

STEP_PAGES = 1024
"""Pages copied at a time, 4 MB: between two such steps it can be stopped, and others get at the disk."""

WAIT_S = 30.0
"""Seconds that a copy waits for a writer that lets nobody read."""

SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database that is in use."""

OWNER_ALONE = 0o600

Progress = Callable[[float], None]
"""Told the share done, from 0 to 1, between two steps. What it raises ends the work, and what was made so far is removed."""


@dataclass(frozen=True)
class Contents:
    """What a database of copbot's holds: the migration that it has come to, and the rows of each table."""

    revision: str
    rows: Mapping[str, int]
    size: int  # bytes
    workspace: str = ""

    @property
    def is_older(self) -> bool:
        return self.revision != known_revisions()[-1]


def copy_database(source: Path, target: Path, progress: Progress) -> Contents:
    """Copy a database, also one that is written to meanwhile, to a file that is not there yet: whole, as it was at one instant, on the
    disk, its owner's alone, and looked through.

    Writers do not wait for it: in WAL mode a reader keeps the instant at which it began (a copy in steps without that would begin
    anew with each write in between). Raises Mistake when either is damaged or none of copbot's, or there is no room.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
    try:
        with opened(source, progress) as origin:
            origin.execute("BEGIN")
            expected = contents_of(origin, source)
            _copy_pages(origin, target, lambda share: progress(share * 0.8))
        found = look_through(target, progress=lambda share: progress(0.8 + share * 0.2))
        if (found.revision, found.rows) != (expected.revision, expected.rows):
            raise Mistake(f"{target} does not hold what {source} holds: try again, and look at the disk that it is on")
        _to_the_disk(target)
    except BaseException:
        remove(target)
        raise
    return found


def _copy_pages(origin: sqlite3.Connection, target: Path, progress: Progress) -> None:
    def step(_status: int, remaining: int, total: int) -> None:
        progress(1 - remaining / max(total, 1))

    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # A crash of the machine meanwhile costs nothing: it is written to the disk as a whole before it has its name.
        copy.execute("PRAGMA synchronous=OFF")
        try:
            origin.backup(copy, pages=STEP_PAGES, progress=step)
        except sqlite3.OperationalError as failed:
            raise Mistake(f"{target} cannot be written ({failed}): make room, or choose another place") from None
        # One file alone, without a log beside it that a person would forget to copy.
        copy.execute("PRAGMA journal_mode=DELETE")


def look_through(file: Path, progress: Progress = lambda _share: None) -> Contents:
    """What a file holds, once all of it was read and found whole. Raises Mistake when it is damaged or no database of copbot's."""
    with opened(file, progress) as connection:
        found = [str(row[0]) for row in _asked(connection, file, "PRAGMA quick_check(3)")]
        if found != ["ok"]:
            raise Mistake(f"{file} is damaged ({found[0]}): take an older backup")
        contents = contents_of(connection, file)
        progress(1.0)
        return contents


def contents_of(connection: sqlite3.Connection, file: Path) -> Contents:
    """The same without looking at every page. Raises Mistake when it is no database of copbot's."""
    names = {str(row[0]) for row in _asked(connection, file, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "team"} <= names:
        raise Mistake(f"{file} is no database of copbot's: name one that `copbot backup` made")
    revision = _asked(connection, file, "SELECT version_num FROM alembic_version")
    workspace = _asked(connection, file, "SELECT name FROM team ORDER BY id LIMIT 1")
    # the index of words keeps tables of its own, whose rows are no facts
    own = sorted(name for name in names if not name.startswith(("sqlite_", "memory_words")))
    rows = {name: _number(connection, file, f'SELECT count(*) FROM "{name}"') for name in own}  # noqa: S608
    size = _number(connection, file, "PRAGMA page_count") * _number(connection, file, "PRAGMA page_size")
    return Contents(str(revision[0][0]) if revision else "", rows, size, str(workspace[0][0]) if workspace else "")


def workspace_in(file: Path) -> str | None:
    """Slack's ID of the workspace that a database of copbot's belongs to; None before the first connection, and where it cannot be read."""
    try:
        with opened(file) as connection:
            found = connection.execute("SELECT slack_id FROM team ORDER BY id LIMIT 1").fetchone()
    except (Mistake, sqlite3.Error):
        return None
    return None if found is None or found[0] is None else str(found[0])


def _number(connection: sqlite3.Connection, file: Path, question: str) -> int:
    return int(str(_asked(connection, file, question)[0][0]))


def _asked(connection: sqlite3.Connection, file: Path, question: str) -> list[tuple[object, ...]]:
    try:
        return connection.execute(question).fetchall()
    except sqlite3.OperationalError as refused:
        if isinstance(connection, _Watched) and connection.stop is not None:
            raise connection.stop from None
        raise Mistake(f"{file} cannot be read ({refused}): check the rights of the file and its folder") from None
    except sqlite3.DatabaseError as damaged:
        if "not a database" in str(damaged):
            raise Mistake(f"{file} is no database of copbot's: name one that `copbot backup` made") from None
        raise Mistake(f"{file} is damaged ({damaged}): take an older backup") from None


class _Watched(sqlite3.Connection):
    """A connection whose long questions can be ended: ``stop`` is what ended one."""

    stop: BaseException | None = None

    def watch(self, progress: Progress) -> None:
        def look() -> int:
            try:
                progress(0.0)
            except BaseException as stop:  # noqa: BLE001 SQLite swallows it, and ends the question: it is raised again from there
                self.stop = stop
                return 1
            return 0

        self.set_progress_handler(look, 1_000_000)


@contextmanager
def opened(file: Path, progress: Progress = lambda _share: None) -> Iterator[sqlite3.Connection]:
    """A connection to a file that is there. Raises Mistake when it is not, or cannot be read.

    The file is opened by SQLite alone: whoever else opens it and closes it again lets go of all locks that this process holds on it
    (POSIX), and the bot makes its nightly backup in the process that works on the file.
    """
    if not file.is_file():
        reason = "it is no file" if file.exists() else "No such file or directory"
        raise Mistake(f"{file} cannot be read ({reason}): name a file that `copbot backup` made")
    # Where nothing may be written, as on a medium that cannot be changed, SQLite must be told that nobody else writes either.
    mode = "mode=rw" if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK) else "mode=ro&immutable=1"
    address = f"file:{quote(str(file.absolute()))}?{mode}"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT_S, factory=_Watched)
    except sqlite3.OperationalError as refused:
        raise Mistake(f"{file} cannot be read ({refused}): check the rights of the file and its folder") from None
    connection.watch(progress)
    with closing(connection):
        yield connection


@contextmanager
def alone_with(database: Path) -> Iterator[None]:
    """Hold a database alone. Raises Mistake when a process has it open: each connection keeps SQLite from leaving its log mode."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as refused:
            if "locked" in str(refused):
                raise Mistake(
                    f"{database} is in use: stop `copbot run` and whatever else has it open, then try again"
                ) from None
        except sqlite3.DatabaseError:
            pass  # damaged: nobody can be asked, and that is why it is to be replaced
        yield


def one_file_alone(file: Path) -> None:
    """Take what its log holds into a database that nobody uses, and write it to the disk: without a file beside it that is forgotten."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    _to_the_disk(file)


def in_bytes(size: int) -> str:
    """A size for people: ``512 KB``, ``1.4 GB``."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def remove(file: Path) -> None:
    for name in (file, *(side_file(file, kind) for kind in SIDE_FILES)):
        name.unlink(missing_ok=True)


def side_file(file: Path, kind: str) -> Path:
    return file.with_name(file.name + kind)


def settle_name(made: Path, name: Path) -> None:
    """Give what was made its name, in the place of what had it: whole or not at all, whatever stops the machine."""
    made.replace(name)
    folder = os.open(name.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _to_the_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
