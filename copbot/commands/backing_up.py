"""``copbot backup`` and ``copbot restore``."""

from pathlib import Path

from sqlalchemy import make_url

from copbot.adapters.store.backup import back_up, sqlite_file
from copbot.adapters.store.engine import database_exists
from copbot.adapters.store.restoring import Restored, fit_to_restore, restore_file
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.server_backup import restore_server
from copbot.adapters.store.sqlite_files import Contents, Progress, in_bytes
from copbot.core.errors import Mistake
from copbot.core.ports import Clock
from copbot.core.time import to_us
from copbot.settings import Settings


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
