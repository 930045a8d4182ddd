"""Many threads at once: which stand, who wrote and reacted in them, and where the bot cannot see any more."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, and_, false, func, or_, select, true

from copbot.adapters.store import tables
from copbot.adapters.store.facts import WRITTEN, answers
from copbot.adapters.store.membership_rows import holds_now
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.settling import named_as
from copbot.core.ports.care import Carded, OutOfReach, Reacted, Replied
from copbot.core.records import Root

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]
_team = cast(Table, tables.Team.__table__)  # type: ignore[attr-defined]

SPANS_AT_ONCE = 100


class SqlThreads:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def standing(self, channel: str, threads_us: Collection[int]) -> Sequence[Root]:
        return [
            _root(row, channel)
            for some in pieces(sorted(threads_us))
            for row in self._connection.execute(_roots(self._here(channel)).where(_message.c.ts_us.in_(some)))
        ]

    def asked_by(
        self, channels: Collection[str], users: Collection[str], since_us: int, until_us: int
    ) -> Sequence[Root]:
        first = answers().order_by(None).with_only_columns(func.min(_reply_ts())).scalar_subquery()
        here = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        asked = (  # of all channels at once: there may be many of them, and a statement costs more than what it finds
            _written_roots()
            .add_columns(_channel.c.slack_id.label("channel"), first.label("answer_us"))
            .where(
                _message.c.channel_id.in_(here),
                _message.c.ts_us >= since_us,
                _message.c.ts_us < until_us,
                _message.c.asks,
                answers().exists(),
            )
        )
        found = [
            _root(row, row.channel, row.answer_us)
            for some in pieces(sorted(users))
            for row in self._connection.execute(asked.where(_user.c.slack_id.in_(some)))
        ]
        return sorted(found, key=lambda root: (root.ts_us, root.channel))

    def replied(self, channel: str, threads_us: Collection[int], after_us: int = 0) -> Sequence[Replied]:
        first_us = func.min(_message.c.ts_us).label("first_us")
        found = [
            Replied(row.thread_us, row.slack_id, row.first_us)
            for some in pieces(sorted(threads_us))
            for row in self._connection.execute(
                select(_message.c.thread_us, _user.c.slack_id, first_us)
                .select_from(_message.join(_user, _user.c.id == _message.c.user_id))
                .where(
                    _message.c.channel_id == self._here(channel),
                    _message.c.thread_us.in_(some),
                    _message.c.ts_us > after_us,
                    _user.c.is_bot == false(),
                )
                .group_by(_message.c.thread_us, _user.c.slack_id)
            )
        ]
        return sorted(found, key=lambda reply: reply.ts_us)

    def reacted(self, channel: str, threads_us: Collection[int], names: Collection[str]) -> Sequence[Reacted]:
        named = or_(*map(named_as, names))
        reactions = _reaction.join(_user, _user.c.id == _reaction.c.user_id)
        replies = reactions.join(
            _message, and_(_message.c.channel_id == _reaction.c.channel_id, _message.c.ts_us == _reaction.c.ts_us)
        )
        found: list[Reacted] = []
        for some in pieces(sorted(threads_us)):
            on_roots = (
                select(_reaction.c.ts_us.label("thread_us")).select_from(reactions).where(_reaction.c.ts_us.in_(some))
            )
            on_replies = select(_message.c.thread_us).select_from(replies).where(_message.c.thread_us.in_(some))
            for statement in (on_roots, on_replies):
                rows = self._connection.execute(
                    statement.add_columns(_user.c.slack_id, _reaction.c.name, _reaction.c.event_us).where(
                        _reaction.c.channel_id == self._here(channel), _reaction.c.present == true(), named
                    )
                )
                found += [
                    Reacted(row.thread_us, row.slack_id, row.name.partition("::")[0], row.event_us) for row in rows
                ]
        return sorted(found, key=lambda one: (one.event_us, one.thread_us, one.user))

    def roots_in(self, channel: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, str, bool]]:
        found: set[tuple[int, str, bool]] = set()
        for start in range(0, len(spans), SPANS_AT_ONCE):
            some = spans[start : start + SPANS_AT_ONCE]
            within = or_(*(and_(_message.c.ts_us > first, _message.c.ts_us <= last) for first, last in some))
            rows = self._connection.execute(_roots(self._here(channel)).where(within))
            found |= {(row.ts_us, row.user, bool(row.asks)) for row in rows}
        return sorted(found)

    def gone(self, channel: str, messages_us: Collection[int]) -> Collection[int]:
        return {
            row.ts_us
            for some in pieces(sorted(messages_us))
            for row in self._connection.execute(
                select(_message.c.ts_us).where(
                    _message.c.channel_id == self._here(channel),
                    _message.c.ts_us.in_(some),
                    _message.c.is_deleted == true(),
                )
            )
        }

    def carded(self, community: str, since_us: int) -> Mapping[tuple[str, int], Carded]:
        rows = self._connection.execute(
            select(
                *_card.c["id", "channel", "ts_us", "joined_us", "state", "answered_us", "closed_us", "opened_us"]
            ).where(_card.c.team_id == self._team, _card.c.community == community, _card.c.ts_us >= since_us)
        )
        found: dict[tuple[str, int], Carded] = {}
        for card, channel, ts_us, joined_us, state, answered_us, closed_us, opened_us in rows:
            settled_us = None if state == "open" else answered_us or closed_us or opened_us
            found |= {(channel, one_us): Carded(card, settled_us) for one_us in (ts_us, *(joined_us or ()))}
        return found

    def out_of_reach(self, channels: Collection[str]) -> Mapping[str, OutOfReach]:
        is_in = and_(_membership.c.is_member, holds_now())
        rows = self._connection.execute(
            select(_channel.c.slack_id, _channel.c.is_archived, _membership.c.user_id, is_in.label("is_in"))
            .select_from(
                _channel.outerjoin(
                    _membership, and_(_membership.c.channel_id == _channel.c.id, _membership.c.user_id == self._bot())
                )
            )
            .where(_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        )
        found: dict[str, OutOfReach] = {}
        for row in rows:
            if row.is_archived:
                found[row.slack_id] = "archived"
            elif row.user_id is not None and not row.is_in:
                found[row.slack_id] = "left"
        return found

    def left_us(self, channel: str) -> int:
        left = select(_membership.c.changed_us).where(
            _membership.c.channel_id == self._here(channel), _membership.c.user_id == self._bot()
        )
        return self._connection.execute(left).scalar_one_or_none() or 0

    def _bot(self) -> Any:
        return (
            select(_user.c.id)
            .join(_team, and_(_team.c.id == _user.c.team_id, _team.c.bot_user == _user.c.slack_id))
            .where(_user.c.team_id == self._team)
            .scalar_subquery()
        )

    def _here(self, channel: str) -> Any:
        return (
            select(_channel.c.id)
            .where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
            .scalar_subquery()
        )


def _reply_ts() -> Any:
    return answers().selected_columns.ts_us


def _roots(here: Any) -> Select[Any]:
    return _written_roots().where(_message.c.channel_id == here)


def _written_roots() -> Select[Any]:
    return (
        select(*_message.c["ts_us", "asks", "asks_why", "text"], _user.c.slack_id.label("user"))
        .select_from(WRITTEN)
        .where(_message.c.thread_us.is_(None), _user.c.is_bot == false())
    )


def _root(row: Any, channel: str, answer_us: int | None = None) -> Root:
    return Root(channel, row.ts_us, row.user, row.asks_why, row.text, answer_us=answer_us, asks=bool(row.asks))
