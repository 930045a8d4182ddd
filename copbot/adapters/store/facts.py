"""The facts: who wrote what where and when, as the features ask for it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from copbot.adapters.store import tables, words_index
from copbot.adapters.store.membership_rows import holds_now
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.recording import KeepAuthorsIn, KeepTextIn, Recording, of_all_times
from copbot.adapters.store.rollup_records import day_of
from copbot.adapters.store.rollups import RollUps
from copbot.adapters.store.words_index import Change
from copbot.core.facts import Fact
from copbot.core.records import Person, Root
from copbot.core.time import DAY_US

__all__ = ["KeepTextIn", "SqlFacts"]

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reply = _message.alias("reply")
_replier = _user.alias("replier")
_earlier = _message.alias("earlier")

FIRST_AFTER_US = 90 * DAY_US
"""Of somebody who was there before the stored history began nobody knows what they wrote before that: their message counts as a first
one only after so long a silence."""

WRITTEN: FromClause = _message.join(_channel, _channel.c.id == _message.c.channel_id).join(
    _user, _user.c.id == _message.c.user_id
)
"""Messages with their channel and author; a deleted one has no author and falls out."""


def answers() -> Select[Any]:
    """The replies by other people to the root of the enclosing query (definitions: an answer)."""
    return (
        select(_reply.c.ts_us)
        .join(_replier, _replier.c.id == _reply.c.user_id)
        .where(
            _reply.c.channel_id == _message.c.channel_id,
            _reply.c.thread_us == _message.c.ts_us,
            _reply.c.user_id != _message.c.user_id,
            _replier.c.is_bot == false(),
        )
    )


class SqlFacts:
    """Facts of one workspace, inside the caller's transaction."""

    def __init__(
        self,
        connection: Connection,
        team: int,
        keep_text_in: KeepTextIn,
        keep_authors_in: KeepAuthorsIn = of_all_times,
    ) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in
        self._keep_authors_in = keep_authors_in

    def record(self, facts: Iterable[Fact]) -> int:
        return Recording(self._connection, self._team, self._keep_text_in, self._keep_authors_in).record(facts)

    def person(self, user: str) -> Person | None:
        row = self._connection.execute(
            select(_user).where(_user.c.team_id == self._team, _user.c.slack_id == user)
        ).one_or_none()
        return None if row is None else person_of(row)

    def named(self, name: str) -> Sequence[str]:
        rows = self._connection.execute(
            select(_user.c.slack_id)
            .where(_user.c.team_id == self._team, func.lower(_user.c.name) == name.lower(), _user.c.name != "")
            .order_by(_user.c.slack_id)
        )
        return list(rows.scalars())

    def member_since(self, user: str, channels: Collection[str]) -> dict[str, int]:
        rows = self._connection.execute(
            select(_channel.c.slack_id, _membership.c.changed_us)
            .select_from(
                _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
                    _user, _user.c.id == _membership.c.user_id
                )
            )
            .where(
                _user.c.team_id == self._team,
                _user.c.slack_id == user,
                _channel.c.slack_id.in_(list(channels)),
                _membership.c.is_member,
                holds_now(),
            )
        )
        return {row.slack_id: row.changed_us for row in rows}

    def was_in(self, user: str, channel: str, before_us: int) -> bool:
        found = (
            select(_membership.c.user_id)
            .select_from(
                _membership.join(_channel, _channel.c.id == _membership.c.channel_id).join(
                    _user, _user.c.id == _membership.c.user_id
                )
            )
            .where(
                _user.c.team_id == self._team,
                _user.c.slack_id == user,
                _channel.c.slack_id == channel,
                _membership.c.first_us < before_us,
            )
        )
        return self._connection.execute(found).first() is not None

    def has_posted(self, user: str, channels: Collection[str], since_us: int = 0, until_us: int | None = None) -> bool:
        who = select(_user.c.id).where(_user.c.team_id == self._team, _user.c.slack_id == user)
        found = self._written(channels).where(_message.c.user_id == who.scalar_subquery(), _message.c.ts_us >= since_us)
        if until_us is not None:
            found = found.where(_message.c.ts_us < until_us)
        return self._connection.execute(found.limit(1)).first() is not None

    def open_roots(
        self, channels: Collection[str], since_us: int, until_us: int, most: int | None = None
    ) -> Sequence[Root]:
        waiting = (
            self._roots(*_written_in(channels), _message.c.ts_us >= since_us, _message.c.ts_us < until_us)
            .where(_message.c.asks, ~answers().exists())
            .order_by(_message.c.ts_us, _channel.c.slack_id)
            .limit(most)
        )
        return [_root(row, None) for row in self._connection.execute(waiting)]

    def first_roots(
        self, channels: Collection[str], since_us: int, until_us: int, most: int | None = None
    ) -> Sequence[Root]:
        here = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        wrote_before = exists().where(
            _earlier.c.user_id == _message.c.user_id,
            _earlier.c.ts_us < _message.c.ts_us,
            _earlier.c.channel_id.in_(here),
        )
        begun_us = self.begun_us(channels)
        silent = false() if begun_us is None else _message.c.ts_us >= begun_us + FIRST_AFTER_US
        waiting = (
            self._roots(*_written_in(channels), _message.c.ts_us >= since_us, _message.c.ts_us < until_us)
            .where(
                _user.c.is_external == false(),
                or_(_user.c.joined_us.is_not(None), silent),
                ~answers().exists(),
                ~wrote_before,
            )
            .order_by(_message.c.ts_us, _channel.c.slack_id)
            .limit(most)
        )
        return [_root(row, None) for row in self._connection.execute(waiting)]

    def begun_us(self, channels: Collection[str]) -> int | None:
        """Each channel's own first, for so it is the first row of its tree; in one statement, for there may be many channels."""
        first = select(func.min(_message.c.ts_us)).where(_message.c.channel_id == _channel.c.id).scalar_subquery()
        firsts = select(first).where(_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        return min((us for us in self._connection.execute(firsts).scalars() if us is not None), default=None)

    def unanswered(self, channel: str, roots_us: Collection[int]) -> Sequence[Root]:
        return [
            _root(row, None)
            for some in pieces(sorted(roots_us))
            for row in self._connection.execute(
                self._roots(_channel.c.slack_id == channel, _message.c.ts_us.in_(some)).where(~answers().exists())
            )
        ]

    def wrote_in(self, channel: str, roots_us: Collection[int]) -> Collection[tuple[int, str]]:
        return {
            (row.thread_us, row.slack_id)
            for some in pieces(sorted(roots_us))
            for row in self._connection.execute(
                self._written([channel])
                .with_only_columns(_message.c.thread_us, _user.c.slack_id)
                .where(_message.c.thread_us.in_(some))
                .distinct()
            )
        }

    def root(self, channel: str, ts_us: int) -> Root | None:
        row = self._connection.execute(
            self._roots(_channel.c.slack_id == channel, _message.c.ts_us == ts_us)
        ).one_or_none()
        return None if row is None else _root(row, self.first_reply(row.channel, row.ts_us, (row.user,)))

    def first_reply(self, channel: str, ts_us: int, not_by: Collection[str]) -> tuple[str, int] | None:
        first = (
            self._written([channel])
            .where(_message.c.thread_us == ts_us, _user.c.slack_id.not_in(list(not_by)))
            .order_by(_message.c.ts_us)
            .limit(1)
        )
        row = self._connection.execute(first).one_or_none()
        return None if row is None else (row.slack_id, row.ts_us)

    def liveliest_thread(self, channel: str, since_us: int, until_us: int, not_by: str) -> Root | None:
        here = select(_channel.c.id).where(
            _channel.c.team_id == self._team, _channel.c.slack_id == channel, _channel.c.is_private == false()
        )
        people, replies = func.count(_reply.c.user_id.distinct()), func.count()
        lively = (  # from the replies, which lie by thread in an index: the other way round each root would look for its own
            select(_reply.c.thread_us.label("ts_us"))
            .join(_replier, _replier.c.id == _reply.c.user_id)
            .join(_message, (_message.c.channel_id == _reply.c.channel_id) & (_message.c.ts_us == _reply.c.thread_us))
            .join(_user, _user.c.id == _message.c.user_id)
            .where(
                *(_reply.c.channel_id == here.scalar_subquery(), _reply.c.thread_us.is_not(None)),
                *(_reply.c.thread_us >= since_us, _reply.c.thread_us < until_us, _message.c.thread_us.is_(None)),
                *(_user.c.is_bot == false(), _user.c.slack_id != not_by),
                *(_reply.c.user_id != _message.c.user_id, _replier.c.is_bot == false()),
            )
            .group_by(_reply.c.thread_us)
            .order_by(people.desc(), replies.desc(), _reply.c.thread_us.desc())
            .limit(1)
        )
        row = self._connection.execute(lively).one_or_none()
        return None if row is None else self.root(channel, row.ts_us)

    def last_message_us(self, channel: str) -> int | None:
        latest = self._written([channel]).order_by(_message.c.ts_us.desc()).limit(1)
        row = self._connection.execute(latest).one_or_none()
        return None if row is None else row.ts_us

    def hours_of(self, channel: str, since_us: int, until_us: int) -> Iterator[tuple[int, str]]:
        rows = self._connection.execute(
            self._written([channel])
            .where(_message.c.ts_us >= since_us, _message.c.ts_us < until_us)
            .order_by(_message.c.ts_us)
        )
        return ((row.ts_us, row.slack_id) for row in rows)

    def set_asks(self, channel: str, ts_us: int, asks: bool, why: str) -> None:
        """Holds against every rule and every later report of the message. What asks nothing loses its text where
        only questions may keep theirs."""
        row = self._connection.execute(
            select(*_message.c["channel_id", "text"])
            .join(_channel, _channel.c.id == _message.c.channel_id)
            .where(
                _channel.c.team_id == self._team,
                _channel.c.slack_id == channel,
                _message.c.ts_us == ts_us,
                _message.c.thread_us.is_(None),
                _message.c.user_id.is_not(None),
            )
        ).one_or_none()
        if row is None:
            return
        values: dict[str, Any] = {"asks": asks, "asks_why": why, "asks_rule": 0}
        if not asks and self._keep_text_in(channel) == "questions":
            values["text"] = None
            words_index.change(self._connection, [Change(row.channel_id, ts_us, row.text, None)])
        here = (_message.c.channel_id == row.channel_id, _message.c.ts_us == ts_us)
        self._connection.execute(update(_message).where(*here).values(values))
        RollUps(self._connection, self._team).refresh({row.channel_id: {day_of(ts_us): 1}})

    def _written(self, channels: Collection[str]) -> Select[Any]:
        """(ts_us, slack_id) of the human messages in some channels."""
        return (
            select(_message.c.ts_us, _user.c.slack_id)
            .select_from(WRITTEN)
            .where(_channel.c.team_id == self._team, *_written_in(channels))
        )

    def _roots(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return (
            select(
                *_message.c["ts_us", "asks", "asks_why", "text"],
                _channel.c.slack_id.label("channel"),
                _user.c.slack_id.label("user"),
            )
            .select_from(WRITTEN)
            .where(
                _channel.c.team_id == self._team,
                _user.c.is_bot == false(),
                _message.c.thread_us.is_(None),
                *conditions,
            )
        )


def person_of(row: Any) -> Person:
    """A row with the columns of ``slack_user``."""
    return Person(
        user=row.slack_id,
        name=row.name,
        timezone=row.timezone,
        locale=row.locale,
        is_bot=row.is_bot,
        is_deleted=row.is_deleted,
        is_external=row.is_external,
        is_guest=row.is_guest,
        is_untracked=row.is_untracked,
        known_since_us=row.known_since_us,
        joined_us=row.joined_us,
    )


def _root(row: Any, answer: tuple[str, int] | None) -> Root:
    return Root(
        channel=row.channel,
        ts_us=row.ts_us,
        user=row.user,
        why=row.asks_why,
        text=row.text,
        answer_user=answer[0] if answer else None,
        answer_us=answer[1] if answer else None,
        asks=bool(row.asks),
    )


def _written_in(channels: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (_channel.c.slack_id.in_(list(channels)), _user.c.is_bot == false())
