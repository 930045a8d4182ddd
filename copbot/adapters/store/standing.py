"""How the database stands, for those who watch it: what waits in it, how large it is, and whether it takes what is written.

Asked every few seconds for years, so each question is one of an index or of the file's head: none grows with what is stored.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, and_, func, select, text, update
from sqlalchemy.exc import DatabaseError

from copbot.adapters.store.engine import reading
from copbot.adapters.store.tables import Delivery, Inbox, Team

_delivery = Delivery.__table__  # type: ignore[attr-defined]
_inbox = Inbox.__table__  # type: ignore[attr-defined]
_team = Team.__table__  # type: ignore[attr-defined]


def waiting(engine: Engine, team: int, now_us: int) -> Mapping[str, float]:
    """What waits at an instant, and for how many seconds already, by the names of the metrics. Nothing where it cannot be read."""
    due = and_(_delivery.c.team_id == team, _delivery.c.state == "due", _delivery.c.due_us <= now_us)
    open_ = and_(_delivery.c.team_id == team, _delivery.c.state == "sending")
    undecided = and_(_inbox.c.team_id == team, _inbox.c.handled_us.is_(None))
    try:
        with reading(engine.connect()) as connection:

            def counted(question: Select[Any]) -> tuple[int, float]:
                count, oldest_us = connection.execute(question).one()
                return count, 0.0 if oldest_us is None else max(0.0, (now_us - oldest_us) / 1_000_000)

            due_count, due_s = counted(select(func.count(), func.min(_delivery.c.due_us)).where(due))
            open_count, _ = counted(select(func.count(), func.min(_delivery.c.claimed_us)).where(open_))
            new_count, new_s = counted(select(func.count(), func.min(_inbox.c.received_us)).where(undecided))
            until_us = connection.execute(select(_team.c.complete_us).where(_team.c.id == team)).scalar_one()
    except DatabaseError:
        return {}
    found: dict[str, float] = {
        "deliveries_waiting": due_count,
        "delivery_backlog_seconds": due_s,
        "deliveries_unsettled": open_count,
        "happenings_waiting": new_count,
        "happening_backlog_seconds": new_s,
    }
    return found if until_us is None else found | {"complete_seconds": max(0.0, (now_us - until_us) / 1_000_000)}


def size_bytes(engine: Engine) -> Mapping[str, float]:
    """How large the database is, by the metric's name."""
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        sizes = [each.stat().st_size for each in (file, Path(f"{file}-wal")) if each.exists()]
        return {"database_bytes": sum(sizes)}
    try:
        with reading(engine.connect()) as connection:
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    except DatabaseError:
        return {}
    return {"database_bytes": int(size)}


class Writing:
    """Whether the database takes what is written, as far as the last attempt tells: the bot's own, or one made to see.

    A lock, a full disk and a file that may only be read show in writing alone.
    """

    def __init__(self, engine: Engine, team: int) -> None:
        self._engine = engine
        self._team = team
        self._lock = threading.Lock()
        self._trouble = ""

    def look(self) -> None:
        """Write something that changes nothing, whole: also that it reached the disk."""
        try:
            with self._engine.begin() as connection:
                same = update(_team).where(_team.c.id == self._team).values(name=_team.c.name)
                connection.execute(same)
        except DatabaseError as failed:
            self.failed(str(failed.orig))
        except OSError as failed:
            self.failed(os.strerror(failed.errno or 0))
        else:
            self.worked()

    def failed(self, why: str) -> None:
        with self._lock:
            self._trouble = (
                f"the database cannot be written ({why.strip().splitlines()[0] if why.strip() else 'no reason told'})"
            )

    def worked(self) -> None:
        with self._lock:
            self._trouble = ""

    def trouble(self) -> str:
        """What is wrong, in words; empty while all is well."""
        with self._lock:
            return self._trouble
