"""The cards: questions that wait for an answer, one per thread and community."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.records import Card

_card = tables.Card.__table__  # type: ignore[attr-defined]


class SqlCards:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def open(
        self,
        community: str,
        channel: str,
        ts_us: int,
        author: str | None,
        origin: str,
        why: str,
        now_us: int,
        shown_in: str,
        is_first: bool = False,
    ) -> Card | None:
        new_row = tables.Card(
            team_id=self._team,
            community=community,
            channel=channel,
            ts_us=ts_us,
            author=author,
            origin=origin,
            why=why,
            opened_us=now_us,
            shown_in=shown_in,
            is_first=is_first,
        ).model_dump(exclude={"id"})
        statement = (
            insert_into(self._connection, _card)
            .values(new_row)
            .on_conflict_do_nothing(index_elements=["team_id", "community", "channel", "ts_us"])
        )
        if self._connection.execute(statement).rowcount != 1:
            return None
        return self.of_thread(community, channel, ts_us)

    def get(self, card: int) -> Card | None:
        return self._one(_card.c.id == card)

    def of(self, community: str, state: str) -> Sequence[Card]:
        """The cards of a community in this state, oldest question first."""
        return self._several(_card.c.community == community, _card.c.state == state)

    def of_thread(self, community: str, channel: str, ts_us: int) -> Card | None:
        return self._one(_card.c.community == community, _card.c.channel == channel, _card.c.ts_us == ts_us)

    def in_message(self, community: str, shown_in: str) -> Sequence[Card]:
        return self._several(_card.c.community == community, _card.c.shown_in == shown_in)

    def in_messages(self, community: str, shown_in: Collection[str]) -> Sequence[Card]:
        return [
            card
            for some in pieces(sorted(shown_in))
            for card in self._several(_card.c.community == community, _card.c.shown_in.in_(some))
        ]

    def threads(self, community: str, since_us: int) -> Collection[tuple[str, int]]:
        rows = self._connection.execute(
            select(_card.c.channel, _card.c.ts_us).where(
                _card.c.team_id == self._team, _card.c.community == community, _card.c.ts_us >= since_us
            )
        )
        return {(row.channel, row.ts_us) for row in rows}

    def save(self, card: Card) -> None:
        values = asdict(card)
        self._connection.execute(
            update(_card).where(_card.c.team_id == self._team, _card.c.id == values.pop("id")).values(values)
        )

    def _one(self, *conditions: Any) -> Card | None:
        row = self._connection.execute(select(_card).where(_card.c.team_id == self._team, *conditions)).one_or_none()
        return None if row is None else _card_of(row)

    def _several(self, *conditions: Any) -> Sequence[Card]:
        rows = self._connection.execute(
            select(_card).where(_card.c.team_id == self._team, *conditions).order_by(_card.c.ts_us, _card.c.id)
        )
        return [_card_of(row) for row in rows]


def _card_of(row: Row[Any]) -> Card:
    return Card(
        id=row.id,
        community=row.community,
        channel=row.channel,
        ts_us=row.ts_us,
        author=row.author,
        origin=cast(Literal["member", "question", "introduction"], row.origin),
        state=cast(Literal["open", "answered", "dismissed", "withdrawn"], row.state),
        opened_us=row.opened_us,
        version=row.version,
        claimed_by=row.claimed_by,
        claimed_us=row.claimed_us,
        is_first=bool(row.is_first),
        reminders=row.reminders,
        escalated=bool(row.escalated),
        closed_us=row.closed_us,
        why=row.why,
        shown_in=row.shown_in,
    )
