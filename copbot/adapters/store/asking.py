"""Whom moderators had asked about a card, and who may know."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, Table, and_, delete, false, func, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.ports.asking import Answerer, AskedPerson, AskedState

_asked = cast(Table, tables.AskedPerson.__table__)  # type: ignore[attr-defined]
_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_root = _message.alias("root")


class SqlAsking:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def ask(self, asked: AskedPerson) -> bool:
        new_row = {"card_id": asked.card, "slack_user": asked.user, "team_id": self._team, "by_user": asked.by}
        new_row |= {"asked_us": asked.asked_us, "due_us": asked.due_us, "state": asked.state, "replied_us": None}
        statement = insert_into(self._connection, _asked).values(new_row).on_conflict_do_nothing()
        return self._connection.execute(statement).rowcount == 1

    def get(self, card: int, user: str) -> AskedPerson | None:
        row = self._connection.execute(select(_asked).where(*self._one(card, user))).one_or_none()
        return None if row is None else _asked_of(row)

    def of(self, cards: Collection[int]) -> Mapping[int, Sequence[AskedPerson]]:
        found: dict[int, list[AskedPerson]] = defaultdict(list)
        for some in pieces(sorted(cards)):
            rows = self._connection.execute(
                select(_asked)
                .where(_asked.c.team_id == self._team, _asked.c.card_id.in_(some))
                .order_by(_asked.c.asked_us, _asked.c.slack_user)
            )
            for row in rows:
                found[row.card_id].append(_asked_of(row))
        return found

    def waiting_on(self, community: str, user: str) -> Sequence[AskedPerson]:
        rows = self._connection.execute(
            select(_asked)
            .join(_card, _card.c.id == _asked.c.card_id)
            .where(
                *(_asked.c.team_id == self._team, _asked.c.slack_user == user, _asked.c.state != "not_me"),
                *(_card.c.community == community, _card.c.state == "open"),
            )
            .order_by(_asked.c.asked_us, _asked.c.card_id)
        )
        return [_asked_of(row) for row in rows]

    def reply(self, card: int, user: str, state: Literal["will_answer", "not_me"], now_us: int) -> bool:
        said = update(_asked).where(*self._one(card, user), _asked.c.state == "asked")
        return self._connection.execute(said.values(state=state, replied_us=now_us)).rowcount == 1

    def forget(self, card: int, user: str) -> None:
        self._connection.execute(delete(_asked).where(*self._one(card, user)))

    def answerers(self, channel: str, since_us: int, not_by: Collection[str], limit: int) -> Sequence[Answerer]:
        here = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
        threads = func.count(_message.c.thread_us.distinct())
        latest_us = func.max(_message.c.ts_us)
        found = (  # from the replies, which lie by thread in an index
            select(_user.c.slack_id, threads.label("threads"), latest_us.label("latest_us"))
            .select_from(_message)
            .join(_root, and_(_root.c.channel_id == _message.c.channel_id, _root.c.ts_us == _message.c.thread_us))
            .join(_user, _user.c.id == _message.c.user_id)
            .where(
                *(_message.c.channel_id == here.scalar_subquery(), _message.c.thread_us.is_not(None)),
                *(_message.c.thread_us >= since_us, _message.c.user_id != _root.c.user_id),
                *(_user.c.is_bot == false(), _user.c.is_deleted == false(), _user.c.slack_id.not_in(list(not_by))),
            )
            .group_by(_user.c.slack_id)
            .order_by(threads.desc(), latest_us.desc(), _user.c.slack_id)
            .limit(limit)
        )
        return [Answerer(row.slack_id, row.threads, row.latest_us) for row in self._connection.execute(found)]

    def _one(self, card: int, user: str) -> tuple[Any, ...]:
        return (_asked.c.team_id == self._team, _asked.c.card_id == card, _asked.c.slack_user == user)


def _asked_of(row: Row[Any]) -> AskedPerson:
    return AskedPerson(
        card=row.card_id,
        user=row.slack_user,
        by=row.by_user,
        asked_us=row.asked_us,
        due_us=row.due_us,
        state=cast(AskedState, row.state),
        replied_us=row.replied_us,
    )
