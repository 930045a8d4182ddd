"""Who might know: members who answered alike before, each with the reason in a few words, for the moderators alone.

By how alike past questions are worded, where texts are kept; failing that, by whom the channel's threads were answered of late. Nobody is
named who could not be asked with good grace: the author, whoever was asked already or has it in hand, bots, people who left or cannot
read there, who is away, who has been silent for so long that they count as dormant, who had their messages for now.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.attention import has_room
from copbot.core.months import month_of
from copbot.core.ports.thread import Alike
from copbot.core.records import Card, Person
from copbot.core.roles import watched_channels
from copbot.core.time import DAY_US, MICROSECOND, from_us
from copbot.features.threads.care import Care
from copbot.features.threads.views import Knower

MOST = 3
ALIKE_LOOKED_AT = 30
LATELY_DAYS = 90
LOOKED_AT = 12
"""So many who answered are looked at; of a busy channel's hundreds the first twelve have three who are free."""


def who_might_know(care: Care, card: Card, text: str | None, besides: Iterable[str] = ()) -> tuple[Knower, ...]:
    """Up to three, the likeliest first. ``text``: the question's own, as Slack gave it; ``besides``: whom not to name."""
    left_out = {*besides, *filter(None, [card.author, card.claimed_by])}
    found: dict[str, str] = {}
    if text:
        channels = list(watched_channels(care.ctx, care.community))
        alike = care.tx.memory.alike(text, channels, card.ts_us, ALIKE_LOOKED_AT)
        found |= dict(by_likeness(alike, from_us(care.now_us).astimezone(care.zone)))
    knowers = _free(care, card, found, left_out)
    if len(knowers) < MOST:
        since_us = care.now_us - LATELY_DAYS * DAY_US
        here = care.tx.asking.answerers(card.channel, since_us, left_out | found.keys(), LOOKED_AT)
        lately = {one.user: _lately(one.threads) for one in here}
        knowers += _free(care, card, lately, left_out)
    return tuple(knowers[:MOST])


def by_likeness(alike: Sequence[Alike], now: datetime) -> list[tuple[str, str]]:
    """(user, reason) of those who answered questions like this one, who answered most of them first; of several with as many the one
    who answered the likest. ``now`` in the community's zone, which dates the reasons."""
    threads: dict[str, list[int]] = {}
    for one in alike:
        for user in one.answerers:
            threads.setdefault(user, []).append(one.ts_us)
    order = sorted(threads, key=lambda user: -len(threads[user]))  # stable: the likest stand first
    return [(user, _answered(threads[user], now)) for user in order[:LOOKED_AT]]


def _answered(asked_us: Sequence[int], now: datetime) -> str:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    first, latest = month_of(from_us(min(asked_us)), zone), month_of(from_us(max(asked_us)), zone)
    name = latest.name if latest.year != now.year else latest.name.partition(" ")[0]
    when = "lately" if latest == month_of(now, zone) else f"in {name}"
    if len(asked_us) == 1:
        return f"answered one like this {when}"
    several = f"answered {len(asked_us)} like this"
    if first == latest:
        return f"{several} {when}"
    return f"{several}, lately too" if when == "lately" else f"{several}, last {when}"


def _lately(threads: int) -> str:
    return f"answered in {'one thread' if threads == 1 else f'{threads} threads'} here in {LATELY_DAYS} days"


def _free(care: Care, card: Card, reasons: dict[str, str], left_out: set[str]) -> list[Knower]:
    users = [user for user in reasons if user not in left_out and user not in care.away]
    knowers: list[Knower] = []
    for user in users:
        person = care.tx.facts.person(user)
        if person is not None and _has_room(care, person) and _could_be_asked(care, card, person):
            knowers.append(Knower(user, reasons[user], person.name))
        if len(knowers) == MOST:
            break
    return knowers


def _has_room(care: Care, person: Person) -> bool:
    return has_room(care.tx, care.community, person, from_us(care.now_us), "ask")


def _could_be_asked(care: Care, card: Card, person: Person) -> bool:
    silent_since_us = care.now_us - care.community.participation.dormant_after // MICROSECOND
    return (
        can_read(care, card.channel, person)
        and not has_left(care, card.channel, person.user)
        and care.tx.facts.has_posted(person.user, list(watched_channels(care.ctx, care.community)), silent_since_us)
    )


def can_read(care: Care, channel: str, person: Person) -> bool:
    """Whether somebody is a person, still here, who may read what is asked in a channel, and may be asked by the bot."""
    if person.is_bot or person.is_deleted or person.is_untracked:
        return False
    return channel in care.tx.memory.visible(person.user, [channel])


def has_left(care: Care, channel: str, user: str) -> bool:
    """Whether somebody was in a channel, as far as is known, and is there no more."""
    in_it = care.tx.facts.member_since(user, [channel])
    return not in_it and care.tx.facts.was_in(user, channel, care.now_us)
