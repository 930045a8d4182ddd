"""Slack's text rules: escaping, cutting, mentions. Everything that comes from people passes through here."""

import re
import unicodedata
from datetime import UTC, datetime

from copbot.core.facts import NOBODIES

SECTION_LIMIT = 3000
MESSAGE_LIMIT = 4000

_DIRECTION_OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))

_MARKUP = re.compile(
    r"<(?:@[UW]\w+\|(?P<name>[^>]*)|(?P<user>@[UW]\w+)|#\w+\|(?P<channel>[^>]*)|[^|>]*\|(?P<label>[^>]*)|(?P<bare>[^>]*))>"
)

SOMEBODY = "somebody"
"""What stands where a person is not named, or not any more."""

_SOMEONE = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def escape(text: str) -> str:
    """Text of a person's, shown as written and notifying nobody.

    Escapes ``&``, ``<`` and ``>`` in the order that Slack gives, which takes the power from every ``<!channel>``, ``<@U…>`` and
    link; drops control characters and direction overrides, and parts ``@here`` and its like, which Slack would otherwise expand.
    """
    text = text.translate(_DIRECTION_OVERRIDES)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"@(here|channel|everyone)\b", "@\u2060\\1", text, flags=re.IGNORECASE)


def readable(text: str) -> str:
    """A message as Slack keeps it, as the plain text that people read: names for mentions and links, nothing live in it.

    It is a person's text and must be escaped before it is shown.
    """
    return unescape(_MARKUP.sub(_as_plain, text))


def _as_plain(match: re.Match[str]) -> str:
    if match["channel"]:
        return f"#{match['channel']}"
    if match["name"]:
        return f"@{match['name']}"
    if match["user"]:
        return "@someone"
    bare = match["bare"] or ""
    return match["label"] or (f"@{bare[1:]}" if bare in ("!here", "!channel", "!everyone") else bare)


class Mrkdwn(str):
    """Slack mrkdwn that the program itself made, such as a mention: it is shown as it is.

    Every other string that a template shows is taken for a person's text and escaped.
    """

    __slots__ = ()


def unescape(text: str) -> str:
    """The plain text of Slack's own escaped text (events and exports carry it escaped)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shorten(text: str, limit: int) -> str:
    """``text`` cut at a character, with an ellipsis, to at most ``limit`` characters; never inside an escaped entity."""
    if len(text) <= limit:
        return text
    return text[: whole(text, max(0, limit - 1))].rstrip() + "…"


def whole(text: str, cut: int) -> int:
    """``cut``, or the beginning of the escaped entity (``&amp;``) that it would part."""
    entity = text.rfind("&", 0, cut)
    parted = entity != -1 and ";" not in text[entity:cut] and cut - entity <= 5
    return entity if parted else cut


def people_in(argument: str) -> tuple[list[str], str]:
    """The people (user IDs, each once) mentioned in what somebody typed behind a command, and the words beside them."""
    people = list(dict.fromkeys(_SOMEONE.findall(argument)))
    return people, " ".join(_SOMEONE.sub(" ", argument).replace(",", " ").split())


def mention(user: str) -> Mrkdwn:
    return Mrkdwn(SOMEBODY if user in NOBODIES else f"<@{user}>")


def channel_link(channel: str) -> Mrkdwn:
    return Mrkdwn(f"<#{channel}>")


def moment(at: datetime) -> Mrkdwn:
    """An instant as each reader's own clock tells it, "today" and "tomorrow" in words; by UTC where a program cannot."""
    local = at.astimezone(UTC)
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{local:%Y-%m-%d %H:%M} UTC>")


def day(at: datetime) -> Mrkdwn:
    """The day of an instant, in each reader's own words; by UTC where a program cannot."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date}}|{at.astimezone(UTC):%Y-%m-%d}>")
