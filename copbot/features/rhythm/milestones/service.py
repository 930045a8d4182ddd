"""Milestones at hand: a pinned message per channel with a line for each, kept up to date in its place, and a word when one is done.

One message for all of a channel's milestones, so that five of them are one message and one pin. It is edited, which notifies nobody,
and so counts in no budget; the reminders, the note after and the word of thanks are posts like any other. Whoever deletes a milestone
from the files takes its line away; with the last one the pin goes.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import groupby
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.ports import Context, Store, Tx
from copbot.core.posts import Milestone
from copbot.core.time import HOUR_US, to_us
from copbot.features.rhythm.milestones import views
from copbot.features.rhythm.milestones.posts import DONE_FRESH, LATE, channel_of, done_note
from copbot.features.rhythm.posting import Turn, Words, anew, budget, outgoing, record
from copbot.features.rhythm.recurrence import Occasion, instant
from copbot.features.rhythm.turn import Around, decide

DONE_SHOWN = timedelta(days=30)
"""How long after its date a milestone that is done keeps its line."""

LAST_HOUR = time(20)
"""No word of thanks after it, unless the milestone's own hour is later."""

BOARD = "milestones:"

_boards: WeakKeyDictionary[Store, dict[str, str]] = WeakKeyDictionary()
"""What each board is known to read, by its name: a glance each second must not ask the store."""


def plan(ctx: Context, community: Community, now: datetime) -> None:
    """Bring the boards up to date, and say what is done. Run twice, the second changes nothing."""
    shown = dict(boards(ctx, community, now))
    for channel, milestones in shown.items():
        _plan_board(ctx, community, channel, milestones, now)
    known = _boards.setdefault(ctx.store, {})
    for name in [name for name in known if name.startswith(f"{BOARD}{community.id}:")]:
        if name.rpartition(":")[2] not in shown:
            del known[name]
    for milestone in community.milestones:
        if milestone.done:
            _plan_done(ctx, community, milestone, now)


def next_change(community: Community, now: datetime) -> datetime | None:
    """The next midnight, or the hour at which a word is due: what the lines say changes with the days."""
    if not community.milestones:
        return None
    zone = ZoneInfo(community.timezone)
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    hours = {milestone.at for milestone in community.milestones if milestone.done}
    moments = [instant(datetime.combine(days[1], time()), zone)]
    moments += [instant(datetime.combine(day, hour), zone) for day in days for hour in hours]
    return min(moment for moment in moments if moment > now)


def boards(ctx: Context, community: Community, now: datetime) -> Iterator[tuple[str, tuple[Milestone, ...]]]:
    """The channels (IDs) that have a board, and whose lines it shows."""
    today = now.astimezone(ZoneInfo(community.timezone)).date()
    shown = []
    for milestone in community.milestones:
        channel = ctx.directory.channel(channel_of(community, milestone))
        is_old = milestone.done and milestone.date + DONE_SHOWN < today
        if milestone.pin and channel is not None and not is_old:
            shown.append((channel, milestone))
    shown.sort(key=lambda one: one[0])
    for channel, group in groupby(shown, key=lambda one: one[0]):
        yield channel, tuple(milestone for _, milestone in group)


def board_name(community: Community, channel: str) -> str:
    return f"{BOARD}{community.id}:{channel}"


def _plan_board(
    ctx: Context, community: Community, channel: str, milestones: tuple[Milestone, ...], now: datetime
) -> None:
    name = board_name(community, channel)
    text = views.board(ctx, milestones, now.astimezone(ZoneInfo(community.timezone)).date())
    known = _boards.setdefault(ctx.store, {})
    if known.get(name) == text:
        return
    wanted = Outgoing(name, "milestone", channel, text, to_us(now), community=community.id)
    with ctx.store.read() as tx:
        change, is_settled = _change(tx, name, wanted)
        is_unpinned = tx.pins.newest(name) is not None and name not in tx.pins.names()
    if change is not None or is_unpinned:
        with ctx.store.begin() as tx:
            if change is not None:
                tx.deliveries.plan(change)
            if is_unpinned:
                tx.pins.want(name)  # a milestone came after the last one had gone
    if is_settled:
        known[name] = text


def _change(tx: Tx, name: str, wanted: Outgoing) -> tuple[Outgoing | None, bool]:
    """What brings a board up to date, and whether there is nothing to look at again: it stands there as it should.

    One that somebody deleted on Slack is posted again at once, one that Slack refused each hour, for meanwhile somebody may have
    invited the bot: whose channel it is hears of that once.
    """
    board = tx.pins.newest(name)
    latest = None if board is None else tx.deliveries.as_it_reads(board.outgoing.key)
    if board is None or latest is None:
        return _named(wanted, name, pinned_as=name), False
    if board.state in ("failed", "skipped"):
        is_time = wanted.due_us - board.outgoing.due_us >= HOUR_US
        return (_named(wanted, f"{name}:{latest.id}", pinned_as=name) if is_time else None), False
    if latest.state in ("failed", "skipped"):
        return _named(wanted, f"{name}:{latest.id}", pinned_as=name), False
    if latest.outgoing.text != wanted.text:
        return _named(wanted, f"{board.outgoing.key}:{latest.id}", updates=board.outgoing.key), False
    return None, latest.state == "sent"


def _named(wanted: Outgoing, key: str, *, pinned_as: str | None = None, updates: str | None = None) -> Outgoing:
    return Outgoing(
        key=key,
        kind=wanted.kind,
        target=wanted.target,
        text=wanted.text,
        due_us=wanted.due_us,
        community=wanted.community,
        pinned_as=pinned_as,
        updates=updates,
    )


def _plan_done(ctx: Context, community: Community, milestone: Milestone, now: datetime) -> None:
    """Once, at the milestone's hour of a day on which the channel has room for it."""
    zone = ZoneInfo(community.timezone)
    local = now.astimezone(zone)
    latest = LAST_HOUR if milestone.at < LAST_HOUR else time.max
    if local.date() > milestone.date + DONE_FRESH or not milestone.at <= local.time() <= latest:
        return
    turn = Turn(ctx, community, done_note(community, milestone, local.date()), now)
    key, channel = turn.key("once"), turn.channel
    occasion, known = Occasion("once", now, now, "it is done"), Around(budget=budget(turn))
    with ctx.store.read() as tx:
        is_said = channel is None or tx.deliveries.get(key) is not None
        has_room = not is_said and decide(turn.post, occasion, now, anew(turn, tx, known)).what == "post"
    if channel is None or not has_room:
        return
    with ctx.store.begin() as tx:
        if decide(turn.post, occasion, now, anew(turn, tx, known)).what == "post":
            post = outgoing(turn, key, channel, views.done(ctx, milestone), now + LATE, occasion.why)
            record(turn, tx, post, Words(post.text, None, None), occasion.key)
