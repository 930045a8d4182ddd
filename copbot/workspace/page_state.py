"""What the page shows to one person: channels, a channel's messages, their modal, the story. Reads, changes nothing."""

import re

from copbot.core.time import ts_to_us
from copbot.workspace.shapes import message_as_read
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.views import Views

ROOTS = 60  # shown at once
BEFORE = 15  # of them before a message that was linked to
REPLIES = 40
STORY = 200
END_US = 10**17


_NAMED = re.compile(r"(?<![\w&;])([@#])([\w.\-]*\w)")


def as_typed(truth: Truth, text: str) -> str:
    """What Slack makes of typed text: ``&``, ``<``, ``>`` escaped, ``@name`` and ``#channel`` made references."""

    def linked(found: re.Match[str]) -> str:
        mark, name = found.groups()
        if mark == "#":
            channel = truth.channel_named(name)
            return f"<#{channel.id}|{channel.name}>" if channel else str(found[0])
        wanted = name.casefold()
        named = (u for u in truth.users.values() if wanted in (u.get("name", "").casefold(), u["id"].casefold()))
        user = next(named, None)
        return f"<@{user['id']}>" if user else str(found[0])

    with truth.lock:
        return _NAMED.sub(linked, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def people(truth: Truth) -> list[Json]:
    """Everybody that can be chosen or named, in the order of their coming."""
    return [
        {
            "id": user["id"],
            "name": shown_name(user),
            "handle": str(user.get("name") or ""),
            "tz": user.get("tz") or "UTC",
            "is_bot": bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            "deleted": bool(user.get("deleted")),
        }
        for user in truth.users.values()
    ]


def shown_name(user: Json) -> str:
    """``display_name`` may be empty, and any field may be missing."""
    profile = user.get("profile") or {}
    return str(user.get("real_name") or profile.get("display_name") or user.get("name") or user["id"])


def channels(truth: Truth, user: str) -> list[Json]:
    """The public channels, and the private ones and the direct message that are this person's."""
    found = [
        {
            "id": channel.id,
            "name": channel.name or shown_name(truth.users[truth.bot_user]),
            "type": channel.type,
            "joined": user in channel.members,
            "archived": channel.is_archived,
            "last": _last(truth, channel, user),
        }
        for channel in truth.channels.values()
        if user in channel.members or channel.type == "channel"
    ]
    return sorted(found, key=lambda c: (c["type"] != "im", not c["joined"], c["name"]))


def _liveliest(listed: list[Json]) -> Json | None:
    """Where something was said last, among the channels that a person is in."""
    return max(listed, key=lambda c: (c["joined"], c["last"]), default=None)


def _last(truth: Truth, channel: Channel, user: str) -> str:
    newest = next(iter(channel.newest_first(0, END_US)), None)
    alone = [e["ts"] for e in truth.ephemerals.get(user, []) if e["channel"] == channel.id]
    return str(max([newest["ts"] if newest else "", *alone]))


def messages(truth: Truth, channel: Channel, user: str, around: str | None) -> list[Json]:
    """The latest roots with their replies, or those around a message, with what only this person sees between them."""
    start = _start(channel, around)
    roots: list[Json] = []
    for message in channel.newest_first(start, END_US):
        if reply_of(message) is None:
            roots.append(message)
            if around is None and len(roots) == ROOTS:
                break
    roots = roots[::-1][:ROOTS]
    first = roots[0]["ts"] if roots else ""
    shown = [_with_replies(channel, root) for root in roots]
    alone = [
        each | {"ephemeral": True, "index": index, "replies": []}
        for index, each in enumerate(truth.ephemerals.get(user, []))
        if each["channel"] == channel.id and each["ts"] >= first
    ]
    return sorted([*shown, *alone], key=lambda m: ts_to_us(m["ts"]))


def _start(channel: Channel, around: str | None) -> int:
    if around is None:
        return 0
    linked = channel.get(around)
    at = ts_to_us(around) if linked is None else reply_of(linked) or ts_to_us(around)
    before = (m for m in channel.newest_first(0, at) if reply_of(m) is None)
    earlier = [m["ts"] for _, m in zip(range(BEFORE), before, strict=False)]
    return ts_to_us(earlier[-1]) if earlier else 0


def _with_replies(channel: Channel, root: Json) -> Json:
    replies = channel.replies(root["ts"])
    shown = message_as_read(channel, root)
    return shown | {"replies": [message_as_read(channel, reply) for reply in replies[-REPLIES:]]}


def state(truth: Truth, views: Views, user: str, channel: str | None, around: str | None) -> Json:
    """All that one person sees now. Raises LookupError for somebody unknown, ValueError where ``around`` is no
    ``ts``.
    """
    with truth.lock:
        truth.user(user)
        listed = channels(truth, user)
        chosen = next((c for c in listed if c["id"] == channel), None) or _liveliest(listed)
        place = truth.channels[chosen["id"]] if chosen else None
        return {
            "revision": truth.revision,
            "team": truth.team_name,
            "bot": truth.bot_user,
            "people": len(truth.users),
            "channels": listed,
            "channel": chosen | {"topic": place.topic, "members": len(place.members)} if chosen and place else None,
            "messages": messages(truth, place, user, around) if place else [],
            "view": views.top(user),
            "story": truth.story[-STORY:],
        }
