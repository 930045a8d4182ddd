"""``copbot export-member`` and ``copbot forget``: what the operator does for one person, without Slack.

Beside a running bot both work as any other writer of the database: each step is a short transaction. What the bot said of somebody in a
channel it takes back itself, once it runs; how many stand on which level, which it keeps in memory, it counts anew within the hour. Who was
exported or forgotten is not written down, only that somebody was.
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from copbot.adapters.directory import StoredDirectory
from copbot.adapters.files import load
from copbot.adapters.out_folder import writing_to
from copbot.adapters.store.sql import SqlStore
from copbot.core.audit_trail import OPERATOR
from copbot.core.errors import Mistake
from copbot.core.own_copy import as_json, csv_files, document
from copbot.core.ports import Clock, Context, Store
from copbot.core.privacy import forget, take_leave
from copbot.core.time import to_us
from copbot.settings import Settings
from copbot.stores import offline
from copbot.wiring import OWN_FEATURES

_ID = re.compile(r"[UW][A-Z0-9]{2,}")


def person_meant(store: Store, asked: str) -> str:
    """The user ID of the one person meant by an ID, or by a name that nobody else has. Raises Mistake."""
    asked = asked.strip().removeprefix("<@").removesuffix(">").partition("|")[0]
    if _ID.fullmatch(asked):
        return asked
    with store.read() as tx:
        found = tx.facts.named(asked.removeprefix("@"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise Mistake(
            f"USER {asked}: nobody of that name is stored: give the user ID (in Slack: their profile > ⋮ > Copy member ID)"
        )
    raise Mistake(f"USER {asked}: {len(found)} people have that name: give the user ID, one of {', '.join(found)}")


class MemberCopy:
    """All that is stored about one person, as the person gets it themselves."""

    def __init__(self, store: Store, clock: Clock, asked: str) -> None:
        self.user = person_meant(store, asked)
        with store.read() as tx:
            self._stored = tx.privacy.stored(self.user)
        self._document = document(self.user, self._stored, clock.now())
        if self._stored:
            with store.begin() as tx:
                tx.audit.note("", OPERATOR, "exported", "somebody's data", to_us(clock.now()))

    def as_json(self) -> Mapping[str, Any]:
        return self._document

    def write(self, folder: Path | None) -> list[Path]:
        """The JSON document and a CSV file for each table; readable by the operator alone."""
        if not self._stored:
            return []
        folder = folder or Path(f"member-{self.user}")
        files = {f"{self.user}.json": as_json(self._document), **csv_files(self._stored)}
        with writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return [_written(folder / name, content) for name, content in files.items()]

    def as_text(self, files: list[Path]) -> str:
        if not files:
            return f"Nothing is stored about {self.user}."
        rows = sum(len(rows) for rows in self._stored.values())
        return f"{rows} rows of {len(self._stored)} tables about {self.user}, in {files[0].parent}"


def _written(path: Path, content: str) -> Path:
    """Written so that nobody but its owner reads it, not even for a moment."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as file:
        file.write(content)
    return path


class Forgetting:
    """Erasing one person, after a look at what that means."""

    def __init__(self, store: Store, clock: Clock, asked: str, ctx: Context | None) -> None:
        """``ctx``: what the bot said of them on Slack is known by; None where the coordinators' files are not there, or not in order."""
        self._store = store
        self._clock = clock
        self._ctx = ctx
        self.user = person_meant(store, asked)
        with store.read() as tx:
            self._counts = {table: one.rows for table, one in tx.privacy.counted(self.user, {}).items()}
            self._was_forgotten = tx.privacy.is_forgotten(self.user) and self.user not in tx.privacy.being_forgotten()
        self.rows = 0

    def confirmed(self, ask: Callable[[str], str]) -> bool:
        """Whether the operator says so; ``ask`` puts a question on the terminal."""
        known = ", ".join(f"{count} × {table}" for table, count in self._counts.items()) or "nothing"
        told = (
            f"About {self.user} is stored: {known}.\nErase all of it for good? Backups made before keep it. Type yes: "
        )
        return ask(told).strip().lower() == "yes"

    def run(self) -> None:
        now_us = to_us(self._clock.now())
        if self._was_forgotten:
            return
        if self._ctx is not None:
            with self._store.begin() as tx:
                take_leave(self._ctx, tx, OWN_FEATURES, self.user)
        self.rows = forget(self._store, self.user, now_us)
        with self._store.begin() as tx:
            tx.audit.note("", OPERATOR, "erased", "somebody", now_us)

    def as_json(self) -> Mapping[str, Any]:
        return {"user": self.user, "rows": self.rows, "was_forgotten_before": self._was_forgotten}

    def as_text(self) -> str:
        if self._was_forgotten:
            return f"{self.user} was erased before, and does not come back by import or backfill."
        told = f"{self.user} is erased: {self.rows} rows deleted or left without a name. They do not come back by import or backfill."
        if self._ctx is None:
            told += "\nAn introduction in Slack was not taken back, for the coordinators' files are not in order: delete it there."
        return told


def context_of(settings: Settings, store: SqlStore, clock: Clock) -> Context | None:
    """What is needed to know what the bot said of somebody; None where the coordinators' files do not tell."""
    if not settings.copbot_schedules_dir.is_dir():
        return None
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    if found.problems:
        return None
    with store.read() as tx:
        directory = StoredDirectory(tx.figures.channels())
    return offline(settings, clock, found, store, directory)
