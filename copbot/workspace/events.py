"""What happens in the workspace, told to the bot in the Events API's envelope."""

import copy

from copbot.core.time import SECOND_US, us_to_ts
from copbot.workspace.delivery import Delivery, Envelope
from copbot.workspace.shapes import user_as_read
from copbot.workspace.truth import Channel, Json, Truth, new_id

RETRIES = 3  # docs.slack.dev: Events API
_MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """Emits events that the bot may see: those of channels that it is in, and those of the workspace."""

    def __init__(self, truth: Truth, delivery: Delivery) -> None:
        self.subscriptions: set[str] | None = None
        self._truth = truth
        self._delivery = delivery

    def message(self, channel: Channel, message: Json) -> None:
        """A new message as ``message.channels``, ``.groups`` or ``.im``."""
        event = {k: v for k, v in message.items() if k != "reactions"}
        self._in_channel(channel, event | {"event_ts": message["ts"]})
        if self._mentions_bot(channel, message):
            kept = ("client_msg_id", "user", "text", "ts", "team", "thread_ts", "parent_user_id", "blocks", "files")
            mention = {key: event[key] for key in kept if key in event}
            self._emit({"type": "app_mention"} | mention | {"channel": channel.id, "event_ts": message["ts"]})

    def _mentions_bot(self, channel: Channel, message: Json) -> bool:
        """``app_mention`` is not sent for direct messages, nor where the bot is not, nor for the bot's own words."""
        bot = self._truth.bot_user
        text = str(message.get("text", ""))
        is_new = message.get("subtype") in (None, "file_share", "thread_broadcast")
        mentioned = f"<@{bot}>" in text or f"<@{bot}|" in text
        return is_new and mentioned and bot in channel.members and channel.im_user is None and message["user"] != bot

    def message_changed(self, channel: Channel, message: Json, previous: Json) -> None:
        now = us_to_ts(self._truth.now_us())
        self._in_channel(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "ts": now,
                "event_ts": now,
                "message": message,
                "previous_message": previous,
            },
        )

    def message_deleted(self, channel: Channel, previous: Json) -> None:
        now = us_to_ts(self._truth.now_us())
        self._in_channel(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "ts": now,
                "event_ts": now,
                "deleted_ts": previous["ts"],
                "previous_message": previous,
            },
        )

    def reaction(self, kind: str, channel: Channel, message: Json, user: str, name: str) -> None:
        """``kind``: reaction_added or reaction_removed."""
        if self._truth.bot_user not in channel.members:
            return
        event: Json = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
            "event_ts": us_to_ts(self._truth.now_us()),
        }
        if message.get("user"):
            event["item_user"] = message["user"]
        self._emit(event)

    def membership(self, kind: str, channel: Channel, user: str, inviter: str | None = None) -> None:
        """``kind``: member_joined_channel or member_left_channel."""
        if self._truth.bot_user not in channel.members and user != self._truth.bot_user:
            return
        event: Json = {
            "type": kind,
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._truth.team_id,
            "event_ts": us_to_ts(self._truth.now_us()),
        }
        if inviter:
            event["inviter"] = inviter
        self._emit(event)

    def channel(self, kind: str, channel: Channel, user: str) -> None:
        """``kind``: channel_created, channel_rename, channel_archive or channel_unarchive; of a private one, only to
        the bot in it, and with ``group`` for ``channel``.
        """
        if channel.is_private:
            kind = kind.replace("channel_", "group_")
            if self._truth.bot_user not in channel.members or kind == "group_created":
                return
        now = us_to_ts(self._truth.now_us())
        event: Json = {"type": kind, "event_ts": now}
        whole = {
            "id": channel.id,
            "is_channel": not channel.is_private,
            "is_mpim": False,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created_us // SECOND_US,
        }
        if kind.endswith("archive"):
            event |= {"channel": channel.id, "user": user}
        else:
            event["channel"] = whole | ({"creator": user} if kind == "channel_created" else {})
        self._emit(event)

    def pin(self, kind: str, channel: Channel, message: Json, pin: Json, user: str) -> None:
        """``kind``: pin_added or pin_removed."""
        if self._truth.bot_user not in channel.members:
            return
        item = {"type": "message", "channel": channel.id, "message": message} | pin
        event: Json = {
            "type": kind,
            "user": user,
            "channel_id": channel.id,
            "item": item,
            "item_user": message.get("user", ""),
            "pin_count": len(channel.pins),
            "event_ts": us_to_ts(self._truth.now_us()),
        }
        self._emit(event | ({"has_pins": bool(channel.pins)} if kind == "pin_removed" else {}))

    def usergroup(self, kind: str, group: Json) -> None:
        """``kind``: subteam_created or subteam_updated, with the whole group."""
        self._emit({"type": kind, "subteam": group, "event_ts": us_to_ts(self._truth.now_us())})

    def usergroup_members(self, group: Json, before: list[str], previous_update: int) -> None:
        added = [user for user in group["users"] if user not in before]
        removed = [user for user in before if user not in group["users"]]
        self._emit(
            {
                "type": "subteam_members_changed",
                "subteam_id": group["id"],
                "team_id": self._truth.team_id,
                "date_previous_update": previous_update,
                "date_update": group["date_update"],
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
                "event_ts": us_to_ts(self._truth.now_us()),
            }
        )

    def file_shared(self, file: str, user: str, channel: Channel) -> None:
        if self._truth.bot_user in channel.members:
            now = us_to_ts(self._truth.now_us())
            shared = {"file_id": file, "user_id": user, "file": {"id": file}, "channel_id": channel.id}
            self._emit({"type": "file_shared"} | shared | {"event_ts": now})

    def user(self, kind: str, user: Json) -> None:
        """``kind``: team_join or user_change, with the full user object."""
        now_us = self._truth.now_us()
        event = {"type": kind, "user": user_as_read(user, True, self._truth.clock.now()), "event_ts": us_to_ts(now_us)}
        self._emit(event | {"cache_ts": now_us // SECOND_US})

    def home_opened(self, user: str, channel: str) -> None:
        """The person opened the app's Home tab."""
        now = us_to_ts(self._truth.now_us())
        event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", "event_ts": now}
        if user in self._truth.homes:
            event["view"] = self._truth.homes[user]
        self._emit(event)

    def _in_channel(self, channel: Channel, event: Json) -> None:
        if self._truth.bot_user in channel.members:
            self._emit(event | {"channel": channel.id, "channel_type": channel.type})

    def _emit(self, event: Json) -> None:
        if self.subscriptions is not None and _subscription(event) not in self.subscriptions:
            return
        truth = self._truth
        payload = {
            "token": "workspace",
            "team_id": truth.team_id,
            "api_app_id": truth.app_id,
            "event": copy.deepcopy(event),
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": truth.now_us() // SECOND_US,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": truth.team_id,
                    "user_id": truth.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "context_team_id": truth.team_id,
            "context_enterprise_id": None,
        }
        self._delivery.send(Envelope("events_api", payload, retries=RETRIES))


def _subscription(event: Json) -> str:
    """An event's name in an app's subscriptions."""
    return _MESSAGES[event["channel_type"]] if event["type"] == "message" else str(event["type"])
