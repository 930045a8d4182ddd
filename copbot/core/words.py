"""The words of a text, as the memory of answered threads keeps and looks for them.

One way for every database, so that both find the same: small letters, without accents; plurals and singulars of Latin script fall
together; scripts that write no spaces between words (Chinese, Japanese, Thai and their like), and Korean, whose words carry their
particles, are cut into pairs of neighbouring characters, with the last one alone as well, so that every character begins a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from copbot.core.mrkdwn import readable

READ_CHARACTERS = 6000
"""Of a longer text the beginning is read: what it is about stands there."""

WORD_LIMIT = 40
"""Characters of a word; what is longer is no word but an address or a key, and its beginning will do."""

STEMS_KEPT = 20_000
"""Words whose stem is remembered: the same few thousand make most of what is written."""

ASKED_AT_MOST = 12
"""Words of a search; the rest of a longer one is left out."""

TELLING_AT_MOST = 6
"""Words by which likeness is looked for."""

PREFIX_FROM = 4
"""From so many letters on a word stands for all that begin with it, where the exact ones find too little."""

_COMMON = (  # English; French; Spanish and Portuguese; German
    "a an and any are as at be been but by can could did do does for from get got had has have he her here his how i if in into is it its "
    "just me my no not of on one or our out she should so some than that the their them then there these they this those to us was we were "
    "what when where which who why will with would you your anyone anybody someone please hi hello thank thanks know",
    "au aux avec ce ces cette comment dans de des du elle en est et eux il ils je la le les leur lui ma mais mes moi mon ne nos notre nous "
    "on ou par pas pour qu que qui sa se ses son sur ta te tes toi ton tu un une vos votre vous quelqu bonjour merci",
    "al algo como con cual del el ella ellos eso esta este esto hay lo los las mas mi muy no para pero por quien ser si sin sobre su sus "
    "tambien tiene todo uno unos y ya yo alguien hola gracias ao aos com da das do dos ela ele em essa esse eu foi isso meu minha na nas "
    "nao nem num numa o os pela pelo qual quem sao seu sua tem uma voce alguem",
    "aber als am auf aus bei bin bis bist das dass dem den der die dies doch ein eine einem einen einer er es fur hat habe haben ich ihr "
    "im ist ja kann man mein mich mir mit nach nicht noch nur oder sich sie sind und uns vom von vor war wenn wer wie wir wird wo zu zum "
    "zur jemand danke",
)

_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese and Japanese
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Burmese, Khmer
    "\uac00-\ud7af"  # Korean
)
_PLAIN = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")


@dataclass(frozen=True)
class Phrase:
    """Words that stand side by side: one, or the pairs of a run of characters without spaces.

    ``is_open``: words that only begin like it are meant too, by a single character of a pair, or by a longer word's beginning.
    """

    words: tuple[str, ...]
    is_open: bool = False


def words_of(text: str) -> list[str]:
    """The words of a message in Slack's markup, in their order."""
    return [word for run in _runs(readable(text[:READ_CHARACTERS])) for word in _indexed(run)]


def asked_for(words: str) -> tuple[Phrase, ...]:
    """What a person looks for who typed these words, as Slack hands them on; nothing where there is no letter and no digit in them."""
    return _phrases(_runs(readable(words[:READ_CHARACTERS])))[:ASKED_AT_MOST]


def telling(text: str) -> tuple[Phrase, ...]:
    """The words of a message in Slack's markup that tell most of it: the longest, which are the rarest as a rule."""
    phrases = _phrases(_runs(readable(text[:READ_CHARACTERS])))
    single = {word: None for phrase in phrases for word in phrase.words if word not in stop_words()}
    return tuple(Phrase((word,)) for word in sorted(single, key=lambda word: -_weight(word))[:TELLING_AT_MOST])


def _weight(word: str) -> int:
    """How much a word tells, by its letters; a character of an unspaced script tells as much as three."""
    return len(word) * (3 if _is_unspaced(word) else 1)


def _phrases(runs: Iterator[str]) -> tuple[Phrase, ...]:
    found = tuple(dict.fromkeys(map(_phrase, runs)))
    return tuple(phrase for phrase in found if phrase.words[0] not in stop_words()) or found


def _phrase(run: str) -> Phrase:
    if _is_unspaced(run):
        return Phrase(tuple(_pairs(run)) or (run,), is_open=len(run) == 1)
    word = _stem(run)
    return Phrase((word,), is_open=len(word) >= PREFIX_FROM)


def _runs(text: str) -> Iterator[str]:
    """Words, and runs of characters without spaces, in small letters."""
    if text.isascii():
        yield from _PLAIN.findall(text.lower())
        return
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    for word in _lettered().findall(text):
        yield from _parting().findall(word)


def _indexed(run: str) -> list[str]:
    return [*_pairs(run), run[-1]] if _is_unspaced(run) else [_stem(run)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _is_unspaced(run: str) -> bool:
    return not run.isascii() and _unspaced_only().match(run) is not None


@lru_cache(STEMS_KEPT)
def _stem(word: str) -> str:
    """What a word of Latin script has in common with its other forms: without the plural's ``s`` (English, French, Spanish, Portuguese),
    without ``ing``, ``ed`` and the last ``e``. It need be no word, only the same for all of them."""
    stem = word[:WORD_LIMIT]
    if len(stem) > 3 and stem[-1] == "s" and stem[-2] not in "sui0123456789":
        stem = stem[:-3] + "y" if stem.endswith("ies") and len(stem) > 4 else stem[:-1]
    for ending in ("ing", "ed"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 4:
            stem = stem.removesuffix(ending)
            if stem[-1] == stem[-2] and stem[-1] not in "aeioulsz":  # planning, plan
                stem = stem[:-1]
            break
    return stem[:-1] if len(stem) > 4 and stem[-1] == "e" else stem


@cache
def stop_words() -> frozenset[str]:
    """Words that stand in almost every message: a search that has others leaves these out."""
    return frozenset(_stem(word) for words in _COMMON for word in words.split())


@cache
def _lettered() -> re.Pattern[str]:
    """Letters and digits with the marks that belong to them: vowels in the scripts of India and South-East Asia."""
    marks = "".join(c for c in map(chr, range(0x0483, 0x1CFF)) if unicodedata.category(c)[0] == "M")
    return re.compile(rf"(?:[^\W_]|[{re.escape(marks)}])+")


@cache
def _parting() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")


@cache
def _unspaced_only() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")
