"""What onboarding itself says to a newcomer, in each language: labels, thanks, kind lines. Messages come from the prompts.

To add a phrase: a field in ``phrases.py``, and the same field in ``english.py``, ``french.py`` and ``spanish.py`` (mypy
names those where it is missing; a test compares the ``{places}``). To use it:

    words = words_for(person.locale, community.language)    # what this person reads
    words = words_for(community.language)                    # what a whole channel reads
    words.thanks_introduced.format(channel=link)             # values that come from people: escape them first

To add a language: a module beside the three, and a line below. Tone: short, warm, nothing that needs to know who is a man
or a woman. French says *vous*, as to someone met for the first time at work; Spanish says *tú*, as communities do.
What moderators and coordinators read is in English.
"""

from copbot.core.language import nearest
from copbot.features.onboarding.words.english import ENGLISH
from copbot.features.onboarding.words.french import FRENCH
from copbot.features.onboarding.words.phrases import Words
from copbot.features.onboarding.words.spanish import SPANISH

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Words:
    """The phrases in the first of these languages (Slack's locale, the community's) that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]


__all__ = ["LANGUAGES", "Words", "words_for"]
