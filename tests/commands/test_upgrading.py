"""Upgrades: every released version's database comes to this one with all its rows and figures, and a copy of it is kept."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from released import RELEASED, figures, put

from copbot import cli
from copbot.adapters.store import before_upgrade, schema
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.revisions import known_revisions
from copbot.core.errors import Mistake
from copbot.settings import Settings

pytestmark = [pytest.mark.sqlite("the databases of released versions are files"), pytest.mark.usefixtures("as_it_was")]

NEWEST = known_revisions()[-1]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path / "copbot.db"


def ask(database: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()


def rows(database: Path) -> dict[str, int]:
    names = [str(name) for (name,) in ask(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    own = [name for name in names if not name.startswith(("memory_words", "sqlite_"))]
    return {name: int(str(ask(database, f'SELECT count(*) FROM "{name}"')[0][0])) for name in own}


def test_of_every_released_version_a_database_is_kept_here() -> None:
    not_released = {"0003", NEWEST}
    assert set(RELEASED) == set(known_revisions()) - not_released, "add one of the version that is released now"


@pytest.mark.parametrize("version", RELEASED)
def test_a_released_versions_database_loses_no_row_and_tells_the_same_figures(
    version: str, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(version, database)
    before = rows(database)
    assert min(before.values()) >= 1, "a row in every table"

    assert cli.main(["upgrade", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["after"], told["changed"]) == (version, NEWEST, {})
    after = rows(database)
    assert {name: after[name] for name in before} == before
    assert ask(database, "PRAGMA foreign_key_check") == []
    assert rows(Path(told["copy"])) == before
    for name, expected in figures(version).items():
        assert cli.main(["stats", name, "--json", "--until", "2026-11-20", "--timezone", "Asia/Bangkok"]) == 0
        assert json.loads(capsys.readouterr().out) == expected, name
    assert cli.main(["rebuild", "--check"]) == 0


def test_a_rehearsal_tells_what_would_change_and_changes_nothing(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put("0002", database)
    as_it_was = database.read_bytes()

    assert cli.main(["upgrade", "--rehearse"]) == 0

    told = capsys.readouterr().out
    assert f"On a copy, the database came from version 0002 to {NEWEST} in " in told
    assert "New tables: asked_person, " in told
    assert "Not a row was lost" in told
    assert told.endswith("The database itself was not changed.\n")
    assert database.read_bytes() == as_it_was
    assert not list(database.parent.glob(".copbot-rehearsal*"))


def test_what_is_not_the_same_afterwards_is_named_and_is_an_error(
    database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("0004", database)
    migrate = schema.migrate

    def and_lose_something(engine: object, **options: bool) -> None:
        migrate(engine, **options)  # type: ignore[arg-type]
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("DELETE FROM reaction WHERE name = 'eyes' AND ts_us % 2 = 0")

    monkeypatch.setattr("copbot.commands.upgrading.migrate", and_lose_something)
    assert cli.main(["upgrade"]) == 1
    told = capsys.readouterr().out
    assert "NOT the same: reactions was 104, is " in told
    assert f"copbot restore {database.name}.version-0004 --force" in told


def test_nothing_is_upgraded_while_another_process_has_it_open(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put("0004", database)
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM team").fetchone()
        assert cli.main(["upgrade"]) == 2
    assert "copbot.db is in use: stop `copbot run`" in capsys.readouterr().err
    assert ask(database, "SELECT version_num FROM alembic_version") == [("0004",)]


def test_at_its_version_there_is_nothing_to_do(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("0004", database)
    assert cli.main(["upgrade"]) == 0
    capsys.readouterr()
    assert cli.main(["upgrade"]) == 0
    assert capsys.readouterr().out == f"The database is at this program's version, {NEWEST}: there is nothing to do.\n"


def test_a_database_that_is_not_there_or_newer_is_told_in_a_line(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["upgrade"]) == 2
    assert "there is no database" in capsys.readouterr().err
    put("0004", database)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (["upgrade"], ["upgrade", "--rehearse"]):
        assert cli.main(arguments) == 2
        assert "newer copbot" in capsys.readouterr().err


# -- the copy that any start keeps


def test_any_start_keeps_a_copy_of_an_older_database_and_none_of_a_new_one(database: Path) -> None:
    put("0001", database)
    before = rows(database)
    for _ in range(2):
        engine = open_engine(f"sqlite:///{database}")
        schema.migrate(engine)
        engine.dispose()
    copies = [file.name for file in database.parent.glob("*.version-*")]
    assert copies == ["copbot.db.version-0001"]
    assert rows(database.parent / copies[0]) == before
    assert (database.parent / copies[0]).stat().st_mode & 0o777 == 0o600


def test_copies_of_versions_long_past_are_removed(database: Path) -> None:
    put("0004", database)
    for version in ("0001", "0002", "0003"):
        before_upgrade.copy_of(database, version).write_bytes(b"")
    before_upgrade.keep_copy(database, "0004")
    assert sorted(file.name[-4:] for file in database.parent.glob("*.version-*")) == ["0002", "0003", "0004"]


def test_without_room_for_the_copy_nothing_is_changed(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("0004", database)
    monkeypatch.setattr(before_upgrade.shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 1000})())
    engine = open_engine(f"sqlite:///{database}")
    with pytest.raises(
        Mistake, match=r"make 991 KB of room in .* \(1 KB are free\), or run `copbot upgrade --without-copy`"
    ):
        schema.migrate(engine)
    assert ask(database, "SELECT version_num FROM alembic_version") == [("0004",)]
    schema.migrate(engine, keeps_copy=False)
    engine.dispose()
    assert ask(database, "SELECT version_num FROM alembic_version") == [(NEWEST,)]


@pytest.mark.parametrize("version", ["0002"])
def test_a_migration_that_is_broken_off_is_undone_and_the_next_start_completes_it(
    version: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(version, database)
    before = rows(database)
    engine = open_engine(f"sqlite:///{database}")

    def break_off(_connection: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_look_at_references", break_off)
        with pytest.raises(KeyboardInterrupt):
            schema.migrate(engine)
    assert ask(database, "SELECT version_num FROM alembic_version") == [(version,)]
    assert rows(database) == before

    schema.migrate(engine)
    engine.dispose()
    assert ask(database, "SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert {name: rows(database)[name] for name in before} == before


def test_references_that_lead_nowhere_stop_an_upgrade(database: Path) -> None:
    put("0004", database)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DELETE FROM channel")
    engine = open_engine(f"sqlite:///{database}")
    with pytest.raises(Mistake, match="refers to rows that are not there"):
        schema.migrate(engine)
    engine.dispose()
    assert ask(database, "SELECT version_num FROM alembic_version") == [("0004",)]
