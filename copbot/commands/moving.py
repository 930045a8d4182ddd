"""``copbot move``: everything that is stored, carried over to another database, whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from copbot.adapters.process import has_ended
from copbot.adapters.store.engine import PATIENCE, database_exists, open_engine
from copbot.adapters.store.moving import carry_over, figures_of, rows_in
from copbot.adapters.store.schema import WAIT_FOR_OTHERS_MS, build_schema, migrate, the_team
from copbot.adapters.store.sql import SqlTx
from copbot.commands.stats import FIGURES
from copbot.core.community import Participation
from copbot.core.errors import Mistake
from copbot.core.leading import is_held
from copbot.core.ports import Clock
from copbot.features.participation.period import stats_period
from copbot.settings import Settings


@dataclass(frozen=True)
class Moved:
    """``rows`` by table."""

    source: str
    target: str
    rows: dict[str, int]

    def as_json(self) -> dict[str, object]:
        return {"from": self.source, "to": self.target, "rows": self.rows, "checked": True}

    def as_text(self) -> str:
        return (
            f"Moved {sum(self.rows.values()):,} rows of {len(self.rows)} tables to {self.target}; the figures of both agree.\n"
            f"Set DATABASE_URL to that address and start copbot. {self.source} is as it was: keep it until you are content, "
            "then delete it."
        )


def move(settings: Settings, clock: Clock, to: str, progress: Callable[[float], None]) -> Moved:
    """Everything in one transaction of the target's, while nobody can write to the source.

    Killed or failed anywhere, the target is as empty as it was, and the same command begins anew. Raises Mistake where a bot runs on the
    source, where the target is not empty, and where the figures of both differ.
    """
    if not database_exists(settings.database_url):
        raise Mistake(
            f"DATABASE_URL: there is no database {_shown(settings.database_url)} yet: there is nothing to move"
        )
    with _opened(settings.database_url, "DATABASE_URL") as source, _opened(to, "--to") as target:
        if source.url == target.url:
            raise Mistake("--to is the database that DATABASE_URL names: name another one")
        migrate(source)
        team = the_team(source)
        with _held(source, "DATABASE_URL") as old, _held(target, "--to") as new:
            _refuse_while_a_bot_runs(old, team)
            _refuse_what_is_not_empty(new)
            build_schema(new)
            expected = rows_in(old)
            carry_over(old, new, lambda done: progress(min(0.95, 0.95 * done / max(1, expected))))
            rows = _compared(old, new, team, clock)
        progress(1.0)
        return Moved(_shown(settings.database_url), _shown(to), rows)


@contextmanager
def _opened(address: str, what: str) -> Iterator[Engine]:
    """``what`` names the address, also where it is none."""
    try:
        engine = open_engine(address)
    except Mistake as mistake:
        raise Mistake(str(mistake).replace("DATABASE_URL", what)) from None
    try:
        yield engine.execution_options(**{PATIENCE: WAIT_FOR_OTHERS_MS})
    finally:
        engine.dispose()


@contextmanager
def _held(engine: Engine, what: str) -> Iterator[Connection]:
    """A write transaction. Of its errors the first line alone is told: the rest may show what is stored."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as failed:
        told = str(failed.orig).strip().splitlines() or [type(failed.orig).__name__]
        shown = engine.url.render_as_string(hide_password=True)
        raise Mistake(
            f"{what}: {shown} cannot be used ({told[0]}): nothing was moved; mend that and run it again"
        ) from None


def _refuse_while_a_bot_runs(source: Connection, team: int) -> None:
    lease = SqlTx(source, team, lambda _channel: "all").lease.get()
    if is_held(lease, has_ended):
        raise Mistake("a bot runs on the database: stop every `copbot run`, then move it")


def _refuse_what_is_not_empty(target: Connection) -> None:
    found = inspect(target).get_table_names()
    if found:
        raise Mistake(
            f"--to names a database that is not empty (it has the table {sorted(found)[0]}): make an empty one for copbot"
        )


def _compared(source: Connection, target: Connection, team: int, clock: Clock) -> dict[str, int]:
    before, after = figures_of(source), figures_of(target)
    for table, figures in before.items():
        if after[table] != figures:
            raise Mistake(f"--to: the table {table} differs after the move: nothing was moved; please report this")
    now = clock.now()
    for name, figure in FIGURES.items():
        told = []
        for connection in (source, target):
            figures_there = SqlTx(connection, team, lambda _channel: "all").figures
            told.append(figure.document(figures_there, stats_period(figures_there, now), Participation()))
        if told[0] != told[1]:
            raise Mistake(f"--to: `stats {name}` differs after the move: nothing was moved; please report this")
    return {table: figures[0] for table, figures in before.items()}


def _shown(address: str) -> str:
    return make_url(address).render_as_string(hide_password=True)
