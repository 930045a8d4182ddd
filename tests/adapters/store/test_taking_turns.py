"""The threads of a process write one after the other."""

import threading
from pathlib import Path

import pytest
from histories import close, empty_store
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from copbot.adapters.store import sql

pytestmark = pytest.mark.sqlite("PostgreSQL wakes who waits for a lock")


def test_who_writes_while_another_does_waits_for_them_and_does_not_ask_the_database_again_and_again(
    tmp_path: Path,
) -> None:
    store, begun = empty_store(f"sqlite:///{tmp_path}/copbot.db"), threading.Event()

    def write() -> None:
        with store.begin():
            pass

    other = threading.Thread(target=write)
    with store.begin():
        event.listen(store._engine, "begin", lambda _connection: begun.set())
        other.start()
        assert not begun.wait(0.1)
    other.join(sql.BUSY_TIMEOUT_MS / 1000)
    assert begun.is_set()
    close(store)


def test_who_waits_for_too_long_is_refused_as_by_the_database_and_later_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BUSY_TIMEOUT_MS", 10)
    store = empty_store(f"sqlite:///{tmp_path}/copbot.db")
    with store.begin(), pytest.raises(OperationalError, match="database is locked"), store.begin():
        pass
    with store.begin():
        pass
    close(store)
