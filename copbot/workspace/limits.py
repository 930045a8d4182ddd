"""Slack's rate limits: the tiers of the Web API's methods, and one message a second in a channel.

Tiers: docs.slack.dev, "Rate limits", and the metadata of Slack's Java SDK. A tier's figure is the least that Slack
promises per minute; here it is also the most, so that a bot which passes here passes there. Of the lowest tier, one call
a minute, Slack tolerates "a small amount of burst behavior": without any, a bot could not even be started twice a minute.

Time for a limit is the real clock or the workspace's calendar, whichever moved further: a bot that waits real seconds
is let through although the calendar is held, and a bot that lives a month in five minutes is not held to a minute of
the real one.
"""

import math
import threading
from collections import deque
from dataclasses import dataclass, field

from copbot.core.ports import Clock

MINUTE_S = 60.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = {"auth.test": 600, "chat.getPermalink": 600, "api.test": 600}
POSTS = ("chat.postMessage", "chat.postEphemeral", "chat.meMessage")
TIER_1_BURST = 3  # a guess at "a small amount": so many within a minute
LONG_RUN = 10  # and one a minute over so many
CHANNEL_BURST = 5  # a guess: "short bursts" is all that is published
TEAM_POSTS = 300  # a guess within "several hundred messages per minute"

_OF_TIER: dict[int, tuple[str, ...]] = {
    1: ("apps.connections.open",),
    2: (
        "users.list",
        "users.conversations",
        "conversations.list",
        "conversations.create",
        "conversations.rename",
        "conversations.archive",
        "conversations.unarchive",
        "conversations.kick",
        "conversations.setTopic",
        "conversations.setPurpose",
        "usergroups.list",
        "usergroups.users.list",
        "usergroups.create",
        "usergroups.update",
        "usergroups.users.update",
        "usergroups.enable",
        "usergroups.disable",
        "reactions.list",
        "reactions.remove",
        "pins.add",
        "pins.remove",
        "pins.list",
        "bookmarks.add",
        "bookmarks.edit",
        "bookmarks.remove",
    ),
    4: (
        "users.info",
        "users.profile.get",
        "conversations.members",
        "chat.postEphemeral",
        "views.open",
        "views.push",
        "views.update",
        "views.publish",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
        "files.info",
    ),
}
TIER_OF = {method: tier for tier, methods in _OF_TIER.items() for method in methods}


def per_minute(method: str) -> int | None:
    """How many calls of a method a minute takes; None for posting, which is limited by channel."""
    if method == "chat.postMessage":
        return None
    return SPECIAL.get(method, TIERS[TIER_OF.get(method, 3)])


@dataclass
class Window:
    """At most ``most`` calls within any ``seconds``."""

    most: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until there is room, 0 when there is."""
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        return 0.0 if len(self.taken) < self.most else self.taken[0] + self.seconds - now


class Limits:
    """Off until ``enabled``: most tests post faster than Slack would take it, and want to."""

    def __init__(self, clock: Clock, enabled: bool = False) -> None:
        self.enabled = enabled
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, Window] = {}
        self._elapsed = 0.0
        self._seen = (clock.monotonic(), clock.now())

    def take(self, method: str, channel: str | None) -> int:
        """Count a call in; whole seconds to wait where it is one too many (it then counts for nothing)."""
        if not self.enabled:
            return 0
        with self._lock:
            now = self._now()
            windows = self._of(method, channel)
            wait = max(window.wait(now) for window in windows)
            if wait > 0:
                return max(1, math.ceil(wait))
            for window in windows:
                window.taken.append(now)
            return 0

    def _of(self, method: str, channel: str | None) -> list[Window]:
        found = []
        if method in POSTS:
            found.append(self._window("team posts", TEAM_POSTS, MINUTE_S))
            found.append(self._window(f"posts in {channel}", CHANNEL_BURST, float(CHANNEL_BURST)))
        most = per_minute(method)
        if most is not None:
            burst = TIER_1_BURST if most == TIERS[1] else 1
            found.append(self._window(method, most * burst, MINUTE_S))
            if burst > 1:
                found.append(self._window(f"{method} in the long run", most * LONG_RUN, MINUTE_S * LONG_RUN))
        return found

    def _window(self, name: str, most: int, seconds: float) -> Window:
        return self._windows.setdefault(name, Window(most, seconds))

    def _now(self) -> float:
        real, calendar = self._clock.monotonic(), self._clock.now()
        moved = max(real - self._seen[0], (calendar - self._seen[1]).total_seconds())
        self._seen = (real, calendar)
        self._elapsed += max(0.0, moved)
        return self._elapsed
