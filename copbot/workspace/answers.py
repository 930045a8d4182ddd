"""What the bot answers to one person: messages that only they see, and what comes in on a ``response_url``.

``response_url``: 5 uses within 30 minutes, by the clock that nobody can move.
"""

from dataclasses import dataclass

from copbot.workspace.blocks import message_complaints
from copbot.workspace.conversations import Conversations
from copbot.workspace.shapes import bot_message, with_ids
from copbot.workspace.truth import Json, Truth, new_id

RESPONSE_USES = 5
RESPONSE_LIFETIME_S = 30 * 60.0


@dataclass
class ResponseUrl:
    """Where an answer goes: to ``user`` in ``channel``, and what it may replace there."""

    user: str
    channel: str
    message_ts: str | None = None  # of the message that was pressed on
    ephemeral: Json | None = None  # or the ephemeral one
    thread_ts: str | None = None
    expires: float = 0.0
    uses_left: int = RESPONSE_USES


class Answers:
    def __init__(self, truth: Truth, conversations: Conversations) -> None:
        self._truth = truth
        self._conversations = conversations
        self._urls: dict[str, ResponseUrl] = {}

    def new_url(self, url: ResponseUrl) -> str:
        """A fresh ``response_url``."""
        url.expires = self._truth.clock.monotonic() + RESPONSE_LIFETIME_S
        token = new_id("R") + new_id("")
        self._urls[token] = url
        return f"{self._truth.base_url}response/{token}"

    def respond(self, token: str, body: Json) -> str | None:
        """Take what came in on a response_url; Slack's error, or None when it was taken."""
        with self._truth.lock:
            url = self._urls.get(token)
            if url is None or self._truth.clock.monotonic() > url.expires:
                return "expired_url"
            if url.uses_left <= 0:
                return "used_url"
            if body.get("blocks") is not None and message_complaints(body["blocks"]):
                return "invalid_blocks"
            if not any(body.get(key) for key in ("text", "blocks", "attachments", "delete_original")):
                return "no_text"
            url.uses_left -= 1
            self.answer(url, body)
        return None

    def tell_alone(self, channel: str, user: str, body: Json, *, by_slack: bool = False) -> Json:
        """Show a person a message that nobody else sees."""
        truth = self._truth
        with truth.lock:
            message = {
                "channel": channel,
                "user": "USLACKBOT" if by_slack else truth.bot_user,
                "text": body.get("text") or "",
                "blocks": with_ids(body.get("blocks") or []),
                "ts": truth.channel(channel).next_ts(truth.now_us()),
            }
            for kept in ("thread_ts", "attachments"):
                if body.get(kept):
                    message[kept] = body[kept]
            truth.ephemerals.setdefault(user, []).append(message)
            truth.changed()
            return message

    def answer(self, url: ResponseUrl, body: Json) -> None:
        """Do what an answer asks for: replace, delete, say it to all, or to the one person."""
        with self._truth.lock:
            channel = self._truth.channel(url.channel)
            replaces, deletes = _yes(body, "replace_original"), _yes(body, "delete_original")
            there = url.message_ts is not None and channel.get(url.message_ts) is not None
            if url.ephemeral is not None and (replaces or deletes):
                self._mend_ephemeral(url.user, url.ephemeral, None if deletes else body)
            elif there and deletes:
                self._conversations.delete(channel, url.message_ts or "")
            elif there and replaces:
                changed = {"text": body.get("text") or "", "blocks": with_ids(body.get("blocks") or [])}
                self._conversations.change(channel, url.message_ts or "", **changed)
            elif body.get("response_type") == "in_channel":
                root = body.get("thread_ts") or url.thread_ts
                within = self._conversations.in_thread(channel, root) if root and channel.get(root) else {}
                self._conversations.post(channel, bot_message(self._truth, body) | within)
            else:
                within = {"thread_ts": url.thread_ts} if url.thread_ts else {}
                self.tell_alone(url.channel, url.user, within | body)

    def _mend_ephemeral(self, user: str, ephemeral: Json, body: Json | None) -> None:
        if body is None:
            mine = self._truth.ephemerals.get(user, [])
            self._truth.ephemerals[user] = [each for each in mine if each is not ephemeral]
        else:
            ephemeral |= {"text": body.get("text") or "", "blocks": with_ids(body.get("blocks") or [])}
        self._truth.changed()


def _yes(body: Json, key: str) -> bool:
    return body.get(key) in (True, "true")
