"""``reactions.*``, ``pins.*``, ``bookmarks.*``: what hangs on messages and channels."""

import re

from copbot.core.time import SECOND_US
from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.conversations import Conversations
from copbot.workspace.shapes import message_as_read, plain
from copbot.workspace.truth import Channel, Json, Truth, new_id
from copbot.workspace.web_api import Method, page_of

EMOJI = re.compile(r"[a-z0-9_+\-']+(?:::skin-tone-[2-6])?")
MOST_BOOKMARKS = 100


class MarkMethods:
    def __init__(self, truth: Truth, conversations: Conversations) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._conversations = conversations

    def methods(self) -> dict[str, Method]:
        return {
            "reactions.add": Method(self.react, ("reactions:write",)),
            "reactions.remove": Method(self.unreact, ("reactions:write",)),
            "reactions.get": Method(self.reactions, ("reactions:read",)),
            "reactions.list": Method(self.reacted, ("reactions:read",)),
            "pins.add": Method(self.pin, ("pins:write",)),
            "pins.remove": Method(self.unpin, ("pins:write",)),
            "pins.list": Method(self.pins, ("pins:read",)),
            "bookmarks.add": Method(self.bookmark, ("bookmarks:write",)),
            "bookmarks.edit": Method(self.edit_bookmark, ("bookmarks:write",)),
            "bookmarks.remove": Method(self.unbookmark, ("bookmarks:write",)),
            "bookmarks.list": Method(self.bookmarks, ("bookmarks:read",)),
        }

    # --- reactions --------------------------------------------------------------------------------------------------

    def react(self, arguments: Arguments) -> Json:
        channel, message, name = self._reaction(arguments)
        if not self._conversations.react(channel, message["ts"], self._truth.bot_user, name):
            raise SlackError("already_reacted")
        return {}

    def unreact(self, arguments: Arguments) -> Json:
        channel, message, name = self._reaction(arguments)
        if not self._conversations.unreact(channel, message["ts"], self._truth.bot_user, name):
            raise SlackError("no_reaction")
        return {}

    def reactions(self, arguments: Arguments) -> Json:
        channel, message = self._item(arguments)
        return {"type": "message", "channel": channel.id, "message": message_as_read(channel, message)}

    def reacted(self, arguments: Arguments) -> Json:
        """What a person, by default the bot, reacted to where the bot is."""
        user = arguments.text("user") or self._truth.bot_user
        self._access.person(user)
        items = [
            {"type": "message", "channel": channel.id, "message": message_as_read(channel, message)}
            for channel in self._truth.channels.values()
            if self._access.is_in(channel)
            for message in reversed(channel.everything())
            if any(user in reaction["users"] for reaction in message.get("reactions", []))
        ]
        page, more = page_of(items, arguments.text("cursor"), arguments.number("limit", 100, 1000))
        return {"items": page, "response_metadata": more}

    def _reaction(self, arguments: Arguments) -> tuple[Channel, Json, str]:
        channel, message = self._item(arguments)
        name = arguments.required("name", "invalid_name").strip(":")
        if not EMOJI.fullmatch(name):
            raise SlackError("invalid_name")
        return channel, message, name

    def _item(self, arguments: Arguments) -> tuple[Channel, Json]:
        channel = self._access.joined(arguments)
        return channel, self._access.message(channel, arguments.required("timestamp", "no_item_specified"))

    # --- pins -------------------------------------------------------------------------------------------------------

    def pin(self, arguments: Arguments) -> Json:
        channel, message = self._item(arguments)
        if not self._conversations.pin(channel, message["ts"], self._truth.bot_user):
            raise SlackError("already_pinned")
        return {}

    def unpin(self, arguments: Arguments) -> Json:
        channel, message = self._item(arguments)
        if not self._conversations.unpin(channel, message["ts"], self._truth.bot_user):
            raise SlackError("no_pin")
        return {}

    def pins(self, arguments: Arguments) -> Json:
        channel = self._access.joined(arguments)
        items = [
            {"type": "message", "channel": channel.id, "message": message_as_read(channel, message)} | pin
            for ts, pin in channel.pins.items()
            if (message := channel.get(ts)) is not None
        ]
        return {"items": items}

    # --- bookmarks --------------------------------------------------------------------------------------------------

    def bookmark(self, arguments: Arguments) -> Json:
        channel = self._bookmarked(arguments)
        if arguments.required("type") != "link":
            raise SlackError("invalid_bookmark_type")
        if len(channel.bookmarks) >= MOST_BOOKMARKS:
            raise SlackError("too_many_bookmarks")
        now = self._truth.now_us() // SECOND_US
        made: Json = {
            "id": new_id("Bk"),
            "channel_id": channel.id,
            "title": arguments.required("title"),
            "link": _link(arguments.required("link", "invalid_link")),
            "emoji": arguments.text("emoji") or "",
            "icon_url": None,
            "type": "link",
            "entity_id": None,
            "date_created": now,
            "date_updated": 0,
            "rank": "",
            "last_updated_by_user_id": self._truth.bot_user,
            "last_updated_by_team_id": self._truth.team_id,
            "shortcut_id": None,
            "app_id": None,
        }
        channel.bookmarks[made["id"]] = made
        self._truth.changed()
        return {"bookmark": plain(made)}

    def edit_bookmark(self, arguments: Arguments) -> Json:
        bookmark = self._one(arguments)
        for key in ("title", "emoji"):
            if arguments.text(key):
                bookmark[key] = arguments.text(key)
        if arguments.text("link"):
            bookmark["link"] = _link(arguments.required("link"))
        bookmark["date_updated"] = self._truth.now_us() // SECOND_US
        self._truth.changed()
        return {"bookmark": plain(bookmark)}

    def unbookmark(self, arguments: Arguments) -> Json:
        bookmark = self._one(arguments)
        del self._truth.channels[bookmark["channel_id"]].bookmarks[bookmark["id"]]
        self._truth.changed()
        return {}

    def bookmarks(self, arguments: Arguments) -> Json:
        return {"bookmarks": plain([*self._bookmarked(arguments).bookmarks.values()])}

    def _bookmarked(self, arguments: Arguments) -> Channel:
        channel = self._truth.channels.get(arguments.required("channel_id", "channel_not_found"))
        if channel is None or not self._access.is_in(channel):
            raise SlackError("channel_not_found")
        return channel

    def _one(self, arguments: Arguments) -> Json:
        found = self._bookmarked(arguments).bookmarks.get(arguments.required("bookmark_id", "not_found"))
        if found is None:
            raise SlackError("not_found")
        return found


def _link(link: str) -> str:
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    return link
