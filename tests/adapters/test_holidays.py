"""Public holidays, as the package knows them."""

import subprocess
import sys
from datetime import date

import pytest

from copbot.adapters.holidays import countries_by_name, holiday, subdivisions


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("TH", date(2026, 4, 13), "Songkran Festival"),
        ("TH", date(2026, 12, 25), None),
        ("DE", date(2026, 6, 4), None),
        ("DE-BY", date(2026, 6, 4), "Corpus Christi"),
        ("DE-BY", date(2026, 6, 5), None),
        ("FR", date(2026, 5, 1), "Labor Day"),
        ("XX", date(2026, 1, 1), None),
        ("DE-XX", date(2026, 1, 1), None),
        ("TH", date(1500, 1, 1), None),
    ],
)
def test_a_holiday_has_its_name_in_english(country: str, day: date, name: str | None) -> None:
    assert holiday(country, day) == name


def test_countries_are_known_by_two_letters_with_their_parts() -> None:
    assert "BY" in subdivisions()["DE"]
    assert all(len(country) == 2 for country in subdivisions())
    assert set(countries_by_name().values()) == set(subdivisions())
    assert countries_by_name()["germany"] == countries_by_name()["deu"] == "DE"


def test_the_package_is_loaded_only_when_it_is_asked() -> None:
    looked = "import sys, copbot.wiring; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", looked], check=False).returncode == 0
