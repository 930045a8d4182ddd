"""What newcomers said after a month: one result for each journey."""

from collections.abc import Collection
from typing import cast

from sqlalchemy import Connection, Table, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.records import GivenOutcome, Verdict

_outcome = cast(Table, tables.Outcome.__table__)  # type: ignore[attr-defined]


class SqlOutcomes:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def get(self, journey: int) -> GivenOutcome | None:
        row = self._connection.execute(
            select(_outcome).where(_outcome.c.team_id == self._team, _outcome.c.journey_id == journey)
        ).one_or_none()
        return None if row is None else GivenOutcome(cast(Verdict, row.verdict), row.line, row.at_us)

    def of(self, journeys: Collection[int]) -> frozenset[int]:
        found: set[int] = set()
        for some in pieces(sorted(journeys)):
            mine = select(_outcome.c.journey_id).where(
                _outcome.c.team_id == self._team, _outcome.c.journey_id.in_(some)
            )
            found.update(self._connection.execute(mine).scalars())
        return frozenset(found)

    def save(self, journey: int, outcome: GivenOutcome) -> None:
        said = {"verdict": outcome.verdict, "line": outcome.line, "at_us": outcome.at_us}
        statement = insert_into(self._connection, _outcome).values(journey_id=journey, team_id=self._team, **said)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["journey_id"], set_=said))
