"""One person's own levels in one community, replayed from their own contributions: it takes no more than those."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.records import Scope
from copbot.features.participation.rules import (
    Calendar,
    Contribution,
    Span,
    Standing,
    known_by,
    levels_held,
    score,
    standing_by,
    weeks_of,
    window_start_us,
)
from copbot.features.participation.service import community_period


@dataclass(frozen=True)
class Own:
    """``answers``: replies to other people's roots, ever. ``levels``: all that they had, the earliest first."""

    is_member: bool
    standing: Standing
    levels: Sequence[Span]
    answers: int


def own_levels(ctx: Context, tx: Tx, community: Community, user: str) -> Own | None:
    """None who is neither a member nor ever contributed."""
    period = community_period(ctx, community, ctx.clock.now())
    until_us = period.scope.until_us
    counted = next(tx.figures.users(period.scope, user), None)
    if counted is None:
        return None
    ever = Scope(None, until_us, period.scope.channels)
    done = [Contribution(ts_us, kind) for _, ts_us, kind in tx.figures.contributions(ever, user)]
    known = [one for one in (done[0].ts_us if done else None, counted.joined_us) if one is not None]
    rules = community.participation
    calendar = Calendar(period.zone, min(known, default=until_us), until_us)
    past, reached = known_by(done, until_us, calendar)
    start_us = window_start_us(calendar, until_us, rules)
    recent = past[bisect_left(past, start_us, key=lambda one: one.ts_us) :]
    points = score(recent, rules.points, counted.answered_onboarding_us, start_us, until_us)
    how = (counted.joined_us, until_us, calendar, rules, reached)
    weeks = weeks_of(past, calendar)
    answers = sum(one.kind == "reply" for one in past)
    return Own(counted.is_member, standing_by(weeks, points, *how), levels_held(weeks, *how), answers)
