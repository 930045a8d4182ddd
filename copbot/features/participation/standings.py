"""Where many members stand at one instant, from what each contributed by the week. Pure.

The rules are those of ``rules``; there all that a member ever held is replayed, here only what holds now and since when is looked for,
from now backwards: a hundred thousand members take about a second. Both give the same (a test compares them).

At the end of a week a member holds the highest rank whose rule was met in it or in the week before; it falls on a Monday, and rises with a
contribution. What was met in a week that is silent is what was met on its Monday.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate

from copbot.core.community import Participation
from copbot.core.ports.figure import Kinds, MemberCounts, Moment
from copbot.core.time import MICROSECOND
from copbot.features.participation.rules import (
    ACTIVE,
    CORE,
    DORMANT,
    PERIPHERAL,
    Calendar,
    Standing,
    level_named,
    rank_by_rule,
    weeks_in,
    window_start_us,
)


class NotKnownYet(Exception):
    """A moment has to be looked up before it can be said since when a level is held. ``week``: how far back the look has come."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.week = moment[1]


class Standings:
    """``calendar`` begins with or before the first contribution and joining of anybody."""

    def __init__(self, until_us: int, calendar: Calendar, rules: Participation) -> None:
        self.until_us = until_us
        self.calendar = calendar
        self.rules = rules
        self.current = calendar.week(until_us)
        self.length = weeks_in(rules.window)
        self.start_us = window_start_us(calendar, until_us, rules)
        self.dormant_us = rules.dormant_after // MICROSECOND
        self.asleep_us = calendar.mondays[self.current - 1] - self.dormant_us if self.current else 0

    @property
    def awake_us(self) -> int:
        """Whoever has contributed nothing since then is dormant, and was active in no week of the window."""
        return min(self.asleep_us, self.start_us)

    def of(self, counts: MemberCounts, moments: Mapping[Moment, int], week: int | None = None) -> Standing:
        """Raises NotKnownYet for a moment that is asked for and not among ``moments``; with its ``week`` the look goes on from there."""
        joined_us = counts.user.joined_us
        if joined_us is not None and joined_us >= self.until_us:
            joined_us = None
        rank, since_us = PERIPHERAL, joined_us
        if counts.last_us is not None and counts.last_us < self.asleep_us:
            rank, since_us = DORMANT, self._dormant_since_us(counts.last_us)
        elif counts.last_us is not None:
            rank, since_us = _Look(self, counts, joined_us, moments).held(self.current if week is None else week)
        level, level_since_us = level_named(rank, since_us, joined_us, self.until_us)
        active_weeks = len(counts.weeks) - bisect_left(counts.weeks, self.current - self.length + 1)
        messages = counts.recent.root + counts.recent.own_reply + counts.recent.reply
        rank_now = rank_by_rule(active_weeks, messages, counts.last_us, self.until_us, self.rules)
        return Standing(level, level_since_us, rank_now, active_weeks, messages, self._score(counts))

    def _dormant_since_us(self, last_us: int) -> int:
        """The second Monday on which the silence had lasted for so long."""
        mondays = self.calendar.mondays
        return mondays[bisect_right(mondays, last_us + self.dormant_us) + 1]

    def _score(self, counts: MemberCounts) -> int:
        points, answered_us = self.rules.points, counts.user.answered_onboarding_us
        answered = answered_us is not None and self.start_us <= answered_us < self.until_us
        return score_of(counts.recent, self.rules) + (points.onboarding if answered else 0)


def score_of(kinds: Kinds, rules: Participation) -> int:
    """Points, in tenths, of contributions by kind."""
    points = rules.points
    own = (kinds.root + kinds.own_reply) * points.message
    return own + kinds.reply * points.reply + kinds.reaction * points.reaction


class _Look:
    """The weeks of one member who is not dormant, looked at from now backwards."""

    def __init__(
        self, at: Standings, counts: MemberCounts, joined_us: int | None, moments: Mapping[Moment, int]
    ) -> None:
        self._at = at
        self._counts = counts
        self._moments = moments
        assert counts.first_us is not None  # whoever contributed nothing is not looked at
        self._start_us = counts.first_us if joined_us is None else min(joined_us, counts.first_us)
        self._start = at.calendar.week(self._start_us)
        self._written = [0, *accumulate(counts.messages)]

    def held(self, week: int) -> tuple[int, int]:
        """The rank held now, and since when; the same was held at the end of ``week``, from which on it is looked for."""
        met, before = self._met(week), self._met(week - 1)
        rank = max(met, before)
        while True:
            earlier = self._met(week - 2)
            if before < rank:  # it rose in this week
                rose_us = self._rose_us(week, rank)
                on_monday = rose_us == self._at.calendar.mondays[week]
                if week == self._start or not (on_monday and max(earlier, before) == rank):
                    return rank, rose_us
            elif week == self._start:
                return rank, self._start_us
            elif earlier > rank:  # it fell on the Monday of this week
                return rank, self._at.calendar.mondays[week]
            week, met, before = week - 1, before, earlier

    def _met(self, week: int) -> int:
        """The highest rank whose rule was met in a week; before the first sign of the person, the lowest that is no sleep."""
        if week < self._start:
            return PERIPHERAL
        low, high, active = self._window(week)
        written, last = self._written, self._counts.last_in_us[high - 1] if high else None
        if not active:
            monday_us = self._at.calendar.mondays[week]
            return rank_by_rule(high - low, written[high] - written[low], last, monday_us, self._at.rules)
        for rank, rule in ((CORE, self._at.rules.core), (ACTIVE, self._at.rules.active)):
            if high - low + 1 >= rule.active_weeks and written[high + 1] - written[low] >= rule.contributions:
                return rank
        return PERIPHERAL

    def _window(self, week: int) -> tuple[int, int, bool]:
        """Which of the active weeks are in the window before a week, as [low, high), and whether it is active itself."""
        weeks = self._counts.weeks
        high = bisect_left(weeks, week)
        return bisect_right(weeks, week - self._at.length, 0, high), high, high < len(weeks) and weeks[high] == week

    def _rose_us(self, week: int, rank: int) -> int:
        """When the rule of a rank was met in a week; to be no longer dormant takes one contribution."""
        low, high, _ = self._window(week)
        rule = {CORE: self._at.rules.core, ACTIVE: self._at.rules.active}.get(rank)
        needed = max(0, rule.contributions - (self._written[high] - self._written[low])) if rule else 0
        moment = (self._counts.user.key, week, needed)
        if high == 0 and needed == 0 and self._counts.first_us is not None:
            return self._counts.first_us
        if moment not in self._moments:
            raise NotKnownYet(moment)
        return self._moments[moment]
