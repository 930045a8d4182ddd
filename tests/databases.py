"""The database that a test works on: SQLite as a rule, PostgreSQL with ``pytest --database postgresql``.

A place is a path, as if the database were a file there: who asks again for the same place gets the same database.
"""

import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import postgresql
import pytest
from sqlalchemy import Engine, insert, text

from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine

_names: dict[Path, str] = {}
_free: list[str] = []


class Choice:
    """Which database the tests run on, and where it is."""

    name = "sqlite"


def on_postgresql() -> bool:
    return Choice.name == "postgresql"


def address(place: Path) -> str:
    """The DATABASE_URL of the database there. Nothing is in it at first."""
    if not on_postgresql():
        return f"sqlite:///{place}"
    place = place.absolute()
    if place not in _names:
        _names[place] = postgresql.new_name()
        postgresql.make(_names[place])
    return postgresql.address_of(_names[place])


def filled(place: Path) -> str:
    """The same with all tables and one workspace: copied, for making them takes longer than most of what is told in them."""
    if not on_postgresql():
        place.write_bytes(_empty_database())
        return f"sqlite:///{place}"
    _names[place.absolute()] = _from_template()
    return address(place)


def passing() -> str:
    """Another one with all tables, of which nobody needs to know the place. ``let_go`` of its engine."""
    return postgresql.address_of(_from_template())


def let_go(engine: Engine) -> None:
    """Close it; nobody opens this database again."""
    engine.dispose()
    name = engine.url.database
    if engine.dialect.name == "postgresql" and name is not None:
        _free.append(name)


def lives_on(place: Path) -> bool:
    """Whether a database was made there already."""
    return place.absolute() in _names or place.exists()


def copied(place: Path, other: Path) -> None:
    """Have what is in one database in another place too. Nobody may be connected to it."""
    if not on_postgresql():
        shutil.copy(place, other)
        return
    _names[other.absolute()] = postgresql.new_name()
    postgresql.make(_names[other.absolute()], _names[place.absolute()])


def rows(place: Path, query: str, **values: object) -> Sequence[Any]:
    """What a query gives, asked by a connection of its own."""
    engine = open_engine(address(place))
    try:
        with engine.connect().execution_options(copbot_read=True) as connection:
            return connection.execute(text(query), values).all()
    finally:
        engine.dispose()


def do(place: Path, *statements: str) -> None:
    """Change something in it by hand."""
    engine = open_engine(address(place))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def commands_use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have the commands that are run in this folder keep their data in its ``copbot.db``."""
    if on_postgresql():
        monkeypatch.setenv("DATABASE_URL", address(folder / "copbot.db"))


def _from_template() -> str:
    while _free:
        name = _free.pop()
        try:
            postgresql.empty(name)
        except Exception:  # whoever had it left it in no state to be used
            postgresql.drop(name)
        else:
            return name
    name = postgresql.new_name()
    postgresql.make(name, postgresql.template())
    return name


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/copbot.db")
        tables.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(insert(tables.Team.__table__), [{"name": "one"}])
        engine.dispose()  # the last connection writes the log into the file
        return (Path(folder) / "copbot.db").read_bytes()
