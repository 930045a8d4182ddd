"""What the bot said in which it quoted a message: once the message is gone, or its author is forgotten, its words go there too.

What waits to be sent, or is on its way, is left: the care for threads takes it back. What stands on Slack is replaced by what it says next.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, or_, select, update

from copbot.adapters.store.deliveries import begins_with
from copbot.adapters.store.personal_rows import TABLES
from copbot.core.time import HOUR_US

_card, _case, _delivery = TABLES["card"], TABLES["moderation_case"], TABLES["delivery"]

JOINED_WITHIN_US = HOUR_US
"""What its author adds within so long is on the same card."""

GONE = ""


def unquote(connection: Connection, team: int, places: Iterable[tuple[str, int]]) -> None:
    """``places``: the channels (Slack's IDs) and ts of the messages."""
    settled = _delivery.c.team_id == team, _delivery.c.state.not_in(["due", "sending"]), _delivery.c.text != GONE
    for channel, ts_us in places:
        for key, prefix in _keys(connection, team, channel, ts_us):
            said = [_delivery.c.key == key, _delivery.c.updates == key] if key else []
            told = [begins_with(_delivery.c.key, prefix), begins_with(_delivery.c.updates, prefix)]
            connection.execute(update(_delivery).where(*settled, or_(*said, *told)).values(text=GONE, blocks=[]))


def _keys(connection: Connection, team: int, channel: str, ts_us: int) -> Iterator[tuple[str, str]]:
    """(key of the message that shows a card, what the keys of those about it begin with)."""
    for row in connection.execute(_cards(team, channel, ts_us)):
        if ts_us in (row.ts_us, *(row.joined_us or ())):
            yield row.shown_in, f"ask:{row.community}:{row.id}:"
    cases = select(*_case.c["id", "community"]).where(
        _case.c.team_id == team, _case.c.channel == channel, _case.c.ts_us == ts_us
    )
    for row in connection.execute(cases):
        yield "", f"case:{row.community}:{row.id}:"


def _cards(team: int, channel: str, ts_us: int) -> Select[tuple[int, str, int, list[int], str]]:
    return select(*_card.c["id", "community", "ts_us", "joined_us", "shown_in"]).where(
        *(_card.c.team_id == team, _card.c.channel == channel),
        *(_card.c.ts_us >= ts_us - JOINED_WITHIN_US, _card.c.ts_us <= ts_us),
    )
