"""Reads what a report is made of from the store, through the same functions as ``copbot stats``. Decides nothing and writes nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from copbot.core.load import loads
from copbot.core.months import Month
from copbot.core.ports import Figures, Tx
from copbot.core.ports.figure import Buckets
from copbot.core.records import Scope
from copbot.core.report import Asked
from copbot.features.participation.report.material import (
    COHORT_WAITS_US,
    MONTHS,
    WEEK_US,
    WEEKS,
    Cohort,
    Days,
    Material,
    MonthCounts,
    Seen,
    Thread,
    cohort_of,
)
from copbot.features.participation.service import Participant, Period, participants, stats_activity


def gather(tx: Tx, asked: Asked, moderators: Collection[str] = ()) -> Material:
    """All of it is counted from what was there before the month's end: the same month gives the same report later on, unless older
    history comes in or something is deleted."""
    month, zone, figures = asked.month, asked.zone, tx.figures
    now = _counts(figures, asked, asked.since_us, asked.until_us)
    found = loads(tx, asked.community.id, moderators, asked.since_us, asked.until_us)
    users = {*(seen.user for seen in now.people.values()), *(load.user for load in found)}
    months = [month.plus(back) for back in range(1 - MONTHS, 1)]
    starts_us = [each.start_us(zone) for each in months]
    year = _scope(asked, starts_us[0], asked.until_us)
    followed = month.plus(-2 if asked.is_running else -1)  # the last of which everybody's first 30 days are over
    by_month = figures.by_bucket(year, Buckets(starts_us, range(MONTHS)))
    first_us = figures.first_message_us(_scope(asked, None, asked.until_us))
    weeks = _weeks(first_us, asked.until_us)
    week = Period(_scope(asked, asked.until_us - weeks * WEEK_US, asked.until_us), zone)
    activity = stats_activity(figures, week)
    people = activity["members_by_hour_of_week"]
    return Material(
        now=now,
        before=_counts(figures, asked, asked.before_us, asked.before_until_us),
        months=list(zip(months, by_month.messages_in, by_month.members_in, strict=True)),
        returning=figures.returning(year, starts_us),
        week=[[count / weeks for count in people[day * 24 : day * 24 + 24]] for day in range(7)],
        week_messages=activity["messages"],
        cohort=_cohort(figures, asked, followed, asked.until_us),
        cohort_before=_cohort(figures, asked, followed.plus(-1), followed.plus(1).start_us(zone)),
        first_us=first_us,
        last_us=max(filter(None, map(tx.facts.last_message_us, asked.channels)), default=None),
        names=_names(tx, users) if asked.names else {},
        loads=found,
        weeks=weeks,
    )


def _weeks(first_us: int | None, until_us: int) -> int:
    """How many weeks the heatmap is of: no more than are stored."""
    known = 1 if first_us is None else -(-(until_us - first_us) // WEEK_US)
    return min(WEEKS, max(1, known))


def _scope(asked: Asked, since_us: int | None, until_us: int) -> Scope:
    return Scope(since_us, until_us, None if asked.is_everything else asked.channels)


def _names(tx: Tx, users: Iterable[str]) -> dict[str, str]:
    known = {user: tx.facts.person(user) for user in users}
    return {user: person.name for user, person in known.items() if person and person.name}


def _counts(figures: Figures, asked: Asked, since_us: int, until_us: int) -> MonthCounts:
    days, scope = Days(since_us, until_us, asked.zone), _scope(asked, since_us, until_us)
    everybody = list(participants(figures, Period(scope, asked.zone), asked.community.participation))
    written = {one.user.key: one.within.root + one.within.own_reply + one.within.reply for one in everybody}
    threads = tuple(_threads(figures, asked, since_us, until_us))
    # Of both months by what is known at the report's end, as the cohorts are: a joining may be seen later than it was.
    came = figures.newcomers(_scope(asked, since_us, asked.until_us), ())
    joined = (newcomer.joined_us for newcomer in came if newcomer.joined_us < until_us)
    return MonthCounts(
        days=tuple(days.dates),
        messages=tuple(figures.by_bucket(scope, days.buckets()).messages_in),
        questions=tuple(days.counted(thread.ts_us for thread in threads if thread.asks)),
        joined=tuple(days.counted(joined)),
        threads=threads,
        written={key: count for key, count in written.items() if count},
        answers={one.user.key: one.within.reply for one in everybody if one.within.reply},
        people=_seen(everybody),
        since_us=since_us,
        until_us=until_us,
    )


def _seen(everybody: Iterable[Participant]) -> Mapping[int, Seen]:
    """Members, and whoever contributed, as they stood at the end; by the store's key."""
    return {
        one.user.key: Seen(
            user=one.user.user,
            level=one.standing.level if one.user.is_member else None,
            active_weeks=one.standing.active_weeks,
            messages=one.standing.messages,
        )
        for one in everybody
    }


def _threads(figures: Figures, asked: Asked, since_us: int, until_us: int) -> Iterator[Thread]:
    for channel, ts_us, asks, answer_us in figures.threads_begun(_scope(asked, since_us, until_us)):
        yield Thread(channel, ts_us, asks, answer_us)


def _cohort(figures: Figures, asked: Asked, month: Month, until_us: int) -> Cohort:
    """Those who joined in a month, by what they did until ``until_us``."""
    end_us = month.end_us(asked.zone)
    came = figures.newcomers(_scope(asked, month.start_us(asked.zone), until_us), COHORT_WAITS_US)
    return cohort_of(month, (one for one in came if one.joined_us < end_us), until_us)
