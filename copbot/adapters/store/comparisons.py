"""What was known of people when Slack's lists were last compared with the store."""

from collections.abc import Collection, Mapping
from typing import cast

from sqlalchemy import Connection, Table, select, true, update

from copbot.adapters.store import tables
from copbot.adapters.store.membership_rows import holds_now
from copbot.adapters.store.pieces import pieces
from copbot.core.records import HappeningKind

_team = cast(Table, tables.Team.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_inbox = cast(Table, tables.Inbox.__table__)  # type: ignore[attr-defined]


class SqlComparisons:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def compared_us(self) -> int | None:
        found: int | None = self._connection.execute(
            select(_team.c.compared_us).where(_team.c.id == self._team)
        ).scalar_one()
        return found

    def set_compared(self, at_us: int | None) -> None:
        self._connection.execute(update(_team).where(_team.c.id == self._team).values(compared_us=at_us))

    def known_since(self, users: Collection[str]) -> Mapping[str, int | None]:
        known: dict[str, int | None] = {}
        for some in pieces(sorted(users)):
            rows = self._connection.execute(
                select(_user.c.slack_id, _user.c.known_since_us).where(
                    _user.c.team_id == self._team, _user.c.slack_id.in_(some)
                )
            )
            known.update((row.slack_id, row.known_since_us) for row in rows)
        return known

    def members(self, channel: str) -> Collection[str] | None:
        here = (_channel.c.team_id == self._team) & (_channel.c.slack_id == channel)
        listed_us = self._connection.execute(select(_channel.c.members_us).where(here)).scalar_one_or_none()
        compared_us = self.compared_us()
        if listed_us is None or compared_us is None or listed_us < compared_us:
            return None
        rows = self._connection.execute(
            select(_user.c.slack_id)
            .select_from(
                _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
                    _user, _user.c.id == _membership.c.user_id
                )
            )
            .where(here, _membership.c.is_member == true(), holds_now())
        )
        return frozenset(rows.scalars())

    def joined(self, kind: HappeningKind, channel: str | None = None, since_us: int = 0) -> Collection[str]:
        told = select(_inbox.c.slack_user).where(
            _inbox.c.team_id == self._team, _inbox.c.kind == kind, _inbox.c.at_us >= since_us
        )
        if channel is not None:
            told = told.where(_inbox.c.slack_channel == channel)
        return frozenset(self._connection.execute(told).scalars())
