"""What changes about an open case by itself: its message was deleted, its reminder has reached the person. Its card says so."""

from datetime import datetime, timedelta
from typing import cast

from copbot.core.ports import Context, Tx
from copbot.core.ports.case import Case, ReminderState
from copbot.core.time import from_us, to_us
from copbot.features.moderation.docket import docket_of
from copbot.features.moderation.steps import letter_key

LOOK_AFTER = timedelta(seconds=5)
"""For so long a message takes to arrive, as a rule; then it is looked at again."""

_FROM_DELIVERY = {"sent": "sent", "failed": "failed", "skipped": "failed"}


def plan_due(ctx: Context, now: datetime) -> None:
    for community in ctx.communities():
        with ctx.store.read() as tx:
            changed = [case.id for case in tx.cases.open_in(community.id) if _changes(tx, case)]
        for case_id in changed:
            with ctx.store.begin() as tx:
                docket = docket_of(ctx, tx, case_id, to_us(now))
                changes = _changes(tx, docket.case) if docket is not None else {}
                if docket is not None and docket.case.state == "open" and changes:
                    docket.after(**changes)


def _changes(tx: Tx, case: Case) -> dict[str, object]:
    changes: dict[str, object] = {}
    _, is_gone = tx.cases.message(case.channel, case.ts_us)
    if is_gone and not case.is_gone:
        changes["is_gone"] = True
    if case.reminder == "due":
        reminder = tx.deliveries.get(letter_key(case.id, "reminded"))
        reached = _FROM_DELIVERY.get(reminder.state) if reminder is not None else None
        if reached is not None:
            changes["reminder"] = cast(ReminderState, reached)
    return changes


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When to look whether a reminder has arrived; everything else that changes a case is an event of Slack's."""
    looks: list[datetime] = []
    for community in ctx.communities():
        with ctx.store.read() as tx:
            for case in tx.cases.open_in(community.id):
                reminder = tx.deliveries.get(letter_key(case.id, "reminded")) if case.reminder == "due" else None
                if reminder is not None:
                    looks.append(max(now, from_us(reminder.outgoing.due_us)) + LOOK_AFTER)
    return min(looks, default=None)
