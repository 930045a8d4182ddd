"""What of the stored data copbot stands on: the database, its roll-ups, messages under way, backups, and who serves it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from copbot.adapters.process import has_ended
from copbot.adapters.store.backup import backups_in, sqlite_file
from copbot.adapters.store.engine import database_exists, open_engine
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.schema import revision_of, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.sqlite_files import in_bytes
from copbot.commands.doctor.findings import Finding, looked_at
from copbot.commands.rebuilding import Comparison
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.leading import is_held
from copbot.core.ports import Clock
from copbot.core.time import MICROSECOND, in_words, to_us
from copbot.nightly_backup import TASK, backups_wanted, folder_of
from copbot.settings import Settings

UNSETTLED_AFTER = timedelta(minutes=10)
"""A message whose sending was begun so long ago and has no outcome waits for a bot that is not running."""

OVERDUE_AFTER = timedelta(hours=1)
"""What was due so long ago and is not sent waits for a bot that is not running, or for Slack."""

BACKUP_WITHIN = timedelta(hours=50)
"""A nightly backup is older than this only when one night was missed."""

OTHERS = 0o077
"""The rights of everybody but the owner."""

LEAST_FREE = 200_000_000
"""Bytes below which a disk is as good as full: what a busy week writes, with its logs."""

RESTORE = "`copbot restore FILE --force` with the latest good backup; the damaged one is kept beside"

RIGHTS = "run copbot and its commands as the file's owner, and see that its folder and disk can be written"

STEPS = ((("full", "disk I/O"), "make room on its disk"), (("readonly", "unable to open"), RIGHTS))
"""What SQLite's words say of a file that is whole: another put in its place would help nothing."""

SERVER = (
    "see that the server runs and can be reached from here, and check DATABASE_URL: its host, name, user and password"
)


def data_findings(settings: Settings, clock: Clock, communities: Sequence[Community]) -> Iterator[Finding]:
    try:
        file = sqlite_file(settings.database_url)
    except Mistake as wrong:
        yield Finding("DATABASE_URL", False, str(wrong).removeprefix("DATABASE_URL "), "name one of these")
        return
    if file is not None and file.exists() and not _is_ours(file):
        says = f"{file} cannot be read and written by whoever runs this, or its folder cannot"
        yield Finding("database", False, says, RIGHTS)
        return
    if database_exists(settings.database_url):
        yield from looked_at("database", [partial(_file, settings.database_url)])
    try:
        with as_it_is(settings.database_url) as store:
            looks = (partial(_integrity, store), lambda: [_roll_ups(Comparison(store))])
            yield from looked_at("database", looks)
            yield from looked_at("messages", [partial(_messages, store, clock)])
            yield from looked_at("processes", [partial(_processes, store)])
            yield from looked_at("backup", [partial(_backup, settings, clock, communities, store)])
    except NothingYet as nothing:
        yield Finding("database", True, str(nothing))
    except Mistake as unusable:
        says, _, mend = str(unusable).removeprefix("DATABASE_URL: ").partition(": ")
        yield Finding("database", False, says, mend or "see above")
    except SQLAlchemyError as failed:
        reason = (str(getattr(failed, "orig", None) or "") or type(failed).__name__).strip().splitlines()[0]
        yield Finding("database", False, f"it cannot be read ({reason})", _step(reason) if file else SERVER)


def _is_ours(file: Path) -> bool:
    return os.access(file, os.R_OK | os.W_OK) and os.access(file.absolute().parent, os.W_OK | os.X_OK)


def _step(reason: str) -> str:
    return next((step for words, step in STEPS if any(word in reason for word in words)), RESTORE)


class NothingYet(Mistake):
    """There is no database yet, or nothing in it: so it is before the first start."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The database, as it is. Raises Mistake, with what to do, when it is of another version than this program, and NothingYet."""
    if not database_exists(url):
        raise NothingYet("there is none yet: `copbot run` or `copbot import` makes it")
    engine = open_engine(url)
    try:
        found, newest = revision_of(engine), known_revisions()[-1]
        if found is None:
            raise NothingYet("nothing is in it yet: `copbot run` or `copbot import` fills it")
        if found not in known_revisions():
            raise Mistake("it was written by a newer copbot: upgrade copbot, or restore an older backup")
        if found != newest:
            raise Mistake(
                f"it is of version {found}, this program's is {newest}: `copbot upgrade` (first `copbot upgrade --rehearse`)"
            )
        yield engine
    finally:
        engine.dispose()


@contextmanager
def as_it_is(url: str) -> Iterator[SqlStore]:
    """The store, without bringing it to another version."""
    with opened(url) as engine:
        yield SqlStore(engine, the_team(engine))


# -- the file and the disk


def _file(url: str) -> Iterator[Finding]:
    file = sqlite_file(url)
    if file is None:
        yield Finding("database", True, f"PostgreSQL at {make_url(url).render_as_string(hide_password=True)}")
        return
    if file.stat().st_mode & OTHERS:
        yield Finding("database", False, f"others on this machine may open {file}", f"chmod 600 {file}")
    else:
        yield Finding("database", True, f"{file} is its owner's alone")
    free, size = shutil.disk_usage(file.absolute().parent).free, file.stat().st_size
    says = f"{in_bytes(free)} are free where it lies, it takes {in_bytes(size)}"
    if free < max(LEAST_FREE, size):
        yield Finding("disk", False, says, "make room: the database grows, and an upgrade keeps a copy of it first")
    else:
        yield Finding("disk", True, says)
    yield _mode(file)


def _mode(file: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as connection:
            mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    except sqlite3.Error as failed:
        return Finding("database", False, f"it cannot be opened ({failed})", _step(str(failed)))
    written = "every commit is on the disk before it is told (synchronous=FULL)"
    if mode == "wal":
        return Finding("database", True, f"it is in WAL mode; {written}")
    return Finding("database", True, f"it is in {mode} mode, as after a restore; the next start sets WAL; {written}")


def _integrity(store: SqlStore) -> Iterator[Finding]:
    complaints = store.complaints()
    version = f"version {known_revisions()[-1]}"
    if complaints:
        yield Finding("database", False, f"it is damaged: {complaints[0]}", RESTORE)
    else:
        yield Finding("database", True, f"it is whole, and at this program's {version}")


def _roll_ups(compared: Comparison) -> Finding:
    if compared.differences:
        count = len(compared.differences)
        says = f"{count} day{'' if count == 1 else 's'} differ from the facts"
        return Finding("roll-ups", False, says, "copbot rebuild")
    if compared.left_to_fill or compared.emptied:
        return Finding("roll-ups", True, "equal to the facts; those that are missing the running bot fills in")
    return Finding("roll-ups", True, "equal to the facts")


# -- messages under way


def _messages(store: SqlStore, clock: Clock) -> Iterator[Finding]:
    now_us = to_us(clock.now())
    with store.read() as tx:
        begun_before = now_us - UNSETTLED_AFTER // MICROSECOND
        open_ = sum((one.claimed_us or 0) < begun_before for one in tx.deliveries.open())
        overdue = len(tx.deliveries.ready(now_us - OVERDUE_AFTER // MICROSECOND, 1000))
    if open_:
        says = f"of {open_} it is not known whether Slack took {'it' if open_ == 1 else 'them'}"
        yield Finding("messages", False, says, "start `copbot run`: it looks each up before it sends anything")
    else:
        yield Finding("messages", True, "each that was begun has its outcome")
    if overdue:
        says = f"{overdue} {'is' if overdue == 1 else 'are'} due for more than an hour and not sent"
        yield Finding(
            "messages",
            False,
            says,
            "see that `copbot run` is up and that Slack can be reached: they go out by themselves",
        )


def _processes(store: SqlStore) -> Iterator[Finding]:
    told = (
        "`copbot run` is at work on this database"
        if is_served(store)
        else "no `copbot run` is at work on this database now"
    )
    yield Finding("processes", True, told)


def is_served(store: SqlStore) -> bool:
    """Whether a bot runs on this database."""
    with store.read() as tx:
        lease = tx.lease.get()
    return is_held(lease, has_ended)


# -- backups


def _backup(settings: Settings, clock: Clock, communities: Sequence[Community], store: SqlStore) -> Iterator[Finding]:
    wanted = backups_wanted(tuple(communities))
    if wanted is None:
        says = "copbot makes none by itself: `backup: {keep: 7}` in community.yaml makes one each night, unless you have another way"
        yield Finding("backup", True, says)
        return
    folder = folder_of(settings.database_url, wanted[1])
    with store.read() as tx:
        run = tx.nights.of(TASK)
    made = backups_in(folder)
    latest = made[-1] if made else None
    if run is not None and run.failure:
        yield Finding(
            "backup", False, f"the last one failed: {run.failure}", "mend that; it is tried again every two hours"
        )
    elif latest is None:
        mend = "" if run is None else "see that `copbot run` is up, and that nobody removes them"
        yield Finding(
            "backup", run is None, f"there is none in {folder} yet: the running bot makes the first at once", mend
        )
    else:
        yield _age(latest.made, latest.size, folder, len(made), clock.now())


def _age(made: datetime, size: int, folder: Path, count: int, now: datetime) -> Finding:
    says = f"the latest of {count} in {folder} is {in_words(now - made)} old, {in_bytes(size)}"
    if now - made > BACKUP_WITHIN:
        return Finding("backup", False, says, "see that `copbot run` is up: it makes one at its next start")
    return Finding("backup", True, says)
