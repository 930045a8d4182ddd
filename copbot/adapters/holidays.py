"""Public holidays by country and subdivision, from the package ``holidays``: loaded only where somebody asks for them."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


def holiday(country: str, day: date) -> str | None:
    """The public holiday of ``TH`` or ``DE-BY`` on a date, in English where the package knows it so; None on any other day.

    None too for a country that the package does not know (``copbot check`` tells the coordinators) and for years without data.
    """
    days = _days(country, day.year)
    return None if days is None else days.get(day)


@cache
def subdivisions() -> Mapping[str, tuple[str, ...]]:
    """The countries by their two letters, each with its subdivisions as the package names them."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return {country: tuple(sorted(parts)) for country, parts in known.items() if len(country) == 2}


@cache
def countries_by_name() -> Mapping[str, str]:
    """The two letters of each country by its name in English and by its three letters, in small letters without spaces."""
    from holidays.registry import COUNTRIES

    names: dict[str, str] = {}
    for module, (_, letters, *aliases) in COUNTRIES.items():
        names |= dict.fromkeys((module.replace("_", ""), *(alias.lower() for alias in aliases)), letters)
    return names


@lru_cache(maxsize=256)
def _days(country: str, year: int) -> "HolidayBase | None":
    import holidays

    name, _, part = country.partition("-")
    if name not in subdivisions() or (part and part not in subdivisions()[name]):
        return None
    return holidays.country_holidays(name, subdiv=part or None, years=year, expand=False, language="en_US")
