"""``copbot backup`` and ``copbot restore``, and the backup that the running bot makes each night."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from copbot.adapters.store.backup import back_up, back_up_nightly, in_bytes, sqlite_file
from copbot.adapters.store.engine import database_exists
from copbot.adapters.store.restoring import Restored, fit_to_restore, restore_file
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.server_backup import restore_server
from copbot.adapters.store.sqlite_files import Contents, Progress
from copbot.core.community import Backups, Community
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import escape, shorten
from copbot.core.nightly import InterruptedTaskError, Task, night_of
from copbot.core.ports import Clock, Context
from copbot.core.time import to_us
from copbot.settings import Settings

TASK = "backup"

FOLDER = "backups"
"""Beside the database, where the files name no other place."""


class BackedUp:
    """A backup that was made."""

    def __init__(self, settings: Settings, target: Path, progress: Progress, *, force: bool = False) -> None:
        if not database_exists(settings.database_url):
            raise Mistake(f"DATABASE_URL: there is no database {settings.database_url}, so there is nothing to back up")
        self.file = target
        self.contents = back_up(settings.database_url, target, progress, force=force)

    def as_json(self) -> dict[str, object]:
        return {"file": str(self.file), **_described(self.contents)}

    def as_text(self) -> str:
        return f"Backed up to {self.file}: {_in_words(self.contents)}. It was read through and is whole."


class PutBack:
    """A backup that was put in the database's place."""

    def __init__(self, settings: Settings, backup: Path, clock: Clock, progress: Progress, *, force: bool) -> None:
        database = sqlite_file(settings.database_url)
        self.file = backup
        self.database = str(database or make_url(settings.database_url).render_as_string(hide_password=True))
        if database is None:
            fit_to_restore(backup)
            self.done = Restored(restore_server(backup, settings.database_url, to_us(clock.now()), progress), None)
        else:
            self.done = restore_file(backup, database, clock.now(), progress, force=force)

    def as_json(self) -> dict[str, object]:
        kept = None if self.done.kept is None else str(self.done.kept)
        about = {
            "file": str(self.file),
            "database": self.database,
            "kept": kept,
            "forgotten_again": self.done.forgotten,
        }
        return {**about, **_described(self.done.contents)}

    def as_text(self) -> str:
        lines = [f"Restored {self.file} as {self.database}: {_in_words(self.done.contents)}."]
        if self.done.contents.is_older:
            lines.append(
                f"It was of an earlier version ({self.done.contents.revision}), and was brought to {known_revisions()[-1]}."
            )
        if self.done.kept is not None:
            lines.append(f"What was there before is kept as {self.done.kept}: delete it once you no longer need it.")
        if self.done.forgotten is None:
            lines.append(
                "Whoever was forgotten since that backup is in it again: run `copbot forget` for each of them."
            )
        elif self.done.forgotten:
            lines.append(
                f"Forgotten in it too, as they had been since: {_many(self.done.forgotten, 'person', 'people')}."
            )
        lines.append("For a day the bot looks on Slack whether it said something already before it says it.")
        return "\n".join(lines)


def _described(contents: Contents) -> dict[str, object]:
    about = {"version": contents.revision, "is_older": contents.is_older, "bytes": contents.size}
    return {**about, "workspace": contents.workspace, "rows": dict(contents.rows)}


def _in_words(contents: Contents) -> str:
    whose = f"{contents.workspace}'s data, " if contents.workspace else ""
    messages, people = contents.rows.get("message", 0), contents.rows.get("slack_user", 0)
    return f"{whose}{_many(messages, 'message', 'messages')}, {_many(people, 'person', 'people')}, {in_bytes(contents.size)}"


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


# -- each night


def backups_wanted(communities: tuple[Community, ...]) -> tuple[Community, Backups] | None:
    """The line of the coordinators' files that asks for a nightly backup, and whose it is; None where nobody does. Where several
    communities have one, they say the same (the files are checked for that)."""
    return next(((community, community.backup) for community in communities if community.backup), None)


def folder_of(database_url: str, wanted: Backups) -> Path:
    if wanted.to:
        return Path(wanted.to)
    database = sqlite_file(database_url)
    return (database.parent if database else Path()) / FOLDER


def nightly_backup(database_url: str, ctx: Context, stopping: threading.Event) -> Iterator[Task]:
    """The backup as a nightly task, where the coordinators' files ask for one."""
    if wanted := backups_wanted(ctx.communities()):
        community, how = wanted
        work = partial(_back_up_now, database_url, ctx, how, stopping)
        yield Task(TASK, community.timezone, work, partial(_tell_failed, ctx, community))


def _back_up_now(database_url: str, ctx: Context, wanted: Backups, stopping: threading.Event) -> None:
    folder = folder_of(database_url, wanted)
    back_up_nightly(database_url, folder, wanted.keep, ctx.clock.now(), _until(stopping))


def _until(stopping: threading.Event) -> Callable[[float], None]:
    def look(_share: float) -> None:
        if stopping.is_set():
            raise InterruptedTaskError

    return look


def _tell_failed(ctx: Context, community: Community, failure: str) -> None:
    now = ctx.clock.now()
    text = (
        f":warning: Tonight's backup could not be made: {escape(shorten(failure, 300))}. The backups of the nights before are still there. "
        "I try again every two hours. Please tell whoever runs me: `copbot doctor` says what is wrong."
    )
    with ctx.store.begin() as tx:
        for user in sorted(ctx.directory.people(community.roles.coordinators)):
            tx.deliveries.plan(
                Outgoing(
                    key=f"backup:{night_of(now, community.timezone)}:{user}",
                    kind="notice",
                    target=user,
                    community=community.id,
                    text=text,
                    due_us=to_us(now),
                )
            )
