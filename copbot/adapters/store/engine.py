"""Engines set up for real: SQLite in WAL mode with every commit on the disk, write transactions that begin as such."""

import os
import select
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as AllConnectionsInUseError

from copbot.core.errors import Mistake

BUSY_TIMEOUT_MS = 2500
"""Milliseconds that a write waits for another's; below Slack's 3 s, so that Slack sends again what could not be stored."""


PATIENCE = "copbot_patience_ms"
"""Execution option: how long this connection waits for another's write instead. It keeps to it until it is closed."""


REBUILDS = "copbot_rebuilds"
"""Execution option: tables to which others refer are replaced in this connection's transaction. It keeps to it until it is closed."""

OUT_OF_REACH = (OperationalError, InternalError, InterfaceError, AllConnectionsInUseError)
"""How it shows that the database takes nothing for now: held by another, full, read-only, ended, away, all connections in use."""

STANDSTILL_MS = 10_000
"""Milliseconds after which PostgreSQL ends a transaction in which nothing happens, so that nobody holds up the others for longer."""

STANDSTILL_OF_PATIENT_MS = 600_000
"""The same for what has the time to work things out in between: an import, a move."""

OF_THE_NETWORK = {
    "connect_timeout": "2",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""libpq's parameters: a server has two seconds to answer a new connection, and one that is cut off without a word (its machine gone, its
network) is given up after about ten seconds instead of a quarter of an hour. What the address says goes before."""

_WRITES = 0x636F70626F74
"""PostgreSQL's name for the right to write."""

_LOCK_NOT_AVAILABLE = "55P03"

NO_ADDRESS = (
    "DATABASE_URL is not a database address: write sqlite:///copbot.db or postgresql+psycopg://user:password@host/name"
)

NO_FILE = "DATABASE_URL names no file, so nothing would be kept: write one such as sqlite:///copbot.db"


def open_engine(database_url: str) -> Engine:
    """An engine for SQLite or PostgreSQL. Creates a missing SQLite file, readable by its owner alone.

    Raises Mistake for an address that is none, or a file that is no database.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Mistake(NO_ADDRESS) from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise Mistake(f"DATABASE_URL names {backend}: copbot keeps its data in SQLite or PostgreSQL")
    try:
        return _sqlite(url) if backend == "sqlite" else _postgresql(url)
    except NoSuchModuleError:
        raise Mistake(f"DATABASE_URL: there is no driver {url.drivername}: write {backend}:// alone") from None
    except ModuleNotFoundError as missing:
        package = "'psycopg[binary]'" if missing.name == "psycopg" else missing.name
        raise Mistake(f"DATABASE_URL needs the Python package {missing.name}: pip install {package}") from None


def database_exists(database_url: str) -> bool:
    """Whether there is a database already. One on a server is taken to be there."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        return True  # opening it says what is wrong
    return (
        url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"} or Path(str(url.database)).exists()
    )


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        _prepare_file(Path(url.database))
    # hide_parameters: what members wrote must not reach a log through an error message
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where this program says so, not where the driver guesses
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten; not every build does so by itself
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        reading = options.get("copbot_read", False)
        if PATIENCE in options:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={options[PATIENCE]}")
        if options.get(REBUILDS, False):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # means nothing any more once a transaction is begun
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    """As on SQLite one transaction writes at a time: what one decides from what it reads cannot be overtaken by another's. The lock is
    asked for before anything is read, so that each statement sees what those before have written. Reading waits for nobody, and sees one
    moment from its beginning to its end.

    Whoever stands still in a transaction (its process stopped, its machine gone) is ended by the server, and the lock is free again.
    """
    network = {name: value for name, value in OF_THE_NETWORK.items() if name not in url.query}
    engine = create_engine(
        _with_driver(url),
        pool_size=8,
        max_overflow=24,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
        connect_args=network | {"autocommit": True},  # transactions begin where ``_begin`` says so, as on SQLite
        hide_parameters=True,
        # preserve_rowcount: whether an INSERT … ON CONFLICT DO NOTHING wrote a row is not told for psycopg's otherwise
        execution_options={"preserve_rowcount": True},
    )
    _begin_in_one_trip(engine)
    _look_before_use(engine)

    @event.listens_for(engine, "do_executemany")
    def _one_at_once(cursor: Any, statement: str, rows: Any, _context: Any) -> bool:
        """One row needs no pipeline, which takes two more trips to the server."""
        if len(rows) != 1:
            return False
        cursor.execute(statement, rows[0])
        return True

    return engine


def _begin_in_one_trip(engine: Engine) -> None:
    """Each trip to the server costs a millisecond in a network, and more where the machine is busy: an event takes a dozen of them."""
    at_once = {"yield_per": None, "stream_results": False}  # whatever the query that comes first wishes for itself

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("copbot_read", False):
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", execution_options=at_once)
            return
        patience = options.get(PATIENCE)
        standstill = STANDSTILL_MS if patience is None else STANDSTILL_OF_PATIENT_MS
        connection.exec_driver_sql(  # set for this transaction, from left to right
            "BEGIN ISOLATION LEVEL READ COMMITTED;"
            f" SELECT set_config('idle_in_transaction_session_timeout', '{standstill}', true),"
            f" set_config('lock_timeout', '{patience or BUSY_TIMEOUT_MS}', true), pg_advisory_xact_lock({_WRITES})",
            execution_options=at_once,
        )


def _look_before_use(engine: Engine) -> None:
    """A connection that the server ended meanwhile, be it by a restart, is replaced unnoticed, with all others of its time. That it ended
    can be read here already, without asking the server each time."""

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, _record: Any, _proxy: Any) -> None:
        socket = select.poll()
        socket.register(connection.fileno(), select.POLLIN)
        if not socket.poll(0):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as ended:
            raise InvalidatePoolError from ended


def _with_driver(url: URL) -> URL:
    """``postgresql://`` alone names a driver that few have: psycopg's newest is meant."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def reading(connection: Connection) -> Connection:
    """The same connection for reading alone: it waits for nobody's write, and all that it reads is of one moment."""
    return connection.execution_options(copbot_read=True)


_AWAY = ("08", "25006", "25P03", "53", "55P03", "57")
"""Beginnings of PostgreSQL's own codes: no connection, a copy that is only read, stood still for too long, no room, another's lock, ended.
Without a code the driver did not even reach the server."""

_HELD_UP = ("locked", "full", "readonly", "unable to open", "disk I/O")
"""The same in SQLite's words."""


def why_out_of_reach(failed: BaseException | None) -> str:
    """In one line why the database takes nothing for now; empty for an error of another kind, such as a statement's own."""
    if isinstance(failed, AllConnectionsInUseError):
        return "all connections are in use"
    if not isinstance(failed, OUT_OF_REACH) or not isinstance(failed, DBAPIError) or failed.orig is None:
        return ""
    said = (str(failed.orig).strip() or type(failed.orig).__name__).splitlines()[0]
    if isinstance(failed.orig, sqlite3.Error):
        return said if any(words in said for words in _HELD_UP) else ""
    return said if (getattr(failed.orig, "sqlstate", None) or "08").startswith(_AWAY) else ""


def fold_in(engine: Engine) -> bool:
    """Bring SQLite's journal into the file and empty it, unless somebody reads or writes at this moment: nobody waits for it."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((is_busy, *_),) = cursor.fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            cursor.close()
    return not is_busy


def is_locked(failed: OperationalError) -> bool:
    """Whether another's write took longer than this one waited for it."""
    return "database is locked" in str(failed.orig) or getattr(failed.orig, "sqlstate", "") == _LOCK_NOT_AVAILABLE


def _prepare_file(path: Path) -> None:
    try:
        _look_at_file(path)
    except OSError as refused:
        raise Mistake(
            f"DATABASE_URL: {path} cannot be opened ({refused.strerror}): name a file that can be read and written"
        ) from None


def _look_at_file(path: Path) -> None:
    if path.exists():
        with path.open("rb") as file:
            head = file.read(16)
        if head and head != b"SQLite format 3\x00":
            raise Mistake(
                f"{path} is not a SQLite database or is damaged: restore a backup of it, or name another DATABASE_URL"
            )
        return
    if not path.parent.is_dir():
        raise Mistake(f"DATABASE_URL: there is no folder {path.parent}: make it, or name another place")
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
