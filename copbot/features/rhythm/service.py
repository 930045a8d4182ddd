"""The steps of the rhythm: gather through the ports, ask the rules, record. Everything here may run twice; the second
changes nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from copbot.core.community import Community
from copbot.core.errors import Mistake, SlackRefused, SlackUnavailable
from copbot.core.ports import Context, Tx
from copbot.core.time import MICROSECOND, from_us
from copbot.features.rhythm import posting, views
from copbot.features.rhythm.agenda import Entry, Sheet, agenda_of, entry_of
from copbot.features.rhythm.milestones import service as milestones
from copbot.features.rhythm.posting import Turn, Words
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rounds import Found, Rounds, posts_of, rounds
from copbot.features.rhythm.rules import Missed, is_news
from copbot.features.rhythm.turn import SIGN_OF_LIFE, Around, Verdict, decide


@dataclass(frozen=True)
class Open:
    """A turn that has come: its occasion has opened and was not dealt with."""

    turn: Turn
    occasion: Occasion
    sheet: Sheet

    def rounds(self, tx: Tx) -> Rounds:
        return rounds(self.turn.ctx, tx, self.turn.community, self.turn.now, self.sheet.found)


@dataclass(frozen=True)
class Skipped:
    """An occasion that is over, and what is told of it, if anything."""

    one: Open
    reason: str
    told: str


@dataclass(frozen=True)
class Ready:
    """A post that is written and may go out by what stood around it."""

    one: Open
    stands: Around
    missed: Missed
    said: Words


AT_ONCE = 50
"""Turns that are recorded in one transaction: each commit waits for the disk, and the first posts should not wait for the last."""


def plan_due(ctx: Context, now: datetime) -> None:
    """Record every post that is due at ``now``, and what was skipped: by due time, then in the order of the files. One failing post
    does not stop the others.
    """
    communities = ctx.communities()
    _tidy(ctx, communities)
    opened: list[Open] = []
    with ctx.store.read() as tx:
        controls = tuple(tx.controls.all())
        for community in communities:
            opened += _opened(ctx, tx, agenda_of(ctx.store).open(community, controls), now)
    opened.sort(key=lambda one: one.occasion.due)
    for start in range(0, len(opened), AT_ONCE):
        _deal_with(ctx, opened[start : start + AT_ONCE])
    for community in communities:
        with suppress(SlackUnavailable, SlackRefused):
            milestones.plan(ctx, community, now)
    _unpin(ctx, communities, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When a post may become due next: when its time comes or, for ``active``, when its window opens or ends."""
    moments: list[datetime | None] = []
    with ctx.store.read() as tx:
        agenda = agenda_of(ctx.store)
        changed = agenda.changed(tuple(tx.controls.all()))
        for community in ctx.communities():
            sheet = agenda.sheet(community)
            found: Rounds | None = None
            for post in sheet.posts:
                entry = None if (community.id, post.id) in changed else entry_of(sheet, post, now)
                if entry is None:
                    found = found or rounds(ctx, tx, community, now)
                    moments.append(_soonest(tx, Turn(ctx, community, post, now), found))
                else:
                    moments.append(entry.next_due)
            moments.append(milestones.next_change(community, now))
    return min((moment for moment in moments if moment is not None), default=None)


def _soonest(tx: Tx, turn: Turn, found: Rounds) -> datetime | None:
    """The same for a post of which nothing is known yet."""
    if posting.is_paused(tx, turn.community, turn.post):
        return None
    occasion = next((one for one in islice(found.coming(turn.post, turn.now), 50) if not one.holiday), None)
    if occasion is None:
        return None
    return occasion.opens if occasion.opens > turn.now else occasion.due


# --- whose turn it is -----------------------------------------------------------------------------------------------


def _opened(ctx: Context, tx: Tx, sheet: Sheet, now: datetime) -> list[Open]:
    """The turns to decide on. Only posts whose time has come by what is kept in memory cost a look into the store."""
    opened: list[Open] = []
    found: Rounds | None = None
    sheet.found = Found()
    alive: dict[str, bool] = {}
    for post in sheet.posts:
        entry = entry_of(sheet, post, now)
        if entry is not None and (entry.look_at is None or now < entry.look_at or _is_silent(tx, entry, now, alive)):
            continue
        turn = Turn(ctx, sheet.community, post, now)
        found = found or rounds(ctx, tx, sheet.community, now, sheet.found)
        with suppress(SlackUnavailable, SlackRefused):
            occasion = next(found.past(post, now), None)
            if occasion is None or tx.deliveries.get(turn.key(occasion.key)) is not None:
                sheet.entries[post.id] = _until_the_next(tx, turn, found)
            else:
                opened.append(Open(turn, occasion, sheet))
    return opened


def _is_silent(tx: Tx, entry: Entry, now: datetime, alive: dict[str, bool]) -> bool:
    """Whether a post still waits in its window for somebody to write. Each channel is asked about once."""
    channel = entry.listens_to
    if channel is None or (entry.next_due is not None and now >= entry.next_due):
        return False
    if channel not in alive:
        last_us = tx.facts.last_message_us(channel)
        alive[channel] = last_us is not None and from_us(last_us) >= now - SIGN_OF_LIFE
    return not alive[channel]


def _until_the_next(tx: Tx, turn: Turn, found: Rounds) -> Entry:
    """Nothing to do before the post's next occasion."""
    ahead = posting.next_free(found, turn, tx, turn.now)
    if ahead is None:
        return Entry(turn.now, None, None)
    following = ahead
    if ahead.holiday:
        coming = islice(found.coming(turn.post, ahead.due), 50)
        following = next((one for one in coming if not one.holiday), ahead)
    is_silent = following.holiday or posting.is_paused(tx, turn.community, turn.post)
    opens = following.opens if following.opens > turn.now else following.due
    return Entry(turn.now, ahead.opens, None if is_silent else opens)


# --- what becomes of it ---------------------------------------------------------------------------------------------


def _deal_with(ctx: Context, opened: Sequence[Open]) -> None:
    """Decide on some turns, and record what came of them in one transaction. Templates are rendered before it."""
    ready: list[Ready] = []
    skipped: list[Skipped] = []
    nowhere: list[Open] = []
    with ctx.store.read() as tx:
        for one in opened:
            with suppress(SlackUnavailable, SlackRefused):  # asked again at the next step
                found = _made_ready(tx, one)
                if isinstance(found, Ready):
                    ready.append(found)
                elif isinstance(found, Skipped):
                    skipped.append(found)
                elif isinstance(found, Open):
                    nowhere.append(found)
    for one in nowhere:
        _tell_no_channel(one.turn)
    if not ready and not skipped:
        return
    with ctx.store.begin() as tx:
        for over in skipped:
            posting.skip(over.one.turn, tx, over.one.occasion, over.reason, over.told)
        for post in ready:
            _record(tx, post)
    with ctx.store.read() as tx:
        for one in opened:
            _note_next(tx, one)


def _made_ready(tx: Tx, one: Open) -> Ready | Skipped | Open | None:
    """What is to be posted or skipped now; the turn itself where its channel is not there; None for what waits."""
    turn, occasion = one.turn, one.occasion
    stands = posting.around(turn, tx, occasion, one.rounds(tx))
    verdict = decide(turn.post, occasion, turn.now, stands)
    if verdict.what == "wait":
        one.sheet.entries[turn.post.id] = _waiting(one, verdict, paused=stands.paused)
        return None
    missed = posting.missed_before(turn, tx, occasion)
    if verdict.what != "post":
        return Skipped(one, *_reason(turn, occasion, verdict, missed))
    if posting.said_since(turn, tx, occasion):
        return Skipped(one, posting.SAID, "")
    if turn.channel is None:
        one.sheet.entries[turn.post.id] = Entry(turn.now, turn.now, occasion.due + turn.post.late + MICROSECOND)
        return one
    try:
        return Ready(one, stands, missed, posting.words(turn, tx, occasion, turn.channel))
    except Mistake as mistake:
        return Skipped(one, f"not written: {mistake}", views.not_written(turn.post, str(mistake)))


def _record(tx: Tx, ready: Ready) -> None:
    """Decide again, for what was recorded before it and what another process did meanwhile count; then record the post with what
    it uses up.
    """
    one, turn, occasion = ready.one, ready.one.turn, ready.one.occasion
    stands = posting.anew(turn, tx, ready.stands)
    verdict = decide(turn.post, occasion, turn.now, stands)
    if verdict.what == "wait":
        one.sheet.entries[turn.post.id] = _waiting(one, verdict, paused=stands.paused)
    elif verdict.what != "post":
        posting.skip(turn, tx, occasion, *_reason(turn, occasion, verdict, ready.missed))
    elif turn.channel is not None:
        expires, local_due = occasion.due + turn.post.late, occasion.due.astimezone(turn.zone)
        late_note = f"{turn.post.name} was due {local_due:%Y-%m-%d %H:%M}"
        key, text, missed = turn.key(occasion.key), ready.said.text, ready.missed.earlier
        post = posting.outgoing(turn, key, turn.channel, text, expires, verdict.why, late_note)
        if posting.record(turn, tx, post, ready.said, occasion.key) and missed:
            posting.tell(turn, tx, posting.notice_key(turn, occasion), views.missed(turn.post, missed))


def _note_next(tx: Tx, one: Open) -> None:
    """Once an occasion is recorded, the post needs no look before its next one."""
    if tx.deliveries.get(one.turn.key(one.occasion.key)) is not None:
        one.sheet.entries[one.turn.post.id] = _until_the_next(tx, one.turn, one.rounds(tx))


def _waiting(one: Open, verdict: Verdict, *, paused: bool) -> Entry:
    """In the window of ``active`` each look may find somebody writing; otherwise nothing changes before the wait may end."""
    now, occasion = one.turn.now, one.occasion
    if paused:
        return Entry(now, verdict.until, None)
    if now >= occasion.due:
        return Entry(now, verdict.until, verdict.until)
    return Entry(now, now, verdict.until, one.turn.channel if verdict.until == occasion.due else None)


def _reason(turn: Turn, occasion: Occasion, verdict: Verdict, missed: Missed) -> tuple[str, str]:
    """Why it was skipped, and what is told of it."""
    post, local_due = turn.post, occasion.due.astimezone(turn.zone)
    if verdict.what == "holiday":
        return f"{posting.HOLIDAY}: {occasion.holiday}", ""
    if verdict.what == "paused":
        return posting.PAUSED, ""
    if verdict.what == "late":
        if is_news(post, occasion, missed, turn.now):
            return "too late", views.late(post, local_due, missed.earlier)
        return posting.UNKNOWN, ""
    if verdict.what == "crowded":
        return "too near to another post", views.crowded(post, local_due)
    budget = turn.community.attention.channel_day
    return "the channel's budget for the day is spent", views.held_back(post, local_due, budget)


def _tell_no_channel(turn: Turn) -> None:
    key = f"notice:no-channel:{turn.community.id}:{turn.post.id}:{turn.post.channel}"
    with turn.ctx.store.begin() as tx:
        posting.tell(turn, tx, key, views.no_channel(turn.post))


# --- what the files no longer say -----------------------------------------------------------------------------------


def _tidy(ctx: Context, communities: tuple[Community, ...]) -> None:
    """Forget a moderator's `resume` once the file no longer pauses the post: it stood against that pause, not against later ones."""
    with ctx.store.read() as tx:
        resumed = [control for control in tx.controls.all() if not control.paused]
    if not resumed:
        return
    running = {(community.id, post.id) for community in communities for post in posts_of(community) if not post.paused}
    over = [control for control in resumed if (control.community, control.post) in running]
    if over:
        with ctx.store.begin() as tx:
            for control in over:
                tx.controls.clear(control.community, control.post)


def _unpin(ctx: Context, communities: tuple[Community, ...], now: datetime) -> None:
    """Take away the pins of what the files no longer pin."""
    with ctx.store.read() as tx:
        ours = [name for name in tx.pins.names() if name.startswith(("post:", milestones.BOARD))]
    if not ours:
        return
    wanted = {posting.place_of(community, post) for community in communities for post in community.posts if post.pin}
    for community in communities:
        wanted |= {milestones.board_name(community, channel) for channel, _ in milestones.boards(ctx, community, now)}
    over = [name for name in ours if name not in wanted]
    if over:
        with ctx.store.begin() as tx:
            tx.pins.release(over)
