"""Nothing in the whole database names a forgotten person: every table is filled with them first, and searched afterwards."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from histories import close, memory_store, record
from sqlalchemy import JSON, Table, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.personal_rows import IMPERSONAL, NOT_SEARCHED, PEOPLE
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.traces import is_text
from copbot.core.facts import MembershipSeen, MessageSeen, ReactionSeen, UserSeen
from copbot.core.privacy import forget
from copbot.core.time import DAY_US

T = 1_700_006_400_000_000
WHO, NAME = "U0ANNA", 'Anna "A" Sørensen & co'
TABLES = tables.metadata.tables


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store("all")
    record(
        store,
        [
            *(UserSeen(WHO, name=NAME, updated_us=1), UserSeen("U0ANNABEL", name="Annabel", updated_us=1)),
            *(MessageSeen("C1", T + n * DAY_US, WHO, text=f"does {n} work?") for n in range(3)),
            MessageSeen("C1", T + 1, "U2", T, f"ask <@{WHO}|anna>, or {NAME}, or <@U0ANNABEL>"),
            *(ReactionSeen("C1", T + 1, WHO, "tada", "U2"), ReactionSeen("C1", T + 5, "U2", "tada", WHO)),
            MembershipSeen("C1", WHO, True, T),
        ],
    )
    yield store
    close(store)


def everything(store: SqlStore) -> list[tuple[str, dict[str, Any]]]:
    with store._engine.connect() as connection:
        return [
            (name, dict(row._mapping)) for name, table in TABLES.items() for row in connection.execute(select(table))
        ]


def naming(store: SqlStore) -> list[tuple[str, dict[str, Any]]]:
    """The rows in which the ID or the name stands, in whatever column; the coordinators' own files are not the store's to change."""
    return [
        (table, row)
        for table, row in everything(store)
        if table != "good_file"
        and any(
            WHO in written.replace("U0ANNABEL", "") or NAME in written or json.dumps(NAME)[1:-1] in written
            for value in row.values()
            for written in [value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)]
        )
    ]


def filled(table: Table, team: int, user: int, channel: int) -> Iterator[dict[str, Any]]:
    """A row for each way of naming somebody: the ID alone, in a key, in a sentence, by name; in each of its columns at once."""
    for number, way in enumerate([WHO, f"x:{WHO}:y", f"<@{WHO}> said so, says {NAME}", f"{WHO} {NAME}"], 100):
        row: dict[str, Any] = {}
        for column in table.columns:
            links = {link.column.table.name for link in column.foreign_keys}
            if links:
                row[column.name] = {"team": team, "slack_user": user, "channel": channel}.get(*links, number)
            elif isinstance(column.type, JSON):
                row[column.name] = [{"type": "section", "text": {"text": way}}, way]
            elif is_text(column):
                row[column.name] = "sent" if column.name == "state" else way
            elif column.type.python_type is bytes:
                row[column.name] = b""
            else:
                row[column.name] = column.type.python_type(number)
        yield row


UNFILLED = {*NOT_SEARCHED, "team", "channel", "day_rollup", "membership", "message", "reaction"} - {"good_file"}
"""The store's own, and facts, which have been recorded."""


@pytest.mark.parametrize("table", [table.name for table in tables.metadata.sorted_tables])
def test_a_table_is_known_to_hold_people_or_not_to(table: str) -> None:
    assert (table in PEOPLE) != (table in IMPERSONAL), f"say in personal_rows.py who stands in {table}"
    assert all(column in TABLES[table].columns for column in PEOPLE.get(table, ()))


def test_a_forgotten_person_stands_in_no_table_and_no_column(store: SqlStore) -> None:
    with store._engine.begin() as connection:
        users, channels = TABLES["slack_user"], TABLES["channel"]
        user = connection.execute(select(users.c.id).where(users.c.slack_id == WHO)).scalar_one()
        channel = connection.execute(select(channels.c.id)).scalar_one()
        for table in tables.metadata.sorted_tables:
            for row in filled(table, store.team, user, channel) if table.name not in UNFILLED else ():
                connection.execute(insert_into(connection, table).on_conflict_do_nothing(), row)
    assert {table for table, _ in naming(store)} >= {*PEOPLE} - {"membership", "reaction", "journey", "outcome"}

    assert forget(store, WHO, T) > 0

    assert naming(store) == []
    with store.read() as tx:
        assert tx.facts.person(WHO) is None
        assert tx.privacy.is_forgotten(WHO)
        assert not tx.privacy.is_untracked(WHO)
        assert tx.privacy.stored(WHO) == {}
        assert tx.privacy.being_forgotten() == []
        assert list(tx.rollups.compare()) == []
    texts = [row["text"] for table, row in everything(store) if table == "message" and row["text"]]
    assert texts == ["ask somebody, or somebody, or <@U0ANNABEL>"]
