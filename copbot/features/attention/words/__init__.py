"""What members read of why something comes and of what they can turn down, in each language; built as the onboarding's words are."""

from copbot.core.language import nearest
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.features.attention.words.english import ENGLISH
from copbot.features.attention.words.french import FRENCH
from copbot.features.attention.words.phrases import Words
from copbot.features.attention.words.spanish import SPANISH

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Words:
    """The phrases in the first of these languages (Slack's locale, the community's) that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]


def words_to(ctx: Context, tx: Tx, user: str, community: str | None = None) -> Words:
    """The phrases for somebody; of a ``community``'s language where theirs is not known."""
    person = tx.facts.person(user) or Person(user)
    first = sorted(ctx.communities(), key=lambda one: one.id != community)
    return words_for(person.locale, *(one.language for one in first))


__all__ = ["LANGUAGES", "Words", "words_for", "words_to"]
