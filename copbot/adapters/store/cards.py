"""The cards: questions that wait for an answer, one per thread and community."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, false, or_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.settling import CARDS_WITH_ROOTS, stirred
from copbot.core.records import Card

_card = tables.Card.__table__  # type: ignore[attr-defined]
_channel = tables.Channel.__table__  # type: ignore[attr-defined]
_message = tables.Message.__table__  # type: ignore[attr-defined]


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
            .values(new_row | {"asks_rule": self._decided_by(channel, ts_us)})
            .on_conflict_do_nothing(index_elements=["team_id", "community", "channel", "ts_us"])
        )
        if self._connection.execute(statement).rowcount != 1:
            return None
        return self.of_thread(community, channel, ts_us)

    def _decided_by(self, channel: str, ts_us: int) -> Any:
        """The rule that decided on a message, noted with its card: a moderator's word takes its place with the message."""
        return (
            select(_message.c.asks_rule)
            .join(_channel, _channel.c.id == _message.c.channel_id)
            .where(
                _channel.c.team_id == self._team,
                _channel.c.slack_id == channel,
                _message.c.ts_us == ts_us,
                _message.c.asks_rule > 0,
            )
            .scalar_subquery()
        )

    def get(self, card: int) -> Card | None:
        return self._one(_card.c.id == card)

    def of(self, community: str, state: str) -> Sequence[Card]:
        """The cards of a community in this state, oldest question first."""
        return self._several(_card.c.community == community, _card.c.state == state)

    def with_clock(self, community: str, most_reminders: int, handed_over_since_us: int | None) -> Sequence[Card]:
        handed_over = _card.c.duty.is_not(None)
        if handed_over_since_us is not None:
            handed_over = _card.c.opened_us >= handed_over_since_us
        return self._several(
            _card.c.community == community,
            _card.c.state == "open",
            or_(
                _card.c.claimed_by.is_not(None),
                _card.c.snoozed_until_us.is_not(None),
                _card.c.reminders < most_reminders,
                _card.c.escalated == false(),
                handed_over,
            ),
        )

    def stirred(self, community: str, reactions: Collection[str], next_within_us: int) -> Sequence[Card]:
        is_open = and_(_card.c.community == community, _card.c.state == "open")
        return self._read(_cards().select_from(CARDS_WITH_ROOTS).where(is_open, stirred(reactions, next_within_us)))

    def waiting_for(self, community: str, authors: Collection[str]) -> Sequence[Card]:
        return [
            card
            for some in pieces(sorted(authors))
            for card in self._several(
                _card.c.community == community, _card.c.state == "open", _card.c.author.in_(list(some))
            )
        ]

    def of_thread(self, community: str, channel: str, ts_us: int) -> Card | None:
        return self._one(_card.c.community == community, _card.c.channel == channel, _card.c.ts_us == ts_us)

    def between(self, community: str, channel: str, first_us: int, last_us: int) -> Sequence[Card]:
        return self._several(
            *(_card.c.community == community, _card.c.channel == channel, _card.c.ts_us.between(first_us, last_us))
        )

    def in_message(self, community: str, shown_in: str) -> Sequence[Card]:
        return self._several(_card.c.community == community, _card.c.shown_in == shown_in)

    def answered(self, community: str, since_us: int, until_us: int) -> Sequence[Card]:
        return self._several(
            _card.c.community == community,
            _card.c.state == "answered",
            _card.c.answered_us >= since_us,
            _card.c.answered_us < until_us,
        )

    def closed_since(self, community: str, since_us: int) -> Sequence[Card]:
        return self._several(
            _card.c.community == community,
            _card.c.state.in_(["answered", "withdrawn"]),
            _card.c.closed_us >= since_us,
            _card.c.settled_how != "hand",
        )

    def save(self, card: Card) -> None:
        values = asdict(card) | {_JOINED: list(card.joined_us) or None}
        self._connection.execute(
            update(_card).where(_card.c.team_id == self._team, _card.c.id == values.pop("id")).values(values)
        )

    def _one(self, *conditions: Any) -> Card | None:
        row = self._connection.execute(_cards().where(_card.c.team_id == self._team, *conditions)).one_or_none()
        return None if row is None else card_of(row)

    def _several(self, *conditions: Any) -> Sequence[Card]:
        return self._read(_cards().where(*conditions))

    def _read(self, cards: Select[Any]) -> Sequence[Card]:
        rows = self._connection.execute(cards.where(_card.c.team_id == self._team).order_by(_card.c.ts_us, _card.c.id))
        return [card_of(row) for row in rows]


_JOINED = "joined_us"
_NAMES = tuple(field.name for field in fields(Card))
_JOINED_AT = _NAMES.index(_JOINED)
COLUMNS = tuple(_card.c[name] for name in _NAMES)


def _cards() -> Select[Any]:
    return select(*COLUMNS)


def card_of(row: Row[Any]) -> Card:
    """A row of ``COLUMNS``. By position, for there may be thousands."""
    values: list[Any] = list(row)
    values[_JOINED_AT] = tuple(values[_JOINED_AT] or ())
    return Card(*values)
