"""Question marks of every script, and whether what stands before one is put to others."""

import re

MARK = re.compile(
    "[?？﹖︖⁇⁈⁉‽⸮⹔"
    "؟"  # Arabic, Persian, Urdu, Syriac, Thaana
    "՞"  # Armenian: over the last vowel of the word that asks
    "\u037e"  # Greek as it is encoded; as it is typed, it is a semicolon
    "\u1367\u1945\ua60f\ua6f7\u2cfa\u2cfb\U00011143\U0001e95f]"  # Ethiopic, Limbu, Vai, Bamum, Coptic, Chakma, Adlam
    r"|¿(?=\w)"  # alone where the closing one was left out
    "|(?<=[\u0370-\u03ff\u1f00-\u1fff]);"
)

_WORD = re.compile(r"\w")
_LONG = 80
"""Characters. In a text longer than this a plain Japanese question in passing is one that its author asks of themselves."""

_KANA = re.compile("[\u3040-\u30ff]")
_POLITE_END = re.compile(
    r"(?:です|ます|でしょう|ません|ました|ましょう|下さい|ください|いかが|くれ|もらえ|っけ|ある|いる)\S{0,8}\Z"
)
_INTERROGATIVE = re.compile(
    r"何(?![かも])|誰|だれ|どこ|どう(?![もぞや])|(?<!とん)どの|どれ|いつ(?![もか])|なぜ|なんで|いくつ|どちら|どんな|どなた|皆さん|みなさん"
)
_SENTENCE_ENDS = re.compile(r"[。．！!\n]")


def asking_mark(said: str) -> re.Match[str] | None:
    """The first mark whose sentence is put to others; None where there is none."""
    for mark in MARK.finditer(said):
        if not _said_to_oneself(said, mark.start(), mark.end()):
            return mark
    return None


def ends_with(said: str, mark: re.Match[str]) -> bool:
    """Whether nothing more is said after a mark, or after others like it."""
    return _WORD.search(said, mark.end()) is None


def _said_to_oneself(said: str, start: int, end: int) -> bool:
    """Japanese: a plain question inside a long text, without an interrogative and without politeness."""
    if len(said) <= _LONG or _WORD.search(said, end) is None:
        return False
    begin = max((ends.end() for ends in _SENTENCE_ENDS.finditer(said, max(0, start - 200), start)), default=0)
    sentence = said[begin:start]
    put_to_others = _INTERROGATIVE.search(sentence) or _POLITE_END.search(sentence)
    return _KANA.search(sentence) is not None and not put_to_others
