"""Backups of PostgreSQL: the same kind of file, taken back into either database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import postgresql
import pytest
from released import put

from copbot import cli
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.moving import figures_of
from copbot.adapters.store.schema import migrate
from copbot.settings import Settings

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("as_it_was")]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database on a server, which the commands work on."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    postgresql.start()
    name = postgresql.new_name()
    postgresql.make(name)
    monkeypatch.setenv("DATABASE_URL", postgresql.address_of(name))
    yield postgresql.address_of(name)
    postgresql.drop(name)


def figures(url: str) -> dict[str, tuple[int, ...]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = dict(figures_of(connection))
    engine.dispose()
    return found


@pytest.mark.slow
def test_a_backup_goes_into_an_empty_server_and_comes_out_of_it_the_same(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a backup that an older release made
    put("0004", Path("old.db"))

    # When it is restored there, and backed up again
    assert cli.main(["restore", "old.db"]) == 0
    told = capsys.readouterr().out
    assert "It was of an earlier version (0004), and was brought to " in told
    assert cli.main(["backup", "new.db"]) == 0
    assert "It was read through and is whole." in capsys.readouterr().out
    with closing(sqlite3.connect("new.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",), "one file alone"

    # Then both hold what the old one holds once it is brought to this version
    engine = open_engine(f"sqlite:///{Path('old.db').absolute()}")
    migrate(engine)
    engine.dispose()
    expected = figures(f"sqlite:///{Path('old.db').absolute()}")
    there = figures(server)
    assert there == figures(f"sqlite:///{Path('new.db').absolute()}")
    assert {**there, "team": ()} == {**expected, "team": ()}, "the workspace's row alone tells that it was restored"
    # And nothing is restored over what is there
    assert cli.main(["restore", "new.db", "--force"]) == 2
    assert "is not empty, and nothing in it is replaced: make an empty one" in capsys.readouterr().err


def test_of_a_server_that_is_not_there_no_backup_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://copbot:hunter2@127.0.0.1:1/copbot")
    assert cli.main(["backup", "new.db"]) == 2
    told = capsys.readouterr().err
    assert "the database cannot be read" in told
    assert "hunter2" not in told
    assert not list(Path().glob("new*"))
