"""What the figures of the community are counted from. Names and rules are those of the written definitions."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    false,
    func,
    select,
    union,
    union_all,
)

from copbot.adapters.store import tables
from copbot.adapters.store.facts import WRITTEN, answers
from copbot.adapters.store.membership_rows import holds_now
from copbot.core.records import CountedUser, Scope

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_journey = cast(Table, tables.Journey.__table__)  # type: ignore[attr-defined]
_head = _message.alias("head")  # of a thread, or the message reacted to
_other = _user.alias("other")  # its author

REACTED = _reaction.join(_channel, _channel.c.id == _reaction.c.channel_id).join(
    _user, _user.c.id == _reaction.c.user_id
)
AT_ONCE = 5000


class SqlFigures:
    """Figures of one workspace. Iterators are read while the transaction is open."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def messages(self, scope: Scope) -> Iterator[tuple[int, int]]:
        written = (
            select(_message.c.ts_us, _message.c.user_id)
            .select_from(WRITTEN)
            .where(*self._in(scope, _message))
            .order_by(_message.c.ts_us, _message.c.channel_id)
        )
        return self._stream(written)

    def roots(self, scope: Scope) -> Iterator[tuple[int, bool, int | None]]:
        first = answers()
        first = first.with_only_columns(func.min(first.selected_columns.ts_us))
        roots = (
            select(_message.c.ts_us, func.coalesce(_message.c.asks, false()), first.scalar_subquery())
            .select_from(WRITTEN)
            .where(*self._in(scope, _message), _message.c.thread_us.is_(None))
            .order_by(_message.c.ts_us, _message.c.channel_id)
        )
        for ts_us, asks, answer_us in self._stream(roots):
            # The bound is put here: within the query it would lead SQLite away from the index of threads.
            yield ts_us, bool(asks), answer_us if answer_us is not None and answer_us < scope.until_us else None

    def contributions(self, scope: Scope, user: str | None = None) -> Iterator[tuple[int, int, str]]:
        """Where the author of a thread's root, or of the message reacted to, is not known to be another *person* (a
        bot, or the message is gone or was never seen), the contribution is one's own: it earns no more than that."""
        by = () if user is None else (_user.c.slack_id == user,)
        others = and_(_other.c.id != _user.c.id, _other.c.is_bot == false())
        said = (
            select(
                _message.c.user_id,
                _message.c.ts_us,
                case((_message.c.thread_us.is_(None), "root"), (others, "reply"), else_="own_reply"),
            )
            .select_from(
                WRITTEN.outerjoin(
                    _head,
                    and_(_head.c.channel_id == _message.c.channel_id, _head.c.ts_us == _message.c.thread_us),
                ).outerjoin(_other, _other.c.id == _head.c.user_id)
            )
            .where(*self._in(scope, _message), *by)
        )
        reacted = (
            select(
                _reaction.c.user_id,
                _reaction.c.ts_us,
                case((others, "reaction"), else_="reaction_own"),
            )
            .select_from(
                REACTED.outerjoin(
                    _head, and_(_head.c.channel_id == _reaction.c.channel_id, _head.c.ts_us == _reaction.c.ts_us)
                ).outerjoin(_other, _other.c.id == func.coalesce(_reaction.c.item_user_id, _head.c.user_id))
            )
            .where(*self._in(scope, _reaction), _reaction.c.present, *by)
        )
        both = union_all(said, reacted).subquery("contribution")
        return self._stream(select(both).order_by(*both.c))

    def users(self, scope: Scope, user: str | None = None) -> Iterator[CountedUser]:
        """Whose joining or leaving of a channel is known is a member by that; else, where no list of the channel's
        members was read, who ever wrote there before ``until`` is one."""
        by = () if user is None else (_user.c.slack_id == user,)
        ever = Scope(None, scope.until_us, scope.channels)
        contributed = union(
            select(_message.c.user_id).select_from(WRITTEN).where(*self._in(scope, _message), *by),
            select(_reaction.c.user_id)
            .select_from(REACTED)
            .where(*self._in(scope, _reaction), _reaction.c.present, *by),
        )
        writers = (
            select(_message.c.channel_id, _message.c.user_id)
            .select_from(WRITTEN)
            .where(*self._in(ever, _message), _channel.c.members_us.is_(None), *by)
            .distinct()
        )
        known = {
            (row.channel_id, row.user_id): row.is_member
            for row in self._connection.execute(
                select(*_membership.c["channel_id", "user_id", "is_member"])
                .select_from(
                    _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
                        _user, _user.c.id == _membership.c.user_id
                    )
                )
                .where(holds_now(), *self._these(scope.channels), *by)
            )
        }
        present = {who for (_, who), is_member in known.items() if is_member}
        present |= {who for where, who in self._connection.execute(writers) if known.get((where, who), True)}
        active = set(self._connection.execute(contributed).scalars())
        return self._described(present, active, scope.until_us, by)

    def channels(self) -> Sequence[tuple[str, str | None]]:
        rows = self._connection.execute(
            select(_channel.c.slack_id, _channel.c.name)
            .where(_channel.c.team_id == self._team)
            .order_by(_channel.c.name, _channel.c.slack_id)
        )
        return [(row.slack_id, row.name) for row in rows]

    def _described(
        self, present: set[int], active: set[int], until_us: int, by: Sequence[ColumnElement[bool]]
    ) -> Iterator[CountedUser]:
        """Those who are present or active, without whoever came only after ``until``."""
        wrote = (
            select(_message.c.user_id, func.min(_message.c.ts_us).label("first_us"))
            .group_by(_message.c.user_id)
            .subquery("wrote")
        )
        answered = (
            select(_journey.c.user_id, func.min(_journey.c.answered_us).label("answered_us"))
            .group_by(_journey.c.user_id)
            .subquery("answered")
        )
        people = (
            select(
                *_user.c["id", "slack_id", "is_deleted", "is_external", "joined_us"],
                wrote.c.first_us,
                answered.c.answered_us,
            )
            .select_from(
                _user.outerjoin(wrote, wrote.c.user_id == _user.c.id).outerjoin(
                    answered, answered.c.user_id == _user.c.id
                )
            )
            .where(_user.c.team_id == self._team, _user.c.is_bot == false(), *by)
            .order_by(_user.c.slack_id)
        )
        for row in self._connection.execute(people):
            joined_us = _joined_by(until_us, row.joined_us, row.first_us)
            came = joined_us is None or joined_us < until_us
            is_member = row.id in present and came and not row.is_deleted and not row.is_external
            if is_member or row.id in active:
                yield CountedUser(row.id, row.slack_id, is_member, joined_us, row.answered_us)

    def _in(self, scope: Scope, table: Table) -> list[ColumnElement[bool]]:
        """By people, in the scope's channels and time."""
        conditions = [*self._these(scope.channels), table.c.ts_us < scope.until_us]
        if scope.since_us is not None:
            conditions.append(table.c.ts_us >= scope.since_us)
        return conditions

    def _these(self, channels: tuple[str, ...] | None) -> list[ColumnElement[bool]]:
        conditions = [_channel.c.team_id == self._team, _user.c.is_bot == false()]
        if channels is not None:
            conditions.append(_channel.c.slack_id.in_(channels))
        return conditions

    def _stream(self, statement: Select[Any]) -> Iterator[Any]:
        """Rows as plain tuples, some at a time."""
        result = self._connection.execution_options(yield_per=AT_ONCE).execute(statement)
        for part in result.partitions():
            yield from map(tuple, part)


def _joined_by(until_us: int, joined_us: int | None, first_us: int | None) -> int | None:
    """The first joining, else the first message. A joining that is only to come is not known at ``until`` (many rejoin,
    and exports tell of no earlier time), so whoever wrote before it had joined with that message."""
    if joined_us is None or (first_us is not None and first_us < until_us <= joined_us):
        return first_us
    return joined_us
