"""Reads what a report is made of from the store. Decides nothing and writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from copbot.core.load import loads
from copbot.core.ports import Figures, Tx
from copbot.core.records import Scope
from copbot.core.report import Asked
from copbot.core.time import DAY_US
from copbot.features.participation.report.material import (
    MONTHS,
    WEEKS,
    Days,
    Material,
    MonthCounts,
    Seen,
    Thread,
    by_month,
    cohort_of,
    people_by_hour,
)
from copbot.features.participation.service import Period, participants


def gather(tx: Tx, asked: Asked, moderators: Collection[str] = ()) -> Material:
    """All of it is counted from what was there before the month's end: the same month gives the same report later on, unless older
    history comes in or something is deleted."""
    month, zone, figures = asked.month, asked.zone, tx.figures
    now_people = _people(figures, asked, asked.until_us)
    before_people = _people(figures, asked, asked.before_until_us)
    months = [month.plus(back) for back in range(1 - MONTHS, 1)]
    since_us = months[0].start_us(zone)
    messages = list(figures.messages(_scope(asked, since_us, asked.until_us)))
    cohorts = [month.plus(-1), month.plus(-2)]
    newcomers = {
        key
        for key, seen in now_people.items()
        if seen.joined_us is not None and cohorts[1].start_us(zone) <= seen.joined_us < cohorts[0].end_us(zone)
    }
    written = defaultdict(list)
    for ts_us, user in messages:
        if user in newcomers:
            written[user].append(ts_us)
    weeks_us = asked.until_us - WEEKS * 7 * DAY_US
    recent = [message for message in messages if message[0] >= weeks_us]
    over_time = by_month(messages, months, zone)
    found = loads(tx, asked.community.id, moderators, asked.since_us, asked.until_us)
    users = {*(seen.user for seen in now_people.values()), *(load.user for load in found)}
    return Material(
        now=_counts(figures, asked, messages, now_people, asked.since_us, asked.until_us),
        before=_counts(figures, asked, messages, before_people, asked.before_us, asked.before_until_us),
        months=[(each, count, frozenset(who)) for each, (count, who) in zip(months, over_time, strict=True)],
        week=people_by_hour(recent, zone),
        week_messages=len(recent),
        cohort=cohort_of(cohorts[0], zone, now_people, written, asked.until_us),
        cohort_before=cohort_of(cohorts[1], zone, now_people, written, asked.since_us),
        first_us=_first(figures, asked),
        last_us=max(filter(None, map(tx.facts.last_message_us, asked.channels)), default=None),
        names=_names(tx, users) if asked.names else {},
        loads=found,
    )


def _scope(asked: Asked, since_us: int | None, until_us: int, channels: Sequence[str] | None = None) -> Scope:
    return Scope(since_us, until_us, tuple(asked.channels if channels is None else channels))


def _first(figures: Figures, asked: Asked) -> int | None:
    first = figures.messages(_scope(asked, None, asked.until_us))
    return next((ts_us for ts_us, _ in first), None)


def _names(tx: Tx, users: Iterable[str]) -> dict[str, str]:
    known = {user: tx.facts.person(user) for user in users}
    return {user: person.name for user, person in known.items() if person and person.name}


def _people(figures: Figures, asked: Asked, until_us: int) -> Mapping[int, Seen]:
    """Everybody as they stood at an instant, by the store's key."""
    period = Period(_scope(asked, None, until_us), asked.zone)
    return {
        one.user.key: Seen(
            user=one.user.user,
            level=one.standing.level if one.user.is_member else None,
            joined_us=one.user.joined_us,
            answered_onboarding_us=one.user.answered_onboarding_us,
            active_weeks=one.standing.active_weeks,
            messages=one.standing.messages,
        )
        for one in participants(figures, period, asked.community.participation)
    }


def _counts(
    figures: Figures,
    asked: Asked,
    messages: Sequence[tuple[int, int]],
    people: Mapping[int, Seen],
    since_us: int,
    until_us: int,
) -> MonthCounts:
    days = Days(since_us, until_us, asked.zone)
    mine = [(ts_us, user) for ts_us, user in messages if since_us <= ts_us < until_us]
    threads = tuple(_threads(figures, asked, since_us, until_us))
    kinds = Counter[str]()
    answers = Counter[int]()
    for user, _, kind in figures.contributions(_scope(asked, since_us, until_us)):
        kinds[kind] += 1
        if kind == "reply":
            answers[user] += 1
    joins = (seen.joined_us for seen in people.values() if seen.level is not None and seen.joined_us is not None)
    return MonthCounts(
        days=tuple(days.dates),
        messages=tuple(days.counted(ts_us for ts_us, _ in mine)),
        questions=tuple(days.counted(thread.ts_us for thread in threads if thread.asks)),
        joined=tuple(days.counted(joins)),
        threads=threads,
        written=Counter(user for _, user in mine),
        answers=answers,
        reactions=kinds["reaction"] + kinds["reaction_own"],
        people=people,
        since_us=since_us,
        until_us=until_us,
    )


def _threads(figures: Figures, asked: Asked, since_us: int, until_us: int) -> Iterator[Thread]:
    for channel in asked.channels:
        for ts_us, asks, answer_us in figures.roots(_scope(asked, since_us, until_us, (channel,))):
            yield Thread(channel, ts_us, asks, answer_us)
