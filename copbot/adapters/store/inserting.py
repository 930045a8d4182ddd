"""Inserts that know what to do when the row is there already: the same words for both databases, from each one's dialect."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update`` for the database that is connected."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
