"""A feature's one public face. ``wiring.py`` lists the features; nothing else names them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from copbot.core.interaction import ActionHandler, Command, FormHandler
from copbot.core.ports import Context, Tx
from copbot.core.records import Happening


def _nothing_follows(_ctx: Context, _tx: Tx, _happening: Happening) -> None:
    return None


def _nothing_due(_ctx: Context, _now: datetime) -> None:
    return None


@dataclass(frozen=True)
class Feature:
    """What a feature offers.

    ``plan_due(ctx, now)`` records everything that is due at ``now``, each cause in a transaction of its own; run twice, the second
    changes nothing. ``next_due(ctx, now)`` is the next instant at which something may become due: too early is allowed, too late is
    not; None when only an event can change anything. ``follow`` decides what a happening leads to, inside the transaction that marks
    it as dealt with. Actions are keyed by ``action_id`` (an exact one, or a prefix ending in ``:``), forms by ``callback_id``;
    ``closed`` hears of forms (with ``notify_on_close``) that were closed unsent.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: dict[str, ActionHandler] = field(default_factory=dict)
    forms: dict[str, FormHandler] = field(default_factory=dict)
    closed: dict[str, FormHandler] = field(default_factory=dict)
    follow: Callable[[Context, Tx, Happening], None] = _nothing_follows
    plan_due: Callable[[Context, datetime], None] = _nothing_due
    next_due: Callable[[Context, datetime], datetime | None] = _nothing_due
