"""A feature's one public face. ``wiring.py`` lists the features; nothing else names them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.interaction import ActionHandler, Command, FormHandler, ShortcutHandler
from copbot.core.ports import Context, Tx
from copbot.core.previews import Preview
from copbot.core.records import Happening
from copbot.core.report import Asked, Part


def _nothing_follows(_ctx: Context, _tx: Tx, _happening: Happening) -> None:
    return None


def _nothing_due(_ctx: Context, _now: datetime) -> None:
    return None


About = Callable[[Context, Tx, Community, str], tuple[Block, ...]]
"""What a person (a user's ID) sees of themselves in a community; nothing where there is nothing to tell."""

Overview = Callable[[Context, Tx, Community], tuple[Block, ...]]
"""What moderators or coordinators see of a community; nothing where there is nothing to tell."""

ReportPart = Callable[[Context, Tx, Asked], Part]
"""A feature's part of a community's report on a month; an empty one where there is nothing to tell."""


@dataclass(frozen=True)
class Feature:
    """What a feature offers.

    ``plan_due(ctx, now)`` records everything that is due at ``now``, each cause in a transaction of its own; run twice, the second
    changes nothing. ``next_due(ctx, now)`` is the next instant at which something may become due: too early is allowed, too late is
    not; None when only an event can change anything. ``follow`` decides what a happening leads to, inside the transaction that marks
    it as dealt with. Actions are keyed by ``action_id`` (an exact one, or a prefix ending in ``:``), forms by ``callback_id``;
    ``closed`` hears of forms (with ``notify_on_close``) that were closed unsent. ``preview`` shows what it would say (``previews.py``).
    ``shortcuts`` are the entries of a message's menu, by the ``callback_id`` that the app's manifest gives them.
    ``drafts`` hear of what is typed and ticked in a form before it is sent (``dispatch_action``), keyed as actions are: letter by
    letter and perhaps out of order, so they keep the latest (``Press.at_us``) and answer nothing. ``about`` tells a person of
    themselves, in the answer to ``me`` and on the Home tab; ``today`` tells a moderator there what there is to do, ``picture`` a
    coordinator how the community is. ``status`` is the feature's part of the answer to ``status``, ``report``
    that of the monthly report.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: dict[str, ActionHandler] = field(default_factory=dict)
    forms: dict[str, FormHandler] = field(default_factory=dict)
    closed: dict[str, FormHandler] = field(default_factory=dict)
    shortcuts: dict[str, ShortcutHandler] = field(default_factory=dict)
    drafts: dict[str, ActionHandler] = field(default_factory=dict)
    about: About | None = None
    today: About | None = None
    picture: Overview | None = None
    status: Overview | None = None
    member: About | None = None
    prepare: Callable[[Context, datetime], None] | None = None
    report: ReportPart | None = None
    follow: Callable[[Context, Tx, Happening], None] = _nothing_follows
    plan_due: Callable[[Context, datetime], None] = _nothing_due
    next_due: Callable[[Context, datetime], datetime | None] = _nothing_due
    preview: Preview | None = None
