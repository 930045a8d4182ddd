"""What a member reads who is asked: the same in each language, and buttons that a phone shows whole."""

from dataclasses import fields
from string import Formatter

import pytest

from copbot.features.threads.asking.words import ENGLISH, LANGUAGES, Words, words_for


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_each_language_fills_the_same_places(words: Words) -> None:
    for one in fields(Words):
        assert places(getattr(words, one.name)) == places(getattr(ENGLISH, one.name)), one.name
    assert all(len(label) <= 30 for label in (words.open_thread, words.will_answer, words.will_greet, words.not_me))


def test_a_members_own_language_goes_before_the_communitys() -> None:
    assert words_for("es-MX", "fr") is LANGUAGES["es"]
    assert words_for(None, "fr") is LANGUAGES["fr"]
    assert words_for("ja-JP", "en") is ENGLISH
