"""What the bot said in which it quoted a message: once the message is gone, or its author is forgotten, its words go there too.

What waits to be sent, or is on its way, is left: the care for threads takes it back. What stands on Slack is replaced by what it says next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select, union_all, update

from copbot.adapters.store.deliveries import begins_with
from copbot.adapters.store.digest_quotes import drop_lines
from copbot.adapters.store.personal_rows import TABLES
from copbot.adapters.store.pieces import pieces
from copbot.core.time import HOUR_US

_card, _case, _delivery = TABLES["card"], TABLES["moderation_case"], TABLES["delivery"]

JOINED_WITHIN_US = HOUR_US
"""What its author adds within so long is on the same card."""

GONE = ""

QUOTED = "“"
"""Stands in the reason why a message asks (``core.asks``) where some of its words do."""

AFTER_COLON = ";"

SHOWN_AT_ONCE = 20
"""Cards and cases whose messages are looked for in one query: each is a handful of its alternatives."""


class _Shown(NamedTuple):
    """A card or a case: the key of the message that shows it, "" for a case; what the keys of those about it begin with, up to a colon."""

    key: str
    prefix: str
    card: int | None = None


def unquote(connection: Connection, team: int, places: Iterable[tuple[str, int]]) -> None:
    """``places``: the channels (Slack's IDs) and ts of the messages. Few of many messages were ever quoted."""
    by_channel: dict[str, set[int]] = defaultdict(set)
    for channel, ts_us in places:
        by_channel[channel].add(ts_us)
    if by_channel:
        drop_lines(connection, team, [(channel, ts_us) for channel, some in by_channel.items() for ts_us in some])
    shown = [one for channel, instants in by_channel.items() for one in _shown(connection, team, channel, instants)]
    for start in range(0, len(shown), SHOWN_AT_ONCE):
        found = [
            select(_delivery.c.id).where(_delivery.c.team_id == team, one)
            for one in _about(connection, shown[start : start + SHOWN_AT_ONCE])
        ]
        settled = _delivery.c.state.not_in(["due", "sending"]), _delivery.c.text != GONE
        told = update(_delivery).where(_delivery.c.id.in_(union_all(*found)), *settled)
        connection.execute(told.values(text=GONE, blocks=[]))
        cards = _card.c.id.in_([one.card for one in shown[start : start + SHOWN_AT_ONCE] if one.card is not None])
        connection.execute(update(_card).where(cards, _card.c.why.contains(QUOTED)).values(why=GONE))


def _about(connection: Connection, shown: Sequence[_Shown]) -> Sequence[ColumnElement[bool]]:
    """The messages that show these or speak of them: in SQLite found by an index each, whose order is that of the bytes; on a server, whose
    order may be that of a language, in one walk."""
    keys, columns = [one.key for one in shown if one.key], (_delivery.c.key, _delivery.c.updates)
    said = [column.in_(keys) for column in columns] if keys else []
    prefixes = [(column, one.prefix) for one in shown for column in columns]
    if connection.dialect.name != "sqlite":
        return [or_(*said, *(begins_with(column, prefix) for column, prefix in prefixes))]
    return said + [and_(column >= prefix, column < prefix[:-1] + AFTER_COLON) for column, prefix in prefixes]


def _shown(connection: Connection, team: int, channel: str, instants: AbstractSet[int]) -> Iterator[_Shown]:
    first_us, last_us = min(instants), max(instants)
    cards = select(*_card.c["id", "community", "ts_us", "joined_us", "shown_in"]).where(
        *(_card.c.team_id == team, _card.c.channel == channel),
        *(_card.c.ts_us >= first_us - JOINED_WITHIN_US, _card.c.ts_us <= last_us),
    )
    for row in connection.execute(cards):
        if not instants.isdisjoint((row.ts_us, *(row.joined_us or ()))):
            yield _Shown(row.shown_in, f"ask:{row.community}:{row.id}:", row.id)
    for some in pieces(sorted(instants)):
        cases = select(*_case.c["id", "community"]).where(
            _case.c.team_id == team, _case.c.channel == channel, _case.c.ts_us.in_(some)
        )
        for row in connection.execute(cases):
            yield _Shown("", f"case:{row.community}:{row.id}:")
