"""A feature's one public face. ``wiring.py`` lists the features; nothing else names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.interaction import ActionHandler, Command, FormHandler, ShortcutHandler, Who
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

Own = Callable[[Context, Tx, str], tuple[Block, ...]]
"""What a person (a user's ID) sees of themselves whatever the community; nothing where there is nothing to tell."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody could do next. ``is_for_all``: not they alone were asked, so that it stands behind what they were."""

    blocks: tuple[Block, ...]
    is_for_all: bool = False


NextStep = Callable[[Context, Tx, Community, str], Step | None]
"""What a person (a user's ID) could do next in a community; None for nothing."""

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
    ``guarded`` says who may use an action, form or shortcut (by the same keys) that is not everybody's: asked before the handler, which
    asks again by the community that it is about.
    ``take_back`` takes back from Slack what the bot said there of a person who is about to be erased, in the same transaction.
    ``drafts`` hear of what is typed and ticked in a form before it is sent (``dispatch_action``), keyed as actions are: letter by
    letter and perhaps out of order, so they keep the latest (``Press.at_us``) and answer nothing. ``about`` tells a person of
    themselves, in the answer to ``me`` and on the Home tab; ``brief`` is the same in fewer lines for that tab, where
    ``about`` is long; ``settings`` what they set, with the button that opens it, once for all
    communities; ``waits`` which of their own questions wait; ``step`` the one thing that they could do next: the Home tab shows the
    first that there is, in the order of the features. ``today`` tells a moderator there what there is to do, ``picture`` a
    coordinator how the community is. ``status`` is the feature's part of the answer to ``status``, ``report``
    that of the monthly report. ``nightly`` is done once a night for each community (``nightly.py`` says what it must bear).
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: dict[str, ActionHandler] = field(default_factory=dict)
    forms: dict[str, FormHandler] = field(default_factory=dict)
    closed: dict[str, FormHandler] = field(default_factory=dict)
    shortcuts: dict[str, ShortcutHandler] = field(default_factory=dict)
    drafts: dict[str, ActionHandler] = field(default_factory=dict)
    guarded: Mapping[str, Who] = field(default_factory=dict)
    about: About | None = None
    brief: About | None = None
    settings: Own | None = None
    waits: About | None = None
    step: NextStep | None = None
    today: About | None = None
    picture: Overview | None = None
    status: Overview | None = None
    member: About | None = None
    prepare: Callable[[Context, datetime], None] | None = None
    report: ReportPart | None = None
    take_back: Callable[[Context, Tx, str], None] | None = None
    nightly: Callable[[Context, Community, datetime], None] | None = None
    follow: Callable[[Context, Tx, Happening], None] = _nothing_follows
    plan_due: Callable[[Context, datetime], None] = _nothing_due
    next_due: Callable[[Context, datetime], datetime | None] = _nothing_due
    preview: Preview | None = None
