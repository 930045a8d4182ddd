"""The backup that the running bot makes each night, where the coordinators' files ask for one."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from copbot.adapters.store.backup import back_up_nightly, sqlite_file
from copbot.core.community import Backups, Community
from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import escape, shorten
from copbot.core.nightly import InterruptedTaskError, Task, night_of
from copbot.core.ports import Context
from copbot.core.time import to_us

TASK = "backup"

FOLDER = "backups"
"""Beside the database, where the files name no other place."""


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
