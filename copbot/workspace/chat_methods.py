"""``chat.*``: posting, changing and deleting messages."""

from collections.abc import Collection
from typing import Any

from copbot.core.time import SECOND_US
from copbot.workspace.access import Access
from copbot.workspace.answers import Answers
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.blocks import MARKDOWN_TEXT, message_complaints
from copbot.workspace.conversations import Conversations
from copbot.workspace.scheduled import CannotSchedule, Scheduled
from copbot.workspace.shapes import bot_message, message_as_read, plain, with_ids
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.web_api import Method, page_of

POST_TEXT = 40_000  # longer texts are cut (docs.slack.dev: chat.postMessage)
UPDATE_TEXT = 4_000
METADATA_BYTES = 16_384  # a guess: Slack publishes that there is a limit, not which
MOST_ATTACHMENTS = 100
END_OF_TIME_US = 10**17


class ChatMethods:
    def __init__(
        self,
        truth: Truth,
        conversations: Conversations,
        answers: Answers,
        scheduled: Scheduled,
        scopes: Collection[str],
    ) -> None:
        self._truth = truth
        self._scopes = scopes
        self._access = Access(truth)
        self._scheduled = scheduled
        self._conversations = conversations
        self._answers = answers

    def methods(self) -> dict[str, Method]:
        writes = ("chat:write",)
        return {
            "chat.postMessage": Method(self.post, writes),
            "chat.postEphemeral": Method(self.post_ephemeral, writes),
            "chat.update": Method(self.update, writes),
            "chat.delete": Method(self.delete, writes),
            "chat.meMessage": Method(self.me_message, writes),
            "chat.scheduleMessage": Method(self.schedule, writes),
            "chat.deleteScheduledMessage": Method(self.unschedule, writes),
            "chat.scheduledMessages.list": Method(self.listing),
            "chat.getPermalink": Method(self.permalink),
        }

    def post(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments, public=self._public())
        stored = self._conversations.post(channel, self._message(channel, arguments))
        return {"channel": channel.id, "ts": stored["ts"], "message": plain(stored)}

    def me_message(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments)
        message = bot_message(self._truth, {"text": arguments.required("text", "no_text")[:POST_TEXT]})
        stored = self._conversations.post(channel, message | {"subtype": "me_message"})
        return {"channel": channel.id, "ts": stored["ts"]}

    def _message(self, channel: Channel, arguments: Arguments) -> Json:
        message = bot_message(self._truth, self._body(arguments))
        thread_ts = arguments.text("thread_ts")
        if thread_ts is not None:
            message |= self._in_thread(channel, thread_ts)
            if arguments.flag("reply_broadcast"):
                root = message_as_read(channel, channel.get(thread_ts) or {"ts": thread_ts})
                message |= {"subtype": "thread_broadcast", "root": root}
        return message

    def _public(self) -> bool:
        return "chat:write.public" in self._scopes

    # --- later ------------------------------------------------------------------------------------------------------

    def schedule(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments, public=self._public())
        post_at = arguments.required("post_at", "invalid_time")
        if not post_at.isdigit():
            raise SlackError("invalid_time")
        try:
            later = self._scheduled.add(channel.id, int(post_at), self._message(channel, arguments))
        except CannotSchedule as refused:
            raise SlackError(str(refused)) from refused
        shown = plain(later.message) | {"type": "delayed_message"}
        where = {"channel": channel.id, "scheduled_message_id": later.id, "post_at": later.post_at}
        return where | {"message": shown}

    def unschedule(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        try:
            self._scheduled.remove(channel.id, arguments.required("scheduled_message_id"))
        except CannotSchedule as refused:
            raise SlackError(str(refused)) from refused
        return {}

    def listing(self, arguments: Arguments) -> Json:
        channel = arguments.text("channel")
        if channel is not None and channel not in self._truth.channels:
            raise SlackError("invalid_channel")
        oldest = arguments.instant_us("oldest", 0, "invalid_arguments")
        latest = arguments.instant_us("latest", END_OF_TIME_US, "invalid_arguments")
        found = [
            each.as_read() for each in self._scheduled.listed(channel) if oldest <= each.post_at * SECOND_US <= latest
        ]
        page, more = page_of(found, arguments.text("cursor"), arguments.number("limit", 100, 1000))
        return {"scheduled_messages": page, "response_metadata": more}

    # --- what stands already ----------------------------------------------------------------------------------------

    def post_ephemeral(self, arguments: Arguments) -> Json:
        channel = self._access.writable(arguments)
        user = arguments.required("user")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        body = self._body(arguments)
        if arguments.text("thread_ts"):
            body["thread_ts"] = arguments.text("thread_ts")
        shown = self._answers.tell_alone(channel.id, user, body)
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
        if body["attachments"]:
            changed["attachments"] = body["attachments"]
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
        blocks = arguments.object("blocks", "invalid_blocks_format")
        text = arguments.text("text") or self._markdown(arguments, blocks)
        attachments = arguments.object("attachments", "invalid_attachments") or []
        if needs_content and not text and not blocks and not attachments:
            raise SlackError("no_text")
        if len(attachments) > MOST_ATTACHMENTS:
            raise SlackError("too_many_attachments")
        if blocks is not None:
            complaints = message_complaints(blocks)
            if complaints:
                raise SlackError("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})
        metadata = self._metadata(arguments)
        return {"text": text[:POST_TEXT], "blocks": blocks, "attachments": attachments, "metadata": metadata}

    @staticmethod
    def _markdown(arguments: Arguments, blocks: Any) -> str:
        markdown = arguments.text("markdown_text") or ""
        if markdown and blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_TEXT:
            raise SlackError("msg_too_long")
        return markdown

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
