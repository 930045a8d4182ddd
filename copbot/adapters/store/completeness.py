"""Up to when nothing is missing between what Slack holds and what is stored."""

from typing import cast

from sqlalchemy import Engine, Table, or_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.engine import reading

_team = cast(Table, tables.Team.__table__)  # type: ignore[attr-defined]


class Completeness:
    """One process's view of it. Instants in microseconds.

    The process that leads notes that nothing is missing. One that follows and was cut off puts the note back to when it was last connected,
    for what Slack told that one may be told to nobody again; the leader finds this when it next notes, and reads what was missed.
    """

    def __init__(self, engine: Engine, team: int) -> None:
        self._engine = engine
        self._team = team
        self._noted_us: int | None = None
        self._seen_us: int | None = None

    def until(self) -> int | None:
        """None before the first connection."""
        with reading(self._engine.connect()) as connection:
            found: int | None = connection.execute(
                select(_team.c.complete_us).where(_team.c.id == self._team)
            ).scalar_one()
        self._noted_us = found
        return found

    def note(self, us: int) -> bool:
        """Nothing is missing up to then. False, and nothing noted, when another process has put it back meanwhile."""
        as_noted = _team.c.complete_us >= (self._noted_us or 0)
        with self._engine.begin() as connection:
            noted = connection.execute(
                update(_team)
                .where(_team.c.id == self._team, or_(_team.c.complete_us.is_(None), as_noted))
                .values(complete_us=us)
            )
        if noted.rowcount == 1:
            self._noted_us = us
        return noted.rowcount == 1

    def seen_whole(self, us: int) -> None:
        """This process is connected, and was told all that it was to be told until then."""
        self._seen_us = us

    def put_back(self) -> None:
        """This process may have missed something since it was last connected."""
        if self._seen_us is None:
            return
        with self._engine.begin() as connection:
            connection.execute(
                update(_team)
                .where(_team.c.id == self._team, _team.c.complete_us > self._seen_us)
                .values(complete_us=self._seen_us)
            )
