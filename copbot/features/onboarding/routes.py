"""Where an answer leads: a channel, two members who know the topic, one thread worth reading.

Said once, below the thanks, for the options that were newly chosen. The people are those whom the coordinators named, and no
others: being pointed at to newcomers costs time, so it takes a yes. (A mention in the bot's direct message notifies only who
reads that message.) Where a file names more than two, newcomers are spread over them. A thread is taken from a channel that
everybody may read. What is not there, or not any more, is left out.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from copbot.core.mrkdwn import channel_link, escape, mention, readable, shorten
from copbot.core.onboarding import Onboarding, Option, Question
from copbot.core.records import GivenAnswer, Person, Root
from copbot.core.time import DAY_US
from copbot.features.onboarding.form import chosen_of
from copbot.features.onboarding.words import Words

if TYPE_CHECKING:
    from copbot.features.onboarding.service import Reception

log = logging.getLogger(__name__)

MOST_ROUTES = 3
MOST_CHANNELS = 2
MOST_PEOPLE = 2
RECENT_DAYS = 90
TITLE_LIMIT = 60

_MESSAGE_LINK = re.compile(r".*/archives/([CG][A-Z0-9]+)/p(\d{16})")


@dataclass(frozen=True)
class Route:
    """What one chosen option leads to, as it is now: IDs of channels and users, a link and its title ("" when not known)."""

    topic: str
    channels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    link: str | None = None
    title: str = ""


def leading(
    questions: Iterable[Question], answers: Sequence[GivenAnswer], before: Sequence[GivenAnswer] = ()
) -> list[Option]:
    """The chosen options that lead somewhere, in the file's order, without those that were chosen ``before``."""
    now, then = ({one.question: one.value for one in given} for given in (answers, before))
    found = []
    for question in questions:
        several = question.type == "choices"
        chosen, known = (
            chosen_of(given.get(question.id, ""), question.choices, several=several) for given in (now, then)
        )
        found += [o for o in question.options if o.leads_somewhere and o.text in chosen and o.text not in known]
    return found


def two_of(people: Sequence[str], newcomer: str) -> tuple[str, ...]:
    """At most two of the people, never the newcomer; of many, others for another newcomer, so that none is asked by all."""
    others = [user for user in people if user != newcomer]
    if len(others) <= MOST_PEOPLE:
        return tuple(others)
    first = int.from_bytes(sha256(newcomer.encode()).digest()[:4]) % len(others)
    return tuple((others * 2)[first : first + MOST_PEOPLE])


def routes_for(
    reception: "Reception", person: Person, answers: Sequence[GivenAnswer], before: Sequence[GivenAnswer] = ()
) -> str:
    """What is said of where the newly chosen options lead, in the person's language; "" when they lead nowhere."""
    return routes_text(routes_of(reception, person, answers, before), reception.words(person))


def routes_of(
    reception: "Reception", person: Person, answers: Sequence[GivenAnswer], before: Sequence[GivenAnswer] = ()
) -> list[Route]:
    """The first few routes, with what is really there."""
    onboarding: Onboarding = reception.onboarding
    found = (_route(reception, option, person) for option in leading(onboarding.questions, answers, before))
    return [route for route in found if route.channels or route.people or route.link][:MOST_ROUTES]


def _route(reception: "Reception", option: Option, person: Person) -> Route:
    channels = []
    for reference in option.channels:
        channel = reception.channel(reference)
        if channel is None:
            log.warning(
                "%s: the option %s leads to %s, which is not there", reception.community.id, option.text, reference
            )
        else:
            channels.append(channel)
    link, title = _reading(reception, option, channels, person)
    people = two_of(_people(reception, option), person.user)
    return Route(option.text, tuple(channels[:MOST_CHANNELS]), people, link, title)


def _people(reception: "Reception", option: Option) -> list[str]:
    """Whom the file names, in its order, without those who left."""
    directory = reception.ctx.directory
    named = dict.fromkeys(user for reference in option.people for user in sorted(directory.people([reference])))
    known = {user: reception.tx.facts.person(user) for user in named}
    return [user for user, who in known.items() if who is None or not (who.is_deleted or who.is_bot)]


def _reading(reception: "Reception", option: Option, channels: Sequence[str], person: Person) -> tuple[str | None, str]:
    """The thread that the file gives; failing that the liveliest of late in the first channel that has one."""
    facts = reception.tx.facts
    if option.read is not None:
        place = _MESSAGE_LINK.fullmatch(option.read)
        return option.read, _title(facts.root(place[1], int(place[2])) if place else None)
    since_us = reception.now_us - RECENT_DAYS * DAY_US
    for channel in channels:
        thread = facts.liveliest_thread(channel, since_us, reception.now_us, not_by=person.user)
        link = thread and reception.ctx.permalink(channel, thread.ts_us)
        if link:
            return link, _title(thread)
    return None, ""


def _title(thread: Root | None) -> str:
    """The first words of a thread, plain; "" when its text is not kept."""
    lines = readable(thread.text or "").split("\n") if thread else []
    return shorten(next((line.strip() for line in lines if line.strip()), ""), TITLE_LIMIT)


def routes_text(routes: Sequence[Route], words: Words) -> str:
    """A line for each route."""
    return "\n".join(f"• {_line(route, words)}" for route in routes)


def _line(route: Route, words: Words) -> str:
    topic = escape(route.topic)
    parts = [words.route_without_channel.format(topic=topic)]
    if route.channels:
        parts = [words.route.format(topic=topic, places=_joined(list(map(channel_link, route.channels)), words))]
    if route.people:
        parts.append(words.route_people.format(people=_joined(list(map(mention, route.people)), words)))
    if route.link:
        title = escape(route.title).replace("|", "¦") or words.a_thread
        parts.append(words.route_reading.format(link=f"<{route.link}|{title}>"))
    return " ".join(parts)


def _joined(things: Sequence[str], words: Words) -> str:
    return things[0] if len(things) == 1 else words.both.format(first=things[0], second=things[1])
