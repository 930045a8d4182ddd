"""The database's schema: migrations and models agree, and what cannot be used is refused in one line."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import databases
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from copbot.adapters.store import schema
from copbot.adapters.store.engine import database_exists, open_engine
from copbot.adapters.store.schema import bind_team, migrate, the_team
from copbot.adapters.store.tables import metadata
from copbot.adapters.store.words_index import is_of_the_index
from copbot.core.errors import Mistake


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    with engine.connect() as connection:
        # the index of words is no table of the models: the database makes tables of its own of it
        own = {"include_name": lambda name, kind, _parents: not (kind == "table" and is_of_the_index(name))}
        assert compare_metadata(MigrationContext.configure(connection, opts=own), metadata) == []
        assert [name for name in inspect(connection).get_table_names() if is_of_the_index(name)]
    engine.dispose()


def test_the_names_of_the_migrations_tell_their_order(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(schema.alembic_config(connection))

    in_order = [revision.revision for revision in script.walk_revisions()][::-1]

    assert schema.known_revisions() == in_order
    engine.dispose()


def test_every_table_knows_its_workspace() -> None:
    without = [t.name for t in metadata.sorted_tables if t.name != "team" and "team_id" not in t.columns]
    assert without == []


def test_migrating_again_and_at_the_same_time_changes_nothing(tmp_path: Path) -> None:
    url = databases.address(tmp_path / "a.db")
    failures: list[BaseException] = []

    def start() -> None:
        engine = open_engine(url)
        try:
            migrate(engine)
        except BaseException as failed:
            failures.append(failed)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    start()
    assert failures == []


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Mistake, match="newer copbot"):
        migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


@pytest.mark.sqlite("a damaged file")
def test_a_file_that_is_no_database_is_refused_by_name_and_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"something else altogether")
    with pytest.raises(Mistake, match=r"a\.db is not a SQLite database or is damaged: restore a backup"):
        open_engine(f"sqlite:///{file}")
    assert file.read_bytes() == b"something else altogether"


@pytest.mark.sqlite("a damaged file")
def test_a_database_cut_short_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 3])
    broken = open_engine(f"sqlite:///{file}")
    with pytest.raises(Mistake, match="restore a backup"):
        migrate(broken)
    broken.dispose()


@pytest.mark.sqlite("a file's mode")
def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    open_engine(f"sqlite:///{file}").dispose()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "DATABASE_URL is not a database address"),
        ("mysql://localhost/x", "DATABASE_URL names mysql"),
        ("sqlite:////nowhere/at/all/x.db", "there is no folder /nowhere/at/all"),
        ("postgresql+pg8000://localhost/x", "pip install pg8000"),
    ],
)
def test_a_wrong_address_is_one_line(url: str, says: str) -> None:
    with pytest.raises(Mistake) as mistake:
        open_engine(url)
    assert says in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.sqlite("a file that is not there")
def test_whether_a_database_is_there_is_asked_without_making_one(tmp_path: Path) -> None:
    url = databases.address(tmp_path / "a.db")
    assert not database_exists(url)
    assert os.listdir(tmp_path) == []
    open_engine(url).dispose()
    assert database_exists(url)


@pytest.mark.sqlite("its pragmas")
def test_sqlite_is_set_up_for_real(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    with engine.connect() as connection:
        pragmas = {
            p: connection.execute(text(f"PRAGMA {p}")).scalar_one()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_workspace_is_bound_at_the_first_connection_and_no_other_is_served(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    imported_for = the_team(engine)
    assert bind_team(engine, "T1", "One", "U1") == imported_for, "what was imported before belongs to it"
    assert bind_team(engine, "T1", "One", "U1") == imported_for
    with pytest.raises(Mistake, match="belongs to workspace T1, the token to T2"):
        bind_team(engine, "T2", "Two", "U2")
    engine.dispose()


@pytest.mark.sqlite("its lock is held by hand")
def test_a_database_that_stays_locked_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "WAIT_FOR_OTHERS_MS", 200)
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Mistake, match="cannot be used"):
        migrate(engine)
    other.execute("ROLLBACK")
    other.close()
    migrate(engine)
    engine.dispose()


@pytest.mark.sqlite("its lock is held by hand")
def test_a_start_waits_while_another_process_brings_an_older_database_to_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "WAIT_FOR_OTHERS_MS", 20)
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    newest = schema.known_revisions()[-1]
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told: list[str] = []

    def tell(words: str, *_: object) -> None:
        told.append(words)
        if len(told) == 2:
            other.execute("UPDATE alembic_version SET version_num = ?", (newest,))
            other.execute("COMMIT")

    monkeypatch.setattr(schema.log, "info", tell)
    migrate(engine)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Mistake, match="cannot be used"):  # what holds it now is no migration: told after one wait
        migrate(engine)
    other.close()
    engine.dispose()

    assert [words.split(" which")[0] for words in told] == ["another process brings the database to this version,"] * 2
