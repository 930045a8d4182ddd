"""Gathers what the figures and levels are made of. Nothing here decides anything or writes anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from copbot.core.community import Community, Participation
from copbot.core.ports import Context, Figures
from copbot.core.ports.figure import Kinds, MemberCounts, MembersCounted, Moment
from copbot.core.records import CountedUser, Scope
from copbot.core.time import DAY_US, MICROSECOND, to_us
from copbot.features.participation.figures import (
    WAITS_US,
    Document,
    activity_document,
    calendar_months,
    hours_between,
    iso,
    members_document,
    newcomers,
    newcomers_document,
    retention_document,
    threads_document,
)
from copbot.features.participation.rules import Calendar, Standing
from copbot.features.participation.standings import NotKnownYet, Standings

ROLLING_US = 30 * DAY_US


@dataclass(frozen=True)
class Period:
    """What a figure covers: ``scope``, read by the wall clock of ``zone``."""

    scope: Scope
    zone: ZoneInfo

    def first_us(self, figures: Figures) -> int:
        """When it begins: nothing that it covers was earlier."""
        if self.scope.since_us is not None:
            return self.scope.since_us
        known = figures.known_since_us(self.scope)
        return self.scope.until_us if known is None else min(known, self.scope.until_us)


class Participant(NamedTuple):
    """A person, what they contributed within a period, by kind, and where they stand at its end.

    ``recent``: by kind in the window that ends with it. ``weeks``: the numbers of their active weeks (none of
    those who have been silent for longer than the window), of which ``week`` is the running one.
    """

    user: CountedUser
    within: Kinds
    standing: Standing
    recent: Kinds
    weeks: Sequence[int]
    week: int


def stats_activity(figures: Figures, period: Period) -> Document:
    scope = period.scope
    hours, first = hours_between(period.first_us(figures), scope.until_us, period.zone)
    return activity_document(figures.by_bucket(scope, hours), first, period.zone, scope.since_us, scope.until_us)


def stats_threads(figures: Figures, period: Period) -> Document:
    return threads_document(*figures.threads(period.scope, tuple(WAITS_US.values())))


def stats_retention(figures: Figures, period: Period) -> Document:
    """Months as far as they lie in the period; the last 60 days likewise."""
    scope, zone = period.scope, period.zone
    months = calendar_months(period.first_us(figures), scope.until_us, zone)
    rolling = [scope.until_us - 2 * ROLLING_US, scope.until_us - ROLLING_US]
    by_month, by_30_days = figures.returning_by(scope, [[month.start_us(zone) for month in months], rolling])
    return retention_document(months, by_month, by_30_days[0])


def stats_newcomers(figures: Figures, period: Period) -> Document:
    """Everybody who joined, whatever became of them: leaving out who left would make every month look better than it was."""
    scope, zone = period.scope, period.zone
    joined = list(figures.newcomers(scope, newcomers.WAITS_US))
    # Narrowed to channels, somebody may have joined, by writing elsewhere, before anything in these is known.
    first_us = min((newcomer.joined_us for newcomer in joined), default=scope.until_us)
    return newcomers_document(joined, calendar_months(first_us, scope.until_us, zone), zone, scope.until_us)


def stats_members(figures: Figures, period: Period, rules: Participation | None = None) -> Document:
    """Everybody who is a Member, and everybody who contributed within the period.

    Messages, replies, reactions and answers are those of the period; active weeks, score, level and since are those
    of the window that ends with it, whatever its beginning: a level is grown into, and no period shows it. Who is no
    Member (deactivated, left, of another organisation) has no level and is in no share.
    """
    everybody = list(participants(figures, period, rules or Participation()))
    levels: Counter[str] = Counter(
        participant.standing.level for participant in everybody if participant.user.is_member
    )
    return members_document([_entry(participant, period.zone) for participant in everybody], levels)


def _entry(participant: Participant, zone: ZoneInfo) -> Document:
    user, within, now = participant.user, participant.within, participant.standing
    replies = within.reply + within.own_reply
    return {
        "user": user.user,
        "messages": within.root + replies,
        "replies": replies,
        "reactions": within.reaction + within.reaction_own,
        "answers": within.reply,
        "active_weeks": now.active_weeks,
        "score": now.score,
        "level": now.level if user.is_member else None,
        "since": iso(now.since_us, zone) if user.is_member else None,
    }


def participants(figures: Figures, period: Period, rules: Participation) -> Iterator[Participant]:
    """Those whom ``stats members`` lists."""
    scope = period.scope
    first_us = scope.until_us - rules.window // MICROSECOND
    known_us = figures.known_since_us(
        Scope(None, scope.until_us)
    )  # of all channels: so is a joining, by the first message
    calendar = Calendar(period.zone, first_us if known_us is None else min(known_us, first_us), scope.until_us)
    at = Standings(scope.until_us, calendar, rules)
    counted = figures.members(scope, calendar.mondays, at.start_us, at.awake_us)
    members = list(counted)
    standings = _standings(members, counted, at)
    for counts, now in zip(members, standings, strict=True):
        yield Participant(counts.user, counts.within, now, counts.recent, counts.weeks, at.current)


def _standings(members: Sequence[MemberCounts], counted: MembersCounted, at: Standings) -> Iterator[Standing]:
    """Since when a level is held needs moments of few people: these are looked up for all of them at once."""
    found: list[Standing | None] = [None] * len(members)
    moments: dict[Moment, int] = {}
    waiting: list[tuple[int, int | None]] = [(number, None) for number in range(len(members))]
    while waiting:
        wanted: set[Moment] = set()
        again: list[tuple[int, int | None]] = []
        for number, week in waiting:
            try:
                found[number] = at.of(members[number], moments, week)
            except NotKnownYet as unknown:
                wanted.add(unknown.moment)
                again.append((number, unknown.week))
        moments.update(counted.moments(wanted) if wanted else {})
        waiting = again
    return (now for now in found if now is not None)


def community_period(ctx: Context, community: Community, now: datetime) -> Period:
    """A community's discussion channels, all their time until now."""
    named = map(ctx.directory.channel, community.channels.discussion)
    channels = tuple(dict.fromkeys(filter(None, named)))
    return Period(Scope(None, to_us(now), channels), ZoneInfo(community.timezone))
