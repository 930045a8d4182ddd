"""Which of the known languages a person reads."""

import pytest

from copbot.core.language import nearest, tongues


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("fr-FR", ["fr-FR", "fr"]),
        ("es_LA", ["es-LA", "es"]),
        ("fr", ["fr"]),
        ("PT-br", ["PT-br", "pt"]),
        ("", []),
        (None, []),
    ],
)
def test_the_closest_code_comes_first(language: str | None, codes: list[str]) -> None:
    assert tongues(language) == codes


@pytest.mark.parametrize(
    ("wished", "found"),
    [
        (("fr-FR", "es"), "fr"),
        (("es-LA", "en"), "es"),
        (("de-DE", "fr"), "fr"),
        ((None, "es"), "es"),
        (("en-GB", "fr"), "en"),
        (("de-DE", "it"), "en"),
        ((), "en"),
    ],
)
def test_the_members_language_goes_before_the_communitys_and_english_is_last(
    wished: tuple[str | None, ...], found: str
) -> None:
    assert nearest({"en", "fr", "es"}, *wished) == found
