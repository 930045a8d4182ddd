"""What newcomers said, counted for the monthly report."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, Table, func, select

from copbot.adapters.store import tables
from copbot.core.records import GivenAnswer, Verdict

_journey = cast(Table, tables.Journey.__table__)  # type: ignore[attr-defined]
_answer = cast(Table, tables.GivenAnswer.__table__)  # type: ignore[attr-defined]
_outcome = cast(Table, tables.Outcome.__table__)  # type: ignore[attr-defined]


class SqlSaid:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def answers(self, community: str, since_us: int, until_us: int) -> Sequence[GivenAnswer]:
        rows = self._connection.execute(
            select(_answer.c.question, _answer.c.value, _answer.c.share)
            .select_from(_answer.join(_journey, _journey.c.id == _answer.c.journey_id))
            .where(
                _journey.c.team_id == self._team,
                _journey.c.community == community,
                _journey.c.answered_us >= since_us,
                _journey.c.answered_us < until_us,
            )
            .order_by(_answer.c.position, _journey.c.answered_us)
        )
        return [GivenAnswer(row.question, row.value, row.share) for row in rows]

    def outcomes(self, community: str, since_us: int, until_us: int) -> Mapping[Verdict, int]:
        rows = self._connection.execute(
            select(_outcome.c.verdict, func.count().label("people"))
            .select_from(_outcome.join(_journey, _journey.c.id == _outcome.c.journey_id))
            .where(
                _outcome.c.team_id == self._team,
                _journey.c.community == community,
                _outcome.c.at_us >= since_us,
                _outcome.c.at_us < until_us,
            )
            .group_by(_outcome.c.verdict)
        )
        return {cast(Verdict, row.verdict): row.people for row in rows}
