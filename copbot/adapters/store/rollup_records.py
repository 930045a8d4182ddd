"""What a day's roll-up holds, and how it is worked out from the facts.

A roll-up is a function of the facts of one channel on one day (UTC), and of nothing else: whatever the order in which these came, the
same bytes come out. Each instant is kept to the microsecond, so that every zone's hours, weeks and months, and every ``--since`` and
``--until``, come out exactly, without a look at the facts.

``contributions``: 16 bytes for each message that stands and each reaction that is on, little-endian, in ascending order: instant and
kind (``ts << 2 | kind``), author, and the *other*: the author of the thread's root, or of the message reacted to, 0 where unknown. Bots'
are in it: who is one is asked when it is read. ``roots``: 8 bytes for each root, in the same order: the instant of the first answer by
another person (0: none) and whether it asks (``answer << 1 | asks``).
"""

import struct
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Select, Table, and_, bindparam, false, func, select

from copbot.adapters.store import tables
from copbot.core.time import DAY_US

ROOT, REPLY, REACTION = range(3)

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_head = _message.alias("head")
_reply = _message.alias("reply")
_replier = tables.User.__table__.alias("replier")  # type: ignore[attr-defined]

_RECORD = struct.Struct("<qII")
RECORD_BYTES = _RECORD.size
_ROOT = struct.Struct("<q")


class Packed(NamedTuple):
    """One day's roll-up."""

    contributions: bytes
    roots: bytes


def day_of(ts_us: int) -> int:
    """The day (UTC, since the epoch) that holds an instant."""
    return ts_us // DAY_US


def packed_days(connection: Connection, channel: int, first: int, end: int) -> dict[int, Packed]:
    """The roll-ups of a channel's days in ``[first, end)``, worked out from the facts; a day without any is left out."""
    span = {"channel": channel, "since_us": first * DAY_US, "until_us": end * DAY_US}
    records: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    asks = {}
    for ts_us, user, thread_us, is_asking, other in _rows(connection, _MESSAGES, span):
        if thread_us is None:
            records[ts_us // DAY_US].append((ts_us << 2 | ROOT, user, 0))
            asks[ts_us] = bool(is_asking)
        else:
            records[ts_us // DAY_US].append((ts_us << 2 | REPLY, user, other or 0))
    for ts_us, user, item_user, other in _rows(connection, _REACTIONS, span):
        records[ts_us // DAY_US].append((ts_us << 2 | REACTION, user, item_user or other or 0))
    answers: dict[int, int] = dict(_rows(connection, _ANSWERS, span)) if asks else {}
    return {day: _packed(sorted(of_day), asks, answers) for day, of_day in records.items()}


def _rows(connection: Connection, statement: Select[Any], span: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    return map(tuple, connection.execute(statement, span).all())


def _packed(records: list[tuple[int, int, int]], asks: dict[int, bool], answers: dict[int, int]) -> Packed:
    roots = [at >> 2 for at, _, _ in records if at & 3 == ROOT]
    return Packed(
        b"".join([_RECORD.pack(*record) for record in records]),
        b"".join([_ROOT.pack(answers.get(ts_us, 0) << 1 | asks[ts_us]) for ts_us in roots]),
    )


_MESSAGES = (
    select(*_message.c["ts_us", "user_id", "thread_us", "asks"], _head.c.user_id.label("other"))
    .select_from(
        _message.outerjoin(
            _head, and_(_head.c.channel_id == _message.c.channel_id, _head.c.ts_us == _message.c.thread_us)
        )
    )
    .where(
        _message.c.channel_id == bindparam("channel"),
        _message.c.ts_us >= bindparam("since_us"),
        _message.c.ts_us < bindparam("until_us"),
        _message.c.user_id.is_not(None),
    )
)
_REACTIONS = (
    select(*_reaction.c["ts_us", "user_id", "item_user_id"], _head.c.user_id.label("other"))
    .select_from(
        _reaction.outerjoin(
            _head, and_(_head.c.channel_id == _reaction.c.channel_id, _head.c.ts_us == _reaction.c.ts_us)
        )
    )
    .where(
        _reaction.c.channel_id == bindparam("channel"),
        _reaction.c.ts_us >= bindparam("since_us"),
        _reaction.c.ts_us < bindparam("until_us"),
        _reaction.c.present,
    )
)
_ANSWERS = (  # from the replies, which lie by thread in an index: the other way round each root would look for its own
    select(_reply.c.thread_us, func.min(_reply.c.ts_us))
    .select_from(
        _reply.join(
            _message, and_(_message.c.channel_id == _reply.c.channel_id, _message.c.ts_us == _reply.c.thread_us)
        ).join(_replier, _replier.c.id == _reply.c.user_id)
    )
    .where(
        _reply.c.channel_id == bindparam("channel"),
        _reply.c.thread_us.is_not(None),
        _reply.c.thread_us >= bindparam("since_us"),
        _reply.c.thread_us < bindparam("until_us"),
        _reply.c.user_id != _message.c.user_id,
        _replier.c.is_bot == false(),
    )
    .group_by(_reply.c.thread_us)
)
