"""What members read of surveys and stories, in each language; built as the onboarding's words are."""

from copbot.core.language import nearest
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.features.voices.words.english import ENGLISH
from copbot.features.voices.words.french import FRENCH
from copbot.features.voices.words.phrases import Words
from copbot.features.voices.words.spanish import SPANISH

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Words:
    """The phrases in the first of these languages (Slack's locale, the community's) that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]


def words_to(ctx: Context, tx: Tx, user: str) -> Words:
    """The phrases for somebody of whom nothing tells in which community they press."""
    person = tx.facts.person(user) or Person(user)
    return words_for(person.locale, *(community.language for community in ctx.communities()))


__all__ = ["LANGUAGES", "Words", "words_for", "words_to"]
