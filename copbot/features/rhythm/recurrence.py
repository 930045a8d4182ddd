"""When a post comes round: its occasions, as instants with names. Pure; time and zone are passed in.

One instant per local date and time, whatever the clocks do: a time that a change of clocks skips moves to the first
valid instant, one that it repeats happens the first time (zoneinfo, fold 0). Each occasion has a key, so that nothing
is posted twice: the local date for ``every:`` with a fixed time, the first date of the period for ``best`` and
``active``, the local date and time for ``cron:`` and ``date:``.

Decided here, where the files leave it open:

- A fixed time on several days means each of these days; ``best`` and ``active`` mean one of them per period.
- Without ``on``, a fixed time falls on Monday, on the first of the month or of the quarter; ``best`` and ``active``
  may choose any day of the week, and of a month or quarter its first seven.
- In a month or quarter, a weekday is the first such day in it; day 31 is the last day of a shorter month.
- ``2 weeks`` counts from the week of ``from``, else from the week of 5 January 1970, so that no year's end disturbs
  it.
- ``from`` and ``until`` are local dates, both included.
- With ``skip_holidays`` an occasion on a public holiday is skipped, not moved: who reads "Wednesdays" expects none on a
  Thursday. ``best`` and ``active`` choose among the days that are none; where all are, that occasion is skipped. Keys
  stay what they are.
- The window of ``active`` ends where the community's quiet hours begin and begins where they end, whatever ``between``
  says; a ``between`` that lies wholly in them was meant so and holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from copbot.core.posts import CronWhen, DateWhen, Every, EveryWhen, Post
from copbot.core.time import Hours

DAY = timedelta(days=1)
_FIRST_MONDAY = date(1970, 1, 5)
_MOST_PERIODS = 1000
_LONGEST_PERIOD = timedelta(days=100)

LOOK_BACK = timedelta(days=400)
"""How far back an occasion is looked for: a yearly one is found."""


@dataclass(frozen=True)
class Slot:
    """A local date and time to post at, and why, in one line."""

    day: date
    moment: time
    why: str


@dataclass(frozen=True)
class Period:
    """A day, week, fortnight, month or quarter, by its first date, with the days in it on which the post may go
    out.
    """

    first: date
    days: tuple[date, ...]
    taken: frozenset[tuple[date, int]] = frozenset()  # days and hours too near to other posts


@dataclass(frozen=True)
class Occasion:
    """Once that a post comes round. It may go out from ``opens`` on, at the first sign of life, and at ``due`` in
    any case.
    """

    key: str
    opens: datetime  # aware, UTC
    due: datetime  # aware, UTC; the same as ``opens`` except for ``active``
    why: str
    holiday: str = ""  # the name of the public holiday for which it is skipped


Choose = Callable[[Post, Period], Slot]
"""The best slot of a period, which only history can tell."""


@dataclass(frozen=True)
class Calendar:
    """What a community's days are like. ``taken`` names the days and hours of a period that are too near to other posts."""

    holidays: Callable[[str, date], str | None] = lambda _country, _day: None
    quiet: Hours | None = None
    taken: Callable[[Post, Period], frozenset[tuple[date, int]]] = lambda _post, _period: frozenset()

    def holiday(self, post: Post, day: date) -> str:
        """The holiday on which a post is skipped; empty on any other day."""
        return (self.holidays(post.skip_holidays, day) or "") if post.skip_holidays else ""


PLAIN = Calendar()
"""No holidays, no quiet hours, and no other posts."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local date and time: the first of two, or the first valid one after a gap."""
    early = local.replace(tzinfo=zone, fold=0)
    found = early.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def coming(
    post: Post, zone: ZoneInfo, after: datetime, choose: Choose, calendar: Calendar = PLAIN
) -> Iterator[Occasion]:
    """The occasions of a post that are due after an instant, in order of time, without end where the post has
    none.
    """
    if isinstance(post.when, EveryWhen):
        start = after.astimezone(zone).date() - DAY
        found = _every(post, post.when, zone, start, 1, choose, calendar)
    else:
        found = _lines(post, zone, after, calendar, reverse=False)
    last: datetime | None = None
    for occasion in found:
        if occasion.due > after and (last is None or occasion.due > last):
            yield occasion
            last = occasion.due


def past(
    post: Post, zone: ZoneInfo, now: datetime, since: datetime, choose: Choose, calendar: Calendar = PLAIN
) -> Iterator[Occasion]:
    """The occasions of a post that opened at or before ``now`` and were due at or after ``since``, the latest
    first.
    """
    if isinstance(post.when, EveryWhen):
        start = now.astimezone(zone).date() + DAY
        found = _every(post, post.when, zone, start, -1, choose, calendar, since.astimezone(zone).date() - 2 * DAY)
    else:
        found = takewhile(lambda occasion: occasion.due >= since, _lines(post, zone, now, calendar, reverse=True))
    return (occasion for occasion in found if occasion.opens <= now and occasion.due >= since)


def earlier_keys(post: Post, zone: ZoneInfo, occasion: Occasion) -> Iterator[str]:
    """The keys of the occasions before one, the latest first; what was the best slot then need not be known for it."""
    if isinstance(post.when, EveryWhen) and not isinstance(post.when.at, time):
        before = date.fromisoformat(occasion.key) - DAY
        return (period.first.isoformat() for period in periods(post, post.when, before, -1))
    just_before = occasion.due - timedelta(seconds=1)
    return (found.key for found in past(post, zone, just_before, just_before - LOOK_BACK, _no_choice))


def other_keys(post: Post, zone: ZoneInfo, occasion: Occasion) -> frozenset[str]:
    """What an occasion would be called if the post's `when` had another form."""
    local = occasion.due.astimezone(zone)
    forms: tuple[Every, ...] = ("day", "week", "2 weeks", "month", "quarter")
    firsts = {_first_of_period(EveryWhen(every, "best"), local.date(), post.from_date) for every in forms}
    return frozenset({_moment_key(local), *(first.isoformat() for first in firsts)} - {occasion.key})


def _no_choice(post: Post, _period: Period) -> Slot:
    raise AssertionError(f"{post.id} has a fixed time")


def _every(
    post: Post,
    when: EveryWhen,
    zone: ZoneInfo,
    start: date,
    step: int,
    choose: Choose,
    calendar: Calendar,
    earliest: date = date.min,
) -> Iterator[Occasion]:
    for period in islice(periods(post, when, start, step), _MOST_PERIODS):
        if period.days[-1] < earliest:
            return
        if isinstance(when.at, time):
            at = when.at
            for day in period.days[::step]:
                due = instant(datetime.combine(day, at), zone)
                yield Occasion(day.isoformat(), due, due, "as the schedule says", calendar.holiday(post, day))
        else:
            yield _chosen(post, period, when, zone, choose, calendar)


def _chosen(
    post: Post, period: Period, when: EveryWhen, zone: ZoneInfo, choose: Choose, calendar: Calendar
) -> Occasion:
    key = period.first.isoformat()
    working = tuple(day for day in period.days if not calendar.holiday(post, day))
    open_to = replace(period, days=working or period.days)
    slot = choose(post, replace(open_to, taken=calendar.taken(post, open_to)))
    holiday = "" if working else calendar.holiday(post, slot.day)
    best = datetime.combine(slot.day, slot.moment)
    if when.at == "best":
        due = instant(best, zone)
        return Occasion(key, due, due, slot.why, holiday)
    opens, closes = window(when, best, calendar.quiet)
    why = f"at the first sign of life from {opens:%H:%M} on; {slot.why}"
    return Occasion(key, instant(opens, zone), instant(closes, zone), why, holiday)


def window(when: EveryWhen, best: datetime, quiet: Hours | None = None) -> tuple[datetime, datetime]:
    """The span of ``active`` around the best hour, by wall clock: clipped to ``between``, else to the day itself, and
    to what is not quiet.
    """
    return _outside(quiet, *_within_its_hours(when, best))


def _outside(quiet: Hours | None, opens: datetime, closes: datetime) -> tuple[datetime, datetime]:
    """The longest part of a span that is not quiet; all of it where none is."""
    if quiet is None or quiet.start == quiet.end:
        return opens, closes
    parts = []
    for number in (-1, 0, 1):
        day = opens.date() + number * DAY
        awake = datetime.combine(day, quiet.end)
        asleep = datetime.combine(day if quiet.start > quiet.end else day + DAY, quiet.start)
        parts.append((max(opens, awake), min(closes, asleep - timedelta(minutes=1))))
    longest = max(parts, key=lambda part: part[1] - part[0])
    return longest if longest[0] <= longest[1] else (opens, closes)


def _within_its_hours(when: EveryWhen, best: datetime) -> tuple[datetime, datetime]:
    opens, closes = best - when.window / 2, best + when.window / 2
    start = datetime.combine(best.date(), when.between.start if when.between else time())
    if when.between is None or when.between.start == when.between.end:
        end = start + DAY - timedelta(minutes=1)
    elif when.between.start < when.between.end:
        end = datetime.combine(best.date(), when.between.end)
    else:  # past midnight
        start = start if best >= start else start - DAY
        end = datetime.combine(start.date() + DAY, when.between.end)
    return max(opens, start), min(closes, end)


def periods(post: Post, when: EveryWhen, start: date, step: int) -> Iterator[Period]:
    """The periods from the one that holds ``start``, forward (1) or backward (-1), that have a day to post on."""
    if step > 0 and post.from_date is not None:
        start = max(start, post.from_date)
    elif step < 0 and post.until_date is not None:
        start = min(start, post.until_date)
    first = _first_of_period(when, start, post.from_date)
    while date(1970, 1, 1) < first < date(9000, 1, 1):
        if _is_over(post, first, step):
            return
        days = tuple(day for day in _days(when, first) if _within(post, day))
        if days:
            yield Period(first, days)
        first = _next_period(when, first, step)


def _is_over(post: Post, first: date, step: int) -> bool:
    if step > 0:
        return post.until_date is not None and first > post.until_date
    return post.from_date is not None and first + _LONGEST_PERIOD < post.from_date


def _within(post: Post, day: date) -> bool:
    return (post.from_date is None or day >= post.from_date) and (post.until_date is None or day <= post.until_date)


def _first_of_period(when: EveryWhen, day: date, anchor: date | None) -> date:
    if when.every in ("day", "weekday"):
        return day
    if when.every == "week":
        return day - day.weekday() * DAY
    if when.every == "2 weeks":
        origin = anchor - anchor.weekday() * DAY if anchor else _FIRST_MONDAY
        return day - ((day - origin).days % 14) * DAY
    month = day.month if when.every == "month" else (day.month - 1) // 3 * 3 + 1
    return date(day.year, month, 1)


def _next_period(when: EveryWhen, first: date, step: int) -> date:
    lengths = {"day": 1, "weekday": 1, "week": 7, "2 weeks": 14}
    if when.every in lengths:
        return first + step * lengths[when.every] * DAY
    months = first.year * 12 + first.month - 1 + step * (1 if when.every == "month" else 3)
    return date(months // 12, months % 12 + 1, 1)


def _days(when: EveryWhen, first: date) -> list[date]:
    """The days of a period on which the post may go out, by the rules at the top of this file."""
    fixed = isinstance(when.at, time)
    if when.every in ("day", "weekday"):
        working = when.every == "day" or first.weekday() < 5
        return [first] if working and (not when.on or first.weekday() in when.on) else []
    if when.day_of_month is not None:
        following = _next_period(EveryWhen("month", when.at), first, 1)
        return [min(first + (when.day_of_month - 1) * DAY, following - DAY)]
    week = [first + number * DAY for number in range(7)]
    if when.on:
        return [day for day in week if day.weekday() in when.on]
    return week[:1] if fixed else week


def _lines(post: Post, zone: ZoneInfo, moment: datetime, calendar: Calendar, *, reverse: bool) -> Iterator[Occasion]:
    """The occasions of ``date:`` and ``cron:``."""
    if isinstance(post.when, DateWhen):
        due = instant(post.when.local, zone)
        if _within(post, post.when.local.date()):
            holiday = calendar.holiday(post, post.when.local.date())
            yield Occasion(_moment_key(post.when.local), due, due, "on its date", holiday)
        return
    assert isinstance(post.when, CronWhen)
    start = _within_dates(post, moment.astimezone(zone) + (timedelta(minutes=1) if reverse else -timedelta(hours=3)))
    for local in CronSim(post.when.cron, start, reverse=reverse):
        day = local.date()
        if post.until_date is not None and day > post.until_date and not reverse:
            return
        if post.from_date is not None and day < post.from_date and reverse:
            return
        if _within(post, day):
            due = instant(local.replace(tzinfo=None), zone)
            why = f"by its cron line {post.when.cron}"
            yield Occasion(_moment_key(local), due, due, why, calendar.holiday(post, day))


def _within_dates(post: Post, moment: datetime) -> datetime:
    """The nearest moment to one between the days just outside ``from`` and ``until``, so that nothing is counted minute by minute
    over years.
    """
    earliest, latest = post.from_date, post.until_date
    if latest is not None and moment.date() > latest:
        return datetime.combine(latest + DAY, time(), moment.tzinfo)
    if earliest is not None and moment.date() < earliest:
        return datetime.combine(earliest - DAY, time(), moment.tzinfo)
    return moment


def _moment_key(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="seconds" if local.second else "minutes")
