"""Which open cards something may have settled: of five thousand that wait, the few that are worth a closer look."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, String, Table, and_, exists, false, func, or_, select, true
from sqlalchemy import cast as sql_cast

from copbot.adapters.store import tables
from copbot.adapters.store.facts import answers

_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_later = _message.alias("later")
_below = _message.alias("below")

CARDS_WITH_ROOTS: FromClause = (
    _card.outerjoin(_channel, and_(_channel.c.team_id == _card.c.team_id, _channel.c.slack_id == _card.c.channel))
    .outerjoin(_message, and_(_message.c.channel_id == _channel.c.id, _message.c.ts_us == _card.c.ts_us))
    .outerjoin(_user, _user.c.id == _message.c.user_id)
)
"""Cards with their channel, first message and its author, as far as these are known."""


def stirred(reactions: Collection[str], next_within_us: int) -> ColumnElement[bool]:
    """Over ``CARDS_WITH_ROOTS``: all that an answer, a deletion, an edit or an archived channel may have settled, and perhaps some more.

    ``reactions``: those that count, by name; ``next_within_us``: for so long what others write in the channel may be an answer, 0
    where it never is. What was said by the bot, and what was asked in several messages, is always looked at.
    """
    found: list[ColumnElement[bool]] = [
        _card.c.origin != "member",
        func.coalesce(sql_cast(_card.c.joined_us, String), "null") != "null",
        _channel.c.is_archived == true(),
        _message.c.user_id.is_(None),
        _message.c.thread_us.is_not(None),
        _user.c.is_bot == true(),
        and_(func.coalesce(_message.c.asks, false()) == false(), _card.c.is_first == false()),
        answers().exists(),
    ]
    if reactions:
        named = or_(*(named_as(name) for name in sorted(reactions)))
        found += [_reacted(_reaction.c.ts_us == _card.c.ts_us, named), _reacted(_on_a_reply(), named)]
    if next_within_us:
        found.append(
            exists().where(
                *(_later.c.channel_id == _channel.c.id, _later.c.thread_us.is_(None)),
                *(_later.c.ts_us > _card.c.ts_us, _later.c.ts_us <= _card.c.ts_us + next_within_us),
                _later.c.user_id != _message.c.user_id,
            )
        )
    return or_(*found)


def named_as(name: str) -> ColumnElement[bool]:
    """Over reactions: of that name, in any tone of skin."""
    return or_(_reaction.c.name == name, _reaction.c.name.startswith(f"{name}::", autoescape=True))


def _on_a_reply() -> ColumnElement[bool]:
    replies = select(_below.c.ts_us).where(_below.c.channel_id == _channel.c.id, _below.c.thread_us == _card.c.ts_us)
    return cast(ColumnElement[bool], _reaction.c.ts_us.in_(replies.correlate(_channel, _card)))


def _reacted(where: ColumnElement[bool], named: ColumnElement[bool]) -> Any:
    return exists().where(_reaction.c.channel_id == _channel.c.id, where, _reaction.c.present == true(), named)
