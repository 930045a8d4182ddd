"""Requests in words, in every language that the rule knows."""

import re

from copbot.core.asking.english import ENGLISH
from copbot.core.asking.french import FRENCH
from copbot.core.asking.german import GERMAN
from copbot.core.asking.japanese import JAPANESE
from copbot.core.asking.language import Language, trimmed
from copbot.core.asking.portuguese import PORTUGUESE
from copbot.core.asking.spanish import SPANISH

_LATIN = (ENGLISH, SPANISH, FRENCH, PORTUGUESE, GERMAN)

_SENTENCE = re.compile(
    rf"(?:^|[.!?…。！？]\s|\n)[^\w\n¿]*(?:(?:{'|'.join(language.hello for language in _LATIN)})\b[ ,.!:¡-]*){{0,4}}"
)
_OPENING = re.compile("|".join(opening for language in _LATIN for opening in language.openings))

_KANA = re.compile("[\u3040-\u30ff]")
_ENGLISH_WORDS = (" the ", " to ", " you ", " is ", " it ", " i ", " have ")
"""None of them is a word of the other languages: where two stand, those need not be looked for, which halves the time. One may be part of
an English name in a sentence of theirs."""

_JOKE = "asking for a friend"


def languages_of(said: str) -> tuple[Language, ...]:
    """The languages that a text may be in. Those who write Japanese also ask in English."""
    if not said.isascii() and _KANA.search(said):
        return (JAPANESE, ENGLISH)
    return (ENGLISH,) if sum(word in said for word in _ENGLISH_WORDS) > 1 else _LATIN


def request_in(said: str, languages: tuple[Language, ...]) -> str:
    """The words that ask; "" where none do."""
    for language in languages:
        if words := language.request_in(said):
            return words
    for start in _SENTENCE.finditer(said):
        if found := _OPENING.match(said, start.end()):
            return trimmed(found[0])
    return ""


def without_idle(said: str, languages: tuple[Language, ...]) -> str:
    """What is left when greetings, jokes, rhetorical questions, invitations and courtesies are gone."""
    if _JOKE in said:
        return ""
    for language in languages:
        said = language.idle.sub(" ", said)
    return said
