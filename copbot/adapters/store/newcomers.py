"""What follow-ups ask about many newcomers at once, in a few queries however many they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, exists, func, literal, select

from copbot.adapters.store import tables
from copbot.adapters.store.facts import person_of
from copbot.adapters.store.journeys import journey_of
from copbot.adapters.store.pieces import pieces
from copbot.core.records import Candidate

UNDER_WAY = ("invited", "answered")
MOMENTS = 20

_journey = cast(Table, tables.Journey.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_delivery = cast(Table, tables.Delivery.__table__)  # type: ignore[attr-defined]
_PERSON = [column for column in _user.c if column.name not in ("id", "team_id")]


class SqlNewcomers:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def with_open_step(
        self, community: str, step: str, since_us: int, until_us: int, users: Collection[str] | None = None
    ) -> Sequence[Candidate]:
        key = literal(f"follow_up:{community}:") + _user.c.slack_id + literal(f":{step}")
        recorded = exists().where(_delivery.c.team_id == self._team, _delivery.c.key == key)
        found = (
            select(_journey, *_PERSON)
            .join(_user, _user.c.id == _journey.c.user_id)
            .where(
                *self._under_way(community),
                _journey.c.started_us >= since_us,
                _journey.c.started_us <= until_us,
                ~recorded,
            )
            .order_by(_journey.c.started_us, _journey.c.id)
        )
        if users is None:
            rows: list[Any] = list(self._connection.execute(found))
        else:
            some = pieces(sorted(users))
            rows = [row for piece in some for row in self._connection.execute(found.where(_user.c.slack_id.in_(piece)))]
        return [Candidate(journey_of(row), person_of(row)) for row in rows]

    def next_started_us(self, community: str, after_us: int) -> int | None:
        first: int | None = self._connection.execute(
            select(func.min(_journey.c.started_us)).where(
                _journey.c.team_id == self._team,
                _journey.c.community == community,
                _journey.c.started_us > after_us,
            )
        ).scalar_one()
        return first

    def moments(self, users: Collection[str], channels: Collection[str], since_us: int) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        place = func.row_number().over(partition_by=_message.c.user_id, order_by=_message.c.ts_us.desc())
        for some in pieces(sorted(users)):
            latest = (
                select(_user.c.slack_id, _message.c.ts_us, place.label("place"))
                .select_from(_message.join(_user, _user.c.id == _message.c.user_id))
                .join(_channel, _channel.c.id == _message.c.channel_id)
                .where(
                    _user.c.team_id == self._team,
                    _user.c.slack_id.in_(some),
                    _channel.c.slack_id.in_(list(channels)),
                    _message.c.ts_us >= since_us,
                )
                .subquery()
            )
            rows = select(latest.c.slack_id, latest.c.ts_us).where(latest.c.place <= MOMENTS)
            for row in self._connection.execute(rows.order_by(latest.c.ts_us.desc())):
                found[row.slack_id].append(row.ts_us)
        return found

    def sent(self, community: str, users: Collection[str], since_us: int) -> Mapping[str, Sequence[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for some in pieces(sorted(users)):
            rows = self._connection.execute(
                select(_delivery.c.target, _delivery.c.key, _delivery.c.due_us).where(
                    _delivery.c.team_id == self._team,
                    _delivery.c.target.in_(some),
                    _delivery.c.due_us >= since_us,
                    _delivery.c.kind == "onboarding",
                    _delivery.c.community == community,
                    _delivery.c.state.in_(["due", "sending", "sent"]),
                )
            )
            for row in rows:
                found[row.target].append((row.key.removeprefix(f"follow_up:{community}:{row.target}:"), row.due_us))
        return found

    def _under_way(self, community: str) -> tuple[Any, ...]:
        return (
            _journey.c.team_id == self._team,
            _journey.c.community == community,
            _journey.c.state.in_(UNDER_WAY),
        )
