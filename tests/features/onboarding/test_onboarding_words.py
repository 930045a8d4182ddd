"""The bot's own phrases to newcomers, in three languages."""

from dataclasses import asdict
from string import Formatter

import pytest

from copbot.features.onboarding.words import LANGUAGES, words_for

AS_SLACK_ALLOWS = {
    "send": 24,
    "later": 24,
    "one_question": 75,
    "several_questions": 75,
    "read_guidelines": 75,
    "say_hello": 75,
    "change_answers": 75,
    "accept_guidelines": 75,
    "yes": 75,
    "no": 75,
    "choose": 75,
    "withdraw": 75,
    "no_thanks": 75,
    "partly": 75,
    "not_yet": 75,
    "outcome_title": 24,
}


def places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    english = asdict(LANGUAGES["en"])
    for name, phrase in asdict(LANGUAGES[language]).items():
        assert phrase.strip() == phrase, name
        assert phrase, name
        assert places(phrase) == places(english[name]), name


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_labels_are_no_longer_than_slack_takes(language: str) -> None:
    phrases = asdict(LANGUAGES[language])
    assert {name: len(phrases[name]) for name, most in AS_SLACK_ALLOWS.items() if len(phrases[name]) > most} == {}


def test_a_language_is_really_another() -> None:
    phrases = [asdict(words) for words in LANGUAGES.values()]
    same = {name for name in phrases[0] if len({one[name] for one in phrases}) == 1}
    assert same <= {"route_without_channel"}


@pytest.mark.parametrize(
    ("languages", "send"), [(("fr-FR", "en"), "Envoyer"), (("es-LA", "en"), "Enviar"), (("de-DE", "fr"), "Envoyer")]
)
def test_the_members_language_first_then_the_communitys(languages: tuple[str, str], send: str) -> None:
    assert words_for(*languages).send == send
