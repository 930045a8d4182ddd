"""How far each person has read, and what is new to them since: the page's unread marks."""

from copbot.core.time import ts_to_us
from copbot.workspace.truth import Channel, Json, Truth, reply_of

MOST = 100
"""Messages looked at for a channel's count; the page writes 99+ beyond."""

END_US = 10**17
SILENT = frozenset(("channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "tombstone"))


class PageReads:
    """Instants by person and channel, or thread. What was said before ``opened_us`` is old to everybody."""

    def __init__(self, opened_us: int) -> None:
        self.opened_us = opened_us
        self._marks: dict[tuple[str, str, str], int] = {}

    def mark(self, user: str, channel: str, thread_ts: str | None, ts: str) -> None:
        """This person has read up to ``ts``; never back."""
        place = (user, channel, thread_ts or "")
        self._marks[place] = max(self._marks.get(place, self.opened_us), ts_to_us(ts))

    def until(self, user: str, channel: str, thread_ts: str | None = None) -> int:
        return self._marks.get((user, channel, thread_ts or ""), self.opened_us)

    def new_in(self, truth: Truth, channel: Channel, user: str) -> tuple[int, int]:
        """(messages, of them such that name the person) that are new to somebody in a channel they are in."""
        if user not in channel.members:
            return 0, 0
        mark = self.until(user, channel.id)
        new = named = 0
        for looked_at, message in enumerate(channel.newest_first(mark + 1, END_US)):
            if looked_at >= MOST or _is_own_coming(message, user):
                break
            if reply_of(message) is None and _speaks_to(message, user):
                new += 1
                named += _names(message, user)
        alone = truth.ephemerals.get(user, [])
        new += sum(
            1 for e in alone if e["channel"] == channel.id and not e.get("thread_ts") and ts_to_us(e["ts"]) > mark
        )
        return new, new if channel.im_user is not None else named

    def has_new_replies(self, channel: Channel, root: Json, user: str) -> bool:
        """Whether a thread that this person wrote in has something that they have not read."""
        replies = channel.replies(root["ts"])
        if not any(message.get("user") == user for message in (root, *replies)):
            return False
        mark = self.until(user, channel.id, root["ts"])
        return bool(replies) and replies[-1].get("user") != user and ts_to_us(replies[-1]["ts"]) > mark


def _is_own_coming(message: Json, user: str) -> bool:
    return message.get("subtype") == "channel_join" and message.get("user") == user


def _speaks_to(message: Json, user: str) -> bool:
    return message.get("user") != user and message.get("subtype") not in SILENT


def _names(message: Json, user: str) -> bool:
    text = str(message.get("text") or "")
    return any(mark in text for mark in (f"<@{user}", "<!channel", "<!here", "<!everyone"))
