"""Questions that members suggested, and what the moderators made of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from copbot.adapters.store import tables
from copbot.core.merging import storable
from copbot.core.records import Suggestion, SuggestionState

_suggestion = tables.Suggestion.__table__  # type: ignore[attr-defined]


class SqlSuggestions:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def add(
        self, community: str, user: str, question: str, post: str | None, now_us: int, *, is_named: bool
    ) -> Suggestion:
        made = self._connection.execute(
            insert(_suggestion).values(
                team_id=self._team,
                community=community,
                slack_user=user,
                question=storable(question),
                state="waiting",
                post=post,
                is_named=is_named,
                suggested_us=now_us,
            )
        )
        key = made.inserted_primary_key
        assert key is not None
        found = self.get(int(key[0]))
        assert found is not None
        return found

    def get(self, suggestion: int) -> Suggestion | None:
        row = self._connection.execute(
            select(_suggestion).where(_suggestion.c.team_id == self._team, _suggestion.c.id == suggestion)
        ).one_or_none()
        return None if row is None else _of(row)

    def of(self, community: str, state: SuggestionState) -> Sequence[Suggestion]:
        rows = self._connection.execute(
            select(_suggestion)
            .where(
                _suggestion.c.team_id == self._team,
                _suggestion.c.community == community,
                _suggestion.c.state == state,
            )
            .order_by(_suggestion.c.suggested_us, _suggestion.c.id)
        )
        return [_of(row) for row in rows]

    def settle(self, settled: Suggestion, *, before: SuggestionState) -> bool:
        done = self._connection.execute(
            update(_suggestion)
            .where(_suggestion.c.team_id == self._team, _suggestion.c.id == settled.id, _suggestion.c.state == before)
            .values(
                state=settled.state,
                question=storable(settled.question),
                post=settled.post,
                decided_by=settled.decided_by,
                decided_us=settled.decided_us,
            )
        )
        return done.rowcount == 1


def _of(row: Row[Any]) -> Suggestion:
    return Suggestion(
        id=row.id,
        community=row.community,
        user=row.slack_user,
        question=row.question,
        state=row.state,
        post=row.post,
        is_named=row.is_named,
        suggested_us=row.suggested_us,
        decided_by=row.decided_by,
        decided_us=row.decided_us,
    )
