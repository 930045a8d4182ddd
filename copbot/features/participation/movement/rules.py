"""How members moved between two instants, by their levels then and now. Pure."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Literal, TypeVar

from copbot.features.participation.rules import ACTIVE, CORE, DORMANT, PERIPHERAL, Level

Movement = Literal["up", "held", "down", "joined", "left"]
MOVEMENTS: tuple[Movement, ...] = ("up", "held", "down", "joined", "left")

RANKS: Mapping[Level, int] = {
    "core": CORE,
    "active": ACTIVE,
    "peripheral": PERIPHERAL,
    "newcomer": PERIPHERAL,
    "dormant": DORMANT,
}
"""A newcomer ranks with the peripheral: who ceases to be one has not moved."""

Person = TypeVar("Person", bound=Hashable)


def movement(before: Mapping[Person, Level], now: Mapping[Person, Level]) -> dict[Person, Movement]:
    """How each person moved who was a member at either instant."""
    return {person: _moved(before.get(person), now.get(person)) for person in before.keys() | now.keys()}


def _moved(before: Level | None, now: Level | None) -> Movement:
    if now is None:
        return "left"
    if before is None:
        return "joined"
    rise = RANKS[now] - RANKS[before]
    return "up" if rise > 0 else "down" if rise < 0 else "held"


def counted(moved: Mapping[Person, Movement]) -> Counter[Movement]:
    return Counter(moved.values())
