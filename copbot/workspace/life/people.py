"""Who the simulated members are: their zones, hours and how often they look in."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.workspace.example.cast import DAY_WEIGHTS, read_data

Json = dict[str, Any]
Part = Literal["core", "active", "peripheral", "dormant", "newcomer"]

SHARES: dict[Part, float] = {"core": 0.12, "active": 0.18, "peripheral": 0.48, "dormant": 0.22}
"""Of those of whom nothing is known: the shares that a healthy community has."""

WEEKLY: dict[Part, tuple[float, int, int]] = {
    "core": (1.0, 3, 5),
    "active": (0.45, 1, 3),
    "peripheral": (0.1, 1, 1),
    "dormant": (0.01, 1, 1),
    "newcomer": (0.6, 1, 2),
}
"""How likely somebody looks in at all during a week, and on how many days, at least and at most."""

SEASON_WEEKS = 6
NEW_FOR_WEEKS = 4
MOVES_UP, MOVES_DOWN = 0.1, 0.15
OTHERWISE_HOUR = 10.0


@dataclass(frozen=True)
class Places:
    """Where the members meet, by channel ID. ``home`` is the community's own time zone."""

    discussion: tuple[str, ...]
    introductions: str | None
    moderators: str | None
    home: ZoneInfo


@dataclass(frozen=True)
class Someone:
    """A simulated member. ``hour`` is the local time of day, in hours, at which they look in."""

    user: str
    name: str
    zone: ZoneInfo
    part: Part
    hour: float
    afternoons: bool
    words: int  # says at most so much at a time
    joined: date | None = None  # during the simulation

    @cached_property
    def first_name(self) -> str:
        return self.name.split()[0]

    def part_in(self, monday: date, seed: int) -> Part:
        """How they take part in a week: now and then somebody finds time for a season, and somebody loses it."""
        if self.joined is not None and monday - self.joined < timedelta(weeks=NEW_FOR_WEEKS):
            return "newcomer"
        season = monday.toordinal() // (7 * SEASON_WEEKS)
        chance = seeded(seed, self.name, season).random()
        if self.part == "core":
            return "peripheral" if chance < MOVES_DOWN / 2 else "core"
        if self.part == "active":
            return "core" if chance < MOVES_UP else "dormant" if chance > 1 - MOVES_DOWN else "active"
        return "active" if chance < MOVES_UP / 2 else self.part

    def moments(self, monday: date, seed: int) -> Iterator[datetime]:
        """When they look in during the week that begins on ``monday``, aware, UTC."""
        rng = seeded(seed, self.name, monday.isoformat())
        likely, least, most = WEEKLY[self.part_in(monday, seed)]
        if rng.random() >= likely:
            return
        for day in _days(rng.randint(least, most), rng):
            yield self._moment(monday + timedelta(days=day), self.hour, rng)
            if self.afternoons and rng.random() < 0.4:
                yield self._moment(monday + timedelta(days=day), 15.5, rng)

    def _moment(self, day: date, hour: float, rng: Random) -> datetime:
        hours = min(21.5, max(6.5, rng.gauss(hour, 0.6)))
        at = datetime.combine(day, time(0), self.zone) + timedelta(seconds=int(hours * 3600))
        return at.astimezone(UTC)


def seeded(seed: int, *parts: object) -> Random:
    """A source of chance of its own for each purpose: what one person does changes nothing in another's life."""
    return Random("|".join(map(str, (seed, *parts))))  # noqa: S311 - a story, not a secret


def _days(count: int, rng: Random) -> list[int]:
    chosen: set[int] = set()
    while len(chosen) < count:
        chosen.update(rng.choices(range(7), DAY_WEIGHTS))
    return sorted(chosen)


def someone(user: Json, seed: int, *, joined: date | None = None) -> Someone:
    """The habits of a user of the workspace: the example's people have theirs, all others some that fit their zone."""
    people = read_data("people.json")
    name = str(user.get("real_name") or user["name"])
    rng = seeded(seed, name, "habits")
    zone = _zone(str(user.get("tz") or "UTC"))
    part = _known_part(name, people) or rng.choices(list(SHARES), list(SHARES.values()))[0]
    return Someone(
        user=str(user["id"]),
        name=name,
        zone=zone,
        part=part,
        hour=people["hours"].get(zone.key, OTHERWISE_HOUR) + rng.gauss(0, 0.35),
        afternoons=rng.random() < 0.45,
        words=rng.choice((2, 2, 3, 3)) if part in ("core", "active") else 1,
        joined=joined,
    )


def _known_part(name: str, people: dict[str, Any]) -> Part | None:
    if name in people["core"] or name in people["rising"]:
        return "core"
    if name in people["active"] or name in people["newcomers"]:
        return "active"
    if name in people["dormant"] or name in people["fading"]:
        return "dormant"
    return "peripheral" if any(name in names for names in people["zones"].values()) else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def invented(words: Json, seed: int) -> Iterator[tuple[str, str]]:
    """(name, time zone) of people who are not there yet, without end and in the same order for the same seed."""
    zones = read_data("people.json")["zones"]
    rng = seeded(seed, "names")
    pairs = [f"{first} {last}" for first in words["first_names"] for last in words["last_names"]]
    rng.shuffle(pairs)
    for round_number in range(1, 1000):
        for name in pairs:
            zone = rng.choices(list(zones), [len(names) for names in zones.values()])[0]
            yield (name if round_number == 1 else f"{name} {round_number}"), zone


def handle_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.replace("-", "").split())


def populate(export: Path, members: int, seed: int = 7) -> None:
    """Add invented people to an export's folder until there are so many living ones, all of them in its open channels."""
    users = json.loads((export / "users.json").read_text(encoding="utf-8"))
    channels = json.loads((export / "channels.json").read_text(encoding="utf-8"))
    model = next(user for user in users if not user["is_bot"] and not user["is_admin"])
    present = {user["real_name"] for user in users}
    missing = members - sum(not user["is_bot"] and not user["deleted"] for user in users)
    names = ((name, zone) for name, zone in invented(read_words(), seed + 1) if name not in present)
    for number, (name, zone) in zip(range(missing), names, strict=False):
        names_of = {"real_name": name, "real_name_normalized": name, "display_name": name.split()[0]}
        profile = model["profile"] | names_of | {"email": f"{handle_of(name)}@example.org"}
        new = {"id": f"U0MEMBER{number:04d}", "name": handle_of(name), "real_name": name, "tz": zone, "deleted": False}
        users.append(model | new | {"profile": profile})
        for channel in channels:
            channel["members"].append(new["id"])
    (export / "users.json").write_text(json.dumps(users, ensure_ascii=False, indent=1), encoding="utf-8")
    (export / "channels.json").write_text(json.dumps(channels, ensure_ascii=False, indent=1), encoding="utf-8")


def read_words() -> Json:
    """What simulated members say that the example's history does not."""
    words: Json = read_data("words.json", "copbot.workspace.life")
    return words
