"""``copbot stats``: one of the figures, as a document or as a table for people."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from copbot.adapters.store.sql import SqlTx
from copbot.core.community import Participation
from copbot.core.months import month_of
from copbot.core.ports import Clock, Figures, Tx
from copbot.core.time import from_us
from copbot.features.participation import service, views
from copbot.features.participation.coverage import MOST_ANSWERERS, By, coverage_table
from copbot.features.participation.coverage import coverage as gathered
from copbot.features.participation.figures import Document
from copbot.features.participation.period import stats_period
from copbot.features.participation.service import Period
from copbot.settings import Settings
from copbot.stores import existing_store, one_community


class Figure(NamedTuple):
    """``table`` writes a document for people, by the key of the month in which the period ends and the names of people."""

    document: Callable[[Figures, Period, Participation | None], Document]
    table: Callable[[Document, str, Mapping[str, str]], str]


FIGURES: Mapping[str, Figure] = {
    "activity": Figure(
        lambda figures, period, _rules: service.stats_activity(figures, period),
        lambda document, _month, _names: views.activity_table(document),
    ),
    "threads": Figure(
        lambda figures, period, _rules: service.stats_threads(figures, period),
        lambda document, _month, _names: views.threads_table(document),
    ),
    "members": Figure(
        service.stats_members,
        lambda document, _month, names: views.members_table(document, names),
    ),
    "retention": Figure(
        lambda figures, period, _rules: service.stats_retention(figures, period),
        lambda document, month, _names: views.retention_table(document, month),
    ),
    "newcomers": Figure(
        lambda figures, period, _rules: service.stats_newcomers(figures, period),
        lambda document, _month, _names: views.newcomers_table(document),
    ),
}


@dataclass(frozen=True)
class Narrowed:
    """What people type to narrow a figure; a community gives its time zone, its discussion channels and its rules."""

    community: str | None = None
    since: str | None = None
    until: str | None = None
    timezone: str | None = None
    channels: Sequence[str] = ()


@contextmanager
def counted_in(
    settings: Settings, clock: Clock, narrowed: Narrowed
) -> Iterator[tuple[SqlTx, Period, Participation | None]]:
    """The store, the period that was asked for, and the community's rules where one was. Raises Mistake for what cannot be read."""
    chosen = one_community(settings, narrowed.community) if narrowed.community else None
    with existing_store(settings) as store, store.read() as tx, _nothing_to_collect():
        period = stats_period(
            tx.figures,
            clock.now(),
            since=narrowed.since,
            until=narrowed.until,
            timezone=narrowed.timezone or (chosen.timezone if chosen else "UTC"),
            channels=narrowed.channels or (chosen.channels.discussion if chosen else ()),
        )
        yield tx, period, chosen.participation if chosen else None


def stats(settings: Settings, clock: Clock, narrowed: Narrowed, name: str) -> tuple[Document, Callable[[], str]]:
    """The document of a figure, and its table. Raises Mistake for what cannot be read."""
    with counted_in(settings, clock, narrowed) as (tx, period, rules):
        document = FIGURES[name].document(tx.figures, period, rules)
        most = document["members"][: views.MOST_MEMBERS] if name == "members" else ()
        names = names_of(tx, [member["user"] for member in most])
    last_month = month_of(from_us(period.scope.until_us - 1), period.zone)
    return document, partial(FIGURES[name].table, document, last_month.key, names)


def coverage(settings: Settings, clock: Clock, narrowed: Narrowed, by: By) -> tuple[Document, Callable[[], str]]:
    """How many questions are answered and how soon, by channel or by month. Raises Mistake for what cannot be read."""
    with counted_in(settings, clock, narrowed) as (tx, period, _):
        document = gathered(tx, period, by)
        names = names_of(tx, [one["user"] for one in document["answers"]["answerers"][:MOST_ANSWERERS]])
    return document, partial(coverage_table, document, names)


def names_of(tx: Tx, users: Iterable[str]) -> Mapping[str, str]:
    """What some people are called, by their IDs, as far as it is known."""
    known = ((user, tx.facts.person(user)) for user in users)
    return {user: person.name for user, person in known if person is not None and person.name}


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """All that a document is made of lives until it is done: to look for garbage in it again and again takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def as_json(document: Document) -> str:
    """One JSON document with a line for each entry of a list: to indent all of a hundred thousand members takes seconds."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = ",\n  ".join(map(encode, value))
            parts.append(f"{encode(key)}: [\n  {entries}\n ]")
        else:
            parts.append(f"{encode(key)}: {encode(value)}")
    return "{\n " + ",\n ".join(parts) + "\n}"
