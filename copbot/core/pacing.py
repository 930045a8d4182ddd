"""How fast the bot speaks: when each lane and each of Slack's methods may be used again, and how many messages the workspace takes.

Slack's limits: one message a second in a channel; "several hundred messages per minute" in a workspace; each other method so many
times a minute. A 429 names the seconds to wait (``Retry-After``). Times are seconds of the monotonic clock.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from copbot.core.delivery import CHANNEL_SPACING_S

POST = "chat.postMessage"
UPDATE = "chat.update"
LOOK_UPS = ("conversations.open", "conversations.history", "conversations.replies")
"""The methods by which a message whose answer was lost is looked for."""

POSTS_PER_S = 4.0
POSTS_BURST = 30
POSTS_PER_MINUTE = 270
"""At most 270 messages in any minute to all channels and people together: within "several hundred", by a margin, so that a workspace
that takes 300 refuses none. What somebody waits for, such as a post that is due, takes of a minute what it needs; what goes to many at
no particular moment is spread over it."""

REFUSED_AT_ONCE = 4
"""Channels that Slack refuses at once before it is taken for the workspace's limit and no longer for each channel's own."""

MINUTE_S = 60.0


@dataclass
class Pacing:
    """Lanes (a channel, or a person's direct messages) and methods that rest, and the workspace's room for messages.

    ``spacing_s``: seconds between two messages in one lane. A workspace whose time is sped up takes all the more messages a second;
    0 means that nothing is spaced at all.
    """

    spacing_s: float = CHANNEL_SPACING_S
    lanes: dict[str, float] = field(default_factory=dict)
    methods: dict[str, float] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    failures: dict[str, int] = field(default_factory=dict)
    _refused: dict[str, float] = field(default_factory=dict)
    _room: float = float(POSTS_BURST)
    _room_at: float | None = None
    _spent: deque[float] = field(default_factory=lambda: deque(maxlen=POSTS_PER_MINUTE))

    def free(self, lane: str, at: float, methods: Collection[str] = (), *, is_awaited: bool = False) -> bool:
        """Whether something may go out in this lane by these methods. ``is_awaited``: it need not be spread over the minute."""
        return (
            lane not in self.busy
            and self.lanes.get(lane, 0.0) <= at
            and all(self.methods.get(method, 0.0) <= at for method in methods)
            and (POST not in methods or (self._free_again <= at and (is_awaited or self._room_by(at) >= 1.0)))
        )

    def spend(self, at: float) -> None:
        """A message goes out now."""
        self._room, self._room_at = self._room_by(at) - 1.0, at
        self._spent.append(at)

    def rest(self, lane: str, until: float, at: float) -> None:
        """Nothing more in this lane before ``until``. What has rested by ``at`` is forgotten."""
        if len(self.lanes) > 100:
            self.lanes = {name: when for name, when in self.lanes.items() if when > at}
        self.lanes[lane] = max(until, self.lanes.get(lane, 0.0))

    def limited(self, lane: str, method: str, until: float, at: float) -> None:
        """Slack said to wait. A method rests for all; posting rests in this lane alone, for most often the channel has had its
        message of the second. When Slack says so of ``REFUSED_AT_ONCE`` lanes, the whole workspace has had its share, and all wait.
        """
        self.rest(lane, until, at)
        if method == POST:
            self._refused = {name: when for name, when in self._refused.items() if when > at} | {lane: until}
            if len(self._refused) < REFUSED_AT_ONCE:
                return
            until = max(self._refused.values())
        if method:
            self.methods[method] = max(until, self.methods.get(method, 0.0))

    def next_free(self, at: float) -> float | None:
        """The next instant at which something that rests may be used again; None when nothing rests."""
        waiting = [until for until in (*self.lanes.values(), *self.methods.values()) if until > at]
        if (room := self._room_by(at)) < 1.0:
            waiting.append(at + (1.0 - room) / self._posts_per_s)
        if self._free_again > at:
            waiting.append(self._free_again)
        return min(waiting, default=None)

    @property
    def _free_again(self) -> float:
        """When the last minute has room for another message."""
        is_full = len(self._spent) == POSTS_PER_MINUTE
        return self._spent[0] + MINUTE_S * self.spacing_s / CHANNEL_SPACING_S if is_full else 0.0

    @property
    def _posts_per_s(self) -> float:
        return POSTS_PER_S * CHANNEL_SPACING_S / self.spacing_s if self.spacing_s else float("inf")

    def _room_by(self, at: float) -> float:
        if self._room_at is None or not self.spacing_s:
            return float(POSTS_BURST)
        return min(float(POSTS_BURST), self._room + (at - self._room_at) * self._posts_per_s)
