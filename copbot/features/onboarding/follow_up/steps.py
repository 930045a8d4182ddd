"""Which follow-ups have come due, whose time it is, and when to look again: for all newcomers of a community at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from copbot.core.attention.quiet_hours import outside_quiet, quiet_of, zone_of
from copbot.core.attention.rule import WEEK_US, room_us
from copbot.core.attention.terms import BUDGETED
from copbot.core.onboarding import MEMBERS_AND_GUESTS, FollowUp, Welcomed, may_be_welcomed
from copbot.core.preferences import Preferences
from copbot.core.records import Journey, Person
from copbot.core.time import MICROSECOND, from_us
from copbot.features.onboarding import rules
from copbot.features.onboarding.follow_up.their_hours import their_hours
from copbot.features.onboarding.service import Reception


@dataclass(frozen=True)
class Step:
    """A follow-up to one newcomer. ``key`` names it for ever; ``reason`` says why it is not wanted any more, "" while it is."""

    journey: Journey
    person: Person
    follow_up: FollowUp
    key: str
    reason: str = ""

    @property
    def due_us(self) -> int:
        return rules.step_due_us(self.journey.started_us, self.follow_up)


@dataclass(frozen=True)
class Look:
    """What is to be decided now, and when the first of the others may be, who wait for their hours or their budget."""

    ready: tuple[Step, ...] = ()
    again: datetime | None = None


@dataclass(frozen=True)
class _Gathered:
    """What the store knows of all who are looked at."""

    wrote: Mapping[str, Sequence[int]]
    told: dict[str, list[int]]
    preferences: Mapping[str, Preferences]
    renamed: Mapping[str, int]  # when each was last sent a follow-up that the file does not name any more
    has_outcome: frozenset[int]
    last_notice_us: int | None  # to the moderators, of the last quarter of an hour


def step_key(journey: Journey, name: str) -> str:
    return f"follow_up:{journey.community}:{journey.user}:{name}"


def next_step_us(reception: Reception, after_us: int) -> int | None:
    """When the first follow-up becomes due after an instant, before anybody's own hours are asked for."""
    moments = []
    for after in {follow_up.after // MICROSECOND for follow_up in reception.onboarding.follow_ups}:
        started_us = reception.tx.newcomers.next_started_us(reception.community.id, after_us - after)
        if started_us is not None:
            moments.append(started_us + after)
    return min(moments, default=None)


def look(reception: Reception, users: Collection[str] | None = None) -> Look:
    """Every follow-up that is due, unsettled and not too late; of ``users`` alone when given."""
    steps = sorted(_due_steps(reception, users), key=lambda step: step.due_us)
    if not steps:
        return Look()
    gathered = _gather(reception, steps)
    now, ready = from_us(reception.now_us), []
    waits: list[datetime] = []
    for step in steps:
        reason = _needless(step, gathered, reception.onboarding.welcomes)
        at = (
            _told_at(step, gathered)
            if step.follow_up.tell_moderators
            else _their_time(reception, step, gathered, not reason)
        )
        if at is not None and at <= now:
            ready.append(Step(step.journey, step.person, step.follow_up, step.key, reason))
            if not reason and not step.follow_up.tell_moderators:
                gathered.told.setdefault(step.person.user, []).append(reception.now_us)
        elif at is not None:
            waits.append(at)
    return Look(tuple(ready), min(waits, default=None))


def coming(reception: Reception) -> list[tuple[datetime, Step]]:
    """Every follow-up that may still come, with the time that it would have as things stand now."""
    steps = list(_due_steps(reception, None, and_later=True))
    if not steps:
        return []
    gathered, now, found = _gather(reception, steps), from_us(reception.now_us), []
    for step in steps:
        due = max(from_us(step.due_us), now)
        at = due if step.follow_up.tell_moderators else _clock_of(reception, step, gathered)(due)
        if not _is_out_of_reach(step, gathered, reception.onboarding.welcomes):
            found.append((at, step))
    return found


def _is_out_of_reach(step: Step, gathered: _Gathered, welcomes: Collection[Welcomed]) -> bool:
    """Whether what is not wanted now can never be again: nobody unanswers, or unwrites. An answer may still come."""
    waits = step.follow_up.condition == "posted" or (
        step.follow_up.condition == "answered" and not _wrote(step, gathered)
    )
    return bool(_needless(step, gathered, welcomes)) and not waits


def _due_steps(reception: Reception, users: Collection[str] | None, *, and_later: bool = False) -> Iterator[Step]:
    follow_ups = reception.onboarding.follow_ups
    tellable = reception.channel(reception.community.channels.moderators) is not None
    for follow_up, name in zip(follow_ups, rules.step_names(follow_ups), strict=True):
        if follow_up.tell_moderators and not tellable:
            continue
        due_until_us = reception.now_us - follow_up.after // MICROSECOND
        since_us = due_until_us - rules.TOO_LATE // MICROSECOND
        until_us = reception.now_us if and_later else due_until_us
        for one in reception.tx.newcomers.with_open_step(reception.community.id, name, since_us, until_us, users):
            yield Step(one.journey, one.person, follow_up, step_key(one.journey, name))


def _gather(reception: Reception, steps: Sequence[Step]) -> _Gathered:
    newcomers, now_us = reception.tx.newcomers, reception.now_us
    users = {step.person.user for step in steps}
    written_to = {step.person.user for step in steps if not step.follow_up.tell_moderators}
    told = reception.tx.deliveries.told(written_to, BUDGETED, now_us - WEEK_US + 1)
    return _Gathered(
        wrote=newcomers.moments(users, reception.watched(), min(step.journey.started_us for step in steps)),
        told={user: list(moments) for user, moments in told.items()},
        preferences=reception.tx.preferences.of_many(written_to),
        last_notice_us=_last_notice_us(reception),
        renamed=_renamed(reception, written_to),
        has_outcome=reception.tx.outcomes.of({step.journey.id for step in steps if step.follow_up.asks_outcome}),
    )


def _renamed(reception: Reception, users: Collection[str]) -> dict[str, int]:
    names = rules.step_names(reception.onboarding.follow_ups)
    since_us = reception.now_us - rules.TOO_LATE // MICROSECOND
    sent = reception.tx.newcomers.sent(reception.community.id, users, since_us)
    gone = {user: [at_us for name, at_us in steps if name not in names] for user, steps in sent.items()}
    return {user: max(moments) for user, moments in gone.items() if moments}


def _last_notice_us(reception: Reception) -> int | None:
    moderators = reception.channel(reception.community.channels.moderators)
    if moderators is None:
        return None
    lately = reception.now_us - rules.APART // MICROSECOND + 1
    notices = reception.tx.deliveries.told([moderators], ("notice",), lately).get(moderators, ())
    return notices[-1] if notices else None


def _wrote(step: Step, gathered: _Gathered) -> list[int]:
    return [ts_us for ts_us in gathered.wrote.get(step.person.user, ()) if ts_us >= step.journey.started_us]


def _needless(step: Step, gathered: _Gathered, welcomes: Collection[Welcomed]) -> str:
    standing = rules.Standing(answered=step.journey.answered_us is not None, posted=bool(_wrote(step, gathered)))
    if not may_be_welcomed(step.person, {*welcomes, *MEMBERS_AND_GUESTS}):
        return "has left"
    if not step.follow_up.tell_moderators and gathered.renamed.get(step.person.user, -1) >= step.due_us:
        return "was sent another in its place, before the file changed"
    if step.follow_up.asks_outcome and step.journey.id in gathered.has_outcome:
        return "has answered this before"
    return "" if rules.applies(step.follow_up, standing) else "not needed any more"


def _told_at(step: Step, gathered: _Gathered) -> datetime:
    return from_us(rules.told_due_us(step.due_us, step.follow_up, gathered.last_notice_us))


def _their_time(reception: Reception, step: Step, gathered: _Gathered, is_wanted: bool) -> datetime | None:
    """When a newcomer may be written to, from now on. What is not wanted then is found so then, and not before: meanwhile
    another follow-up may come to fit. None for never."""
    next_time, now = _clock_of(reception, step, gathered), from_us(reception.now_us)
    at = next_time(now)
    if at > now or not is_wanted:
        return at
    told = gathered.told.get(step.person.user, [])
    zone = zone_of(step.person.timezone, reception.community.timezone)
    free_us = room_us(reception.community.attention, told, reception.now_us, zone)
    return None if free_us is None else next_time(from_us(free_us))


def _clock_of(reception: Reception, step: Step, gathered: _Gathered) -> Callable[[datetime], datetime]:
    quiet = quiet_of(gathered.preferences[step.person.user], reception.community.attention.quiet)
    zone = zone_of(step.person.timezone, reception.community.timezone)
    if step.follow_up.after < rules.SOON:
        return partial(outside_quiet, quiet=quiet, zone=zone)
    here_us = step.journey.answered_us or step.journey.started_us
    return their_hours([from_us(us) for us in _wrote(step, gathered)], from_us(here_us), zone, quiet).next


LOOK_AGAIN_AFTER = timedelta(minutes=10)
"""How long a look is good for while nothing comes due: somebody's time zone may have changed meanwhile."""
