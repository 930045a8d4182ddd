"""``conversations.*`` that change channels: making, naming, filling and closing them."""

import re

from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.conversations import Conversations
from copbot.workspace.shapes import channel_as_read
from copbot.workspace.truth import Channel, Json, Truth
from copbot.workspace.web_api import Method

NAME = re.compile(r"[\w\-]+")
NAME_LENGTH = 80
TOPIC_LENGTH = 250


class ChannelMethods:
    def __init__(self, truth: Truth, conversations: Conversations) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._conversations = conversations

    def methods(self) -> dict[str, Method]:
        manages = ("channels:manage", "groups:write")
        invites = (*manages, "channels:write.invites", "groups:write.invites")
        topics = (*manages, "channels:write.topic", "groups:write.topic")
        return {
            "conversations.create": Method(self.create, manages),
            "conversations.rename": Method(self.rename, manages),
            "conversations.archive": Method(self.archive, manages),
            "conversations.unarchive": Method(self.unarchive, manages),
            "conversations.invite": Method(self.invite, invites),
            "conversations.kick": Method(self.kick, manages),
            "conversations.leave": Method(self.leave, manages),
            "conversations.setTopic": Method(self.set_topic, topics),
            "conversations.setPurpose": Method(self.set_purpose, topics),
            "conversations.close": Method(self.close, ("im:write", *manages)),
        }

    def create(self, arguments: Arguments) -> Json:
        name = self._free_name(arguments.required("name", "invalid_name_required"))
        channel = self._conversations.create(name, self._truth.bot_user, private=arguments.flag("is_private"))
        return {"channel": channel_as_read(self._truth, channel)}

    def rename(self, arguments: Arguments) -> Json:
        channel = self._own(arguments)
        name = self._free_name(arguments.required("name", "invalid_name_required"))
        self._conversations.rename(channel, name, self._truth.bot_user)
        return {"channel": channel_as_read(self._truth, channel)}

    def archive(self, arguments: Arguments) -> Json:
        channel = self._own(arguments, archived="already_archived")
        if channel.is_general:
            raise SlackError("cant_archive_general")
        self._conversations.archive(channel, self._truth.bot_user)
        return {}

    def unarchive(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        if not channel.is_archived:
            raise SlackError("not_archived")
        self._conversations.unarchive(channel, self._truth.bot_user)
        return {}

    def invite(self, arguments: Arguments) -> Json:
        channel = self._own(arguments)
        users = arguments.names("users")
        if not users:
            raise SlackError("no_user")
        for user in users:
            self._access.person(user)
            if user == self._truth.bot_user:
                raise SlackError("cant_invite_self")
            if user in channel.members:
                raise SlackError("already_in_channel")
        for user in users:
            self._conversations.join(channel, user, inviter=self._truth.bot_user)
        return {"channel": channel_as_read(self._truth, channel)}

    def kick(self, arguments: Arguments) -> Json:
        channel = self._own(arguments)
        user = arguments.required("user", "user_not_found")
        self._access.person(user)
        if user == self._truth.bot_user:
            raise SlackError("cant_kick_self")
        if channel.is_general:
            raise SlackError("cant_kick_from_general")
        if not self._conversations.leave(channel, user):
            raise SlackError("not_in_channel")
        return {}

    def leave(self, arguments: Arguments) -> Json:
        channel = self._channel(arguments)
        if channel.is_general:
            raise SlackError("cant_leave_general")
        left = self._conversations.leave(channel, self._truth.bot_user)
        return {} if left else {"not_in_channel": True}

    def set_topic(self, arguments: Arguments) -> Json:
        channel = self._own(arguments)
        self._conversations.set_words(channel, "topic", _short(arguments, "topic"), self._truth.bot_user)
        return {"channel": channel_as_read(self._truth, channel), "topic": channel.topic}

    def set_purpose(self, arguments: Arguments) -> Json:
        channel = self._own(arguments)
        self._conversations.set_words(channel, "purpose", _short(arguments, "purpose"), self._truth.bot_user)
        return {"channel": channel_as_read(self._truth, channel), "purpose": channel.purpose}

    def close(self, arguments: Arguments) -> Json:
        """A direct message leaves the bot's list; what was said in it stays."""
        if self._access.visible(arguments).im_user is None:
            raise SlackError("method_not_supported_for_channel_type")
        return {}

    def _channel(self, arguments: Arguments, archived: str = "is_archived") -> Channel:
        channel = self._access.visible(arguments)
        if channel.im_user is not None:
            raise SlackError("method_not_supported_for_channel_type")
        if channel.is_archived:
            raise SlackError(archived)
        return channel

    def _own(self, arguments: Arguments, archived: str = "is_archived") -> Channel:
        channel = self._channel(arguments, archived)
        if not self._access.is_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def _free_name(self, name: str) -> str:
        if len(name) > NAME_LENGTH:
            raise SlackError("invalid_name_maxlength")
        if not NAME.fullmatch(name) or name != name.lower():
            raise SlackError("invalid_name_specials")
        if self._truth.channel_named(name) is not None:
            raise SlackError("name_taken")
        return name


def _short(arguments: Arguments, name: str) -> str:
    words = arguments.text(name) or ""
    if len(words) > TOPIC_LENGTH:
        raise SlackError("too_long")
    return words
