"""Whether a message asks something (definitions: *asks*), with the reason in words.

By rules, so that every decision can be explained. What its author says in their own words counts: no code, link or quotation.
Then what waits for no answer is taken out: greetings, thanks, jokes, rhetorical questions, invitations, courtesies ("let me know if you
have questions"). What is left asks when it has a question mark, in any script, or a request in words: in English, French, Spanish,
Portuguese, German and Japanese. How often that is right was measured on real histories: docs/questions.md.
"""

import re

from copbot.core.asking.marks import MARK, asking_mark, ends_with
from copbot.core.asking.own_words import own_words, without_quotations
from copbot.core.asking.requests import languages_of, request_in, without_idle

RULE_VERSION = 2
"""Stored beside each decision, so that a better rule knows which ones to make again."""

_THANKS = re.compile(
    r"\W*(?:many |vielen |muito |muchas |merci )?(?:thank(?:s| you)|thx|ty|merci|gracias|danke|obrigad[oa]|ありがとう)"
    r"[^?？.!\n]{0,40}[.!?？\s]*"
)
_INTERJECTION = re.compile(
    r"\W*(?:really|seriously|huh|eh|hm+|right|no|yes|ok(?:ay)?|all good|all right|good|sorry|pardon|wait what|wat)\W*[?？]+\W*"
)


def asks(text: str) -> tuple[bool, str]:
    """Whether a text in Slack's markup asks something, and why, in words for a moderator ("" when it does not)."""
    said = own_words(text).lower().replace("’", "'")
    marked = MARK.search(said) is not None
    languages = languages_of(said)
    if not marked and not request_in(said, languages):
        return False, ""
    if _THANKS.fullmatch(said) or _INTERJECTION.fullmatch(said):
        return False, ""
    said = without_idle(without_quotations(said), languages)
    reasons = []
    if marked and (mark := asking_mark(said)):
        reasons.append("it ends with a question mark" if ends_with(said, mark) else "it has a question mark")
    if words := request_in(said, languages):
        reasons.append(f"{QUOTING}{words}”")
    return bool(reasons), "; ".join(reasons)


QUOTING = "it says “"
"""How a reason begins that quotes what was written."""

_QUOTED = re.compile(QUOTING + "[^”]*”")


def without_quoted_words(why: str) -> str:
    """A reason as it may stand where nothing of what was written is kept."""
    return _QUOTED.sub("it asks in words", why)
