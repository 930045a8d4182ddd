"""What `at: best` and `at: active` would have reached, replayed over real histories: one post per channel and day, each time chosen
from the days before it alone, scored by who wrote in the channel in the hour after it.

Counted are the different people who wrote, and the *fresh* ones among them, who had not written in the half hour before the post:
those were not there already. Days count on which the channel's own history was enough to learn from (four weeks and a hundred messages
in the 90 days before). All 24 hours are allowed. Intervals: 95 %, by resampling whole weeks of each history.

`held out` is a fixed hour chosen in hindsight, but on the other half of the weeks (odd for even): unlike the plain hindsight it cannot
profit from having seen the very days that it is scored on. `drawn` is what 90 days teach where nobody changes their habits: the smoothed
best hour of 90 days drawn at random from the whole of the channel's history, the future included.

Run: python tests/benchmarks/best_hour_replay.py [DATA]
"""

import random
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from histories import DATA, close, import_from, memory_store
from sqlalchemy import text

from copbot.core.posts import EveryWhen, Post
from copbot.features.rhythm.learning.evidence import read_course
from copbot.features.rhythm.learning.histogram import MEMORY, Histogram
from copbot.features.rhythm.learning.uncertainty import Course
from copbot.features.rhythm.recurrence import Occasion, window
from copbot.features.rhythm.turn import SIGN_OF_LIFE, Around, decide

HISTORIES = {
    "houstondatavis-slack-2015": "America/Chicago",
    "dd2030-slack-2025": "Asia/Tokyo",
    "haskell-jp-slack-2017-2026": "Asia/Tokyo",
    "gitter-livechat-2016-2020": "UTC",
}
STRATEGIES = (
    "random",
    "09:00",
    "community",
    "last month",
    "best",
    "active",
    "drawn",
    "held out",
    "hindsight",
    "oracle",
)
HOURS = tuple(range(24))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACTIVE = EveryWhen("day", "active")
POST = Post("replayed", "#channel", ACTIVE)
LONG_AGO, LEAST_DAYS = date(2000, 1, 1), 14
DRAWS = 200
RESAMPLES = 1000
WANTED = {("best", "hindsight"): (0.97, 0.97), ("active", "best"): (1.3, 1.15)}

Reached = tuple[float, float]
"""Distinct people, and the fresh ones among them."""


@dataclass
class Channel:
    """The messages of a channel by wall clock, in order."""

    moments: list[datetime] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    def between(self, start: datetime, end: datetime) -> set[str]:
        return set(self.people[bisect_left(self.moments, start) : bisect_left(self.moments, end)])

    def reached(self, moment: datetime) -> Reached:
        """By a post at a moment; who wrote at that very moment wrote before it."""
        after = bisect_right(self.moments, moment)
        people = set(self.people[after : bisect_right(self.moments, moment + HOUR)])
        there = set(self.people[bisect_left(self.moments, moment - SIGN_OF_LIFE) : after])
        return len(people), len(people - there)

    def sign_of_life(self, opens: datetime, closes: datetime) -> datetime:
        """When `active` posts, by the bot's own rule, asked at its window's opening, at each message and when it asks to be."""
        occasion, now = Occasion("day", opens, closes, ""), opens
        while True:
            until = bisect_right(self.moments, now)
            lately = range(bisect_left(self.moments, now - SIGN_OF_LIFE), until)
            writers = [(self.moments[number], self.people[number]) for number in lately]
            verdict = decide(POST, occasion, now, Around(writers=writers))
            if verdict.what == "post":
                return now
            assert verdict.until is not None
            following = self.moments[until] if until < len(self.moments) else closes
            now = min(verdict.until, following)


Score = dict[str, Reached]
Weeks = dict[int, dict[str, list[float]]]
"""By week, for each strategy the people and the fresh people reached."""


def read(archive: Path, zone: ZoneInfo) -> tuple[dict[str, Channel], dict[str, Course]]:
    """The channels of an export and, by the bot's own code, what their histories teach."""
    store = memory_store()
    import_from(store, archive)
    channels: dict[str, Channel] = defaultdict(Channel)
    with store._engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT c.slack_id, m.ts_us, u.slack_id FROM message m JOIN channel c ON c.id = m.channel_id "
                "JOIN slack_user u ON u.id = m.user_id WHERE NOT u.is_bot ORDER BY m.ts_us"
            )
        )
        for channel, ts_us, person in rows:
            channels[channel].moments.append(
                datetime.fromtimestamp(ts_us / 1e6, UTC).astimezone(zone).replace(tzinfo=None)
            )
            channels[channel].people.append(person)
    with store.read() as tx:
        courses = {name: read_course(tx, zone, name, list(channels)) for name in channels}
    close(store)
    return dict(channels), courses


def learned_days(channel: Channel, course: Course) -> list[date]:
    first, last = channel.moments[0].date(), channel.moments[-1].date()
    days = (first + number * DAY for number in range((last - first).days + 1))
    return [day for day in days if course.outlook(day).own.is_enough]


def replay(channel: Channel, community: Channel, course: Course, days: list[date]) -> Iterator[tuple[date, Score]]:
    """What each strategy would have reached on each of the days."""
    fixed = {day: [channel.reached(datetime.combine(day, time(hour))) for hour in HOURS] for day in days}
    hindsight = _best_fixed([fixed[day] for day in days])
    halves = [[fixed[day] for day in days if _week(day) % 2 == half] for half in (0, 1)]
    drawn = _drawn(course.own, course.own.index(days[0]), course.own.index(days[-1]) + 1)
    held_out = [_best_fixed(halves[1 - half] or halves[half]) for half in (0, 1)]
    for day in days:
        hours = fixed[day]
        best = course.standing_hour(day, HOURS)
        moment = channel.sign_of_life(*window(ACTIVE, datetime.combine(day, time(best))))
        yield (
            day,
            {
                "random": (sum(h[0] for h in hours) / 24, sum(h[1] for h in hours) / 24),
                "09:00": hours[9],
                "community": hours[_busiest(community, day, MEMORY)],
                "last month": hours[_busiest(channel, day, timedelta(days=30))],
                "best": hours[best],
                "active": channel.reached(moment),
                "drawn": tuple(sum(share * h[kind] for share, h in zip(drawn, hours, strict=True)) for kind in (0, 1)),
                "held out": _of_each(hours, held_out[_week(day) % 2]),
                "hindsight": _of_each(hours, hindsight),
                "oracle": (max(h[0] for h in hours), max(h[1] for h in hours)),
            },
        )


def _best_fixed(days: list[list[Reached]]) -> tuple[int, int]:
    """The hour that reached most people over some days, and the one that reached most fresh ones."""
    sums = [[sum(day[hour][kind] for day in days) for hour in HOURS] for kind in (0, 1)]
    return sums[0].index(max(sums[0])), sums[1].index(max(sums[1]))


def _drawn(known: Histogram, start: int, end: int) -> list[float]:
    """How often each hour is the best of so many days drawn at random."""
    chance, found = random.Random(2026), [0.0] * 24
    days = [known.hour_sums(day, day + 1) for day in range(start, end)]
    for _ in range(DRAWS):
        sums = [sum(hours) for hours in zip(*chance.choices(days, k=MEMORY.days), strict=True)]
        found[sums.index(max(sums))] += 1 / DRAWS
    return found


def _of_each(hours: list[Reached], chosen: tuple[int, int]) -> Reached:
    return hours[chosen[0]][0], hours[chosen[1]][1]


def _busiest(channel: Channel, day: date, span: timedelta) -> int:
    """The hour of the day in which most people wrote in the time before, as it is: neither smoothed nor kept."""
    begins = datetime.combine(day, time())
    start, end = bisect_left(channel.moments, begins - span), bisect_left(channel.moments, begins)
    pairs = {(m.date(), m.hour, p) for m, p in zip(channel.moments[start:end], channel.people[start:end], strict=True)}
    counts = [0] * 24
    for _, hour, _ in pairs:
        counts[hour] += 1
    return counts.index(max(counts))


def _week(day: date) -> int:
    return (day - LONG_AGO).days // 7


def weeks_of(archive: Path, zone: ZoneInfo) -> tuple[Weeks, int, int]:
    channels, courses = read(archive, zone)
    everybody = Channel()
    for moment, person in sorted((m, p) for c in channels.values() for m, p in zip(c.moments, c.people, strict=True)):
        everybody.moments.append(moment)
        everybody.people.append(person)
    weeks: Weeks = defaultdict(lambda: {name: [0.0, 0.0] for name in STRATEGIES})
    replayed = counted = 0
    for name, channel in channels.items():
        days = learned_days(channel, courses[name])
        if len(days) < LEAST_DAYS:
            continue
        counted += 1
        replayed += len(days)
        for day, score in replay(channel, everybody, courses[name], days):
            for strategy, reached in score.items():
                weeks[_week(day)][strategy][0] += reached[0]
                weeks[_week(day)][strategy][1] += reached[1]
    return dict(weeks), counted, replayed


def total(weeks: list[dict[str, list[float]]], strategy: str, kind: int) -> float:
    return sum(week[strategy][kind] for week in weeks)


def resampled(histories: list[Weeks]) -> Iterator[list[dict[str, list[float]]]]:
    chance = random.Random(2026)
    for _ in range(RESAMPLES):
        yield [week for weeks in histories for week in chance.choices(list(weeks.values()), k=len(weeks))]


def interval(samples: list[float]) -> str:
    ordered = sorted(samples)
    return f"{ordered[len(ordered) * 25 // 1000]:.2f}-{ordered[len(ordered) * 975 // 1000 - 1]:.2f}"


def show(title: str, histories: list[Weeks]) -> dict[tuple[str, str], Reached]:
    """A table of everybody against a random hour, and the ratios that are wanted."""
    known = [week for weeks in histories for week in weeks.values()]
    samples = list(resampled(histories))

    def ratio(one: str, other: str, kind: int) -> tuple[float, str]:
        def of(weeks: list[dict[str, list[float]]]) -> float:
            below = total(weeks, other, kind)
            return total(weeks, one, kind) / below if below else float("inf")

        return of(known), interval([of(sample) for sample in samples])

    print(f"\n{title}\n{'strategy':<12} {'x random':>9} {'95 %':>12} {'fresh':>7} {'95 %':>12}")
    for name in STRATEGIES:
        people, fresh = ratio(name, "random", 0), ratio(name, "random", 1)
        print(f"{name:<12} {people[0]:>9.2f} {people[1]:>12} {fresh[0]:>7.2f} {fresh[1]:>12}")
    found = {}
    for one, other in (("best", "hindsight"), ("best", "held out"), ("best", "drawn"), ("active", "best")):
        people, fresh = ratio(one, other, 0), ratio(one, other, 1)
        found[one, other] = people[0], fresh[0]
        print(f"{one} / {other}: {people[0]:.3f} ({people[1]}); fresh {fresh[0]:.3f} ({fresh[1]})", flush=True)
    return found


def main(data: Path) -> int:
    histories: list[Weeks] = []
    for name, zone in HISTORIES.items():
        archive = next((data / name).glob("*.zip"), None) if (data / name).is_dir() else None
        if archive is None:
            print(f"{name}: left out, it is not in {data}")
            continue
        weeks, channels, days = weeks_of(archive, ZoneInfo(zone))
        if weeks:
            show(f"{name}: {channels} channels, {days:,} channel-days", [weeks])
            histories.append(weeks)
    if not histories:
        print("no history to replay")
        return 0
    found = show("all of them", histories)
    wrong = []
    for (one, other), wanted in WANTED.items():
        for kind, least, value in zip(("people", "fresh people"), wanted, found[one, other], strict=True):
            if (one, kind) != ("best", "fresh people") and value < least:
                wrong.append(f"{one} reaches {value:.3f} of {other} by {kind}, and {least} is wanted")
    for claim in wrong:
        print(f"not so: {claim}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA))
