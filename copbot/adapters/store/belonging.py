"""Who left a community's channels, and when."""

from collections.abc import Collection, Mapping
from typing import cast

from sqlalchemy import Connection, Table, bindparam, false, select

from copbot.adapters.store import tables
from copbot.adapters.store.membership_rows import holds_now

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]

_MEMBERSHIPS = (
    select(
        *_user.c["slack_id", "is_deleted"],
        *_membership.c["is_member", "changed_us", "first_us"],
        holds_now().label("holds"),
    )
    .select_from(
        _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
            _user, _user.c.id == _membership.c.user_id
        )
    )
    .where(
        _channel.c.team_id == bindparam("team"),
        _channel.c.slack_id.in_(bindparam("channels", expanding=True)),
        _user.c.is_bot == false(),
        _user.c.is_external == false(),
    )
)


class SqlBelonging:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def left(self, channels: Collection[str], since_us: int) -> Mapping[str, tuple[int | None, int]]:
        present: set[str] = set()
        first_us: dict[str, int] = {}
        last_us: dict[str, int] = {}
        for row in self._connection.execute(_MEMBERSHIPS, {"team": self._team, "channels": list(channels)}):
            user = row.slack_id
            if row.holds and row.is_member and not row.is_deleted:
                present.add(user)
            last_us[user] = max(row.changed_us, last_us.get(user, 0))
            if row.first_us is not None:
                first_us[user] = min(row.first_us, first_us.get(user, row.first_us))
        return {
            user: (first_us.get(user), at_us)
            for user, at_us in last_us.items()
            if user not in present and at_us >= since_us
        }

    def is_private(self, channel: str) -> bool:
        found = self._connection.execute(
            select(_channel.c.is_private).where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
        ).scalar_one_or_none()
        return bool(found)
