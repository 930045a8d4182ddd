"""Which stored texts an earlier rule of questions decided on."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, Table, select, update

from copbot.adapters.store import tables
from copbot.core.facts import MessageSeen

_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]


class SqlDecisions:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def channel_before(self, rule: int) -> str | None:
        behind = (
            select(_channel.c.slack_id)
            .where(_channel.c.team_id == self._team, _channel.c.asks_rule < rule)
            .order_by(_channel.c.id)
            .limit(1)
        )
        found = self._connection.execute(behind).scalar_one_or_none()
        return None if found is None else str(found)

    def decided_before(self, channel: str, rule: int, most: int) -> Sequence[MessageSeen]:
        here = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
        rows = self._connection.execute(
            select(*_message.c["ts_us", "text", "edited_us"], _user.c.slack_id)
            .join(_user, _user.c.id == _message.c.user_id)
            .where(
                _message.c.channel_id == here.scalar_subquery(),
                _message.c.thread_us.is_(None),
                _message.c.text.is_not(None),
                _message.c.asks_rule > 0,
                _message.c.asks_rule < rule,
            )
            .order_by(_message.c.ts_us)
            .limit(most)
        )
        return [MessageSeen(channel, row.ts_us, row.slack_id, text=row.text, edited_us=row.edited_us) for row in rows]

    def looked_over(self, channel: str, rule: int) -> None:
        self._connection.execute(
            update(_channel)
            .where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
            .values(asks_rule=rule)
        )
