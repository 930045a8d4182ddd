"""Gathers what the figures and levels are made of. Nothing here decides anything or writes anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from copbot.core.community import Community, Participation
from copbot.core.ports import Context, Figures, Tx
from copbot.core.records import CountedUser, Scope
from copbot.core.time import MICROSECOND, to_us
from copbot.features.participation.figures import (
    Document,
    activity_document,
    iso,
    members_document,
    threads_document,
)
from copbot.features.participation.rules import Calendar, Contribution, Standing, standing


@dataclass(frozen=True)
class Period:
    """What a figure covers: ``scope``, read by the wall clock of ``zone``."""

    scope: Scope
    zone: ZoneInfo


@dataclass(frozen=True)
class Participant:
    """A person with their contributions before ``until``, in order of time."""

    user: CountedUser
    contributions: Sequence[Contribution]
    standing: Standing


def stats_activity(figures: Figures, period: Period) -> Document:
    scope = period.scope
    return activity_document(figures.messages(scope), period.zone, scope.since_us, scope.until_us)


def stats_threads(figures: Figures, period: Period) -> Document:
    return threads_document(figures.roots(period.scope), period.scope.until_us)


def stats_members(figures: Figures, period: Period, rules: Participation | None = None) -> Document:
    """Everybody who is a Member, and everybody who contributed within the period.

    Messages, replies, reactions and answers are those of the period; active weeks, score, level and since are those
    of the window that ends with it, whatever its beginning: a level is grown into, and no period shows it. Who is no
    Member (deactivated, left, of another organisation) has no level and is in no share.
    """
    scope, levels, entries = period.scope, Counter[str](), []
    for participant in participants(figures, period, rules or Participation()):
        within = Counter(
            contribution.kind
            for contribution in participant.contributions
            if scope.since_us is None or contribution.ts_us >= scope.since_us
        )
        replies = within["reply"] + within["own_reply"]
        now = participant.standing
        entries.append(
            {
                "user": participant.user.user,
                "messages": within["root"] + replies,
                "replies": replies,
                "reactions": within["reaction"] + within["reaction_own"],
                "answers": within["reply"],
                "active_weeks": now.active_weeks,
                "score": now.score,
                "level": now.level if participant.user.is_member else None,
                "since": iso(now.since_us, period.zone) if participant.user.is_member else None,
            }
        )
        if participant.user.is_member:
            levels[now.level] += 1
    return members_document(entries, levels)


def participants(
    figures: Figures, period: Period, rules: Participation, user: str | None = None
) -> Iterator[Participant]:
    """Those whom ``stats members`` lists; ``user`` alone when given."""
    scope = period.scope
    people = {counted.key: counted for counted in figures.users(scope, user)}
    ever = Scope(None, scope.until_us, scope.channels)
    history = {
        key: [Contribution(ts_us, kind) for _, ts_us, kind in group]
        for key, group in groupby(figures.contributions(ever, user), lambda contribution: contribution[0])
    }
    known = [contributions[0].ts_us for contributions in history.values()]
    known += [counted.joined_us for counted in people.values() if counted.joined_us is not None]
    window_us = scope.until_us - rules.window // MICROSECOND
    calendar = Calendar(period.zone, min([*known, window_us]), scope.until_us)
    for key, counted in people.items():
        contributions = history.get(key, [])
        now = standing(
            contributions, counted.joined_us, scope.until_us, calendar, rules, counted.answered_onboarding_us
        )
        yield Participant(counted, contributions, now)


def community_period(ctx: Context, community: Community, now: datetime) -> Period:
    """A community's discussion channels, all their time until now."""
    named = map(ctx.directory.channel, community.channels.discussion)
    channels = tuple(dict.fromkeys(filter(None, named)))
    return Period(Scope(None, to_us(now), channels), ZoneInfo(community.timezone))


def own_participation(ctx: Context, tx: Tx, community: Community, user: str) -> Participant | None:
    """One person in one community; None who is neither a member nor ever contributed."""
    period = community_period(ctx, community, ctx.clock.now())
    return next(participants(tx.figures, period, community.participation, user), None)


def level_counts(ctx: Context, tx: Tx, community: Community) -> Counter[str]:
    """How many Members of a community stand at each level now."""
    period = community_period(ctx, community, ctx.clock.now())
    found = participants(tx.figures, period, community.participation)
    return Counter(participant.standing.level for participant in found if participant.user.is_member)
