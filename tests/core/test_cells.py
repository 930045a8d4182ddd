"""Texts in a table at a terminal stand in their columns, whatever their script."""

import pytest

from copbot.core.cells import cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("maps", "maps  ", id="filled up"),
        pytest.param("linked", "linked", id="just fits"),
        pytest.param("linking", "linki…", id="cut"),
        pytest.param("雑談", "雑談  ", id="wide characters count twice"),
        pytest.param("自己紹介", "自己… ", id="a wide one is not cut in half"),
        pytest.param("é", "é     ", id="an accent of its own takes no room"),
        pytest.param("a\x1b[2J", "a�[2J ", id="nothing that a terminal would obey"),
    ],
)
def test_a_text_is_as_wide_as_its_column(text: str, shown: str) -> None:
    assert cell(text, 6) == shown


def test_numbers_stand_at_the_right() -> None:
    assert cell("12", 5, right=True) == "   12"
