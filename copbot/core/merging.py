"""The laws by which two reports of one thing become one: each is a greatest value, so that order does not matter."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from copbot.core.asks import RULE_VERSION, asks, without_quoted_words
from copbot.core.community import KeepText
from copbot.core.facts import NOBODIES, MessageSeen


class MessageContent(NamedTuple):
    """What is kept of a message, in the order in which it weighs: of two reports the greater holds.

    The later edit comes first. Two reports of one edit agree, save where Slack words them differently (an export's
    ``<@U1|ann>`` is an event's ``<@U1>``) or an older version of the rule decided; any fixed order will do there.
    """

    edited_us: int
    thread_us: int  # 0 for a root
    asks_rule: int
    asks: bool
    why: str
    text: str  # "" where it may not be kept
    user: str


def content_of(seen: MessageSeen, keep: KeepText, said: tuple[bool, str] | None = None) -> MessageContent:
    """What to keep of a message. ``said`` is a moderator's word on whether it asks: it goes before the rule's."""
    thread_us = seen.thread_us if seen.thread_us is not None and seen.thread_us != seen.ts_us else 0
    if thread_us:
        asking, why, rule = False, "", 0
    elif said is not None:
        asking, why, rule = *said, 0
    else:
        asking, why = asks(seen.text)
        rule = RULE_VERSION
    if seen.user in NOBODIES:
        why = ""  # it may quote the text
    elif keep == "none":
        why = without_quoted_words(why)
    kept = seen.user not in NOBODIES and (keep == "all" or (keep == "questions" and asking))
    return MessageContent(seen.edited_us, thread_us, rule, asking, why, storable(seen.text) if kept else "", seen.user)


def held_against(content: MessageContent, stored: MessageContent) -> MessageContent:
    """What holds of a message that is stored already. What once has no author never gets one again, nor a text, and a report without an
    author takes the stored one's away with an edit alone: an import tells nothing new of who wrote it."""
    if stored.user in NOBODIES:
        content = content._replace(
            user=max(stored.user, content.user) if content.user in NOBODIES else stored.user, why="", text=""
        )
    elif content.user in NOBODIES and content.edited_us <= stored.edited_us:
        return stored
    return max(content, stored)


def storable(text: str) -> str:
    """Text that every database takes: without NUL, and with lone surrogates (which Slack's JSON can spell) replaced."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def described(
    known: Mapping[str, Any], told_us: Mapping[str, int], seen: Mapping[str, Any], at_us: int
) -> dict[str, Any]:
    """The fields of ``seen`` that hold against what is ``known``, of which ``told_us`` says when each was told.

    None says nothing. The later description holds, field by field; of two of the same time the greater value.
    """
    return {
        field: value
        for field, value in seen.items()
        if value is not None
        and ((told := told_us.get(field)) is None or (at_us, value) > (told, known[field]))
        and (value != known[field] or told != at_us)
    }
