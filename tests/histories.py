"""Stores to compare and exports to import, for tests of the history and its figures."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import databases
from sqlalchemy import insert, text

from copbot.adapters.export import open_export
from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import Fact
from copbot.features.history import Imported, import_history

DATA = Path(__file__).parents[2] / "shared" / "data"


def empty_store(address: str, keep: str = "questions") -> SqlStore:
    engine = open_engine(address)
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}])
    return SqlStore(engine, 1, lambda _channel: keep)


def memory_store(keep: str = "questions") -> SqlStore:
    """Each has a database of its own, gone with its only connection. Copied from one that is made once: tests take thousands."""
    if databases.on_postgresql():
        return SqlStore(open_engine(databases.passing()), 1, lambda _channel: keep)
    engine = open_engine("sqlite://")
    connection = engine.raw_connection()
    assert connection.driver_connection is not None
    connection.driver_connection.deserialize(_empty_database())
    connection.close()
    return SqlStore(engine, 1, lambda _channel: keep)


@cache
def _empty_database() -> bytes:
    store = empty_store("sqlite://")
    connection = store._engine.raw_connection()
    assert connection.driver_connection is not None
    content: bytes = connection.driver_connection.serialize()
    connection.close()
    close(store)
    return content


def close(store: SqlStore) -> None:
    databases.let_go(store._engine)


def record(store: SqlStore, facts: Iterable[Fact]) -> int:
    with store.begin() as tx:
        return tx.facts.record(facts)


_CONTENT = {
    "people": """SELECT slack_id, name, timezone, locale, is_bot, is_deleted, is_external, is_guest, known_since_us,
        joined_us, updated_us, told_us FROM slack_user""",
    "channels": "SELECT slack_id, name, is_private, is_archived, members_us, told_us FROM channel",
    "messages": """SELECT c.slack_id, m.ts_us, u.slack_id, m.thread_us, m.edited_us, m.is_deleted, m.asks,
        m.asks_why, m.asks_rule, m.text FROM message m JOIN channel c ON c.id = m.channel_id
        LEFT JOIN slack_user u ON u.id = m.user_id""",
    "reactions": """SELECT c.slack_id, r.ts_us, u.slack_id, r.name, a.slack_id, r.present, r.event_us FROM reaction r
        JOIN channel c ON c.id = r.channel_id JOIN slack_user u ON u.id = r.user_id
        LEFT JOIN slack_user a ON a.id = r.item_user_id""",
    "memberships": """SELECT c.slack_id, u.slack_id, m.is_member, m.changed_us FROM membership m
        JOIN channel c ON c.id = m.channel_id JOIN slack_user u ON u.id = m.user_id""",
}


def content(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    """All facts that a store holds, by Slack's names for things."""

    def comparable(row: Any) -> tuple[Any, ...]:
        return tuple(_document(value) for value in row)

    with store._engine.connect() as connection:
        return {
            name: sorted((comparable(row) for row in connection.execute(text(query))), key=repr)
            for name, query in _CONTENT.items()
        }


def _document(value: Any) -> Any:
    """Documents as text with their keys in order: some drivers give them as text, some as what they hold."""
    if isinstance(value, str) and value[:1] == "{":
        value = json.loads(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value


def export_zip(path: Path, files: Mapping[str, object]) -> Path:
    """A zip of files: bytes as they are, everything else as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body if isinstance(body, bytes) else json.dumps(body))
    return path


def import_from(store: SqlStore, path: Path) -> Imported:
    with open_export(path) as export:
        return import_history(store, export)
