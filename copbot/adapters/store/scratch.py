"""A store in memory that ends with its block: for showing what would be said, where nothing may be kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import the_team
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.tables import metadata


@contextmanager
def scratch_store() -> Iterator[SqlStore]:
    """An empty store with this program's tables. One connection: for one thread, one transaction after the other."""
    engine = open_engine("sqlite://")
    try:
        metadata.create_all(engine)
        yield SqlStore(engine, the_team(engine))
    finally:
        engine.dispose()
