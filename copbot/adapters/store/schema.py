"""Bringing a database to this program's schema, and finding the workspace that it serves."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from copbot.adapters.store.engine import PATIENCE
from copbot.adapters.store.tables import Team
from copbot.core.errors import Mistake

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

_team = Team.__table__  # type: ignore[attr-defined]


MIGRATIONS = Path(__file__).parent / "migrations"

WAIT_FOR_OTHERS_MS = 30_000
"""How long a start waits for another process that writes."""

WAITS = 60
"""So often it waits while another process brings an older database to its schema: half an hour, for millions of messages."""

_TURN = 0x636F70626F74
"""PostgreSQL's name for whose turn it is to migrate."""


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing, all in one transaction that holds the write lock.

    Raises Mistake when the database is newer than the program, damaged, cannot be written, or is none that lasts.
    """
    if engine.url.get_backend_name() == "sqlite" and engine.url.database in {None, "", ":memory:"}:
        raise Mistake("DATABASE_URL names no file, so nothing would be kept: write one such as sqlite:///copbot.db")
    for _ in range(WAITS):
        try:
            _migrate(engine)
            return
        except _OtherMigrates:
            log.info("another process brings the database to this version, which can take minutes: waiting")
    raise Mistake(f"{_name(engine)} is held by another process: end it, or wait until it is done")


class _OtherMigrates(Exception):
    pass


def _migrate(engine: Engine) -> None:
    try:
        with engine.connect().execution_options(**{PATIENCE: WAIT_FOR_OTHERS_MS}) as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # where nothing else makes the second of two wait for the first
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            current, known = _revision(connection), _revisions()
            if current == known[-1]:
                return
            if current is not None and current not in known:
                raise Mistake(
                    f"{_name(engine)} was written by a newer copbot: upgrade copbot, or restore a backup made by this version"
                )
            if current is not None:
                log.info("bringing the database from version %s to %s, which can take minutes", current, known[-1])
            from alembic import command  # takes longer to load than all else here, and most starts find nothing to do

            command.upgrade(alembic_config(connection), "head")
    except OperationalError as failed:
        if _is_locked_and_older(engine, failed):
            raise _OtherMigrates from None
        raise Mistake(
            f"{_name(engine)} cannot be used ({failed.orig}): check that the file and its folder can be written"
        ) from None
    except DatabaseError as damaged:
        raise Mistake(f"{_name(engine)} is damaged ({damaged.orig}): restore a backup of it") from None
    finally:
        engine.dispose()  # the connections of before waited with other patience


def _is_locked_and_older(engine: Engine, failed: OperationalError) -> bool:
    """Whether another process writes in a database that wants migrations: most likely it is at them. It can be read meanwhile."""
    if "database is locked" not in str(failed.orig):
        return False
    try:
        with engine.connect().execution_options(copbot_read=True) as connection:
            return _revision(connection) in _revisions()[:-1]
    except DatabaseError:
        return False


def _revision(connection: Connection) -> str | None:
    """The migration that the database has come to; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    return found


def _revisions() -> list[str]:
    """Those of this program, the first first: their files are named by them."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


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


def bind_team(engine: Engine, slack_id: str, name: str, bot_user: str | None) -> int:
    """Tie the database to the workspace that the token belongs to; what was imported before belongs to it from now on.

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
        connection.execute(
            update(_team).where(_team.c.id == team).values(slack_id=slack_id, name=name, bot_user=bot_user)
        )
        return team


def complete_until(engine: Engine, team: int) -> int | None:
    """Up to which instant (microseconds) nothing of Slack's is missing; None before the first connection."""
    with engine.connect() as connection:
        found: int | None = connection.execute(select(_team.c.complete_us).where(_team.c.id == team)).scalar_one()
        return found


def set_complete_until(engine: Engine, team: int, us: int) -> None:
    with engine.begin() as connection:
        connection.execute(update(_team).where(_team.c.id == team).values(complete_us=us))
