"""``chat.*``: posting, changing and deleting messages."""

from typing import Any

from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.blocks import message_complaints
from copbot.workspace.conversations import Conversations
from copbot.workspace.interactions import Interactions
from copbot.workspace.shapes import bot_message, message_as_read, plain, with_ids
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.web_api import Method

POST_TEXT = 40_000  # longer texts are cut (docs.slack.dev: chat.postMessage)
UPDATE_TEXT = 4_000
METADATA_BYTES = 16_384


class ChatMethods:
    def __init__(self, truth: Truth, conversations: Conversations, interactions: Interactions) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._conversations = conversations
        self._interactions = interactions

    def methods(self) -> dict[str, Method]:
        writes = ("chat:write",)
        return {
            "chat.postMessage": Method(self.post, writes),
            "chat.postEphemeral": Method(self.post_ephemeral, writes),
            "chat.update": Method(self.update, writes),
            "chat.delete": Method(self.delete, writes),
            "chat.getPermalink": Method(self.permalink),
        }

    def post(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments)
        body = self._body(arguments)
        message = bot_message(self._truth, body)
        thread_ts = arguments.text("thread_ts")
        if thread_ts is not None:
            message |= self._in_thread(channel, thread_ts)
            if arguments.flag("reply_broadcast"):
                root = message_as_read(channel, channel.get(thread_ts) or {"ts": thread_ts})
                message |= {"subtype": "thread_broadcast", "root": root}
        stored = self._conversations.post(channel, message)
        return {"channel": channel.id, "ts": stored["ts"], "message": plain(stored)}

    def post_ephemeral(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments)
        user = arguments.required("user")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        body = self._body(arguments)
        if arguments.text("thread_ts"):
            body["thread_ts"] = arguments.text("thread_ts")
        shown = self._interactions.tell_alone(channel.id, user, body)
        return {"message_ts": shown["ts"]}

    def update(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        message = self._own(channel, arguments, "cant_update_message")
        body = self._body(arguments, needs_content=not arguments.object("metadata"))
        if len(body["text"]) > UPDATE_TEXT:
            raise SlackError("msg_too_long")
        changed: dict[str, Any] = {}
        if "text" in arguments.given:
            changed["text"] = body["text"]
        if body["blocks"] is not None:  # without the argument the old blocks stay; an empty list takes them away
            changed["blocks"] = with_ids(body["blocks"])
        if body["metadata"] is not None:
            changed["metadata"] = body["metadata"]
        stored = self._conversations.change(channel, message["ts"], **changed)
        return {"channel": channel.id, "ts": stored["ts"], "text": stored["text"], "message": plain(stored)}

    def delete(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        message = self._own(channel, arguments, "cant_delete_message")
        self._conversations.delete(channel, message["ts"])
        return {"channel": channel.id, "ts": message["ts"]}

    def permalink(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        message = self._access.message(channel, arguments.required("message_ts", "message_not_found"))
        return {"channel": channel.id, "permalink": permalink(self._truth.base_url, channel, message)}

    def _own(self, channel: Channel, arguments: Arguments, not_mine: str) -> Json:
        message = self._access.message(channel, arguments.required("ts", "message_not_found"))
        if message.get("bot_id") != self._truth.bot_id:
            raise SlackError(not_mine)
        return message

    def _in_thread(self, channel: Channel, thread_ts: str) -> Json:
        root = channel.get(thread_ts)
        if root is None:
            raise SlackError("thread_not_found")
        if reply_of(root) is not None:
            raise SlackError("cannot_reply_to_message")
        return self._conversations.in_thread(channel, thread_ts)

    def _body(self, arguments: Arguments, needs_content: bool = True) -> Json:
        """Text, blocks and metadata, checked as Slack checks them."""
        text = arguments.text("text") or arguments.text("markdown_text") or ""
        blocks = arguments.object("blocks", "invalid_blocks_format")
        if needs_content and not text and not blocks and not arguments.object("attachments"):
            raise SlackError("no_text")
        if blocks is not None:
            complaints = message_complaints(blocks)
            if complaints:
                raise SlackError("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})
        return {"text": text[:POST_TEXT], "blocks": blocks, "metadata": self._metadata(arguments)}

    @staticmethod
    def _metadata(arguments: Arguments) -> Json | None:
        metadata = arguments.object("metadata", "invalid_metadata_format")
        if metadata is None:
            return None
        fits = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
        if not fits or not isinstance(metadata.get("event_payload"), dict):
            raise SlackError("invalid_metadata_format")
        if len(str(metadata)) > METADATA_BYTES:
            raise SlackError("metadata_too_large")
        return dict(metadata)


def permalink(base_url: str, channel: Channel, message: Json) -> str:
    """A link to a message that the workspace's own page opens."""
    link = f"{base_url}archives/{channel.id}/p{message['ts'].replace('.', '')}"
    if reply_of(message) is not None:
        return f"{link}?thread_ts={message['thread_ts']}&cid={channel.id}"
    return link
