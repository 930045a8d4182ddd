"""Who is in which channel. A row older than the channel's latest list of members no longer holds (``holds_now``)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert, or_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.identities import Identities
from copbot.adapters.store.pieces import pieces

_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]

State = tuple[int, bool]
"""When it was so, and whether the person was in: of two the greater holds."""


def holds_now() -> ColumnElement[bool]:
    """Over membership joined with channel: rows that no later list of the channel's members has put out of date."""
    return or_(_channel.c.members_us.is_(None), _membership.c.changed_us >= _channel.c.members_us)


@dataclass(frozen=True)
class Row:
    """``first_us``: when the person is known to have been in first, whatever became of it."""

    state: State
    first_us: int | None

    def merged(self, other: "Row") -> "Row":
        known = [row.first_us for row in (self, other) if row.first_us is not None]
        return Row(max(self.state, other.state), min(known, default=None))


def merge_memberships(
    connection: Connection,
    team: int,
    identities: Identities,
    seen: Mapping[tuple[str, str], State],
    first_in: Mapping[tuple[str, str], int],
) -> None:
    by_channel: dict[int, dict[int, Row]] = defaultdict(dict)
    for (channel, user), state in seen.items():
        row = Row(state, first_in.get((channel, user)))
        by_channel[identities.channel(channel)][identities.user(user)] = row
    for channel_id, people in by_channel.items():
        stored = _stored(connection, channel_id, people)
        new = [
            {"channel_id": channel_id, "user_id": user, "team_id": team, **_columns(row)}
            for user, row in people.items()
            if user not in stored
        ]
        changed = [
            {"the_channel": channel_id, "the_user": user, **_columns(merged)}
            for user, row in people.items()
            if user in stored and (merged := stored[user].merged(row)) != stored[user]
        ]
        if new:
            connection.execute(insert(_membership), new)
        if changed:
            connection.execute(_REWRITE, changed)


def _columns(row: Row) -> dict[str, Any]:
    at_us, is_member = row.state
    return {"changed_us": at_us, "is_member": is_member, "first_us": row.first_us}


def _stored(connection: Connection, channel_id: int, people: Mapping[int, Any]) -> dict[int, Row]:
    """What an older program stored tells of no first time: then it is the one that it knew of."""
    return {
        row.user_id: Row(
            (row.changed_us, row.is_member),
            row.changed_us if row.first_us is None and row.is_member else row.first_us,
        )
        for some in pieces(sorted(people))
        for row in connection.execute(_STORED, {"channel": channel_id, "users": some})
    }


_STORED = select(*_membership.c["user_id", "changed_us", "is_member", "first_us"]).where(
    _membership.c.channel_id == bindparam("channel"), _membership.c.user_id.in_(bindparam("users", expanding=True))
)
_REWRITE = (
    update(_membership)
    .where(_membership.c.channel_id == bindparam("the_channel"), _membership.c.user_id == bindparam("the_user"))
    .values(changed_us=bindparam("changed_us"), is_member=bindparam("is_member"), first_us=bindparam("first_us"))
)
