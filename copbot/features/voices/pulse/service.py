"""A pulse survey's round: opened, asked, answered, closed, told, and promised about.

Everybody is asked once in a round, within their budget of attention and outside their quiet hours. Who was asked is recorded as a
message sent; that they answered is kept only until the round closes, and never beside what they answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copbot.core import attention
from copbot.core.blocks import sections
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import day
from copbot.core.ports import Context, Tx
from copbot.core.records import Person, Scope
from copbot.core.roles import watched_channels
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.time import DAY_US, from_us, to_us
from copbot.core.voices import PulseQuestion, PulseRound
from copbot.features.voices.pulse import rules, views
from copbot.features.voices.words import words_for

AT_ONCE = 200
"""Members asked in one transaction: a fraction of a second."""

REMIND_AFTER_US = 7 * DAY_US
"""When the coordinators are asked once more what they will do about it."""


def plan_due(ctx: Context, now: datetime) -> None:
    for community in ctx.communities():
        if community.pulse is not None:
            _open(ctx, community, now)
        _tell(ctx, community, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next opening, the next closing, and the next reminder."""
    moments: list[datetime] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            if community.pulse is not None:
                opens = rules.next_opening(community.pulse, ZoneInfo(community.timezone), now)
                moments += [opens] if opens is not None else []
            moments += [from_us(_tells_us(ctx, community, one)) for one in tx.pulses.untold(community.id)]
            latest = tx.pulses.latest(community.id)
            if latest is not None and latest.told_us is not None and not latest.action:
                moments.append(from_us(latest.told_us + REMIND_AFTER_US))
    return min((moment for moment in moments if moment > now), default=None)


def _open(ctx: Context, community: Community, now: datetime) -> None:
    """Open the round that is due, and ask whoever was not asked yet; begun again after a stop it goes on where it was.

    What the file says by now holds from the next round on: one whose day lies within an open one is left out, so that nobody is asked
    twice because a date was changed. Without anybody to ask, such as before Slack has named a channel, nothing is opened.
    """
    assert community.pulse is not None
    opening = rules.open_now(community.pulse, ZoneInfo(community.timezone), now)
    if opening is None:
        return
    with ctx.store.read() as tx:
        latest = tx.pulses.latest(community.id)
        is_next = latest is None or latest.period != opening.period
        if latest is not None and (to_us(opening.opens) < latest.closes_us if is_next else latest.asked is not None):
            return
        members = _members(ctx, tx, community, now)
    if not members:
        return
    pulse_round = _opened(ctx, community, opening, now) if is_next else latest
    if pulse_round is not None:
        _ask_all(ctx, community, pulse_round, members, now)


def _members(ctx: Context, tx: Tx, community: Community, now: datetime) -> Sequence[str]:
    scope = Scope(None, to_us(now), tuple(sorted(watched_channels(ctx, community))))
    return [each.user for each in tx.figures.users(scope) if each.is_member]


def _opened(ctx: Context, community: Community, opening: rules.Opening, now: datetime) -> PulseRound | None:
    """The new round; None where another process was faster."""
    with ctx.store.begin() as tx:
        before = tx.pulses.latest(community.id)
        if before is not None:
            _forget_who_answered(tx, before)
        return tx.pulses.open(community.id, opening.period, _questions(community), to_us(now), to_us(opening.closes))


def _ask_all(
    ctx: Context, community: Community, pulse_round: PulseRound, members: Sequence[str], now: datetime
) -> None:
    for some in _pieces(members):
        with ctx.store.begin() as tx:
            for user in some:
                _ask(tx, community, pulse_round, tx.facts.person(user) or Person(user), now)
    with ctx.store.begin() as tx:
        asked = tx.deliveries.known([invitation_key(pulse_round, user) for user in members])
        tx.pulses.set_asked(pulse_round.id, len(asked))


def _questions(community: Community) -> Sequence[PulseQuestion]:
    """The community's own; without them two that fit any."""
    assert community.pulse is not None
    words = words_for(community.language)
    own = (PulseQuestion("useful", words.useful, "scale"), PulseQuestion("more", words.more, "text"))
    return community.pulse.questions or own


def _pieces(members: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(members), AT_ONCE):
        yield members[start : start + AT_ONCE]


def _ask(tx: Tx, community: Community, pulse_round: PulseRound, person: Person, now: datetime) -> None:
    closes = from_us(pulse_round.closes_us)
    due = attention.free_at(tx, community, person, now, "survey", expires=closes)
    if due is None or due >= closes:
        return
    words = words_for(person.locale, community.language)
    before = _promised_before(tx, community, pulse_round)
    text = views.invitation(community.name, pulse_round, day(closes), before, words)
    tx.deliveries.plan(
        Outgoing(
            key=invitation_key(pulse_round, person.user),
            kind="survey",
            target=person.user,
            text=text,
            blocks=views.invitation_blocks(text, pulse_round.id, words),
            community=community.id,
            due_us=to_us(due),
            wanted_us=to_us(now),
            expires_us=pulse_round.closes_us,
        )
    )


def invitation_key(pulse_round: PulseRound, user: str) -> str:
    """How the keys of all begin for ""."""
    return f"pulse:{pulse_round.community}:{pulse_round.period}:{user}"


def _forget_who_answered(tx: Tx, pulse_round: PulseRound) -> None:
    """An invitation that gave way to a word of thanks tells who answered, and when: of a closed round nothing says so."""
    tx.deliveries.erase_updates(invitation_key(pulse_round, ""))


def _promised_before(tx: Tx, community: Community, pulse_round: PulseRound) -> str:
    year_us = 366 * DAY_US
    closed = tx.pulses.closed(community.id, pulse_round.opened_us - year_us, pulse_round.opened_us + 1)
    return closed[-1].round.action if closed else ""


def _tell(ctx: Context, community: Community, now: datetime) -> None:
    """Tell the coordinators what came of a round that has closed, once; and once more, a week later, where nothing follows from it."""
    with ctx.store.read() as tx:
        closed = [one for one in tx.pulses.untold(community.id) if _tells_us(ctx, community, one) <= to_us(now)]
        latest = tx.pulses.latest(community.id)
    for pulse_round in closed:
        with ctx.store.begin() as tx:
            if tx.pulses.close(pulse_round.id, to_us(now)):
                tell_result(ctx, tx, community, pulse_round)
                _forget_who_answered(tx, pulse_round)
    if latest is None or latest.told_us is None or latest.action:
        return
    if latest.told_us + REMIND_AFTER_US <= to_us(now) < latest.told_us + 3 * REMIND_AFTER_US:
        with ctx.store.begin() as tx:
            if tx.pulses.result(latest).answers >= FEWEST_SHOWN:
                _remind(ctx, tx, community, latest)


def _tells_us(ctx: Context, community: Community, pulse_round: PulseRound) -> int:
    """When the result is told: as the round closes, or within a day of it, while Slack has not named a coordinator yet."""
    is_known = bool(ctx.directory.people(community.roles.coordinators))
    return pulse_round.closes_us if is_known else pulse_round.closes_us + DAY_US


def tell_result(ctx: Context, tx: Tx, community: Community, pulse_round: PulseRound) -> None:
    """To each coordinator, or brought up to date where it stands already."""
    result = tx.pulses.result(pulse_round)
    text = views.result_text(community.name, result)
    now_us = to_us(ctx.clock.now())
    for user in sorted(ctx.directory.people(community.roles.coordinators)):
        key = f"pulse_result:{community.id}:{pulse_round.period}:{user}"
        stands = tx.deliveries.get(key) is not None
        told = Outgoing(
            key=f"{key}:{now_us}" if stands else key,
            kind="report",
            target=user,
            text=text,
            blocks=views.result_blocks(text, pulse_round, result.answers),
            community=community.id,
            due_us=now_us,
            updates=key if stands else None,
        )
        tx.deliveries.plan(told)
        for number, part in enumerate([] if stands else views.rest_of_texts(result)):
            blocks = sections(part, verbatim=True)
            tx.deliveries.plan(replace(told, key=f"{key}:texts:{number}", text=part, blocks=blocks, thread_of=key))


def _remind(ctx: Context, tx: Tx, community: Community, pulse_round: PulseRound) -> None:
    for user in sorted(ctx.directory.people(community.roles.coordinators)):
        result = f"pulse_result:{community.id}:{pulse_round.period}:{user}"
        if tx.deliveries.get(result) is None:
            continue
        tx.deliveries.plan(
            Outgoing(
                key=f"{result}:remind",
                kind="report",
                target=user,
                text=views.reminder_text(community.name),
                community=community.id,
                due_us=to_us(ctx.clock.now()),
                expires_us=to_us(ctx.clock.now() + timedelta(days=2)),
                thread_of=result,
            )
        )
