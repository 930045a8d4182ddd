"""Bringing a database to this program's schema, and finding the workspace that it serves."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from copbot.adapters.store.before_upgrade import keep_copy
from copbot.adapters.store.engine import NO_FILE, PATIENCE, REBUILDS, is_locked, reading
from copbot.adapters.store.revisions import MIGRATIONS, known_revisions
from copbot.adapters.store.tables import Team
from copbot.core.errors import Mistake

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

_team = Team.__table__  # type: ignore[attr-defined]


WAIT_FOR_OTHERS_MS = 30_000
"""How long a start waits for another process that writes."""

_CHECK_SERVER = (
    "check DATABASE_URL, that the server runs, that the database is there, and that its user may make tables in it"
)

WAITS = 60
"""So often it waits while another process brings an older database to its schema: half an hour, for millions of messages."""


def migrate(engine: Engine, *, keeps_copy: bool = True) -> None:
    """Apply the migrations that are missing, all in one transaction that holds the write lock. Of an older SQLite database a copy is
    kept beside it first.

    Raises Mistake when the database is newer than the program, damaged, cannot be written, has no room for its copy, or is none that
    lasts.
    """
    if engine.url.get_backend_name() == "sqlite" and engine.url.database in {None, "", ":memory:"}:
        raise Mistake(NO_FILE)
    for _ in range(WAITS):
        try:
            _migrate(engine, keeps_copy=keeps_copy)
            return
        except _OtherMigrates:
            log.info("another process brings the database to this version, which can take minutes: waiting")
    raise Mistake(f"{_name(engine)} is held by another process: end it, or wait until it is done")


class _OtherMigrates(Exception):
    pass


def _migrate(engine: Engine, *, keeps_copy: bool) -> None:
    try:
        options = {PATIENCE: WAIT_FOR_OTHERS_MS, REBUILDS: True}
        with engine.connect().execution_options(**options) as connection, connection.begin():
            current, known = _revision(connection), known_revisions()
            if current == known[-1]:
                return
            if current is not None and current not in known:
                raise Mistake(
                    f"{_name(engine)} was written by a newer copbot: upgrade copbot, or restore a backup made by this version"
                )
            if current is not None:
                log.info("bringing the database from version %s to %s, which can take minutes", current, known[-1])
                if keeps_copy and _is_file(engine):
                    keep_copy(Path(str(engine.url.database)), current)
            build_schema(connection)
            _look_at_references(connection)
    except OperationalError as failed:
        if _is_locked_and_older(engine, failed):
            raise _OtherMigrates from None
        raise out_of_reach(engine, failed) from None
    except DatabaseError as damaged:
        if _is_file(engine):
            raise Mistake(f"{_name(engine)} is damaged ({damaged.orig}): restore a backup of it") from None
        raise Mistake(f"{_name(engine)} cannot be used ({_first_line(damaged)}): {_CHECK_SERVER}") from None
    finally:
        engine.dispose()  # the connection waited with other patience, and looked at no references


def build_schema(connection: Connection) -> None:
    """The migrations that are missing, in the caller's transaction."""
    from alembic import command  # takes longer to load than all else here, and most starts find nothing to do

    command.upgrade(alembic_config(connection), "head")


def _look_at_references(connection: Connection) -> None:
    """SQLite changes a column by making a table anew, for which references are not looked at: so they are before it is committed."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Mistake(
            "the database refers to rows that are not there, so it is left at its version: restore a backup of it"
        )


def _is_file(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def out_of_reach(engine: Engine, failed: OperationalError) -> Mistake:
    """What to tell and to do where a database takes nothing for now."""
    mend = "check that the file and its folder can be written" if _is_file(engine) else _CHECK_SERVER
    if "full" in str(failed.orig) or "disk I/O" in str(failed.orig):
        mend = "make room on its disk"
    return Mistake(f"{_name(engine)} cannot be used ({_first_line(failed)}): {mend}")


def _first_line(failed: DatabaseError) -> str:
    return str(failed.orig).strip().splitlines()[0] if str(failed.orig).strip() else type(failed.orig).__name__


def _is_locked_and_older(engine: Engine, failed: OperationalError) -> bool:
    """Whether another process writes in a database that wants migrations: most likely it is at them. It can be read meanwhile."""
    if not is_locked(failed):
        return False
    try:
        with reading(engine.connect()) as connection:
            return _revision(connection) in known_revisions()[:-1]
    except DatabaseError:
        return False


def revision_of(engine: Engine) -> str | None:
    """The migration that a database has come to, changing nothing; None before the first."""
    with reading(engine.connect()) as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    """The migration that the database has come to; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    return found


def alembic_config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _name(engine: Engine) -> str:
    return engine.url.database or engine.url.render_as_string(hide_password=True)


def the_team(engine: Engine) -> int:
    """The key of the one workspace that this database serves; made when there is none."""
    with engine.begin() as connection:
        return _only_team(connection)


def _only_team(connection: Connection) -> int:
    found = connection.execute(select(_team.c.id).order_by(_team.c.id).limit(1)).scalar_one_or_none()
    if found is not None:
        return int(found)
    made = connection.execute(insert(_team).values(name="")).inserted_primary_key
    assert made is not None
    return int(made[0])


def workspace_of(engine: Engine) -> str | None:
    """Slack's ID of the workspace that the database belongs to; None before the first connection."""
    with reading(engine.connect()) as connection:
        found: str | None = connection.execute(
            select(_team.c.slack_id).order_by(_team.c.id).limit(1)
        ).scalar_one_or_none()
        return found


def bind_team(engine: Engine, slack_id: str, name: str, bot_user: str | None, url: str | None = None) -> int:
    """Tie the database to the workspace that the token belongs to; what was imported before belongs to it from now on. ``url``: what
    its links begin with, as Slack told; one that is known is kept where it did not.

    Raises Mistake when the database belongs to another workspace.
    """
    with engine.begin() as connection:
        team = _only_team(connection)
        known = connection.execute(select(_team.c.slack_id).where(_team.c.id == team)).scalar_one()
        if known not in {None, slack_id}:
            raise Mistake(
                f"DATABASE_URL: {_name(engine)} belongs to workspace {known}, the token to {slack_id}: "
                "use that workspace's token, or another database"
            )
        known_now = {"slack_id": slack_id, "name": name, "bot_user": bot_user} | ({"url": url} if url else {})
        connection.execute(update(_team).where(_team.c.id == team).values(known_now))
        return team
