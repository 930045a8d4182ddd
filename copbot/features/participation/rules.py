"""Levels: who takes part how, by regularity and intensity, replayed from the contributions themselves.

The rules are those of the written definitions (*Level*, *Score*, *Active*). A level is lost only after two successive
Mondays below its rule, so what is held at an instant is the highest level whose rule was met in the running week or
the one before. Whoever meets the rule anew between two Mondays begins anew: doing more never leads to less.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Participation, Points
from copbot.core.time import DAY_US, MICROSECOND, from_us, to_us

Level = Literal["core", "active", "peripheral", "dormant", "newcomer"]
LEVELS: tuple[Level, ...] = ("core", "active", "peripheral", "dormant", "newcomer")

NEWCOMER_US = 30 * DAY_US
DORMANT, PERIPHERAL, ACTIVE, CORE = range(4)
_BY_RANK: tuple[Level, ...] = ("dormant", "peripheral", "active", "core")
"""Ranks: a newcomer ranks with the peripheral, from whom only the time since joining tells them apart."""


@dataclass(frozen=True)
class Contribution:
    """``kind``: root, own_reply, reply, reaction, reaction_own (definitions: contribution, score)."""

    ts_us: int
    kind: str

    @property
    def is_message(self) -> bool:
        return not self.kind.startswith("reaction")


@dataclass(frozen=True)
class Standing:
    """Where a member stands at an instant. ``since_us`` is None when nothing dates it; ``rank_now`` is what the rules
    alone would give, below the level while that is kept for a second Monday; the counts are those of the window."""

    level: Level
    since_us: int | None
    rank_now: int
    active_weeks: int
    messages: int
    score: int  # in tenths


class Calendar:
    """The Mondays 00:00 of a zone, from the week of ``first_us`` to the week of ``until_us``."""

    def __init__(self, zone: ZoneInfo, first_us: int, until_us: int) -> None:
        local = from_us(min(first_us, until_us)).astimezone(zone)
        monday = local.date() - timedelta(days=local.weekday())
        self.mondays: list[int] = []
        while (start := to_us(datetime.combine(monday, time(), zone))) <= until_us or not self.mondays:
            self.mondays.append(start)
            monday += timedelta(weeks=1)

    def week(self, ts_us: int) -> int:
        """The number of the week that holds an instant; 0 is the first."""
        return bisect_right(self.mondays, ts_us) - 1


def weeks_in(window: timedelta) -> int:
    """Weeks of the window, the current one included. What is no whole number of weeks is taken up to the next."""
    return max(1, -(-window // timedelta(weeks=1)))


def standing(
    contributions: Sequence[Contribution],
    joined_us: int | None,
    until_us: int,
    calendar: Calendar,
    rules: Participation,
    answered_onboarding_us: int | None = None,
) -> Standing:
    """Where a member stands at ``until_us``, by contributions before it in order of time.

    Who never contributed and joined at a time unknown is peripheral. ``calendar`` begins with or before the first
    contribution and the joining.
    """
    past = contributions[: bisect_left(contributions, until_us, key=lambda contribution: contribution.ts_us)]
    joined = joined_us if joined_us is not None and joined_us < until_us else None
    current = calendar.week(until_us)
    start_us = calendar.mondays[max(0, current - weeks_in(rules.window) + 1)]
    recent = past[bisect_left(past, start_us, key=lambda contribution: contribution.ts_us) :]
    active_weeks = len({calendar.week(contribution.ts_us) for contribution in recent})
    messages = sum(contribution.is_message for contribution in recent)
    last_us = past[-1].ts_us if past else None
    rank, rank_since = _held(past, joined, until_us, calendar, rules)
    level, since = _named(rank, rank_since, joined, until_us)
    return Standing(
        level=level,
        since_us=since,
        rank_now=_rank(active_weeks, messages, last_us, until_us, rules),
        active_weeks=active_weeks,
        messages=messages,
        score=score(recent, rules.points, answered_onboarding_us, start_us, until_us),
    )


def score(
    recent: Sequence[Contribution],
    points: Points,
    answered_us: int | None,
    start_us: int,
    until_us: int,
) -> int:
    """Points in tenths of the contributions of a window; onboarding counts when it was answered within the window."""
    worth = {
        "root": points.message,
        "own_reply": points.message,
        "reply": points.reply,
        "reaction": points.reaction,
        "reaction_own": 0,
    }
    answered = answered_us is not None and start_us <= answered_us < until_us
    return sum(worth[contribution.kind] for contribution in recent) + (points.onboarding if answered else 0)


def _rank(active_weeks: int, messages: int, last_us: int | None, at_us: int, rules: Participation) -> int:
    """The rank that the rules alone give, by the counts of the window at ``at_us`` and the last contribution before."""
    if last_us is not None and at_us - last_us > rules.dormant_after // MICROSECOND:
        return DORMANT
    if active_weeks >= rules.core.active_weeks and messages >= rules.core.contributions:
        return CORE
    if active_weeks >= rules.active.active_weeks and messages >= rules.active.contributions:
        return ACTIVE
    return PERIPHERAL


def _named(rank: int, since_us: int | None, joined_us: int | None, until_us: int) -> tuple[Level, int | None]:
    """A rank's level; being a newcomer ends by age, on no Monday."""
    if rank != PERIPHERAL:
        return _BY_RANK[rank], since_us
    if joined_us is None:
        return "peripheral", since_us
    newcomer_until = joined_us + NEWCOMER_US
    since = joined_us if since_us is None else since_us
    if until_us < newcomer_until:
        return "newcomer", max(since, joined_us)
    return "peripheral", max(since, newcomer_until)


class _Replay:
    """The rank held. ``met`` is the highest whose rule was met so far in the running week, ``before`` in the last."""

    def __init__(self, start_us: int) -> None:
        self.held, self.since_us = PERIPHERAL, start_us
        self.met = self.before = PERIPHERAL

    def monday(self, at_us: int, rank: int) -> None:
        """An evaluation: what was met in neither of two weeks is lost."""
        self.before, self.met = self.met, rank
        self._hold(max(self.before, rank), max(at_us, self.since_us))

    def contributed(self, at_us: int, rank: int) -> None:
        """A higher level holds at once."""
        self.met = max(self.met, rank)
        self._hold(max(self.held, rank), at_us)

    def _hold(self, rank: int, at_us: int) -> None:
        if rank != self.held:
            self.held, self.since_us = rank, at_us

    @property
    def is_settled(self) -> bool:
        return self.before == self.met == self.held


def _held(
    past: Sequence[Contribution], joined_us: int | None, until_us: int, calendar: Calendar, rules: Participation
) -> tuple[int, int | None]:
    """The rank held at ``until_us`` and since when, by replay from the first sign of the person."""
    known = [instant for instant in (joined_us, past[0].ts_us if past else None) if instant is not None]
    if not known:
        return PERIPHERAL, None
    by_week = {
        week: list(group) for week, group in groupby(past, lambda contribution: calendar.week(contribution.ts_us))
    }
    written = {week: sum(one.is_message for one in group) for week, group in by_week.items()}
    weeks, length, current = list(by_week), weeks_in(rules.window), calendar.week(until_us)
    replay, week, last_us = _Replay(min(known)), calendar.week(min(known)), None
    while week <= current:
        window = [written[other] for other in range(week - length + 1, week) if other in written]
        replay.monday(calendar.mondays[week], _rank(len(window), sum(window), last_us, calendar.mondays[week], rules))
        messages = sum(window)
        for contribution in by_week.get(week, ()):
            last_us = contribution.ts_us
            messages += contribution.is_message
            replay.contributed(last_us, _rank(len(window) + 1, messages, last_us, last_us, rules))
        week += 1
        silent = not window and week - 1 not in written
        if silent and replay.is_settled and (replay.met == DORMANT or last_us is None):
            following = bisect_left(weeks, week)  # nothing changes before the next contribution
            week = weeks[following] if following < len(weeks) else current + 1
    return replay.held, replay.since_us
