"""Engines set up for real: SQLite in WAL mode with every commit on the disk, write transactions that begin as such."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from copbot.core.errors import Mistake

BUSY_TIMEOUT_MS = 2500
"""Milliseconds that a write waits for another's; below Slack's 3 s, so that Slack sends again what could not be stored."""


PATIENCE = "copbot_patience_ms"
"""Execution option: how long this connection waits for another's write instead. It keeps to it until it is closed."""


def open_engine(database_url: str) -> Engine:
    """An engine for SQLite or PostgreSQL. Creates a missing SQLite file, readable by its owner alone.

    Raises Mistake for an address that is none, or a file that is no database.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Mistake(
            "DATABASE_URL is not a database address: write sqlite:///copbot.db or postgresql+psycopg://user:password@host/name"
        ) from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise Mistake(f"DATABASE_URL names {backend}: copbot keeps its data in SQLite or PostgreSQL")
    try:
        return _sqlite(url) if backend == "sqlite" else _postgresql(url)
    except NoSuchModuleError:
        raise Mistake(f"DATABASE_URL: there is no driver {url.drivername}: write {backend}:// alone") from None
    except ModuleNotFoundError as missing:
        raise Mistake(f"DATABASE_URL needs the Python package {missing.name}: pip install {missing.name}") from None


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
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        reading = options.get("copbot_read", False)
        if PATIENCE in options:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={options[PATIENCE]}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    # preserve_rowcount: whether an INSERT … ON CONFLICT DO NOTHING wrote a row is not told for psycopg's otherwise
    options = {"preserve_rowcount": True}
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, execution_options=options)


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
