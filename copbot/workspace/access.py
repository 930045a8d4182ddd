"""What the bot may reach, in Slack's words of refusal. Shared by the Web API's methods."""

from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.truth import Channel, Json, Truth


class Access:
    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def visible(self, arguments: Arguments, name: str = "channel") -> Channel:
        """A channel that the bot can see: public, or its own."""
        channel = self._truth.channels.get(arguments.required(name, "channel_not_found"))
        if channel is None or not self.sees(channel):
            raise SlackError("channel_not_found")
        return channel

    def sees(self, channel: Channel) -> bool:
        return self.is_in(channel) or (not channel.is_private and channel.im_user is None)

    def is_in(self, channel: Channel) -> bool:
        return self._truth.bot_user in channel.members

    def joined(self, arguments: Arguments) -> Channel:
        """A channel whose messages the bot may read."""
        channel = self.visible(arguments)
        if not self.is_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def writable(self, arguments: Arguments, *, public: bool = False) -> Channel:
        """Where the bot may post: a channel it is in by ID or name, or a person's ID for the direct message with
        them. ``public``: also a public channel that it is not in (the scope ``chat:write.public``).
        """
        wanted = arguments.required("channel", "channel_not_found")
        if wanted in self._truth.users:
            return self.dm_with(wanted, "channel_not_found")
        named = self._truth.channel_named(wanted)
        channel = self._truth.channels.get(wanted) or named
        if channel is None or not self.sees(channel):
            raise SlackError("channel_not_found")
        if not self.is_in(channel) and (channel.is_private or not public):
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def dm_with(self, user: str, impossible: str) -> Channel:
        person = self._truth.users[user]
        if person.get("deleted") or user == "USLACKBOT":
            raise SlackError(impossible)
        if person.get("is_bot"):
            raise SlackError("cannot_dm_bot")
        return self._truth.open_dm(user)

    def message(self, channel: Channel, ts: str) -> Json:
        message = channel.get(ts)
        if message is None or message.get("subtype") == "tombstone":
            raise SlackError("message_not_found")
        return message

    def person(self, user: str, error: str = "user_not_found") -> Json:
        if user not in self._truth.users:
            raise SlackError(error)
        return self._truth.users[user]
