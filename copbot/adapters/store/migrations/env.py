"""Alembic's entry: runs on the connection that ``schema.migrate`` opened, inside its transaction."""

from alembic import context

from copbot.adapters.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
