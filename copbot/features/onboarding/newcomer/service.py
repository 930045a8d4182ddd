"""Who joined of late, where each stands, and who waits for a person: for the moderators."""

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.core.interaction import Answer, Call, Press
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Journey
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for
from copbot.core.time import DAY_US, MICROSECOND, in_words
from copbot.features.onboarding.introduction import standing_of
from copbot.features.onboarding.newcomer import views
from copbot.features.onboarding.service import Reception, reception_of, welcome_keys

RECENT_DAYS = 30

NO_ONBOARDING = "No community of yours welcomes newcomers: its files have no `onboarding:`."


def receptions(ctx: Context, tx: Tx, user: str, channel: str | None) -> list[Reception] | None:
    """The communities with onboarding that a person moderates; None for somebody who moderates none."""
    communities = communities_for(ctx, user, "moderators", channel)
    if not communities:
        return None
    found = (reception_of(ctx, tx, community.id, ctx.clock.now()) for community in communities)
    return [reception for reception in found if reception is not None]


def newcomers(ctx: Context, tx: Tx, call: Call) -> Answer:
    """The first page."""
    return _page(ctx, tx, call.user, call.channel, 0)


def turn(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Another page, in the place of the one before. The number is a claim, and so is that a moderator presses."""
    number = int(press.value) if press.value.isdecimal() and len(press.value) < 6 else 0
    return _page(ctx, tx, press.user, press.channel, number, replaces=True)


def _page(ctx: Context, tx: Tx, user: str, channel: str | None, number: int, *, replaces: bool = False) -> Answer:
    mine = receptions(ctx, tx, user, channel)
    if mine is None:  # in the channel of a community that is not theirs: they see their own
        mine = receptions(ctx, tx, user, None)
    if mine is None:
        return Answer(MODERATORS_ONLY, replaces=replaces)
    if not mine:
        return Answer(NO_ONBOARDING, replaces=replaces)
    arrivals = [arrival for reception in mine for arrival in _arrivals(reception)]
    last = max(0, len(arrivals) - 1) // views.ON_A_PAGE
    number = min(number, last)
    shown = arrivals[number * views.ON_A_PAGE : (number + 1) * views.ON_A_PAGE]
    parts = [
        (
            sums(reception),
            [newcomer(one.reception, one.journey, one.cards) for one in shown if one.reception is reception],
        )
        for reception in mine
    ]
    several = last > 0
    kept = [(sums, people) for sums, people in parts if people or not several or (number == 0 and not sums.joined)]
    text, blocks = views.page(kept, number, last)
    return Answer(text, blocks, replaces=replaces)


@dataclass(frozen=True)
class _Arrival:
    """Somebody who joined, with what waits for a person because of them."""

    reception: Reception
    journey: Journey
    cards: tuple[Card, ...]


def _arrivals(reception: Reception) -> list[_Arrival]:
    """Of the last 30 days: first those who wait for a person, the longest first; then the others, the latest first."""
    journeys = _journeys(reception)
    cards: dict[str, list[Card]] = {}
    for card in _waiting(reception, journeys):
        cards.setdefault(card.author or "", []).append(card)
    found = [_Arrival(reception, one, tuple(cards.get(one.user, ()))) for one in journeys]
    waiting = [one for one in found if one.cards]
    waiting.sort(key=lambda one: (min(card.ts_us for card in one.cards), one.journey.id))
    return [*waiting, *(one for one in reversed(found) if not one.cards)]


def _journeys(reception: Reception) -> Sequence[Journey]:
    return reception.tx.journeys.since(reception.community.id, reception.now_us - RECENT_DAYS * DAY_US)


def _waiting(reception: Reception, journeys: Sequence[Journey]) -> Sequence[Card]:
    return reception.tx.cards.waiting_for(reception.community.id, {one.user for one in journeys})


def sums(reception: Reception) -> views.Sums:
    journeys = _journeys(reception)
    users = {one.user for one in journeys}
    wrote = reception.tx.newcomers.moments(
        users, reception.watched(), min((one.started_us for one in journeys), default=reception.now_us)
    )
    waiting = {card.author for card in _waiting(reception, journeys)}
    return views.Sums(
        community=reception.community.name,
        joined=len(journeys),
        answered=sum(one.answered_us is not None for one in journeys),
        wrote=sum(any(at_us >= one.started_us for at_us in wrote.get(one.user, ())) for one in journeys),
        waiting=len(waiting),
    )


def waiting(reception: Reception) -> list[views.Newcomer]:
    """The newcomers who wait for a person, the longest first."""
    found = [one for one in _arrivals(reception) if one.cards]
    return [newcomer(one.reception, one.journey, one.cards) for one in found]


def newcomer(reception: Reception, journey: Journey, cards: Sequence[Card] = ()) -> views.Newcomer:
    """Where a newcomer stands, with what waits because of them."""
    outcome = reception.tx.outcomes.get(journey.id)
    watched = reception.watched()
    return views.Newcomer(
        user=journey.user,
        joined=since(reception, journey.started_us),
        state=journey.state,
        welcome=_welcome_state(reception, journey),
        answered=journey.answered_us is not None,
        begun=bool(journey.draft) and journey.answered_us is None,
        introduction=_introduction(reception, journey),
        posted=reception.tx.facts.has_posted(journey.user, watched, since_us=journey.started_us),
        outcome=outcome.verdict if outcome else None,
        waits=tuple(_wait(reception, card) for card in sorted(cards, key=lambda card: card.ts_us)),
    )


def since(reception: Reception, at_us: int) -> str:
    return in_words((reception.now_us - at_us) * MICROSECOND)


def _welcome_state(reception: Reception, journey: Journey) -> views.WelcomeState:
    """Whether the welcome arrived: nobody is to be taken for silent who was never written to."""
    first, again = map(reception.tx.deliveries.get, welcome_keys(journey))
    found = again or first
    if found is None or found.state in ("sent", "skipped"):
        return "sent"
    return "failed" if found.state == "failed" else "planned"


def _introduction(reception: Reception, journey: Journey) -> str | None:
    """The link of the introduction that stands; "" when it has none yet, None when nothing is shared."""
    _, found = standing_of(reception, journey)
    if found is None or not any(given.share for given in reception.tx.journeys.answers(journey.id)):
        return None
    if found.state != "sent" or found.channel is None or found.ts_us is None:
        return ""
    return reception.ctx.permalink(found.channel, found.ts_us) or ""


def _wait(reception: Reception, card: Card) -> views.Wait:
    kind: views.WaitKind = "first message" if card.is_first else "question"
    return views.Wait(
        kind="introduction" if card.origin == "introduction" else kind,
        since=since(reception, card.ts_us),
        link=reception.ctx.permalink(card.channel, card.ts_us),
        taken_by=card.claimed_by,
    )
