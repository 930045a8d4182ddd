"""The words of the digest, by language."""

from copbot.core.language import nearest
from copbot.features.digest.words.english import ENGLISH
from copbot.features.digest.words.french import FRENCH
from copbot.features.digest.words.phrases import Phrases
from copbot.features.digest.words.spanish import SPANISH

LANGUAGES = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Phrases:
    """The phrases in the first language that there are any in; English where there are none."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]
