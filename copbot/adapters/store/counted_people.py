"""Who is a Member of some channels (written definitions), and when people joined."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    case,
    false,
    func,
    or_,
    select,
)

from copbot.adapters.store import tables
from copbot.adapters.store.driver_rows import driver_rows
from copbot.adapters.store.membership_rows import holds_now
from copbot.core.facts import NOBODIES
from copbot.core.records import CountedUser, Scope

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_journey = cast(Table, tables.Journey.__table__)  # type: ignore[attr-defined]

MEMBERSHIPS = _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
    _user, _user.c.id == _membership.c.user_id
)


class CountedPeople:
    """The people of one workspace; ``user`` narrows all to one of them (Slack's ID)."""

    def __init__(self, connection: Connection, team: int, user: str | None = None) -> None:
        self._connection = connection
        self._these = [
            _user.c.team_id == team,
            _user.c.is_bot == false(),
            _user.c.is_untracked == false(),
            _user.c.slack_id.not_in(NOBODIES),
        ]
        if user is not None:
            self._these.append(_user.c.slack_id == user)

    def members_or(self, active: Collection[int], writers: Iterable[int], scope: Scope) -> Iterator[CountedUser]:
        """Members of the scope's channels before ``until``, and whoever is ``active`` (keys), by user ID. ``writers`` (keys): who wrote in
        a channel of which no list of members was read, and which they are not known to have left."""
        present = set(
            self._connection.execute(self._membership(scope, True, _membership.c.user_id).distinct()).scalars()
        )
        present.update(writers)
        until_us = scope.until_us
        for rows in driver_rows(self._connection, self._people(until_us)):
            for key, user, is_deleted, is_external, told_us, first_us, answered_us in rows:
                joined_us = joined_by(until_us, told_us, first_us)
                came = joined_us is None or joined_us < until_us
                is_member = key in present and came and not is_deleted and not is_external
                if is_member or key in active:
                    yield CountedUser(key, user, is_member, joined_us, answered_us)

    def left(self, scope: Scope) -> set[tuple[int, int]]:
        """(channel, user) of those who are known to have left one of the scope's channels."""
        columns = _membership.c["channel_id", "user_id"]
        rows = self._connection.execute(self._membership(scope, False, *columns))
        return {(row.channel_id, row.user_id) for row in rows}

    def joined_in(self, scope: Scope) -> dict[int, int]:
        """When those joined who did so within the scope's time, by key, whatever became of them."""
        ever_there = [_user.c.is_external == false()]
        if scope.channels is not None:
            here = select(_channel.c.id).where(_channel.c.slack_id.in_(scope.channels))
            was_in = select(_membership.c.user_id).where(_membership.c.channel_id.in_(here))
            wrote = select(_message.c.ts_us).where(
                _message.c.user_id == _user.c.id, _message.c.ts_us < scope.until_us, _message.c.channel_id.in_(here)
            )
            ever_there.append(or_(_user.c.id.in_(was_in), wrote.exists()))
        found = {}
        for rows in driver_rows(self._connection, self._people(scope.until_us).where(*ever_there)):
            for key, _, _, _, told_us, first_us, _ in rows:
                joined_us = joined_by(scope.until_us, told_us, first_us)
                if joined_us is not None and (scope.since_us or 0) <= joined_us < scope.until_us:
                    found[key] = joined_us
        return found

    def answered(self) -> dict[int, int]:
        """When people first answered an onboarding, by key."""
        rows = self._connection.execute(select(_ANSWERED.c.user_id, _ANSWERED.c.answered_us))
        return {row.user_id: row.answered_us for row in rows if row.answered_us is not None}

    def _membership(self, scope: Scope, is_member: bool, *columns: Any) -> Any:
        here: Sequence[ColumnElement[bool]] = (
            () if scope.channels is None else (_channel.c.slack_id.in_(scope.channels),)
        )
        is_in = _membership.c.is_member if is_member else _membership.c.is_member == false()
        return select(*columns).select_from(MEMBERSHIPS).where(holds_now(), is_in, *self._these, *here)

    def _people(self, until_us: int) -> Any:
        """``first_us``, the first human message, is looked for only where the joining is not known by then."""
        first = select(func.min(_message.c.ts_us)).where(_message.c.user_id == _user.c.id).scalar_subquery()
        is_open = or_(_user.c.joined_us.is_(None), _user.c.joined_us >= until_us)
        return (
            select(
                *_user.c["id", "slack_id", "is_deleted", "is_external", "joined_us"],
                case((is_open, first)).label("first_us"),
                _ANSWERED.c.answered_us,
            )
            .select_from(_user.outerjoin(_ANSWERED, _ANSWERED.c.user_id == _user.c.id))
            .where(*self._these)
            .order_by(_user.c.slack_id)
        )


def joined_by(until_us: int, joined_us: int | None, first_us: int | None) -> int | None:
    """The first joining, else the first message. A joining that is only to come is not known at ``until`` (many rejoin,
    and exports tell of no earlier time), so whoever wrote before it had joined with that message."""
    if joined_us is None or (first_us is not None and first_us < until_us <= joined_us):
        return first_us
    return joined_us


_ANSWERED = (
    select(_journey.c.user_id, func.min(_journey.c.answered_us).label("answered_us"))
    .group_by(_journey.c.user_id)
    .subquery("answered")
)
