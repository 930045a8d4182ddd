"""All rows of one database carried over into another, empty one, of the same or of the other kind, and held against each other."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.sql import ColumnElement

from copbot.adapters.store import words_index
from copbot.adapters.store.tables import LeadLease, metadata

AT_ONCE = 5000
"""Rows in one go."""

_LEFT = {LeadLease.__tablename__}
"""What says something of running processes alone."""

_MODULUS = 1_000_003
"""Sums of instants are taken of what remains of them: added up as they are they fit into no number of SQLite's."""


def carried() -> Sequence[Table]:
    """The tables that are carried over, in an order in which nothing refers to what is not there yet."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT]


def rows_in(connection: Connection) -> int:
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in carried())


def carry_over(source: Connection, target: Connection, progress: Callable[[int], None]) -> None:
    """All rows, in the caller's transactions. The target has the tables and no row. ``progress`` is told how many were carried."""
    done = 0
    for table in carried():
        for rows in _read(source, table):
            _write(target, table, rows)
            done += len(rows)
            progress(done)
    _count_on(target)
    words_index.rebuild(target)
    _take_stock(target)


def _take_stock(target: Connection) -> None:
    """By itself PostgreSQL learns minutes later what its tables hold, and reads slowly until then."""
    if target.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            target.exec_driver_sql(f'ANALYZE "{table.name}"')


def figures_of(connection: Connection) -> Mapping[str, tuple[int, ...]]:
    """By table: how many rows, and for each column something that differs where its content does, nearly always."""
    return {
        table.name: tuple(
            int(value or 0)
            for value in connection.execute(
                select(func.count(), *(_figure(column) for column in table.c)).select_from(table)
            ).one()
        )
        for table in carried()
    }


def _figure(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, (Integer, BigInteger)):
        return func.sum(column % _MODULUS)
    if isinstance(column.type, (String, LargeBinary)):
        return func.sum(func.length(column))
    if isinstance(column.type, JSON):  # one may say null in JSON where the other has none at all: both mean nothing
        return func.count(func.nullif(cast(column, String), "null"))
    return func.count(column)


def _read(source: Connection, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
    found = source.execution_options(yield_per=AT_ONCE).execute(select(table))
    yield from found.partitions(AT_ONCE)


def _write(target: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    if target.dialect.name == "postgresql":
        _copy_in(target, table, rows)
    else:
        names = table.c.keys()
        target.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy_in(target: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """By PostgreSQL's COPY: ten times as fast as inserts."""
    driver: Any = target.connection.driver_connection
    documents = [number for number, column in enumerate(table.c) if isinstance(column.type, JSON)]
    names = ", ".join(f'"{column.name}"' for column in table.c)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(_with_documents(row, documents) if documents else row)


def _with_documents(row: Sequence[Any], documents: Sequence[int]) -> Sequence[Any]:
    values = list(row)
    for number in documents:
        values[number] = None if values[number] is None else json.dumps(values[number])
    return values


def _count_on(target: Connection) -> None:
    """New rows get keys beyond those that were carried over; SQLite sees to that by itself."""
    if target.dialect.name != "postgresql":
        return
    for table in carried():
        for column in table.primary_key.columns:
            if column is table.autoincrement_column:
                names = {"table": table.name, "column": column.name}
                highest = target.execute(select(func.max(column))).scalar_one()
                if highest is not None:
                    target.execute(
                        text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"),
                        names | {"highest": highest},
                    )
