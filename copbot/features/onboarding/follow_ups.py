"""What comes after the welcome: reminders to a newcomer, and word to the moderators of those who stay silent."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from copbot.core.delivery import Outgoing
from copbot.core.onboarding import FollowUp
from copbot.core.ports import Context, Tx
from copbot.core.records import Journey, Person
from copbot.core.time import DAY_US, MICROSECOND, from_us, to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.service import Reception, reception_of

LOOK_AGAIN = timedelta(minutes=1)
"""When a message that a member's budget holds back is considered again."""

Step = tuple[Journey, FollowUp, str]
"""A newcomer, a follow-up, and the key of that follow-up to that newcomer."""


def plan_due(ctx: Context, now: datetime) -> None:
    """Record the follow-ups that are due at ``now``, each once."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            if reception is None or not any(_at(step) <= now for step in _open_steps(reception, to_us(now))):
                continue  # most passes find nothing: they must not hold up what is being taken in
        with ctx.store.begin() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            if reception is not None:
                _plan(reception, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next instant at which a follow-up is due, outside the quiet hours of the newcomer."""
    first: datetime | None = None
    with ctx.store.read() as tx:
        for community in ctx.communities():
            reception = reception_of(ctx, tx, community.id, now)
            steps = [] if reception is None else sorted(_open_steps(reception, to_us(now)), key=_at)
            for step in steps:
                if reception is None or (first is not None and _at(step) >= first):
                    break  # what comes after can only be later
                instant = _instant(reception, step, now)
                first = instant if first is None else min(first, instant)
    return first


def _at(step: Step) -> datetime:
    journey, follow_up, _ = step
    return from_us(rules.step_due_us(journey.started_us, follow_up))


def _instant(reception: Reception, step: Step, now: datetime) -> datetime:
    journey, follow_up, _ = step
    at = _at(step)
    if follow_up.tell_moderators or not _still_wanted(reception, step):
        return at
    at = _outside_quiet(reception, journey, max(at, now))
    return at if at > now or _within_budget(reception, journey.user, to_us(now)) else now + LOOK_AGAIN


def _open_steps(reception: Reception, now_us: int) -> Iterator[Step]:
    """The follow-ups that were neither sent nor found needless, and are not too late."""
    follow_ups = reception.onboarding.follow_ups
    if not follow_ups:
        return
    longest = max(follow_up.after for follow_up in follow_ups) + rules.TOO_LATE
    names = rules.step_names(follow_ups)
    journeys = reception.tx.journeys.since(reception.community.id, now_us - longest // MICROSECOND)
    steps = [
        (journey, follow_up, f"follow_up:{journey.community}:{journey.user}:{name}")
        for journey in journeys
        for follow_up, name in zip(follow_ups, names, strict=True)
        if not rules.is_too_late(rules.step_due_us(journey.started_us, follow_up), now_us)
        and _can_be_told(reception, follow_up)
    ]
    settled = reception.tx.deliveries.known([key for _, _, key in steps])
    yield from (step for step in steps if step[2] not in settled)


def _can_be_told(reception: Reception, follow_up: FollowUp) -> bool:
    return not follow_up.tell_moderators or reception.channel(reception.community.channels.moderators) is not None


def _plan(reception: Reception, now: datetime) -> None:
    to_tell: dict[FollowUp, list[Step]] = {}
    for step in list(_open_steps(reception, to_us(now))):
        journey, follow_up, key = step
        if rules.step_due_us(journey.started_us, follow_up) > to_us(now):
            continue
        if not _still_wanted(reception, step):
            _record(reception, step, "not needed any more")
        elif follow_up.tell_moderators:
            to_tell.setdefault(follow_up, []).append(step)
        elif _outside_quiet(reception, journey, now) == now and _within_budget(reception, journey.user, to_us(now)):
            _prompt(reception, journey, follow_up, key)
    for follow_up, steps in to_tell.items():
        _tell_moderators(reception, follow_up, steps)


def _still_wanted(reception: Reception, step: Step) -> bool:
    journey, follow_up, _ = step
    posted = reception.tx.facts.has_posted(journey.user, reception.watched(), since_us=journey.started_us)
    standing = rules.Standing(answered=journey.state == "answered", posted=posted)
    return rules.may_be_welcomed(_person(reception.tx, journey.user)) and rules.applies(follow_up, standing)


def _person(tx: Tx, user: str) -> Person:
    return tx.facts.person(user) or Person(user)


def _outside_quiet(reception: Reception, journey: Journey, at: datetime) -> datetime:
    zone = rules.zone_of(_person(reception.tx, journey.user).timezone, reception.community.timezone)
    return rules.outside_quiet(at, reception.community.attention.quiet, zone)


def _within_budget(reception: Reception, user: str, now_us: int) -> bool:
    day, week = (
        reception.tx.deliveries.count(target=user, kinds=rules.BUDGETED, since_us=now_us - days * DAY_US + 1)
        for days in (1, 7)
    )
    return rules.within_budget(reception.community.attention, day, week)


def _prompt(reception: Reception, journey: Journey, follow_up: FollowUp, key: str) -> None:
    answers = reception.tx.journeys.answers(journey.id)
    person = _person(reception.tx, journey.user)
    text = reception.rendered(follow_up.prompt or "", person, answers, "Nothing was sent in its place.")
    if text is None:
        _record(reception, (journey, follow_up, key), "its template could not be rendered")
        return
    is_open = journey.state != "answered"
    label = views.questions_label(reception.onboarding)
    blocks = views.message_with_button(text, journey.community, label) if is_open else views.message(text)
    reception.tx.deliveries.plan(
        Outgoing(
            key=key,
            kind="onboarding",
            target=journey.user,
            text=text,
            blocks=blocks,
            community=journey.community,
            due_us=reception.now_us,
            expires_us=rules.step_due_us(journey.started_us, follow_up) + rules.TOO_LATE // MICROSECOND,
            late_note="A follow-up that comes more than a week late helps nobody.",
        )
    )


def _tell_moderators(reception: Reception, follow_up: FollowUp, steps: Sequence[Step]) -> None:
    """One message for all of them, under the first one's key; the others are recorded as told by it."""
    moderators = reception.channel(reception.community.channels.moderators)
    if moderators is None:
        return
    first, *others = steps
    reception.tx.deliveries.plan(
        Outgoing(
            key=first[2],
            kind="notice",
            target=moderators,
            text=views.silent_text(follow_up, [journey.user for journey, _, _ in steps]),
            community=reception.community.id,
            due_us=reception.now_us,
        )
    )
    for step in others:
        _record(reception, step, f"told with {first[2]}")


def _record(reception: Reception, step: Step, reason: str) -> None:
    """Note that a step is settled without a message of its own, so that it is decided once."""
    journey, _, key = step
    reception.tx.deliveries.plan(
        Outgoing(
            key=key,
            kind="onboarding",
            target=journey.user,
            text="",
            community=journey.community,
            due_us=reception.now_us,
        )
    )
    reception.tx.deliveries.cancel(key, reason)
