"""What changes channels and messages, by whomever: each change and its events in one step."""

import copy
from typing import Any

from copbot.core.time import SECOND_US, us_to_ts
from copbot.workspace.events import Events
from copbot.workspace.truth import Channel, Json, Truth, new_id, reply_of


class Conversations:
    """Posting, editing, reacting, joining. Callers hold no lock; what may not be done raises LookupError or
    ValueError.
    """

    def __init__(self, truth: Truth, events: Events) -> None:
        self._truth = truth
        self._events = events

    def add_channel(self, channel: Channel) -> None:
        with self._truth.lock:
            self._truth.channels[channel.id] = channel
            self._truth.changed()

    def post(self, channel: Channel, message: Json) -> Json:
        """Store a message and tell the bot. Without a ``ts`` it gets the next one."""
        with self._truth.lock:
            now = channel.next_ts(self._truth.now_us())
            stored = {"type": "message", "ts": now, "team": self._truth.team_id} | message
            channel.put(stored)
            self._events.message(channel, stored)
            self._truth.changed()
            return stored

    def say(self, channel: Channel, user: str, text: str, thread_ts: str | None = None) -> str:
        """A person writes. Raises ValueError where they are not in the channel or it is archived."""
        with self._truth.lock:
            return str(self.post(channel, self.words(channel, user, text, thread_ts))["ts"])

    def words(self, channel: Channel, user: str, text: str, thread_ts: str | None) -> Json:
        """A person's message before it is posted. Raises as ``say`` does."""
        self._truth.user(user)
        if user not in channel.members:
            raise ValueError(f"{user} is not in #{channel.name or channel.id}: join first")
        if channel.is_archived:
            raise ValueError(f"#{channel.name} is archived")
        message: Json = {"user": user, "text": text, "client_msg_id": new_id("M")}
        return message | (self.in_thread(channel, thread_ts) if thread_ts is not None else {})

    def in_thread(self, channel: Channel, thread_ts: str) -> Json:
        """The fields that make a message a reply. Raises LookupError without such a root."""
        root = channel.get(thread_ts)
        if root is None:
            raise LookupError(f"no message {thread_ts} in {channel.id}")
        fields: Json = {"thread_ts": thread_ts}
        if root.get("user"):
            fields["parent_user_id"] = root["user"]
        return fields

    def change(self, channel: Channel, ts: str, **fields: Any) -> Json:
        """Replace fields of a message and mark it as edited. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            previous = copy.deepcopy(message)
            message.update(fields)
            edited_at = us_to_ts(self._truth.now_us())
            message["edited"] = {"user": message.get("user", ""), "ts": edited_at}
            self._events.message_changed(channel, message, previous)
            self._truth.changed()
            return message

    def delete(self, channel: Channel, ts: str) -> None:
        """A root with replies stays as a tombstone, anything else is gone. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            if channel.replies(ts) and reply_of(message) is None:
                tombstone = {
                    "type": "message",
                    "subtype": "tombstone",
                    "user": "USLACKBOT",
                    "hidden": True,
                    "text": "This message was deleted.",
                    "ts": message["ts"],
                    "thread_ts": message["ts"],
                }
                channel.put(tombstone)
            else:
                channel.remove(ts)
            self._events.message_deleted(channel, message)
            self._truth.changed()

    def react(self, channel: Channel, ts: str, user: str, name: str) -> bool:
        """False when this person's reaction is there already. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            reactions = message.setdefault("reactions", [])
            found = next((r for r in reactions if r["name"] == name), None)
            if found is None:
                found = {"name": name, "users": [], "count": 0}
                reactions.append(found)
            if user in found["users"]:
                return False
            found["users"].append(user)
            found["count"] += 1
            self._events.reaction("reaction_added", channel, message, user, name)
            self._truth.changed()
            return True

    def unreact(self, channel: Channel, ts: str, user: str, name: str) -> bool:
        """False when there is no such reaction. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            reactions = message.get("reactions", [])
            found = next((r for r in reactions if r["name"] == name and user in r["users"]), None)
            if found is None:
                return False
            found["users"].remove(user)
            found["count"] -= 1
            if found["count"] <= 0:
                reactions.remove(found)
            if not reactions:
                message.pop("reactions", None)
            self._events.reaction("reaction_removed", channel, message, user, name)
            self._truth.changed()
            return True

    def pin(self, channel: Channel, ts: str, user: str) -> bool:
        """False when it is pinned already. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            if ts in channel.pins:
                return False
            channel.pins[ts] = {"created": self._truth.now_us() // SECOND_US, "created_by": user}
            self._events.pin("pin_added", channel, message, channel.pins[ts], user)
            self._truth.changed()
            return True

    def unpin(self, channel: Channel, ts: str, user: str) -> bool:
        """False when it is not pinned. Raises LookupError."""
        with self._truth.lock:
            message = self._message(channel, ts)
            pin = channel.pins.pop(ts, None)
            if pin is None:
                return False
            self._events.pin("pin_removed", channel, message, pin, user)
            self._truth.changed()
            return True

    # --- channels themselves ----------------------------------------------------------------------------------------

    def create(self, name: str, user: str, *, private: bool) -> Channel:
        """A new channel with its maker in it."""
        with self._truth.lock:
            made = self._truth.next_id("G" if private else "C", self._truth.channels)
            channel = Channel(made, name, self._truth.now_us(), is_private=private, creator=user)
            self.add_channel(channel)
            self._events.channel("channel_created", channel, user)
            self.join(channel, user)
            return channel

    def rename(self, channel: Channel, name: str, user: str) -> None:
        with self._truth.lock:
            old, channel.name = channel.name, name
            words = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
            self.post(channel, {"subtype": "channel_name", "user": user, "text": words, "old_name": old, "name": name})
            self._events.channel("channel_rename", channel, user)

    def archive(self, channel: Channel, user: str) -> None:
        with self._truth.lock:
            channel.is_archived = True
            words = f"<@{user}> archived the channel"
            self.post(channel, {"subtype": "channel_archive", "user": user, "text": words})
            self._events.channel("channel_archive", channel, user)

    def unarchive(self, channel: Channel, user: str) -> None:
        with self._truth.lock:
            channel.is_archived = False
            words = f"<@{user}> un-archived the channel"
            self.post(channel, {"subtype": "channel_unarchive", "user": user, "text": words})
            self._events.channel("channel_unarchive", channel, user)

    def set_words(self, channel: Channel, which: str, words: str, user: str) -> None:
        """``which``: topic or purpose."""
        with self._truth.lock:
            setattr(channel, which, words)
            text = f"<@{user}> set the channel {which}: {words}"
            self.post(channel, {"subtype": f"channel_{which}", "user": user, "text": text, which: words})

    # --- members ----------------------------------------------------------------------------------------------------

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> bool:
        """A channel_join message and a member_joined_channel event. False when they are in it already."""
        with self._truth.lock:
            self._truth.user(user)
            if user in channel.members:
                return False
            channel.members[user] = None
            message = {"subtype": "channel_join", "user": user, "text": f"<@{user}> has joined the channel"}
            self.post(channel, message | ({"inviter": inviter} if inviter else {}))
            self._events.membership("member_joined_channel", channel, user, inviter)
            self._truth.changed()
            return True

    def leave(self, channel: Channel, user: str) -> bool:
        with self._truth.lock:
            if user not in channel.members:
                return False
            del channel.members[user]
            self.post(channel, {"subtype": "channel_leave", "user": user, "text": f"<@{user}> has left the channel"})
            self._events.membership("member_left_channel", channel, user)
            self._truth.changed()
            return True

    @staticmethod
    def _message(channel: Channel, ts: str) -> Json:
        message = channel.get(ts)
        if message is None or message.get("subtype") == "tombstone":
            raise LookupError(f"no message {ts} in {channel.id}")
        return message
