"""Alembic's entry: runs on the connection that ``schema.migrate`` opened, inside its transaction."""

from alembic import context

from copbot.adapters.store.tables import metadata
from copbot.adapters.store.words_index import is_of_the_index

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_name=lambda name, kind, _parents: not (kind == "table" and is_of_the_index(name)),
)
context.run_migrations()
