"""`copbot threads`: each root of the stored history, whether it asks and who answered first; one by one, however many there are."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import merge
from typing import Any, Literal
from zoneinfo import ZoneInfo

from copbot.adapters.directory import StoredDirectory
from copbot.core.cells import cell
from copbot.core.community import Community
from copbot.core.delivery import Posted
from copbot.core.ports import Clock, Tx
from copbot.core.report import as_shown, counted
from copbot.core.time import SECOND_US, from_us, us_to_ts
from copbot.features.participation.period import stats_period
from copbot.features.participation.service import Period
from copbot.settings import Settings
from copbot.stores import existing_store, one_community

ASKED_BY_COPBOT = "copbot asked it"
INTRODUCED = "a newcomer introduces themselves"


@dataclass(frozen=True)
class Listed:
    """A root as it is told. ``user`` is its author's ID: copbot's own for its questions, the newcomer's for their introduction."""

    channel: str
    ts_us: int
    user: str | None
    origin: Literal["member", "question", "introduction"]
    asks: bool
    why: str
    answer: tuple[str, int] | None

    @property
    def waits(self) -> bool:
        return self.asks and self.answer is None

    def as_json(self) -> dict[str, Any]:
        """As interfaces.md has it."""
        answer = self.answer and {"user": self.answer[0], "ts": us_to_ts(self.answer[1])}
        return {
            "channel": self.channel,
            "ts": us_to_ts(self.ts_us),
            "user": self.user,
            "origin": self.origin,
            "asks": self.asks,
            "why": self.why,
            "first_answer": answer,
        }


@dataclass(frozen=True)
class Wanted:
    """What was typed. Without ``community`` all stored channels are listed, with it the ones that it watches."""

    channels: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    timezone: str = ""
    community: str = ""
    waiting: bool = False


def tell(settings: Settings, clock: Clock, wanted: Wanted, out: Callable[[str], None], *, as_json: bool) -> None:
    """Give each line to ``out`` as soon as it is known: one JSON document, or a table for people.

    Raises Mistake for a channel, date, time zone or community that is not there.
    """
    community = one_community(settings, wanted.community) if wanted.community else None
    with existing_store(settings) as store, store.read() as tx:
        period = _period(tx, clock, wanted, community)
        roots = (one for one in listed(tx, period, community) if one.waits or not wanted.waiting)
        for line in _document(roots) if as_json else _table(tx, roots, period.zone):
            out(line)


def _period(tx: Tx, clock: Clock, wanted: Wanted, community: Community | None) -> Period:
    return stats_period(
        tx.figures,
        clock.now(),
        since=wanted.since,
        until=wanted.until,
        timezone=wanted.timezone or (community.timezone if community else "UTC"),
        channels=wanted.channels or (_watched(tx, community) if community else ()),
    )


def _watched(tx: Tx, community: Community) -> Sequence[str]:
    """Those of the watched channels that are stored; their names as the file has them where none is, for the mistake to name one."""
    directory = StoredDirectory(tx.figures.channels())
    stored = [reference for reference in community.channels.watched if directory.channel(reference)]
    return stored or community.channels.watched


def listed(tx: Tx, period: Period, community: Community | None = None) -> Iterator[Listed]:
    """The roots of a period in order of time: members', copbot's own questions, and introductions."""
    members = (
        Listed(
            *(root.channel, root.ts_us, root.user, "member", root.asks, root.why),
            None if root.answer_user is None or root.answer_us is None else (root.answer_user, root.answer_us),
        )
        for root in tx.answering.listed(period.scope)
    )
    return merge(members, _own(tx, period, community), key=lambda one: (one.ts_us, one.channel))


def _own(tx: Tx, period: Period, community: Community | None) -> Sequence[Listed]:
    """What copbot itself posted and what still stands of it."""
    scope = period.scope
    posted = [
        one
        for one in tx.deliveries.posted(("question", "introduction"), scope.since_us or 0)
        if one.ts_us < scope.until_us
        if scope.channels is None or one.channel in scope.channels
        if community is None or one.community == community.id
    ]
    gone = {
        (channel, ts_us)
        for channel in {one.channel for one in posted}
        for ts_us in tx.threads.gone(channel, [one.ts_us for one in posted if one.channel == channel])
    }
    bot = tx.answering.bot_user()
    standing = (one for one in posted if (one.channel, one.ts_us) not in gone)
    return sorted((_said(tx, one, bot, scope.until_us) for one in standing), key=lambda one: (one.ts_us, one.channel))


def _said(tx: Tx, one: Posted, bot: str | None, until_us: int) -> Listed:
    found = tx.facts.first_reply(one.channel, one.ts_us, not_by=[one.subject] if one.subject else [])
    answer = found if found is not None and found[1] < until_us else None
    if one.kind == "question":
        return Listed(one.channel, one.ts_us, bot, "question", True, ASKED_BY_COPBOT, answer)
    asks = not (one.subject and one.community and tx.journeys.that_share_nothing(one.community, [one.subject]))
    return Listed(one.channel, one.ts_us, one.subject, "introduction", asks, INTRODUCED if asks else "", answer)


def _document(roots: Iterator[Listed]) -> Iterator[str]:
    """A JSON array, an object a line."""
    yield "["
    following = next(roots, None)
    while following is not None:
        told, following = json.dumps(following.as_json(), ensure_ascii=False), next(roots, None)
        yield f"  {told}," if following is not None else f"  {told}"
    yield "]"


def _table(tx: Tx, roots: Iterator[Listed], zone: ZoneInfo) -> Iterator[str]:
    names = {channel: f"#{name or channel}" for channel, name in tx.figures.channels()}

    @cache
    def person(user: str) -> str:
        known = tx.facts.person(user)
        return known.name if known and known.name else user

    count = asking = waiting = 0
    for one in roots:
        if not count:
            yield _row("when", "channel", "by", "first answer", "asks")
        count, asking, waiting = count + 1, asking + one.asks, waiting + one.waits
        when = f"{from_us(one.ts_us).astimezone(zone):%Y-%m-%d %H:%M}"
        by = "copbot" if one.origin == "question" else person(one.user or "")
        yield _row(when, names[one.channel], by, _answer_in_words(one, person), one.why)
    yield f"{counted(count, 'thread')} ({zone.key}): {asking:,} ask, {waiting:,} of them without an answer"


def _row(when: str, channel: str, by: str, answer: str, why: str) -> str:
    return f"{cell(when, 18)}{cell(channel, 22)}  {cell(by, 18)}  {cell(answer, 28)}  {why}".rstrip()


def _answer_in_words(one: Listed, person: Callable[[str], str]) -> str:
    if one.answer is None:
        return "waits" if one.asks else "-"
    return f"after {as_shown((one.answer[1] - one.ts_us) / SECOND_US, 'wait')}, {person(one.answer[0])}"
