"""What comes after the welcome: a message to the newcomer by what they did, and word to the moderators of who stays silent.

Each step is recorded before it is sent, once for ever; what has become needless is recorded as such. A pass happens each
second or so while people write, and a thousand newcomers may wait for their morning at once: so what a look found out is
remembered until something can have changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from copbot.core.community import Community
from copbot.core.delivery import Block, Outgoing
from copbot.core.onboarding import FollowUp
from copbot.core.ports import Context, Store
from copbot.core.time import MICROSECOND, from_us, to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.follow_up.steps import LOOK_AGAIN_AFTER, Look, Step, look, next_step_us
from copbot.features.onboarding.month import views as outcome_views
from copbot.features.onboarding.service import Reception, reception_of

PROMPTS_AT_ONCE = 50
"""Messages recorded in one transaction: meanwhile no event can be taken in."""

TOLD_AT_ONCE = 500
"""Newcomers of whom the moderators are told in one message; names are shown of the first few."""


@dataclass(frozen=True)
class _Seen:
    """A look, when and with which files it was taken."""

    community: Community
    at: datetime
    look: Look


_seen: WeakKeyDictionary[Store, dict[str, _Seen]] = WeakKeyDictionary()
"""The latest looks, which spare taking them again. Nothing is decided by them: a restart loses nothing."""


def plan_due(ctx: Context, now: datetime) -> None:
    """Record the follow-ups that are due at ``now``, each once."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            ready = () if reception is None else _latest_look(reception, now).ready
        told = [step for step in ready if step.follow_up.tell_moderators]
        prompts = [step for step in ready if not step.follow_up.tell_moderators]
        for some in (*_pieces(prompts, PROMPTS_AT_ONCE), *_pieces(told, TOLD_AT_ONCE)):
            _forget(ctx, community)
            with ctx.store.begin() as tx:
                reception = reception_of(ctx, tx, community.id, now)
                if reception is not None:
                    _carry_out(reception, some)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next instant at which a follow-up is due, at the newcomer's own hours and within their budget."""
    moments: list[datetime | None] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            reception = reception_of(ctx, tx, community.id, now)
            if reception is not None and reception.onboarding.follow_ups:
                found = _latest_look(reception, now)
                coming_us = next_step_us(reception, to_us(now))
                moments += [now if found.ready else found.again, None if coming_us is None else from_us(coming_us)]
    return min((moment for moment in moments if moment is not None), default=None)


def _latest_look(reception: Reception, now: datetime) -> Look:
    """A look at the follow-ups of a community: the latest one where it still holds, else a new one."""
    looks, community = _seen.setdefault(reception.ctx.store, {}), reception.community
    seen = looks.get(community.id)
    if seen is None or seen.community is not community or not _holds(reception, seen, now):
        seen = looks[community.id] = _Seen(community, now, look(reception))
    return seen.look


def _holds(reception: Reception, seen: _Seen, now: datetime) -> bool:
    if seen.look.ready or not seen.at <= now < seen.at + LOOK_AGAIN_AFTER:
        return False
    if seen.look.again is not None and seen.look.again <= now:
        return False
    came_us = next_step_us(reception, to_us(seen.at))
    return came_us is None or came_us > to_us(now)


def _forget(ctx: Context, community: Community) -> None:
    _seen.get(ctx.store, {}).pop(community.id, None)


def _pieces(steps: Sequence[Step], size: int) -> Iterator[Sequence[Step]]:
    return (steps[start : start + size] for start in range(0, len(steps), size))


def _carry_out(reception: Reception, expected: Sequence[Step]) -> None:
    """Decide on these steps by what is true in this transaction."""
    keys = {step.key for step in expected}
    ready = [step for step in look(reception, {step.person.user for step in expected}).ready if step.key in keys]
    to_tell: dict[FollowUp, list[Step]] = {}
    for step in ready:
        if step.reason:
            _record(reception, step, step.reason)
        elif step.follow_up.tell_moderators:
            to_tell.setdefault(step.follow_up, []).append(step)
        else:
            _prompt(reception, step)
    for follow_up, steps in to_tell.items():
        _tell_moderators(reception, follow_up, steps)


def _prompt(reception: Reception, step: Step) -> None:
    answers = reception.tx.journeys.answers(step.journey.id)
    text = reception.rendered(step.follow_up.prompt or "", step.person, answers, "Nothing was sent in its place.")
    if text is None:
        _record(reception, step, "its template could not be rendered")
        return
    reception.tx.deliveries.plan(
        Outgoing(
            key=step.key,
            kind="onboarding",
            target=step.person.user,
            text=text,
            blocks=step_blocks(reception, step, text),
            community=reception.community.id,
            due_us=reception.now_us,
            expires_us=step.due_us + rules.TOO_LATE // MICROSECOND,
            late_note="A follow-up that comes more than a week late helps nobody.",
        )
    )


def step_blocks(reception: Reception, step: Step, text: str) -> tuple[Block, ...]:
    words = reception.words(step.person)
    if step.follow_up.asks_outcome:
        return outcome_views.question_blocks(text, outcome_views.value_of(step.key), words)
    if step.journey.answered_us is not None:
        return views.message(text)
    asked = reception.asked(step.person.user, reception.tx.journeys.answers(step.journey.id))
    label = views.questions_label(reception.onboarding, words, len(asked.questions))
    return views.reminder(text, reception.community.id, label, words.no_thanks)


def _tell_moderators(reception: Reception, follow_up: FollowUp, steps: Sequence[Step]) -> None:
    """One message for all of them, under the first one's key; the others are recorded as told by it."""
    moderators = reception.channel(reception.community.channels.moderators)
    if moderators is None:
        return
    first, *others = steps
    users = [step.person.user for step in steps]
    reception.tx.deliveries.plan(
        Outgoing(
            key=first.key,
            kind="notice",
            target=moderators,
            text=views.silent_text(follow_up, users, reception.ctx.command),
            community=reception.community.id,
            due_us=reception.now_us,
        )
    )
    for step in others:
        _record(reception, step, f"told with {first.key}")


def _record(reception: Reception, step: Step, reason: str) -> None:
    """Note that a step is settled without a message of its own, so that it is decided once."""
    reception.tx.deliveries.plan(
        Outgoing(
            key=step.key,
            kind="onboarding",
            target=step.person.user,
            text="",
            community=reception.community.id,
            due_us=reception.now_us,
        )
    )
    reception.tx.deliveries.cancel(step.key, reason)
