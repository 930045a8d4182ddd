"""The rows of reactions, merged with what is reported of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.identities import Identities
from copbot.adapters.store.pieces import pieces
from copbot.core.facts import ReactionSeen

_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_reactor = tables.User.__table__.alias("reactor")  # type: ignore[attr-defined]
_author = tables.User.__table__.alias("author")  # type: ignore[attr-defined]

Press = tuple[str, int, str, str]
"""Channel and ts of the message, who reacted, and with what."""


class ReactionRows:
    def __init__(self, connection: Connection, team: int, identities: Identities) -> None:
        self._connection = connection
        self._team = team
        self._identities = identities
        self._authors: dict[str, int] = {}  # of the messages, as far as they are stored
        self.changed: set[tuple[str, int]] = set()  # channel and ts of the messages whose reactions were written

    def merge(self, reports: Mapping[Press, Sequence[ReactionSeen]], may_add: Callable[[Press], bool]) -> None:
        """The latest live change holds; of two of the same instant the reaction stands. History has no instant. ``may_add``: whether
        one that is not stored yet may be."""
        stored = self._stored(reports)
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for press, seen in reports.items():
            before = stored.get(press)
            if before is None and not may_add(press):
                continue
            states = [(report.event_us, report.present) for report in seen]
            authors = {report.item_user or "" for report in seen}
            if before is not None:
                states.append((before.event_us, before.present))
                authors.add(before.item_user or "")
            holds = (*max(states), max(authors))
            if before is None:
                new.append(self._key(press) | self._values(*holds))
            elif holds == (before.event_us, before.present, before.item_user or ""):
                continue
            else:
                changed.append({f"the_{name}": key for name, key in self._key(press).items()} | self._values(*holds))
            self.changed.add(press[:2])
        if new:
            self._connection.execute(insert(_reaction), [row | {"team_id": self._team} for row in new])
        if changed:
            self._connection.execute(_REWRITE, changed)

    def _stored(self, presses: Mapping[Press, Any]) -> dict[Press, Any]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for channel, ts_us, _, _ in presses:
            wanted[channel].add(ts_us)
        rows = {}
        for channel, instants in wanted.items():
            key = self._identities.channel(channel)
            for some in pieces(sorted(instants)):
                found = self._connection.execute(_STORED, {"channel": key, "instants": some})
                rows.update({(channel, row.ts_us, row.user, row.name): row for row in found})
        self._authors = {row.item_user: row.item_user_id for row in rows.values() if row.item_user}
        return rows

    def _key(self, press: Press) -> dict[str, Any]:
        channel, ts_us, user, name = press
        key = {"channel_id": self._identities.channel(channel), "ts_us": ts_us}
        return key | {"user_id": self._identities.user(user), "name": name}

    def _values(self, event_us: int, present: bool, author: str) -> dict[str, Any]:
        item_user = None
        if author:  # an event need not tell whose message it was; what is stored does
            item_user = self._authors.get(author) or self._identities.user(author)
        return {"event_us": event_us, "present": present, "item_user_id": item_user}


_STORED = (
    select(
        *_reaction.c["ts_us", "name", "event_us", "present", "item_user_id"],
        _reactor.c.slack_id.label("user"),
        _author.c.slack_id.label("item_user"),
    )
    .select_from(
        _reaction.join(_reactor, _reactor.c.id == _reaction.c.user_id).outerjoin(
            _author, _author.c.id == _reaction.c.item_user_id
        )
    )
    .where(_reaction.c.channel_id == bindparam("channel"), _reaction.c.ts_us.in_(bindparam("instants", expanding=True)))
)
_REWRITE = (
    update(_reaction)
    .where(*(_reaction.c[name] == bindparam(f"the_{name}") for name in ("channel_id", "ts_us", "user_id", "name")))
    .values({name: bindparam(name) for name in ("event_us", "present", "item_user_id")})
)
