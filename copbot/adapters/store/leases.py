"""Who leads: one row for each workspace, by the database's own clock, which all processes share."""

from typing import cast

from sqlalchemy import BigInteger, Connection, Table, literal_column, select, update
from sqlalchemy.sql import ColumnElement

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.ports.lease import Lease

_lease = cast(Table, tables.LeadLease.__table__)  # type: ignore[attr-defined]

_NOW_US = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
}


class SqlLeases:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def get(self) -> Lease | None:
        columns = (*_lease.c["holder", "term", "rung"], (_lease.c.until_us - self._now_us).label("left_us"))
        row = self._connection.execute(select(*columns).where(_lease.c.team_id == self._team)).one_or_none()
        return None if row is None else Lease(row.holder, row.term, row.left_us, row.rung)

    def take(self, holder: str, for_us: int) -> int:
        first = {"team_id": self._team, "holder": "", "term": 0, "until_us": 0, "rung": 0}
        self._connection.execute(
            insert_into(self._connection, _lease).values(first).on_conflict_do_nothing(index_elements=["team_id"])
        )
        self._connection.execute(
            update(_lease)
            .where(_lease.c.team_id == self._team)
            .values(holder=holder, term=_lease.c.term + 1, until_us=self._now_us + for_us)
        )
        term = select(_lease.c.term).where(_lease.c.team_id == self._team)
        return int(self._connection.execute(term).scalar_one())

    def renew(self, holder: str, term: int, for_us: int) -> bool:
        longer = update(_lease).where(*self._held(holder, term)).values(until_us=self._now_us + for_us)
        return self._connection.execute(longer).rowcount == 1

    def give_up(self, holder: str, term: int) -> None:
        self._connection.execute(update(_lease).where(*self._held(holder, term)).values(until_us=0))

    def ring(self) -> None:
        self._connection.execute(update(_lease).where(_lease.c.team_id == self._team).values(rung=_lease.c.rung + 1))

    def _held(self, holder: str, term: int) -> tuple[ColumnElement[bool], ...]:
        return _lease.c.team_id == self._team, _lease.c.holder == holder, _lease.c.term == term

    @property
    def _now_us(self) -> ColumnElement[int]:
        return literal_column(_NOW_US[self._connection.dialect.name], BigInteger)
