"""What the figures of the community are counted from. Names and rules are those of the written definitions."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    false,
    func,
    select,
    union_all,
)

from copbot.adapters.store import tables
from copbot.adapters.store.counted_people import CountedPeople
from copbot.adapters.store.counting import SqlCounting
from copbot.adapters.store.facts import WRITTEN, answers
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


class SqlFigures(SqlCounting):
    """Figures of one workspace. Iterators are read while the transaction is open."""

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
            .where(*self._by(user, scope, _message))
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
            .where(*self._by(user, scope, _reaction), _reaction.c.present)
        )
        both = union_all(said, reacted).subquery("contribution")
        return self._stream(select(both).order_by(*both.c))

    def users(self, scope: Scope, user: str | None = None) -> Iterator[CountedUser]:
        """Whose joining or leaving of a channel is known is a member by that; else, where no list of the channel's
        members was read, who ever wrote there before ``until`` is one."""
        if user is None:
            return (counts.user for counts in self.members(scope, [0], 0, scope.until_us))
        ever = Scope(None, scope.until_us, scope.channels)
        contributed = (
            select(_message.c.user_id).select_from(WRITTEN).where(*self._by(user, scope, _message)).limit(1),
            select(_reaction.c.user_id)
            .select_from(REACTED)
            .where(*self._by(user, scope, _reaction), _reaction.c.present)
            .limit(1),
        )
        writers = (
            select(_message.c.channel_id, _message.c.user_id)
            .select_from(WRITTEN)
            .where(*self._by(user, ever, _message), _channel.c.members_us.is_(None))
            .distinct()
        )
        active = {who for some in contributed for who in self._connection.execute(some).scalars()}
        people = CountedPeople(self._connection, self._team, user)
        left = people.left(scope)
        wrote = {who for where, who in self._connection.execute(writers) if (where, who) not in left}
        return people.members_or(active, wrote, scope)

    def channels(self) -> Sequence[tuple[str, str | None]]:
        rows = self._connection.execute(
            select(_channel.c.slack_id, _channel.c.name)
            .where(_channel.c.team_id == self._team)
            .order_by(_channel.c.name, _channel.c.slack_id)
        )
        return [(row.slack_id, row.name) for row in rows]

    def _by(self, user: str | None, scope: Scope, table: Table) -> list[ColumnElement[bool]]:
        """The same, by one person alone: found by who they are. The channels are only compared, as something made of their IDs, or
        SQLite would walk through all that a channel holds."""
        if user is None:
            return self._in(scope, table)
        conditions = self._in(Scope(scope.since_us, scope.until_us), table)
        own = select(_user.c.id).where(_user.c.team_id == self._team, _user.c.slack_id == user)
        conditions.append(table.c.user_id == self._connection.execute(own).scalar_one_or_none())
        if scope.channels is not None:
            conditions.append(_channel.c.slack_id.concat("").in_(scope.channels))
        return conditions

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
