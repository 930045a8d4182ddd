"""The ledger of attention: the deliveries that went, or were to go, to members."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, case, delete, func, insert, or_, select, update

from copbot.adapters.store import tables
from copbot.core.delivery import Kind
from copbot.core.ports.attention import Decision, Entry, Held, OptOut, Outcome, Told

_delivery = cast(Table, tables.Delivery.__table__)  # type: ignore[attr-defined]
_preference = cast(Table, tables.Preference.__table__)  # type: ignore[attr-defined]
_opt_out = cast(Table, tables.OptOut.__table__)  # type: ignore[attr-defined]

_OURS = _delivery.c.team_id == bindparam("team")
_OF_THESE_KINDS = _delivery.c.kind.in_(bindparam("kinds", expanding=True)), _delivery.c.updates.is_(None)
_WAITS = _delivery.c.state == "due"
_COUNTS = or_(
    _delivery.c.state.in_(["due", "sending"]),
    (_delivery.c.state == "sent") & (_delivery.c.ts_us >= bindparam("since_us")),
)
_TO_A_PERSON = or_(_delivery.c.target.like("U%"), _delivery.c.target.like("W%"))

_ENTRY: Sequence[Any] = (
    _delivery.c.id,
    _delivery.c.key,
    _delivery.c.target,
    _delivery.c.kind,
    _delivery.c.community,
    func.coalesce(_delivery.c.wanted_us, _delivery.c.due_us).label("wanted_us"),
    _delivery.c.due_us,
    _delivery.c.expires_us,
    _delivery.c.state,
    _delivery.c.claimed_us,
    _delivery.c.ts_us,
)
_ACCOUNT = (
    select(*_ENTRY)
    .where(_OURS, _delivery.c.target == bindparam("user"), *_OF_THESE_KINDS, _COUNTS)
    .order_by(_delivery.c.id)
)
_FOR_WHOM = select(_delivery.c.target).where(_OURS, _WAITS, _TO_A_PERSON, *_OF_THESE_KINDS)
_ACCOUNTS = (
    select(*_ENTRY).where(_OURS, _delivery.c.target.in_(_FOR_WHOM), *_OF_THESE_KINDS, _COUNTS).order_by(_delivery.c.id)
)
_LAST_DIGEST = select(func.max(func.coalesce(_delivery.c.wanted_us, _delivery.c.due_us))).where(
    _OURS,
    _delivery.c.target == bindparam("user"),
    _delivery.c.kind == "digest",
    _delivery.c.community == bindparam("community"),
    _delivery.c.state.in_(["due", "sending", "sent"]),
)
# Written once: making a statement takes longer than running it.
_RECORD = (
    update(_delivery)
    .where(_OURS, _delivery.c.id == bindparam("which"), _WAITS)
    .values(
        {
            "state": bindparam("to_state"),
            "due_us": bindparam("to_due_us"),
            "reason": bindparam("because"),
            "outcome": bindparam("decided"),
            "outcome_why": bindparam("said_why"),
            "decided_us": bindparam("now_us"),
            "budget_day": bindparam("day"),
            "budget_week": bindparam("week"),
        }
    )
)

_ADDRESS = re.compile(r"<(https?://[^|>\s]+)")


class SqlLedger:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def account(self, user: str, kinds: Collection[Kind], since_us: int) -> Sequence[Entry]:
        known = {"team": self._team, "user": user, "kinds": list(kinds), "since_us": since_us}
        rows = self._connection.execute(_ACCOUNT, known)
        return [_entry_of(row) for row in rows]

    def accounts(self, kinds: Collection[Kind], since_us: int) -> Mapping[str, Sequence[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        known = {"team": self._team, "kinds": list(kinds), "since_us": since_us}
        for row in self._connection.execute(_ACCOUNTS, known):
            found[row.target].append(_entry_of(row))
        return found

    def record(self, entry: Entry, decision: Decision, now_us: int) -> None:
        is_over = decision.outcome in ("digest", "expired", "never")
        self._connection.execute(
            _RECORD,
            {
                "team": self._team,
                "which": entry.id,
                "to_state": "skipped" if is_over else "due",
                "to_due_us": decision.at_us if decision.outcome == "wait" else entry.due_us,
                "because": _reason(decision) if is_over else "",
                "decided": decision.outcome,
                "said_why": decision.why,
                "now_us": now_us,
                "day": decision.day,
                "week": decision.week,
            },
        )

    def for_digest(self, user: str, since_us: int) -> Sequence[Held]:
        wanted_us = func.coalesce(_delivery.c.wanted_us, _delivery.c.due_us)
        rows = self._connection.execute(
            select(_delivery)
            .where(
                self._mine,
                _delivery.c.target == user,
                _delivery.c.outcome == "digest",
                _delivery.c.state == "skipped",
                _delivery.c.decided_us >= since_us,
            )
            .order_by(wanted_us, _delivery.c.id)
        )
        return [_held_of(row) for row in rows]

    def last_digest(self, user: str, community: str) -> int | None:
        known = {"team": self._team, "user": user, "community": community}
        made_us: int | None = self._connection.execute(_LAST_DIGEST, known).scalar_one()
        return made_us

    def answered(self, channel: str, ts_us: int, now_us: int) -> None:
        is_told = _delivery.c.kind != "survey", _delivery.c.answered_us.is_(None)
        message = self._mine, _delivery.c.channel == channel, _delivery.c.ts_us == ts_us
        first = update(_delivery).where(*message, *is_told).values(answered_us=now_us)
        self._connection.execute(first)

    def told(self, kinds: Collection[Kind], since_us: int, until_us: int) -> Sequence[Told]:
        said_us = case((_delivery.c.claimed_us > _delivery.c.ts_us, _delivery.c.claimed_us), else_=_delivery.c.ts_us)
        rows = self._connection.execute(
            select(_delivery, said_us.label("said_us"))
            .where(
                self._mine,
                _delivery.c.kind.in_(list(kinds)),
                _delivery.c.ts_us >= since_us,
                _delivery.c.ts_us < until_us,
                _delivery.c.state == "sent",
                _delivery.c.updates.is_(None),
                _TO_A_PERSON,
            )
            .order_by(_delivery.c.ts_us, _delivery.c.id)
        )
        return [
            Told(
                row.target,
                cast(Kind, row.kind),
                row.community,
                row.said_us,
                row.budget_day,
                row.budget_week,
                row.answered_us,
            )
            for row in rows
        ]

    def decided(self, community: str, since_us: int, until_us: int) -> Mapping[Outcome, int]:
        rows = self._connection.execute(
            select(_delivery.c.outcome, func.count().label("messages"))
            .where(
                self._mine,
                _delivery.c.community == community,
                _delivery.c.outcome != "",
                _delivery.c.decided_us >= since_us,
                _delivery.c.decided_us < until_us,
            )
            .group_by(_delivery.c.outcome)
        )
        return {cast(Outcome, row.outcome): row.messages for row in rows}

    def note_opt_out(self, opt_out: OptOut) -> None:
        values = {"team_id": self._team, "community": opt_out.community, "what": opt_out.what, "at_us": opt_out.at_us}
        self._connection.execute(insert(_opt_out).values(values))

    def take_back_opt_outs(self, user: str, what: Collection[str]) -> None:
        changed = select(_preference.c.changed_us).where(
            _preference.c.team_id == self._team, _preference.c.slack_user == user
        )
        noted = select(func.max(_opt_out.c.id)).where(
            _opt_out.c.team_id == self._team,
            _opt_out.c.what.in_(list(what)),
            _opt_out.c.at_us == changed.scalar_subquery(),
        )
        found = self._connection.execute(noted.group_by(_opt_out.c.what)).scalars().all()
        if found:
            self._connection.execute(delete(_opt_out).where(_opt_out.c.id.in_(found)))

    def opt_outs(self, since_us: int, until_us: int) -> Sequence[OptOut]:
        rows = self._connection.execute(
            select(_opt_out)
            .where(_opt_out.c.team_id == self._team, _opt_out.c.at_us >= since_us, _opt_out.c.at_us < until_us)
            .order_by(_opt_out.c.at_us, _opt_out.c.id)
        )
        return [OptOut(row.what, row.at_us, row.community) for row in rows]

    @property
    def _mine(self) -> Any:
        return _delivery.c.team_id == self._team


def _reason(decision: Decision) -> str:
    return f"joined the digest: {decision.why}" if decision.outcome == "digest" else decision.why


def _entry_of(row: Row[Any]) -> Entry:
    said_us = None
    if row.state != "due":
        said_us = max(row.ts_us or 0, row.claimed_us or 0)
    return Entry(
        row.id, row.key, cast(Kind, row.kind), row.community, row.wanted_us, row.due_us, row.expires_us, said_us
    )


def _held_of(row: Row[Any]) -> Held:
    written = _ADDRESS.search(row.text)
    link = written[1] if written else next(_addresses(row.blocks), None)
    return Held(
        row.key,
        cast(Kind, row.kind),
        row.community,
        row.text,
        link,
        row.due_us if row.wanted_us is None else row.wanted_us,
        row.decided_us,
        row.outcome_why,
    )


def _addresses(blocks: Any) -> Any:
    """The addresses that stand in blocks, or behind their buttons, from the top."""
    found = re.finditer(r'"url": "(https?://[^"]+)"|<(https?://[^|>\s"]+)', json.dumps(blocks, ensure_ascii=False))
    return (match[1] or match[2] for match in found)
