"""What the local workspace holds: people, channels, messages, forms. One truth under one lock.

Nothing here knows HTTP or events. Messages are kept in Slack's own shape (a JSON object); what a reader gets to see of
them is made in ``shapes.py``. Instants are integer microseconds, as in ``core.time``.
"""

import secrets
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from copbot.core.ports import Clock
from copbot.core.time import to_us, ts_to_us, us_to_ts

Json = dict[str, Any]


def new_id(prefix: str) -> str:
    """An ID no other run of the workspace hands out again: a bot with a lasting store compares them across runs."""
    return prefix + secrets.token_hex(5).upper()


@dataclass
class Channel:
    """A channel, or a direct message between the bot and one person (``im_user``)."""

    id: str
    name: str
    created_us: int
    is_private: bool = False
    is_general: bool = False
    is_archived: bool = False
    im_user: str | None = None
    creator: str = ""
    topic: str = ""
    purpose: str = ""
    members: dict[str, None] = field(default_factory=dict)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)
    _by_us: dict[int, Json] = field(default_factory=dict)
    _order: list[int] = field(default_factory=list)
    _replies: dict[int, list[int]] = field(default_factory=dict)
    _last_live_us: int = 0

    @property
    def type(self) -> str:
        """Slack's ``channel_type`` of events."""
        if self.im_user is not None:
            return "im"
        return "group" if self.is_private else "channel"

    def next_ts(self, now_us: int) -> str:
        """A ``ts`` for a message of now: later than every live one before it, and free."""
        us = max(now_us, self._last_live_us + 1)
        while us in self._by_us:
            us += 1
        self._last_live_us = us
        return us_to_ts(us)

    def put(self, message: Json) -> None:
        us = ts_to_us(message["ts"])
        if us not in self._by_us:
            if self._order and us < self._order[-1]:
                insort(self._order, us)
            else:
                self._order.append(us)
            root = reply_of(message)
            if root is not None:
                insort(self._replies.setdefault(root, []), us)
        self._by_us[us] = message

    def get(self, ts: str) -> Json | None:
        try:
            return self._by_us.get(ts_to_us(ts))
        except ValueError:
            return None

    def remove(self, ts: str) -> None:
        us = ts_to_us(ts)
        message = self._by_us.pop(us)
        del self._order[bisect_left(self._order, us)]
        root = reply_of(message)
        if root is not None:
            self._replies[root].remove(us)

    def replies(self, ts: str) -> list[Json]:
        """The replies in the thread of a root, oldest first."""
        return [self._by_us[us] for us in self._replies.get(ts_to_us(ts), ())]

    def everything(self) -> list[Json]:
        """All messages, roots and replies, oldest first."""
        return [self._by_us[us] for us in self._order]

    def newest_first(self, after_us: int, before_us: int) -> Iterable[Json]:
        """Messages with ``after_us <= ts <= before_us``, newest first."""
        end = bisect_left(self._order, before_us + 1)
        for index in range(end - 1, -1, -1):
            if self._order[index] < after_us:
                return
            yield self._by_us[self._order[index]]


def reply_of(message: Json) -> int | None:
    """The instant of the root that a message replies to; None for a root."""
    thread_ts = message.get("thread_ts")
    if not isinstance(thread_ts, str) or thread_ts == message["ts"]:
        return None
    return ts_to_us(thread_ts)


@dataclass
class Truth:
    """Everything the workspace knows. Read and changed with ``lock`` held; every change ends in ``changed()``."""

    clock: Clock
    team_id: str
    team_name: str
    bot_user: str
    bot_id: str
    app_id: str
    base_url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Json] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    ephemerals: dict[str, list[Json]] = field(default_factory=dict)
    view_stacks: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    story: list[Json] = field(default_factory=list)
    revision: int = 0
    _watchers: list[Callable[[], None]] = field(default_factory=list)
    _sequence: int = 0

    def __post_init__(self) -> None:
        self.condition = threading.Condition(self.lock)

    def now_us(self) -> int:
        return to_us(self.clock.now())

    def watch(self, callback: Callable[[], None]) -> None:
        """Call back after every change, in the thread that made it."""
        self._watchers.append(callback)

    def changed(self) -> None:
        with self.lock:
            self.revision += 1
            self.condition.notify_all()
            for watcher in self._watchers:
                watcher()

    def next_id(self, prefix: str, taken: Iterable[str]) -> str:
        """The next free ID such as ``U1000000001``: the same in every run, so that a story can be told again."""
        known = set(taken)
        while True:
            self._sequence += 1
            candidate = f"{prefix}1{self._sequence:09d}"
            if candidate not in known:
                return candidate

    def channel(self, channel: str) -> Channel:
        """A channel by its ID. Raises LookupError."""
        if channel not in self.channels:
            raise LookupError(f"no channel {channel} in the workspace")
        return self.channels[channel]

    def channel_named(self, name: str) -> Channel | None:
        name = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.im_user is None and c.name == name), None)

    def user(self, user: str) -> Json:
        """A user by ID. Raises LookupError."""
        if user not in self.users:
            raise LookupError(f"no user {user} in the workspace")
        return self.users[user]

    def dm(self, user: str) -> Channel | None:
        return next((c for c in self.channels.values() if c.im_user == user), None)

    def open_dm(self, user: str) -> Channel:
        """The direct message channel of the bot with a user, made if there is none."""
        found = self.dm(user)
        if found is None:
            found = Channel(self.next_id("D", self.channels), "", self.now_us(), im_user=user)
            found.members = {user: None, self.bot_user: None}
            self.channels[found.id] = found
            self.changed()
        return found
