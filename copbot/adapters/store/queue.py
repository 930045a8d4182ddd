"""The moderators' queue of open cards, a page at a time: whoever looks at five of five thousand does not wait for the rest."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, Table, and_, case, func, or_, select

from copbot.adapters.store import tables
from copbot.adapters.store.cards import COLUMNS, card_of
from copbot.adapters.store.pieces import pieces
from copbot.core.ports.queue import Queued
from copbot.core.records import Card

_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]


class SqlQueue:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def part(
        self,
        community: str,
        now_us: int,
        passed: int,
        most: int,
        channel: str | None = None,
        mine: str | None = None,
    ) -> tuple[Sequence[Queued], int]:
        rests = case((_card.c.snoozed_until_us > now_us, 1), else_=0)
        is_later = case((_card.c.is_first, 0), else_=1)
        where = [_card.c.team_id == self._team, _card.c.community == community, _card.c.state == "open"]
        if channel is not None:
            where.append(_card.c.channel == channel)
        if mine is not None:
            theirs = and_(_card.c.claimed_by.is_(None), _card.c.duty == mine)
            where.append(or_(_card.c.claimed_by == mine, theirs))
        rows = self._connection.execute(
            select(rests.label("rests"), is_later.label("is_later"), *_card.c["ts_us", "channel", "id"])
            .where(*where)
            .order_by(rests, is_later, _card.c.ts_us, _card.c.channel)
            .offset(passed)
            .limit(most)
        )
        queued = [Queued(bool(row.rests), bool(row.is_later), row.ts_us, row.channel, row.id) for row in rows]
        total: int = self._connection.execute(select(func.count()).select_from(_card).where(*where)).scalar_one()
        return queued, total

    def cards(self, cards: Collection[int]) -> Mapping[int, Card]:
        return {
            row.id: card_of(row)
            for some in pieces(sorted(cards))
            for row in self._connection.execute(
                select(*COLUMNS).where(_card.c.team_id == self._team, _card.c.id.in_(some))
            )
        }

    def channels(self, community: str) -> frozenset[str]:
        ours = (_card.c.team_id == self._team, _card.c.community == community, _card.c.state == "open")
        return frozenset(self._connection.execute(select(_card.c.channel).where(*ours).distinct()).scalars())
