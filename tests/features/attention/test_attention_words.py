"""What members read of their settings, in three languages."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from string import Formatter
from typing import Any

import pytest

from copbot.core.preferences import MODES, SUBJECTS
from copbot.features.attention.words import LANGUAGES, words_for

FORM = ("title", "save", "cancel")
LABELS = ("why", "less", "off", "all_off", "undo", "settings", "end_pause")


def phrases(words: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, phrase in words.items():
        if isinstance(phrase, str):
            yield f"{before}{name}", phrase
        else:
            yield from phrases(phrase, f"{before}{name}.")


def places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    english = dict(phrases(asdict(LANGUAGES["en"])))
    own = dict(phrases(asdict(LANGUAGES[language])))
    assert own.keys() == english.keys()
    for name, phrase in own.items():
        assert phrase.strip() == phrase, name
        assert phrase, name
        assert places(phrase) == places(english[name]), name
    assert LANGUAGES[language].modes.keys() == set(MODES)
    assert LANGUAGES[language].subjects.keys() == LANGUAGES[language].because.keys() == SUBJECTS.keys()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_labels_are_no_longer_than_slack_takes(language: str) -> None:
    words = LANGUAGES[language]
    assert all(len(getattr(words, name)) <= 24 for name in FORM)
    assert all(len(getattr(words, name)) <= 75 for name in LABELS)
    for choice in (*words.modes.values(), *words.subjects.values()):
        assert len(choice.label) <= 75
        assert len(choice.means) <= 75, choice.means


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_row_fits_a_phone_in_one_line(language: str) -> None:
    words = LANGUAGES[language]
    assert len(words.why + words.less + words.off) <= 26


def test_a_language_is_really_another_and_english_is_the_last_resort() -> None:
    assert len({words.title for words in LANGUAGES.values()}) == len(LANGUAGES)
    assert words_for("xx", None) is LANGUAGES["en"]
