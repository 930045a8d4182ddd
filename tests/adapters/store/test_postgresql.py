"""What holds on PostgreSQL alone, and a sample of what holds on both: the rest runs on it with ``pytest --database postgresql``."""

import threading
from collections.abc import Iterator
from pathlib import Path

import databases
import postgresql
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from histories import content, import_from, record
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from copbot.adapters.store import engine as engine_module
from copbot.adapters.store import schema
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import alembic_config, migrate
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.tables import metadata
from copbot.adapters.store.words_index import is_of_the_index
from copbot.core.errors import Mistake
from copbot.core.facts import MessageSeen

pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases.Choice, "name", "postgresql")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(open_engine(databases.filled(tmp_path / "a.db")), 1)
    yield store
    store._engine.dispose()


def write_one(store: SqlStore, number: int) -> None:
    record(store, [MessageSeen("C1", 1_700_000_000_000_000 + number, "U1", text="Which?")])


def counted(store: SqlStore) -> int:
    with store._engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM message")).scalar_one())


def test_the_migrations_make_the_tables_of_the_models_and_carry_what_is_there_from_the_first_version_on(
    tmp_path: Path,
) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.exec_driver_sql("INSERT INTO team (name) VALUES ('one')")
        connection.exec_driver_sql(
            "INSERT INTO channel (team_id, slack_id, is_private, is_archived, told_us) VALUES (1, 'C1', false, false, '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO message (channel_id, ts_us, team_id, edited_us, is_deleted, asks_why, asks_rule, text)"
            " VALUES (1, 1700000000000000, 1, 0, false, '', 1, 'Which registers link?')"
        )
    migrate(engine)
    with engine.connect() as connection:
        own = {"include_name": lambda name, kind, _parents: not (kind == "table" and is_of_the_index(name))}
        assert compare_metadata(MigrationContext.configure(connection, opts=own), metadata) == []
        assert connection.exec_driver_sql("SELECT words FROM memory_words").scalar_one()
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
        assert connection.exec_driver_sql("SELECT count(*) FROM message").scalar_one() == 1
    engine.dispose()


def test_several_that_start_at_once_bring_a_new_database_to_its_schema_one_after_the_other(tmp_path: Path) -> None:
    engines = [open_engine(databases.address(tmp_path / "a.db")) for _ in range(3)]
    threads = [threading.Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar_one() == 1
        engine.dispose()


def test_what_one_decides_from_what_it_reads_is_not_overtaken_by_another(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.lease.take("somebody", 1)

    def count_up() -> None:
        for _ in range(10):
            with store.begin() as tx:
                lease = tx.lease.get()
                assert lease is not None
                tx._connection.exec_driver_sql(f"UPDATE lead_lease SET rung = {lease.rung + 1}")

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        lease = tx.lease.get()
    assert lease is not None
    assert lease.rung == 40


def test_reading_waits_for_no_write_and_sees_one_moment_and_writes_nothing(store: SqlStore) -> None:
    write_one(store, 1)
    with store.read() as reader:
        first = reader._connection.exec_driver_sql("SELECT count(*) FROM message").scalar_one()
        write_one(store, 2)
        assert reader._connection.exec_driver_sql("SELECT count(*) FROM message").scalar_one() == first == 1
        with pytest.raises(DBAPIError):
            reader._connection.exec_driver_sql("DELETE FROM message")
    assert counted(store) == 2


def test_a_write_waits_for_anothers_for_a_while_and_then_is_refused(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 50)
    with store.begin(), pytest.raises(OperationalError):
        write_one(store, 1)
    write_one(store, 2)
    assert counted(store) == 1


def test_who_stands_still_in_a_write_is_ended_and_holds_nobody_up(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(engine_module, "STANDSTILL_MS", 50)
        asleep = store._engine.connect()
        asleep.begin()
        asleep.exec_driver_sql("DELETE FROM team")
    write_one(store, 1)  # waits until the server has ended it
    with pytest.raises(DBAPIError):
        asleep.exec_driver_sql("SELECT 1")
    asleep.close()
    assert counted(store) == 1


def test_when_the_server_ends_all_connections_the_next_transactions_know_nothing_of_it(store: SqlStore) -> None:
    write_one(store, 1)
    with store.read(), postgresql.administering() as admin:  # two in the pool
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() AND datname = %s",
            [store._engine.url.database],
        )
    with store.read():
        write_one(store, 2)
    assert counted(store) == 2


def test_a_message_takes_thirteen_trips_to_the_server(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the beginning with its lock, one for the end, none to see whether the connection lives: each costs a network's time."""
    import psycopg

    record(store, [MessageSeen("C1", 1_700_000_000_000_000, "U1", text="Thanks")])
    trips, wait = [], psycopg.Connection.wait

    def counted_wait(self: "psycopg.Connection[object]", *given: object, **named: object) -> object:
        trips.append(given)
        return wait(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(psycopg.Connection, "wait", counted_wait)
    record(store, [MessageSeen("C1", 1_700_000_000_000_001, "U1", text="Thanks")])
    assert len(trips) == 13 + 1, "the last gives the connection back: nothing is open, and nothing is sent"


def test_a_read_may_ask_for_its_rows_some_at_a_time_from_the_beginning(store: SqlStore) -> None:
    write_one(store, 1)
    with store.read() as tx:
        rows = tx._connection.execution_options(yield_per=10).exec_driver_sql("SELECT ts_us FROM message")
        assert len(rows.all()) == 1


def test_a_database_that_is_not_there_and_a_server_that_is_not_are_told_in_one_line_without_the_password() -> None:
    nowhere = open_engine("postgresql://cop:hushhush@127.0.0.1:1/copbot")
    missing = open_engine(postgresql.address_of("nobody_made_it"))
    for engine in (nowhere, missing):
        with pytest.raises(Mistake, match="cannot be used") as mistake:
            migrate(engine)
        assert "\n" not in str(mistake.value)
        assert "hushhush" not in str(mistake.value)
        assert "check DATABASE_URL" in str(mistake.value)


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Mistake, match="newer copbot"):
        migrate(engine)
    with engine.connect() as connection:
        assert schema._revision(connection) == "9999"
    engine.dispose()


def test_an_imported_history_is_the_same_as_on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from histories import close, export_zip, memory_store

    day = [
        {
            "type": "message",
            "user": "U1",
            "ts": "1700000000.000100",
            "text": "Which <key> do you use? \u0000 \U0001f511",
        },
        {"type": "message", "user": "U2", "ts": "1700000100.000100", "thread_ts": "1700000000.000100", "text": "This"},
    ]
    day[0]["reactions"] = [{"name": "eyes", "users": ["U2"], "count": 1}]  # type: ignore[assignment]
    files = {
        "users.json": [
            {"id": "U1", "name": "ana", "profile": {}},
            {"id": "U2", "name": "ben", "is_bot": False, "profile": {}},
        ],
        "channels.json": [{"id": "C1", "name": "data", "members": ["U1", "U2"]}],
        "data/2023-11-14.json": day,
    }
    path = export_zip(tmp_path / "e.zip", files)
    found = []
    for database in ("postgresql", "sqlite"):
        monkeypatch.setattr(databases.Choice, "name", database)
        store = memory_store("all")
        import_from(store, path)
        found.append(content(store))
        close(store)
    assert str(found[0]).replace("True", "1").replace("False", "0") == str(found[1])
