"""What happens in the workspace, told to the bot in the Events API's envelope."""

import copy

from copbot.core.time import SECOND_US, us_to_ts
from copbot.workspace.shapes import user_as_read
from copbot.workspace.sockets import Envelope, Sockets
from copbot.workspace.truth import Channel, Json, Truth, new_id

RETRIES = 3  # docs.slack.dev: Events API


class Events:
    """Emits events that the bot may see: those of channels that it is in, and those of the workspace."""

    def __init__(self, truth: Truth, sockets: Sockets) -> None:
        self._truth = truth
        self._sockets = sockets

    def message(self, channel: Channel, message: Json) -> None:
        """A new message as ``message.channels``, ``.groups`` or ``.im``."""
        event = {k: v for k, v in message.items() if k != "reactions"}
        self._in_channel(channel, event | {"event_ts": message["ts"]})

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

    def user(self, kind: str, user: Json) -> None:
        """``kind``: team_join or user_change, with the full user object."""
        now_us = self._truth.now_us()
        event = {"type": kind, "user": user_as_read(user, True), "event_ts": us_to_ts(now_us)}
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
        self._sockets.send(Envelope("events_api", payload, retries=RETRIES))
