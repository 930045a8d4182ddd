"""Who brought whom: counted once the newcomer has been active, and thanked for kindly, at Bronze, Silver and Gold.

It cannot be farmed: a newcomer counts once in a community, for one person of this organisation, when they have written
themselves; not for naming oneself, a bot or each other in a circle, and not for people who were here before.
"""

from datetime import datetime, timedelta

from copbot.core import attention
from copbot.core.attention import channels as channel_attention
from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block, Outgoing
from copbot.core.mrkdwn import escape, mention
from copbot.core.onboarding import may_be_welcomed
from copbot.core.ports import Context, Tx
from copbot.core.records import Person, Referral
from copbot.core.time import DAY_US, MICROSECOND, from_us, to_us
from copbot.features.onboarding import views
from copbot.features.onboarding.referral.rules import (
    ACTIVE_WITHIN,
    LEVELS,
    Level,
    level_of,
    next_level,
    referral_counts,
)
from copbot.features.onboarding.service import Reception, reception_of
from copbot.features.onboarding.words import Words, words_for

NAMED_WITHIN_US = (ACTIVE_WITHIN + timedelta(days=7)) // MICROSECOND
"""How long a referral is looked at: the time in which the newcomer may become active, and a week for what comes in late."""

THANKED_WITHIN_US = 30 * DAY_US
"""A level is thanked for within so long after the newcomer who made it: then the moment has passed."""

MOST_IN_LINE = 50


# --- credit -------------------------------------------------------------------------------------------------------


def plan_due(ctx: Context, now: datetime) -> None:
    """Count the referrals whose newcomers have been active, and thank those who reached a level, each once."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            if reception is None or not (_waiting(reception) or _to_thank(reception)):
                continue
        with ctx.store.begin() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            if reception is not None:
                for referral in _waiting(reception):
                    _decide(reception, referral)
                for inviter, count in _to_thank(reception):
                    _thank(reception, inviter, count)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When the next who reached a level may be thanked: outside their quiet hours, within their budget."""
    moments: list[datetime] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            reception = reception_of(ctx, tx, community.id, now)
            if reception is not None:
                found = (_thanked_at(reception, inviter) for inviter, _ in _to_thank(reception, at_any_time=True))
                moments += [moment for moment in found if moment is not None]
    return min(moments, default=None)


def _waiting(reception: Reception) -> list[Referral]:
    """Those that can be decided on. One whose inviter nobody has seen yet waits."""
    found = reception.tx.referrals.waiting(
        reception.community.id, reception.watched(), reception.now_us - NAMED_WITHIN_US
    )
    return [referral for referral in found if _verdict(reception, referral) != "wait"]


def _verdict(reception: Reception, referral: Referral) -> str:
    facts, community = reception.tx.facts, reception.community.id
    journey = reception.tx.journeys.get(community, referral.inviter)
    return referral_counts(
        referral,
        facts.person(referral.newcomer),
        facts.person(referral.inviter),
        _line(reception, referral.inviter),
        wrote_before=facts.has_posted(referral.newcomer, reception.watched(), until_us=referral.started_us),
        inviter_started_us=None if journey is None else journey.started_us,
    )


def _line(reception: Reception, user: str) -> list[str]:
    """A person's inviter, theirs, and so on."""
    line: list[str] = []
    above = reception.tx.referrals.inviter_of(reception.community.id, user)
    while above is not None and above not in line and len(line) < MOST_IN_LINE:
        line.append(above)
        above = reception.tx.referrals.inviter_of(reception.community.id, above)
    return line


def _decide(reception: Reception, referral: Referral) -> None:
    if _verdict(reception, referral) == "credit":
        reception.tx.referrals.credit(reception.community.id, referral.newcomer, reception.now_us)
    else:
        reception.tx.referrals.drop(reception.community.id, referral.newcomer)


# --- thanks -------------------------------------------------------------------------------------------------------


def _key(reception: Reception, inviter: str, level: Level, place: str = "") -> str:
    return f"referrals:{reception.community.id}:{inviter}:{level.name}{place}"


def _to_thank(reception: Reception, *, at_any_time: bool = False) -> list[tuple[str, int]]:
    """(inviter, how many they brought) of those who reached a level lately and were not thanked for it, whose time it is."""
    if reception.onboarding.referrals.where == "off":
        return []
    found = reception.tx.referrals.credited_since(reception.community.id, reception.now_us - THANKED_WITHIN_US)
    reached = {inviter: level for inviter, count in found.items() if (level := level_of(count)) is not None}
    keys = {inviter: _key(reception, inviter, level) for inviter, level in reached.items()}
    known = reception.tx.deliveries.known(list(keys.values()))
    open_ones = [(inviter, found[inviter]) for inviter, key in keys.items() if key not in known]
    now = from_us(reception.now_us)
    return [one for one in open_ones if at_any_time or _thanked_at(reception, one[0]) == now]


def _thanked_at(reception: Reception, inviter: str) -> datetime | None:
    """When an inviter may be written to, from now on: outside their quiet hours and within their budget; None for never.

    On any day and at any hour of it: thanks belong to what has just happened.
    """
    person = reception.tx.facts.person(inviter) or Person(inviter)
    room_us = _channel_free_us(reception)
    if room_us is None or not may_be_welcomed(person):
        return None
    now = from_us(max(reception.now_us, room_us))
    return attention.free_at(reception.tx, reception.community, person, now, "recognition")


def _channel_free_us(reception: Reception) -> int | None:
    """When the channel of the public thanks bears one more post: introductions are free, a discussion channel has its budget."""
    community, now_us = reception.community, reception.now_us
    channel = reception.channel(_public_place(community))
    if reception.onboarding.referrals.where != "public" or community.channels.introductions or channel is None:
        return now_us
    free = channel_attention.free_at(reception.ctx, reception.tx, community, channel, from_us(now_us))
    return None if free is None else to_us(free)


def _thank(reception: Reception, inviter: str, count: int) -> None:
    """Thank for the highest level; one below it that was never thanked for is settled with it."""
    reached = level_of(count)
    if reached is None:
        return
    person = reception.tx.facts.person(inviter) or Person(inviter)
    for level in LEVELS:
        if level.at < reached.at:
            skipped = _outgoing(reception, _key(reception, inviter, level), inviter, "")
            if reception.tx.deliveries.plan(skipped):
                reception.tx.deliveries.cancel(skipped.key, f"thanked for {reached.name}")
    text = _text(reception, person, reached, count, for_all=False)
    reception.tx.deliveries.plan(_outgoing(reception, _key(reception, inviter, reached), inviter, text))
    channel = reception.channel(_public_place(reception.community))
    if reception.onboarding.referrals.where == "public" and channel is not None:
        text = _text(reception, person, reached, count, for_all=True)
        key = _key(reception, inviter, reached, ":announced")
        reception.tx.deliveries.plan(_outgoing(reception, key, channel, text))


def _public_place(community: Community) -> str:
    """Where all may read it: beside the introductions, where those who were brought stand; else where people talk."""
    return community.channels.introductions or community.channels.discussion[0]


def _text(reception: Reception, person: Person, level: Level, count: int, *, for_all: bool) -> str:
    """The community's own template, or a plain thank-you where it has none or it cannot be rendered."""
    thanks, community = reception.onboarding.referrals, reception.community
    words = words_for(community.language) if for_all else reception.words(person)
    level_name, member = _level_name(level, words), mention(person.user)
    template = thanks.announcement if for_all else thanks.prompt
    if template is not None:
        more = {"level": level_name, "count": count}
        said = reception.rendered(template, person, (), "I said thank you in my own words.", for_all=for_all, more=more)
        if said is not None:
            return said
    name = escape(person.name) if person.name else member
    phrase = words.referral_announcement if for_all else words.referral_thanks
    return phrase.format(name=name, member=member, count=count, level=level_name, community=escape(community.name))


def _level_name(level: Level, words: Words) -> str:
    return {"bronze": words.bronze, "silver": words.silver, "gold": words.gold}[level.name]


def _outgoing(reception: Reception, key: str, target: str, text: str) -> Outgoing:
    return Outgoing(
        key=key,
        kind="recognition",
        target=target,
        text=text,
        blocks=views.message(text) if text else (),
        community=reception.community.id,
        due_us=reception.now_us,
    )


# --- what one sees about oneself ----------------------------------------------------------------------------------


def about_referrals(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """What one sees of those whom one brought: nothing while there is nobody, or where nobody is thanked for it."""
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    count = tx.referrals.count(community.id, user)
    if reception is None or reception.onboarding.referrals.where == "off" or count == 0:
        return ()
    words = reception.words(tx.facts.person(user) or Person(user))
    parts = [words.referrals_one if count == 1 else words.referrals_some.format(count=count)]
    reached, coming = level_of(count), next_level(count)
    if reached is not None:
        parts.append(words.referrals_level.format(level=_level_name(reached, words)))
    if coming is not None:
        parts.append(words.referrals_next.format(more=coming.at - count, level=_level_name(coming, words)))
    return (section(" ".join(parts)),)
