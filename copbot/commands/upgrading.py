"""``copbot upgrade``: the database brought to this program's version, with a copy kept and the figures held against each other; and
``--rehearse``, the same on a copy that is thrown away."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from copbot.adapters.store.backup import sqlite_file
from copbot.adapters.store.before_upgrade import copy_of
from copbot.adapters.store.engine import database_exists, open_engine, reading
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.schema import migrate, out_of_reach, revision_of
from copbot.adapters.store.sqlite_files import Progress, alone_with, copy_database, in_bytes, look_through
from copbot.core.errors import Mistake
from copbot.core.ports import Clock
from copbot.settings import Settings

REHEARSAL = ".copbot-rehearsal-"
"""What the folder of a rehearsal is called, beside the database."""

LEFT_OVER_AFTER = timedelta(days=1)
"""So long no rehearsal takes: what is older was left by one that was killed."""

FIGURES: Mapping[str, str] = {
    "messages": "SELECT count(*) FROM message WHERE user_id IS NOT NULL AND NOT is_deleted",
    "replies": "SELECT count(*) FROM message WHERE thread_us <> ts_us AND NOT is_deleted",
    "questions": "SELECT count(*) FROM message WHERE asks AND NOT is_deleted",
    "texts kept": "SELECT count(text) FROM message",
    "first message": "SELECT min(ts_us) FROM message",
    "latest message": "SELECT max(ts_us) FROM message",
    "reactions": "SELECT count(*) FROM reaction WHERE present",
    "people": "SELECT count(*) FROM slack_user WHERE NOT is_bot",
    "newcomers who answered": "SELECT count(*) FROM journey WHERE answered_us IS NOT NULL",
    "messages sent": "SELECT count(*) FROM delivery WHERE state = 'sent'",
}
"""What no migration may change, asked in words that every version's tables understand."""


@dataclass
class Upgrade:
    """What was found and done. ``changed``: figures, and tables' rows, before and after where they are not the same."""

    before: str
    after: str
    is_rehearsal: bool
    seconds: float = 0.0
    size: int = 0
    new_tables: list[str] = field(default_factory=list)
    new_columns: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    changed: dict[str, tuple[int, int]] = field(default_factory=dict)
    copy: Path | None = None

    @property
    def is_well(self) -> bool:
        return not self.changed

    def as_json(self) -> dict[str, object]:
        return {
            "before": self.before,
            "after": self.after,
            "rehearsal": self.is_rehearsal,
            "seconds": round(self.seconds, 3),
            "bytes": self.size,
            "new_tables": self.new_tables,
            "new_columns": self.new_columns,
            "figures": self.figures,
            "changed": {name: {"before": one, "after": other} for name, (one, other) in self.changed.items()},
            "copy": None if self.copy is None else str(self.copy),
        }

    def as_text(self) -> str:
        if self.before == self.after:
            return f"The database is at this program's version, {self.after}: there is nothing to do."
        what = "On a copy, the database came" if self.is_rehearsal else "The database came"
        lines = [f"{what} from version {self.before} to {self.after} in {self.seconds:.1f} s ({in_bytes(self.size)})."]
        lines += [f"New tables: {', '.join(self.new_tables)}."] if self.new_tables else []
        lines += [f"New columns: {len(self.new_columns)} (`--json` names them)."] if self.new_columns else []
        if self.changed:
            lines += [f"NOT the same: {name} was {one:,}, is {other:,}." for name, (one, other) in self.changed.items()]
        else:
            lines.append(f"Not a row was lost, and {len(self.figures)} figures are the same before and after.")
        return "\n".join([*lines, *self._what_next()])

    def _what_next(self) -> list[str]:
        if self.is_rehearsal:
            return ["The database itself was not changed."]
        if self.copy is None:
            return []
        mend = (
            f": `copbot restore {self.copy} --force` with the program of before brings it back" if self.changed else ""
        )
        return [f"It is kept as it was as {self.copy}{mend}."]


def upgrade(
    settings: Settings, clock: Clock, progress: Progress, *, rehearse: bool, keeps_copy: bool = True
) -> Upgrade:
    """Bring the database to this program's version, or only a copy of it. Raises Mistake when there is none, it is newer or damaged, a
    process has it open, or there is no room."""
    url = settings.database_url
    if not database_exists(url):
        raise Mistake(f"DATABASE_URL: there is no database {url}: `copbot run` makes one of this program's version")
    database = sqlite_file(url)
    if rehearse:
        return _rehearse(database, clock, progress)
    before = _revision(url)
    if database is not None and before != known_revisions()[-1]:
        with alone_with(database):
            pass  # a program of before, still running, would not understand the new tables
    done = _upgraded(url, clock, progress, keeps_copy=keeps_copy)
    if database is not None and done.before != done.after:
        look_through(database)
        done.copy = copy_of(database, done.before) if keeps_copy else None
    progress(1.0)
    return done


def _rehearse(database: Path | None, clock: Clock, progress: Progress) -> Upgrade:
    if database is None:
        raise Mistake(
            "upgrade --rehearse works on a SQLite file. Of PostgreSQL make a copy (createdb, pg_dump | psql), and run `copbot upgrade` "
            "with its address as DATABASE_URL"
        )
    place = database.absolute().parent
    _remove_left_over(place, clock.now() - LEFT_OVER_AFTER)
    try:
        rehearsal = tempfile.TemporaryDirectory(prefix=REHEARSAL, dir=place)
    except OSError as refused:
        raise Mistake(
            f"{place} cannot be written to ({refused.strerror}): a rehearsal needs room for a copy there"
        ) from None
    with rehearsal as folder:
        copy = Path(folder) / database.name
        copy_database(database, copy, lambda share: progress(share * 0.4))
        done = _upgraded(f"sqlite:///{copy}", clock, lambda share: progress(0.4 + share * 0.5), keeps_copy=False)
        look_through(copy)
        done.is_rehearsal = True
    progress(1.0)
    return done


def _remove_left_over(place: Path, before: datetime) -> None:
    """What a rehearsal that was killed has left: it is as large as the database, and holds what it holds."""
    for folder in place.glob(f"{REHEARSAL}*"):
        if folder.stat().st_mtime < before.timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _upgraded(url: str, clock: Clock, progress: Progress, *, keeps_copy: bool) -> Upgrade:
    before = _revision(url)
    engine = open_engine(url)
    try:
        shape, rows, figures = _taken(engine)
        progress(0.1)
        began = clock.monotonic()
        migrate(engine, keeps_copy=keeps_copy)
        seconds = clock.monotonic() - began
        progress(0.9)
        shape_after, rows_after, figures_after = _taken(engine)
    finally:
        engine.dispose()
    changed = {name: (n, rows_after.get(name, 0)) for name, n in rows.items() if rows_after.get(name, 0) < n}
    changed |= {name: (n, figures_after[name]) for name, n in figures.items() if figures_after[name] != n}
    file = sqlite_file(url)
    return Upgrade(
        *(before, known_revisions()[-1], False, seconds, file.stat().st_size if file else 0),
        new_tables=sorted(set(shape_after) - set(shape)),
        new_columns=sorted(f"{t}.{c}" for t in set(shape) & set(shape_after) for c in shape_after[t] - shape[t]),
        figures=figures_after,
        changed=changed,
    )


def _revision(url: str) -> str:
    engine = open_engine(url)
    try:
        found = revision_of(engine)
    except OperationalError as failed:
        raise out_of_reach(engine, failed) from None
    finally:
        engine.dispose()
    if found is None:
        raise Mistake("DATABASE_URL: the database is empty: `copbot run` or `copbot import` fills it")
    if found not in known_revisions():
        raise Mistake(
            "DATABASE_URL: the database was written by a newer copbot: upgrade copbot, or restore an older backup"
        )
    return found


def _taken(engine: Engine) -> tuple[dict[str, set[str]], dict[str, int], dict[str, int]]:
    """The tables with their columns, the rows of each, and the figures, all of one moment."""
    with reading(engine.connect()) as connection:
        looked = inspect(connection)
        names = [name for name in looked.get_table_names() if not name.startswith(("memory_words", "alembic_"))]
        shape = {name: {str(column["name"]) for column in looked.get_columns(name)} for name in names}
        rows = {name: _number(connection, f'SELECT count(*) FROM "{name}"') for name in names}  # noqa: S608
        return shape, rows, {name: _number(connection, question) for name, question in FIGURES.items()}


def _number(connection: Connection, question: str) -> int:
    return int(connection.execute(text(question)).scalar_one() or 0)
