"""Levels: who takes part how, by regularity and intensity, replayed from the contributions themselves.

The rules are those of the written definitions (*Level*, *Score*, *Active*). A level is lost only after two successive
Mondays below its rule, so what is held at an instant is the highest level whose rule was met in the running week or
the one before. Whoever meets the rule anew between two Mondays begins anew: doing more never leads to less.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby, islice
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


@dataclass(frozen=True)
class Week:
    """What a member contributed in one calendar week: how many messages, and when last anything. ``number`` is the calendar's."""

    number: int
    messages: int
    last_us: int


Reached = Callable[[Week, int], int]
"""When a member wrote the n-th message of a week; for n below 1 when they contributed anything first. Asked only where a level rose."""


@dataclass(frozen=True)
class Span:
    """A level that a member came to at an instant, and held until the next; ``since_us`` is None when nothing dates it."""

    level: Level
    since_us: int | None


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
    past, reached = known_by(contributions, until_us, calendar)
    start_us = window_start_us(calendar, until_us, rules)
    recent = past[bisect_left(past, start_us, key=lambda contribution: contribution.ts_us) :]
    points = score(recent, rules.points, answered_onboarding_us, start_us, until_us)
    return standing_by(weeks_of(past, calendar), points, joined_us, until_us, calendar, rules, reached)


def standing_by(
    weeks: Sequence[Week],
    points: int,
    joined_us: int | None,
    until_us: int,
    calendar: Calendar,
    rules: Participation,
    reached: Reached,
) -> Standing:
    """The same by the member's active weeks before ``until_us``, in order, and the ``points`` (in tenths) of the window."""
    first = calendar.week(until_us) - weeks_in(rules.window) + 1
    recent = weeks[bisect_left(weeks, first, key=lambda week: week.number) :]
    active_weeks, messages = len(recent), sum(week.messages for week in recent)
    held = ranks_held(weeks, joined_us, until_us, calendar, rules, reached)
    rank, rank_since = held[-1]
    level, since = level_named(rank, rank_since, _joined(joined_us, until_us), until_us)
    return Standing(
        level=level,
        since_us=since,
        rank_now=rank_by_rule(active_weeks, messages, weeks[-1].last_us if weeks else None, until_us, rules),
        active_weeks=active_weeks,
        messages=messages,
        score=points,
    )


def levels_held(
    weeks: Sequence[Week],
    joined_us: int | None,
    until_us: int,
    calendar: Calendar,
    rules: Participation,
    reached: Reached,
) -> list[Span]:
    """All levels that a member has had, the earliest first, by their active weeks; the last is that of ``standing``."""
    joined = _joined(joined_us, until_us)
    held = ranks_held(weeks, joined_us, until_us, calendar, rules, reached)
    spans: list[Span] = []
    for number, (rank, since_us) in enumerate(held):
        end_us = held[number + 1][1] if number + 1 < len(held) else None
        for instant in (since_us, *_turns(rank, since_us, end_us, joined, until_us)):
            at_us = until_us if instant is None else instant
            level, since = level_named(rank, since_us, _joined(joined, at_us + 1), at_us)
            if not spans or spans[-1].level != level:
                spans.append(Span(level, since))
    return spans


def _turns(rank: int, since_us: int | None, end_us: int | None, joined_us: int | None, until_us: int) -> list[int]:
    """When somebody joins who wrote before, and when they cease to be a newcomer, where that falls between two changes of rank."""
    if rank != PERIPHERAL or joined_us is None or since_us is None:
        return []
    end_us = until_us + 1 if end_us is None else end_us
    return [instant for instant in (joined_us, joined_us + NEWCOMER_US) if since_us < instant < end_us]


def known_by(
    contributions: Sequence[Contribution], until_us: int, calendar: Calendar
) -> tuple[Sequence[Contribution], Reached]:
    """What was contributed before ``until_us``, and when a level was reached with it."""
    past = contributions[: bisect_left(contributions, until_us, key=lambda contribution: contribution.ts_us)]

    def reached(week: Week, nth: int) -> int:
        start = bisect_left(past, calendar.mondays[week.number], key=lambda contribution: contribution.ts_us)
        if nth < 1:
            return past[start].ts_us
        written = (contribution for contribution in past[start:] if contribution.is_message)
        return next(islice(written, nth - 1, None)).ts_us

    return past, reached


def weeks_of(past: Sequence[Contribution], calendar: Calendar) -> list[Week]:
    """The active weeks of contributions in order of time."""
    weeks = []
    for number, group in groupby(past, lambda contribution: calendar.week(contribution.ts_us)):
        within = list(group)
        weeks.append(Week(number, sum(one.is_message for one in within), within[-1].ts_us))
    return weeks


def window_start_us(calendar: Calendar, until_us: int, rules: Participation) -> int:
    """When the window that ends at ``until_us`` begins."""
    return calendar.mondays[max(0, calendar.week(until_us) - weeks_in(rules.window) + 1)]


def _joined(joined_us: int | None, until_us: int) -> int | None:
    return joined_us if joined_us is not None and joined_us < until_us else None


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


def rank_by_rule(active_weeks: int, messages: int, last_us: int | None, at_us: int, rules: Participation) -> int:
    """The rank that the rules alone give, by the counts of the window at ``at_us`` and the last contribution before."""
    if last_us is not None and at_us - last_us > rules.dormant_after // MICROSECOND:
        return DORMANT
    if active_weeks >= rules.core.active_weeks and messages >= rules.core.contributions:
        return CORE
    if active_weeks >= rules.active.active_weeks and messages >= rules.active.contributions:
        return ACTIVE
    return PERIPHERAL


def level_named(rank: int, since_us: int | None, joined_us: int | None, until_us: int) -> tuple[Level, int | None]:
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
    """The ranks held, in order. ``met`` is the highest whose rule was met so far in the running week, ``before`` in the last."""

    def __init__(self, start_us: int) -> None:
        self.held: list[tuple[int, int | None]] = [(PERIPHERAL, start_us)]
        self.start_us = start_us
        self.met = self.before = PERIPHERAL

    def monday(self, at_us: int, rank: int) -> None:
        """An evaluation: what was met in neither of two weeks is lost."""
        self.before, self.met = self.met, rank
        self._hold(max(self.before, rank), max(at_us, self.start_us))

    def contributed(self, reached: Callable[[], int], rank: int) -> None:
        """A higher level holds at once."""
        self.met = max(self.met, rank)
        if rank > self.rank:
            self._hold(rank, reached())

    def _hold(self, rank: int, at_us: int) -> None:
        if rank == self.rank:
            return
        if self.held[-1][1] == at_us:  # at the same instant the last holds
            self.held.pop()
        if not self.held or self.rank != rank:
            self.held.append((rank, at_us))

    @property
    def rank(self) -> int:
        return self.held[-1][0]

    @property
    def is_settled(self) -> bool:
        return self.before == self.met == self.rank


class _Window:
    """The active weeks among the last ``length`` before the running one."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.weeks: deque[Week] = deque()
        self.messages = 0

    def move_to(self, week: int) -> None:
        while self.weeks and self.weeks[0].number <= week - self._length:
            self.messages -= self.weeks.popleft().messages

    def add(self, week: Week) -> None:
        self.weeks.append(week)
        self.messages += week.messages

    @property
    def changes_in(self) -> int | None:
        """The week in which the first of them leaves the window."""
        return self.weeks[0].number + self._length if self.weeks else None


def ranks_held(
    weeks: Sequence[Week],
    joined_us: int | None,
    until_us: int,
    calendar: Calendar,
    rules: Participation,
    reached: Reached,
) -> list[tuple[int, int | None]]:
    """All ranks held until ``until_us`` with since when, by replay from the first sign of the person; the last holds now."""
    joined = _joined(joined_us, until_us)
    known = [instant for instant in (joined, reached(weeks[0], 0) if weeks else None) if instant is not None]
    if not known:
        return [(PERIPHERAL, None)]
    replay, window, last_us = _Replay(min(known)), _Window(weeks_in(rules.window)), None
    week, current, following = calendar.week(min(known)), calendar.week(until_us), 0
    while week <= current:
        window.move_to(week)
        monday = calendar.mondays[week]
        replay.monday(monday, rank_by_rule(len(window.weeks), window.messages, last_us, monday, rules))
        if following < len(weeks) and weeks[following].number == week:
            active = weeks[following]
            for needed, rank in _rules_met(window, active, rules):
                replay.contributed(partial(reached, active, needed), rank)
            window.add(active)
            last_us, following, week = active.last_us, following + 1, week + 1
        elif replay.is_settled:
            coming = weeks[following].number if following < len(weeks) else None
            week = _next_change(week, window, coming, last_us, calendar, rules)
        else:
            week += 1
    return replay.held


def _rules_met(window: _Window, active: Week, rules: Participation) -> list[tuple[int, int]]:
    """(messages of the week that it took, rank) of the rules met in an active week, in the order in which they were."""
    met = [(0, PERIPHERAL)]
    for rank, rule in ((ACTIVE, rules.active), (CORE, rules.core)):
        needed = max(0, rule.contributions - window.messages)
        if len(window.weeks) + 1 >= rule.active_weeks and needed <= active.messages:
            met.append((needed, rank))
    return sorted(met)


def _next_change(
    week: int, window: _Window, coming: int | None, last_us: int | None, calendar: Calendar, rules: Participation
) -> int:
    """The first week after a silent one in which the rules may give another rank: nothing need be replayed before."""
    changes = [coming, window.changes_in, len(calendar.mondays)]
    if last_us is not None:
        silent = bisect_right(calendar.mondays, last_us + rules.dormant_after // MICROSECOND)
        changes.append(silent if silent > week else None)
    return min(change for change in changes if change is not None)
