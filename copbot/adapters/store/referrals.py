"""Who brought whom: what newcomers said, and since when it counts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, func, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.records import Referral

_referral = cast(Table, tables.Referral.__table__)  # type: ignore[attr-defined]
_journey = cast(Table, tables.Journey.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]


class SqlReferrals:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def name(self, community: str, newcomer: str, inviter: str | None, now_us: int) -> None:
        if inviter is None:
            self.drop(community, newcomer)
            return
        statement = insert_into(self._connection, _referral).values(
            team_id=self._team, community=community, newcomer=newcomer, inviter=inviter, named_us=now_us
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["team_id", "community", "newcomer"],
                set_={"inviter": inviter, "named_us": now_us},
                where=_referral.c.credited_us.is_(None),
            )
        )

    def inviter_of(self, community: str, newcomer: str) -> str | None:
        row = self._connection.execute(select(_referral.c.inviter).where(*self._one(community, newcomer)))
        return row.scalar_one_or_none()

    def waiting(self, community: str, channels: Collection[str], named_since_us: int) -> Sequence[Referral]:
        wrote = (
            select(func.min(_message.c.ts_us))
            .join(_channel, _channel.c.id == _message.c.channel_id)
            .where(
                _message.c.user_id == _user.c.id,
                _message.c.ts_us >= _journey.c.started_us,
                _channel.c.slack_id.in_(list(channels)),
            )
            .scalar_subquery()
        )
        on_journey = (
            (_journey.c.team_id == _referral.c.team_id)
            & (_journey.c.community == _referral.c.community)
            & (_journey.c.user_id == _user.c.id)
        )
        found = (
            select(_referral.c.newcomer, _referral.c.inviter, _journey.c.started_us, wrote.label("active_us"))
            .join(_user, (_user.c.team_id == _referral.c.team_id) & (_user.c.slack_id == _referral.c.newcomer))
            .join(_journey, on_journey)
            .where(
                _referral.c.team_id == self._team,
                _referral.c.community == community,
                _referral.c.credited_us.is_(None),
                _referral.c.named_us >= named_since_us,
            )
            .order_by(_referral.c.named_us, _referral.c.newcomer)
        )
        rows = (row for row in self._connection.execute(found) if row.active_us is not None)
        return [Referral(row.newcomer, row.inviter, row.started_us, row.active_us) for row in rows]

    def credit(self, community: str, newcomer: str, now_us: int) -> bool:
        waiting = (*self._one(community, newcomer), _referral.c.credited_us.is_(None))
        return self._connection.execute(update(_referral).where(*waiting).values(credited_us=now_us)).rowcount == 1

    def drop(self, community: str, newcomer: str) -> None:
        waiting = (*self._one(community, newcomer), _referral.c.credited_us.is_(None))
        self._connection.execute(delete(_referral).where(*waiting))

    def credited_since(self, community: str, since_us: int) -> Mapping[str, int]:
        lately = (
            select(_referral.c.inviter)
            .where(
                _referral.c.team_id == self._team,
                _referral.c.community == community,
                _referral.c.credited_us >= since_us,
            )
            .distinct()
        )
        rows = self._connection.execute(
            select(_referral.c.inviter, func.count())
            .where(
                _referral.c.team_id == self._team,
                _referral.c.community == community,
                _referral.c.inviter.in_(lately),
                _referral.c.credited_us.is_not(None),
            )
            .group_by(_referral.c.inviter)
            .order_by(_referral.c.inviter)
        )
        return {inviter: int(count) for inviter, count in rows}

    def count(self, community: str, inviter: str) -> int:
        mine = select(func.count()).where(
            _referral.c.team_id == self._team,
            _referral.c.community == community,
            _referral.c.inviter == inviter,
            _referral.c.credited_us.is_not(None),
        )
        return int(self._connection.execute(mine).scalar_one())

    def _one(self, community: str, newcomer: str) -> tuple[Any, ...]:
        return (
            _referral.c.team_id == self._team,
            _referral.c.community == community,
            _referral.c.newcomer == newcomer,
        )
