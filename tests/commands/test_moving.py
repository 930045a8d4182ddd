"""``copbot move``: everything arrives on the other side, or nothing does."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import databases
import postgresql
import pytest
from histories import export_zip
from sqlalchemy import inspect

from copbot.adapters.clock import SystemClock
from copbot.adapters.store import moving as rows_moving
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore
from copbot.cli import main
from copbot.commands.moving import move
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.facts import MessageSeen
from copbot.settings import Settings, load_settings

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("as_it_was")]

DAY = [
    {"type": "message", "user": "U1", "ts": "1700000000.000100", "text": "Which key links the registers? \U0001f511"},
    {"type": "message", "user": "U2", "ts": "1700000100.000100", "thread_ts": "1700000000.000100", "text": "This one"},
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a history in ``copbot.db``."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    files = {
        "users.json": [{"id": f"U{n}", "name": f"u{n}", "profile": {}} for n in (1, 2)],
        "channels.json": [{"id": "C1", "name": "data", "members": ["U1", "U2"]}],
        "data/2023-11-14.json": DAY,
    }
    assert main(["import", str(export_zip(tmp_path / "e.zip", files))]) == 0
    return tmp_path


@pytest.fixture
def target() -> Iterator[str]:
    name = postgresql.new_name()
    postgresql.make(name)
    yield postgresql.address_of(name)
    postgresql.drop(name)


def tables_in(address: str) -> list[str]:
    engine = open_engine(address)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def moved(to: str, progress: Callable[[float], None] = lambda _share: None) -> Any:
    return move(load_settings(), SystemClock(), to, progress)


def test_everything_goes_to_postgresql_works_there_and_comes_back(
    here: Path, target: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["stats", "members", "--until", "2024-01-01", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)

    # When it is moved
    assert main(["move", "--to", target, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"]["message"], told["rows"]["reaction"], told["checked"]) == (2, 0, True)

    # then what is written there gets keys of its own, and texts are found
    engine = open_engine(target)
    store = SqlStore(engine, 1)
    with store.begin() as tx:
        tx.facts.record([MessageSeen("C2", 1_700_000_900_000_000, "U3", text="x")])
        assert tx.deliveries.plan(Outgoing(key="k", kind="post", target="C1", text="Hello", due_us=0))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM memory_words").scalar_one() == 1
    engine.dispose()

    # and all of it comes back
    monkeypatch.setenv("DATABASE_URL", target)
    assert main(["move", "--to", "sqlite:///back.db"]) == 0
    assert "figures of both agree" in capsys.readouterr().out
    monkeypatch.setenv("DATABASE_URL", "sqlite:///back.db")
    assert main(["stats", "members", "--until", "2023-11-14T22:20:00", "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert [one["messages"] for one in after["members"]][:2] == [one["messages"] for one in before["members"]]


def test_a_target_that_is_not_empty_is_refused_and_left_as_it_is(here: Path, target: str) -> None:
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id integer)")
    engine.dispose()
    with pytest.raises(Mistake, match=r"not empty .*theirs"):
        moved(target)
    assert tables_in(target) == ["theirs"]


def test_while_a_bot_runs_nothing_is_moved(here: Path, target: str) -> None:
    engine = open_engine("sqlite:///copbot.db")
    with SqlStore(engine, 1).begin() as tx:
        tx.lease.take("another machine/1/0", 60_000_000)
    engine.dispose()
    with pytest.raises(Mistake, match="a bot runs on the database"):
        moved(target)
    assert tables_in(target) == []


def test_stopped_in_the_middle_nothing_is_there_and_the_same_command_begins_anew(
    here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_moving, "AT_ONCE", 1)

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moved(target, stop)
    assert tables_in(target) == []
    assert moved(target).rows["message"] == 2


def test_what_differs_on_the_other_side_is_not_kept(here: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write = rows_moving._write
    monkeypatch.setattr(
        rows_moving,
        "_write",
        lambda connection, table, rows: write(connection, table, rows[1:] if table.name == "message" else rows),
    )
    with pytest.raises(Mistake, match="message differs"):
        moved(target)
    assert tables_in(target) == []


def test_nobody_writes_while_it_is_moved(here: Path, target: str) -> None:
    refused = []

    def write(_share: float) -> None:
        with sqlite3.connect("copbot.db", timeout=0, isolation_level=None) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as locked:
                refused.append(str(locked))
        other.close()

    moved(target, write)
    assert refused
    assert set(refused) == {"database is locked"}


def test_the_same_address_a_missing_database_and_a_server_that_is_not_there_are_told_in_a_line(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for to, says in (
        ("sqlite:///copbot.db", "--to is the database that DATABASE_URL names"),
        ("postgresql://cop:hushhush@127.0.0.1:1/copbot", "cannot be used"),
        ("nonsense", "^--to is not a database address"),
    ):
        with pytest.raises(Mistake, match=says) as mistake:
            moved(to)
        assert "hushhush" not in str(mistake.value)
        assert "\n" not in str(mistake.value)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nothing.db")
    with pytest.raises(Mistake, match="nothing to move"):
        moved("sqlite:///other.db")
    assert not Path("nothing.db").exists()
    assert not databases.lives_on(Path("nothing.db"))
