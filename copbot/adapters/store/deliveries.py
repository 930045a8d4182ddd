"""The deliveries: what the bot is going to say, says, and has said."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, delete, exists, func, not_, or_, select, update

from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.tables import Delivery as DeliveryTable
from copbot.adapters.store.tables import Team as TeamTable
from copbot.core.blocks import section
from copbot.core.delivery import BULK, Delivery, Kind, Outgoing, Posted, State
from copbot.core.time import DAY_US

_delivery = DeliveryTable.__table__  # type: ignore[attr-defined]
_team = TeamTable.__table__  # type: ignore[attr-defined]
_base = _delivery.alias("base")

# What is asked for each post of a thousand is written once: making a statement takes longer than running it.
_OURS = _delivery.c.team_id == bindparam("team")
_GET = select(_delivery).where(_OURS, _delivery.c.key == bindparam("wanted"))
_KNOWN = select(_delivery.c.key).where(_OURS, _delivery.c.key.in_(bindparam("wanted", expanding=True)))
_CANCEL = (
    update(_delivery)
    .where(_OURS, _delivery.c.key == bindparam("wanted"), _delivery.c.state == "due")
    .values(state="skipped", reason=bindparam("because"))
)
_WAITS_FOR_BASE = exists(
    select(1).where(
        _base.c.team_id == bindparam("team"),
        or_(_base.c.key == _delivery.c.updates, _base.c.key == _delivery.c.thread_of),
        _base.c.state.in_(["due", "sending"]),
    )
)
_READY = (
    select(_delivery)
    .where(_OURS, _delivery.c.state == "due", _delivery.c.due_us <= bindparam("now_us"), not_(_WAITS_FOR_BASE))
    .order_by(case((_delivery.c.kind.in_(BULK), 1), else_=0), _delivery.c.due_us, _delivery.c.id)
    .limit(bindparam("most"))
)
_RESTORED = select(_team.c.restored_us, _team.c.restored_from_us).where(_team.c.id == bindparam("team"))
_OPEN = select(_delivery).where(_OURS, _delivery.c.state == "sending").order_by(_delivery.c.id)


@cache
def _said_in(*, to: bool, out_in: bool) -> Select[Any]:
    where = [_delivery.c.target == bindparam("target")] if to else []
    where += [_delivery.c.community == bindparam("community")] if out_in else []
    return select(_delivery.c.state, _delivery.c.ts_us).where(
        _OURS,
        *where,
        _delivery.c.kind.in_(bindparam("kinds", expanding=True)),
        _delivery.c.updates.is_(None),
        or_(
            _delivery.c.state.in_(["due", "sending"]),
            and_(_delivery.c.state == "sent", _delivery.c.ts_us >= bindparam("since_us")),
        ),
    )


class _Restored(NamedTuple):
    """Instants: until when messages are looked up before they are sent, and from when on."""

    until_us: int
    from_us: int


class SqlDeliveries:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team
        self.planned = 0  # so many, in this transaction

    # -- planning

    def plan(self, outgoing: Outgoing) -> bool:
        statement = insert_into(self._connection, _delivery).on_conflict_do_nothing(index_elements=["team_id", "key"])
        values = {
            "team_id": self._team,
            "key": outgoing.key,
            "kind": outgoing.kind,
            "community": outgoing.community,
            "target": outgoing.target,
            "text": outgoing.text,
            "blocks": list(outgoing.blocks),
            "thread_of": outgoing.thread_of,
            "thread_us": outgoing.thread_us,
            "updates": outgoing.updates,
            "subject": outgoing.subject,
            "late_note": outgoing.late_note,
            "why": outgoing.why,
            "pin": "wanted" if outgoing.pinned_as else "",
            "pinned_as": outgoing.pinned_as,
            "encloses": outgoing.encloses,
            "due_us": outgoing.due_us,
            "expires_us": outgoing.expires_us,
            "wanted_us": outgoing.due_us if outgoing.wanted_us is None else outgoing.wanted_us,
            "reason": "",
            **self._begun(outgoing),
        }
        is_new = self._connection.execute(statement, values).rowcount == 1
        self.planned += is_new
        return is_new

    def _begun(self, outgoing: Outgoing) -> dict[str, Any]:
        """Where a backup was put back, the database that it replaced may have said this already: for a day it begins like a message whose
        answer was lost, and is looked up on Slack before it is sent."""
        if self._restored is None or outgoing.updates is not None or outgoing.due_us > self._restored.until_us:
            return {"state": "due", "attempts": 0}
        return {"state": "sending", "attempts": 1, "claimed_us": self._restored.from_us}

    @cached_property
    def _restored(self) -> "_Restored | None":
        found = self._connection.execute(_RESTORED, {"team": self._team}).one_or_none()
        if found is None or found.restored_us is None:
            return None
        return _Restored(found.restored_us + DAY_US, found.restored_from_us or 0)

    def get(self, key: str) -> Delivery | None:
        row = self._connection.execute(_GET, {"team": self._team, "wanted": key}).one_or_none()
        return None if row is None else delivery_of(row)

    def known(self, keys: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for some in pieces(list(keys)):
            rows = self._connection.execute(_KNOWN, {"team": self._team, "wanted": list(some)})
            found.update(rows.scalars())
        return frozenset(found)

    def cancel(self, key: str, reason: str) -> bool:
        known = {"team": self._team, "wanted": key, "because": reason}
        return self._connection.execute(_CANCEL, known).rowcount == 1

    def put_off(self, key: str, due_us: int) -> bool:
        waiting = and_(self._mine, _delivery.c.key == key, _delivery.c.state == "due")
        return self._connection.execute(update(_delivery).where(waiting).values(due_us=due_us)).rowcount == 1

    def cancel_all(self, *, community: str, target: str, kinds: Collection[str], reason: str) -> int:
        waiting = and_(
            self._mine,
            _delivery.c.community == community,
            _delivery.c.target == target,
            _delivery.c.kind.in_(list(kinds)),
            _delivery.c.state == "due",
        )
        skipped = update(_delivery).where(waiting).values(state="skipped", reason=reason)
        return self._connection.execute(skipped).rowcount

    def begun_with(self, prefix: str) -> Sequence[Delivery]:
        rows = self._connection.execute(
            select(_delivery)
            .where(self._mine, begins_with(_delivery.c.key, prefix), _delivery.c.updates.is_(None))
            .order_by(_delivery.c.id)
        )
        return [delivery_of(row) for row in rows]

    def unsay(self, prefix: str, text: str) -> None:
        said = self._mine, begins_with(_delivery.c.key, prefix)
        self._connection.execute(update(_delivery).where(*said).values(text=text, blocks=[section(text)]))

    def erase_updates(self, prefix: str) -> None:
        updates = self._mine, begins_with(_delivery.c.updates, prefix)
        self._connection.execute(delete(_delivery).where(*updates))

    def posted(self, kinds: Collection[str], since_us: int) -> Sequence[Posted]:
        rows = self._connection.execute(
            select(_delivery)
            .where(
                self._mine,
                _delivery.c.kind.in_(list(kinds)),
                _delivery.c.state == "sent",
                _delivery.c.updates.is_(None),
                _delivery.c.ts_us >= since_us,
            )
            .order_by(_delivery.c.ts_us)
        )
        return [
            Posted(row.key, cast(Kind, row.kind), row.community, row.channel, row.ts_us, row.subject, row.text)
            for row in rows
        ]

    def told(self, targets: Collection[str], kinds: Collection[str], since_us: int) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for some in pieces(sorted(targets)):
            rows = self._connection.execute(
                select(_delivery.c.target, _delivery.c.due_us)
                .where(
                    self._mine,
                    _delivery.c.target.in_(some),
                    _delivery.c.due_us >= since_us,
                    _delivery.c.kind.in_(list(kinds)),
                    _delivery.c.state.in_(["due", "sending", "sent"]),
                    _delivery.c.updates.is_(None),
                )
                .order_by(_delivery.c.due_us)
            )
            for row in rows:
                found[row.target].append(row.due_us)
        return found

    def count(self, *, target: str, kinds: Collection[str], since_us: int) -> int:
        return int(
            self._connection.execute(
                select(func.count())
                .select_from(_delivery)
                .where(
                    self._mine,
                    _delivery.c.target == target,
                    _delivery.c.kind.in_(list(kinds)),
                    _delivery.c.state.in_(["due", "sending", "sent"]),
                    _delivery.c.updates.is_(None),
                    _delivery.c.due_us >= since_us,
                )
            ).scalar_one()
        )

    def said_in(
        self, *, target: str | None = None, community: str | None = None, kinds: Collection[str], since_us: int
    ) -> Sequence[int | None]:
        statement = _said_in(to=target is not None, out_in=community is not None)
        known = {"team": self._team, "kinds": list(kinds), "since_us": since_us}
        known |= {} if target is None else {"target": target}
        known |= {} if community is None else {"community": community}
        rows = self._connection.execute(statement, known)
        return [row.ts_us if row.state == "sent" else None for row in rows]

    def latest(self, community: str, kinds: Collection[str], limit: int) -> Sequence[Delivery]:
        rows = self._connection.execute(
            select(_delivery)
            .where(
                self._mine,
                _delivery.c.community == community,
                _delivery.c.kind.in_(list(kinds)),
                _delivery.c.updates.is_(None),
            )
            .order_by(_delivery.c.id.desc())
            .limit(limit)
        )
        return [delivery_of(row) for row in rows]

    def as_it_reads(self, key: str) -> Delivery | None:
        row = self._connection.execute(
            select(_delivery)
            .where(self._mine, or_(_delivery.c.key == key, _delivery.c.updates == key))
            .order_by(_delivery.c.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else delivery_of(row)

    # -- sending

    def ready(self, now_us: int, limit: int) -> Sequence[Delivery]:
        rows = self._connection.execute(_READY, {"team": self._team, "now_us": now_us, "most": limit})
        return [delivery_of(row) for row in rows]

    def open(self) -> Sequence[Delivery]:
        rows = self._connection.execute(_OPEN, {"team": self._team})
        return [delivery_of(row) for row in rows]

    def claim(self, delivery: int, worker: str, now_us: int) -> bool:
        waiting = and_(self._mine, _delivery.c.id == delivery, _delivery.c.state == "due")
        taken = (
            update(_delivery)
            .where(waiting)
            .values(state="sending", claimed_by=worker, claimed_us=now_us, attempts=_delivery.c.attempts + 1)
        )
        return self._connection.execute(taken).rowcount == 1

    def settle(
        self,
        delivery: int,
        attempt: int,
        state: State,
        *,
        channel: str | None = None,
        ts_us: int | None = None,
        reason: str = "",
    ) -> bool:
        this_attempt = and_(
            self._mine,
            _delivery.c.id == delivery,
            _delivery.c.attempts == attempt,
            _delivery.c.state == "sending",
        )
        values: dict[str, Any] = {"state": state, "reason": reason}
        if ts_us is not None:
            values |= {"channel": channel, "ts_us": ts_us}
        return self._connection.execute(update(_delivery).where(this_attempt).values(values)).rowcount == 1

    def next_due_us(self, now_us: int) -> int | None:
        due = select(func.min(_delivery.c.due_us)).where(
            self._mine, _delivery.c.state == "due", _delivery.c.due_us > now_us
        )
        earliest: int | None = self._connection.execute(due).scalar_one()
        return earliest

    @property
    def _mine(self) -> Any:
        return _delivery.c.team_id == self._team


def begins_with(column: Any, prefix: str) -> Any:
    """As it is written, which LIKE does not compare everywhere; by a walk through all: it is asked for rarely."""
    return func.substr(column, 1, len(prefix)) == prefix


def delivery_of(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        outgoing=Outgoing(
            key=row.key,
            kind=cast(Kind, row.kind),
            target=row.target,
            text=row.text,
            due_us=row.due_us,
            blocks=tuple(row.blocks),
            community=row.community,
            thread_of=row.thread_of,
            thread_us=row.thread_us,
            updates=row.updates,
            expires_us=row.expires_us,
            wanted_us=row.wanted_us,
            subject=row.subject,
            late_note=row.late_note,
            why=row.why,
            pinned_as=row.pinned_as,
            encloses=row.encloses,
        ),
        state=cast(State, row.state),
        attempts=row.attempts,
        claimed_by=row.claimed_by,
        claimed_us=row.claimed_us,
        channel=row.channel,
        ts_us=row.ts_us,
        reason=row.reason,
    )
