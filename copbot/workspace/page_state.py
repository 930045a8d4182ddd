"""What the page shows to one person: channels, a channel's messages, a thread, their modal. Reads, changes nothing."""

import json
import re
from collections.abc import Iterable

from copbot.core.time import ts_to_us, us_to_ts
from copbot.workspace.page_people import card, shown_name
from copbot.workspace.page_reads import END_US, PageReads
from copbot.workspace.shapes import message_as_read
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.views import Views

ROOTS = 60  # shown at once
BEFORE = 15  # of them before a message that was linked to
REPLIES = 200
STORY = 200
APP = "app"
"""Stands for the direct message with the app where there is none yet."""

_NAMED = re.compile(r"(?<![\w&;/])([@#])([\w.\-]*\w)")
_ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"*_~]")
_SOMEBODY = re.compile(r"\b[UWB][A-Z0-9]{3,}\b")


def as_typed(truth: Truth, text: str) -> str:
    """What Slack makes of typed text: ``&``, ``<``, ``>`` escaped; ``@name``, ``#channel`` and addresses references."""

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
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts: list[str] = []
        at = 0
        for address in _ADDRESS.finditer(escaped):
            parts += [_NAMED.sub(linked, escaped[at : address.start()]), f"<{address[0]}>"]
            at = address.end()
        return "".join([*parts, _NAMED.sub(linked, escaped[at:])])


def channels(truth: Truth, reads: PageReads, user: str) -> list[Json]:
    """The public channels, and the private ones and the direct message that are this person's."""
    app = shown_name(truth.users[truth.bot_user])
    found = [
        _listed(truth, reads, channel, user, app)
        for channel in truth.channels.values()
        if user in channel.members or channel.type == "channel"
    ]
    if all(c["type"] != "im" for c in found):
        unopened = {"name": app, "type": "im", "joined": True, "archived": False, "last": "", "new": 0, "named": 0}
        found.append({"id": APP} | unopened)
    return sorted(found, key=lambda c: (c["type"] == "im", not c["joined"], c["name"]))


def _listed(truth: Truth, reads: PageReads, channel: Channel, user: str, app: str) -> Json:
    new, named = reads.new_in(truth, channel, user)
    return {
        "id": channel.id,
        "name": channel.name or app,
        "type": channel.type,
        "joined": user in channel.members,
        "archived": channel.is_archived,
        "last": _last(truth, channel, user),
        "new": new,
        "named": named,
    }


def _liveliest(listed: list[Json]) -> Json | None:
    """Where something was said last, among the channels that a person is in."""
    return max(listed, key=lambda c: (c["joined"], c["last"]), default=None)


def _last(truth: Truth, channel: Channel, user: str) -> str:
    newest = next(iter(channel.newest_first(0, END_US)), None)
    alone = [e["ts"] for e in truth.ephemerals.get(user, []) if e["channel"] == channel.id]
    return str(max([newest["ts"] if newest else "", *alone]))


def messages(truth: Truth, reads: PageReads, channel: Channel, user: str, around: str | None) -> list[Json]:
    """The latest roots, or those around a message, with what only this person sees between them."""
    roots: list[Json] = []
    for message in channel.newest_first(_start(channel, around), END_US):
        if reply_of(message) is None or message.get("subtype") == "thread_broadcast":
            roots.append(message)
            if around is None and len(roots) == ROOTS:
                break
    roots = roots[::-1][:ROOTS]
    first = roots[0]["ts"] if roots else ""
    shown = [
        message_as_read(channel, root) | {"new_replies": reads.has_new_replies(channel, root, user)} for root in roots
    ]
    alone = [each for each in _alone(truth, channel, user) if not each.get("thread_ts") and each["ts"] >= first]
    return sorted([*shown, *alone], key=lambda m: ts_to_us(m["ts"]))


def _alone(truth: Truth, channel: Channel, user: str) -> list[Json]:
    """The ephemeral messages of a person in a channel, each with its number among all of theirs."""
    mine = enumerate(truth.ephemerals.get(user, []))
    return [each | {"ephemeral": True, "index": index} for index, each in mine if each["channel"] == channel.id]


def _start(channel: Channel, around: str | None) -> int:
    if around is None:
        return 0
    linked = channel.get(around)
    at = ts_to_us(around) if linked is None else reply_of(linked) or ts_to_us(around)
    before = (m for m in channel.newest_first(0, at) if reply_of(m) is None)
    earlier = [m["ts"] for _, m in zip(range(BEFORE), before, strict=False)]
    return ts_to_us(earlier[-1]) if earlier else 0


def thread(truth: Truth, channel: Channel, user: str, ts: str) -> Json | None:
    """A root with its latest replies; None where there is no such root."""
    root = channel.get(ts)
    if root is None:
        return None
    replies = channel.replies(ts)
    alone = [each for each in _alone(truth, channel, user) if each.get("thread_ts") == ts]
    shown = [message_as_read(channel, reply) for reply in replies[-REPLIES:]]
    return {
        "ts": ts,
        "root": message_as_read(channel, root),
        "replies": sorted([*shown, *alone], key=lambda m: ts_to_us(m["ts"])),
        "earlier": max(0, len(replies) - REPLIES),
    }


def state(
    truth: Truth,
    views: Views,
    reads: PageReads,
    user: str,
    channel: str | None,
    *,
    around: str | None = None,
    thread_ts: str | None = None,
) -> Json:
    """All that one person sees now. Raises LookupError for somebody unknown, ValueError where ``around`` or
    ``thread_ts`` is no ``ts``.
    """
    with truth.lock:
        acting = truth.user(user)
        listed = channels(truth, reads, user)
        chosen = next((c for c in listed if c["id"] == channel and c["id"] != APP), None) or _liveliest(
            [c for c in listed if c["id"] != APP]
        )
        place = truth.channels[chosen["id"]] if chosen else None
        open_thread = thread(truth, place, user, thread_ts) if place and thread_ts else None
        stack = views.stack(user)
        shown: Json = {
            "revision": truth.revision,
            "team": truth.team_name,
            "bot": truth.bot_user,
            "as": card(acting),
            "people": len(truth.users),
            "channels": listed,
            "channel": chosen | _about(place, reads, user) if chosen and place else None,
            "messages": messages(truth, reads, place, user, around) if place else [],
            "thread": open_thread,
            "home": truth.homes.get(user),
            "view": stack[-1] if stack else None,
            "depth": len(stack),
            "story": truth.story[-STORY:],
        }
        said = json.dumps([shown[key] for key in ("messages", "thread", "home", "view", "story")])
        return json.loads(json.dumps(shown | {"known": _known(truth, said)}))  # type: ignore[no-any-return]


def _about(place: Channel, reads: PageReads, user: str) -> Json:
    return {
        "topic": place.topic or place.purpose,
        "members": len(place.members),
        "read": us_to_ts(reads.until(user, place.id)),
    }


def _known(truth: Truth, said: str) -> Json:
    """Everybody who is named in what is shown, by ID: a page of a large community must not fetch all its people."""
    named: Iterable[str] = {*_SOMEBODY.findall(said), truth.bot_user, "USLACKBOT"}
    return {user: card(truth.users[user]) for user in named if user in truth.users}
