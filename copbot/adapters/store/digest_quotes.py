"""Digests that tell of a message: once it is gone, or its author is forgotten, its line goes there too, also where it waits to be sent.

What stands on Slack already stays there, as in everybody's own memory.
"""

import re
from collections.abc import Collection

from sqlalchemy import Connection, func, or_, select, update

from copbot.adapters.store.personal_rows import TABLES
from copbot.core.blocks import sections
from copbot.core.time import DAY_US

_delivery = TABLES["delivery"]

KEPT_US = 20 * DAY_US
"""Before that much older ones have lost their words each night, so that of many years' digests the latest alone are looked through."""

GONE = "What this digest told of is gone."

_PLACE = re.compile(r"/archives/(\w+)/p(\d+)")


def drop_lines(connection: Connection, team: int, places: Collection[tuple[str, int]]) -> None:
    """``places``: the channels (Slack's IDs) and ts of the messages. A digest of which no line is left is not sent."""
    gone = {(channel, str(ts_us)) for channel, ts_us in places}
    mine = _delivery.c.team_id == team, _delivery.c.kind == "digest"
    latest = select(func.max(_delivery.c.ts_us) - KEPT_US).where(*mine).scalar_subquery()
    for since in (_delivery.c.ts_us.is_(None), _delivery.c.ts_us >= latest):
        named = or_(*(_delivery.c.text.contains(f"/archives/{one}/p") for one in sorted({one for one, _ in gone})))
        for row in list(connection.execute(select(*_delivery.c["id", "text", "state"]).where(*mine, since, named))):
            lines = row.text.splitlines()
            left = [line for line in lines if gone.isdisjoint(_PLACE.findall(line))]
            if len(left) < len(lines):
                _say(connection, row.id, row.state, "\n".join(left))


def _say(connection: Connection, delivery: int, state: str, text: str) -> None:
    values = {"text": text, "blocks": list(sections(text, verbatim=True))}
    if not any(line.startswith("•") or "<http" in line for line in text.splitlines()):
        values = {"text": GONE, "blocks": list(sections(GONE))}
        if state == "due":
            values |= {"state": "skipped", "reason": "what it told of was deleted"}
    connection.execute(update(_delivery).where(_delivery.c.id == delivery).values(**values))
