"""When the posts of one community come round, by all that has a say in it: its clock, its holidays, its history, its quiet hours,
and the distance that its posts keep.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.posts import NO_SPACING, EveryWhen, Post
from copbot.features.rhythm import recurrence
from copbot.features.rhythm.learning.evidence import chooser, without_history
from copbot.features.rhythm.milestones.posts import milestone_posts
from copbot.features.rhythm.recurrence import DAY, LOOK_BACK, PLAIN, Calendar, Choose, Occasion, Period, instant


@dataclass(frozen=True)
class Rounds:
    """The posts of a community in the order of its files, milestones' reminders last, and when each comes round."""

    zone: ZoneInfo
    choose: Choose
    calendar: Calendar = PLAIN

    def coming(self, post: Post, after: datetime) -> Iterator[Occasion]:
        """The occasions due after an instant, in order of time; those that fall on a holiday say so."""
        return recurrence.coming(post, self.zone, after, self.choose, self.calendar)

    def past(self, post: Post, now: datetime) -> Iterator[Occasion]:
        """The occasions that opened at or before ``now``, the latest first."""
        return recurrence.past(post, self.zone, now, now - LOOK_BACK, self.choose, self.calendar)


def posts_of(community: Community) -> tuple[Post, ...]:
    """All that a community posts by itself: what its files schedule, and its milestones' reminders and notes."""
    return (*community.posts, *milestone_posts(community))


@dataclass(frozen=True)
class Found:
    """What was found of the posts' times already: of other posts in a period, and of the hours too near to them. It holds for one
    look ahead, not for the next hour.
    """

    times: dict[tuple[str, Period], tuple[datetime, ...]] = field(default_factory=dict)
    taken: dict[tuple[str, Period], frozenset[tuple[date, int]]] = field(default_factory=dict)
    near: dict[str, list[Post]] = field(default_factory=dict)
    slots: dict[tuple[date, ...], tuple[list[tuple[date, int]], list[datetime]]] = field(default_factory=dict)


def rounds(ctx: Context, tx: Tx, community: Community, now: datetime, found: Found | None = None) -> Rounds:
    """With the history that the store has before ``now``."""
    return rounds_of(community, chooser(ctx, tx, community, now), ctx.holidays, found)


def rounds_without_history(community: Community, holidays: Callable[[str, date], str | None]) -> Rounds:
    return rounds_of(community, without_history, holidays)


def rounds_of(
    community: Community,
    choose: Choose,
    holidays: Callable[[str, date], str | None],
    found: Found | None = None,
) -> Rounds:
    """``choose``: the best slot of a period, from whatever history there is."""
    zone = ZoneInfo(community.timezone)
    plain = Rounds(zone, choose, Calendar(holidays, community.attention.quiet))
    spacing = community.spacing
    if spacing == NO_SPACING:
        return plain
    others = _Others(community, plain, found or Found())
    others.rounds = replace(plain, calendar=replace(plain.calendar, taken=others.taken))
    return others.rounds


def distance(community: Community, one: Post, other: Post) -> timedelta:
    """How far apart two posts of a community are to be."""
    own = community.spacing.of(one.channel) if one.channel == other.channel else timedelta()
    return max(own, community.spacing.community)


@dataclass
class _Others:
    """The times of the other posts that are known beforehand. Of two that look for their best hour the one that stands first in the
    files chooses first; when ``active`` goes out nobody knows beforehand.
    """

    community: Community
    rounds: Rounds
    found: Found

    def taken(self, post: Post, period: Period) -> frozenset[tuple[date, int]]:
        key = (post.id, period)
        if key not in self.found.taken:
            self.found.taken[key] = self._taken(post, period)
        return self.found.taken[key]

    def _taken(self, post: Post, period: Period) -> frozenset[tuple[date, int]]:
        slots, moments = self._slots_of(period.days)
        found: set[tuple[date, int]] = set()
        for other in self._known_before(post):
            apart = distance(self.community, post, other)
            if apart:
                for known in self._times_of(other, period):
                    found.update(slots[bisect_right(moments, known - apart) : bisect_left(moments, known + apart)])
        return frozenset(found)

    def _slots_of(self, days: tuple[date, ...]) -> tuple[list[tuple[date, int]], list[datetime]]:
        """The hours of some days, and when each begins, in order of time."""
        if days not in self.found.slots:
            slots = [(day, hour) for day in days for hour in range(24)]
            moments = [instant(datetime.combine(day, time(hour)), self.rounds.zone) for day, hour in slots]
            self.found.slots[days] = slots, moments
        return self.found.slots[days]

    def _known_before(self, post: Post) -> Iterator[Post]:
        is_later = False
        for other in self._near(post):
            if other.id == post.id:
                is_later = True
            elif other.paused:
                continue
            elif (
                not isinstance(other.when, EveryWhen)
                or isinstance(other.when.at, time)
                or (other.when.at == "best" and not is_later)
            ):
                yield other

    def _near(self, post: Post) -> Sequence[Post]:
        """The posts from which a distance is kept, itself among them, in the order of the files."""
        everywhere, near = bool(self.community.spacing.community), self.found.near
        if not near:
            for other in posts_of(self.community):
                near.setdefault("" if everywhere else other.channel, []).append(other)
        return near.get("" if everywhere else post.channel, ())

    def _times_of(self, other: Post, period: Period) -> tuple[datetime, ...]:
        key = (other.id, replace(period, taken=frozenset()))
        if key not in self.found.times:
            start = instant(datetime.combine(period.days[0] - DAY, time()), self.rounds.zone)
            end = instant(datetime.combine(period.days[-1] + 2 * DAY, time()), self.rounds.zone)
            times = []
            for occasion in self.rounds.coming(other, start):
                if occasion.due >= end:
                    break
                if not occasion.holiday:
                    times.append(occasion.due)
            self.found.times[key] = tuple(times)
        return self.found.times[key]
