"""The people of the example community: invented, from many countries, each with hours and habits of their own."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from importlib.resources import files
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

Part = Literal["core", "rising", "fading", "active", "peripheral", "dormant", "newcomer"]

WEEKS = 14
DAY_WEIGHTS = (0.9, 1.4, 1.15, 1.0, 0.6, 0.05, 0.03)
"""How likely somebody is there, Monday to Sunday: the middle of the week, and hardly ever a weekend."""

OFTEN: dict[Part, tuple[int, int]] = {"core": (3, 5), "rising": (3, 5), "fading": (3, 5), "active": (2, 4)}
"""On how many days of a week those who take part are there, at least and at most."""

_ID_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Member:
    """One person: ``hour`` is the local time of day (in hours) at which they look in, in some ``weeks``."""

    id: str
    name: str
    zone: str
    part: Part
    hour: float
    afternoons: bool  # looks in a second time, later in the day
    words: int  # says at most so much at a time
    weeks: frozenset[int]
    joins_week: float  # weeks after the beginning
    is_deleted: bool
    is_coordinator: bool

    @property
    def handle(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        first, *_, last = plain.replace("-", "").split()
        return f"{first}.{last}"

    @property
    def email(self) -> str:
        return f"{self.first_name.lower() if self.is_coordinator else self.handle}@example.org"

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@cache
def read_data(name: str, package: str = "copbot.workspace.example") -> Any:
    """A JSON file of a package's own, read once: nobody changes what is in it."""
    return json.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


def slack_id(letter: str, rng: Random) -> str:
    return letter + "0" + "".join(rng.choice(_ID_SIGNS) for _ in range(9))


def cast(rng: Random) -> list[Member]:
    """Everybody, in the same order for the same ``rng``."""
    people = read_data("people.json")
    return [_member(name, zone, people, rng) for zone, names in people["zones"].items() for name in names]


def _member(name: str, zone: str, people: dict[str, Any], rng: Random) -> Member:
    part = _part(name, people)
    joins = _joins_week(part, rng)
    return Member(
        id=slack_id("U", rng),
        name=name,
        zone=zone,
        part=part,
        hour=people["hours"][zone] + rng.gauss(0, 0.35),
        afternoons=rng.random() < 0.45,
        words=rng.choice((2, 2, 3, 3, 4)) if part in OFTEN else 1,
        weeks=_weeks(part, joins, rng),
        joins_week=joins,
        is_deleted=name in people["deactivated"],
        is_coordinator=name == people["coordinator"],
    )


def _part(name: str, people: dict[str, Any]) -> Part:
    if name in people["newcomers"]:
        return "newcomer"
    parts: tuple[Part, ...] = ("core", "rising", "fading", "active", "dormant")
    return next((part for part in parts if name in people[part]), "peripheral")


def _joins_week(part: Part, rng: Random) -> float:
    if part == "newcomer":
        return rng.uniform(WEEKS - 3.8, WEEKS - 1.2)
    if part == "peripheral":
        return rng.uniform(0, WEEKS - 5)
    return rng.uniform(0, 1.2 if part in ("core", "fading") else 3.0)


def _weeks(part: Part, joins: float, rng: Random) -> frozenset[int]:
    """The weeks in which somebody takes part, which give each part of the community the level it is named for."""
    first = int(joins) + 1
    if part == "core":
        return frozenset(range(int(joins), WEEKS + 1))
    if part == "fading":
        return frozenset(range(int(joins), WEEKS // 2))
    if part == "rising":
        return frozenset(range(WEEKS - 7, WEEKS + 1))
    if part == "active":
        return frozenset([WEEKS - 1 - rng.randrange(3), *rng.sample(range(first + 1, WEEKS - 3), 3)])
    if part == "dormant":
        return frozenset(range(int(joins), 5))
    if part == "newcomer":
        return frozenset([int(joins)])
    return frozenset([rng.randrange(first, WEEKS)]) if rng.random() < 0.7 else frozenset()


def moments(member: Member, week: int, monday: date, rng: Random) -> list[datetime]:
    """When somebody looks in during one week, aware, in order of time."""
    if week not in member.weeks:
        return []
    days = _days(rng.randint(*OFTEN.get(member.part, (1, 2 if member.part == "dormant" else 1))), rng)
    found = [_moment(member, monday + timedelta(days=day), member.hour, rng) for day in days]
    if member.afternoons:
        found += [_moment(member, monday + timedelta(days=day), 15.5, rng) for day in days if rng.random() < 0.4]
    return sorted(found)


def _days(count: int, rng: Random) -> list[int]:
    chosen: set[int] = set()
    while len(chosen) < count:
        chosen.update(rng.choices(range(7), DAY_WEIGHTS))
    return sorted(chosen)


def _moment(member: Member, day: date, hour: float, rng: Random) -> datetime:
    hours = min(21.5, max(6.5, rng.gauss(hour, 0.6)))
    return datetime.combine(day, time(0), member.tzinfo) + timedelta(hours=hours)
