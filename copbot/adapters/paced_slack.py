"""Calls of Slack's reading methods for work that takes hours: within the rate limits, and patient with a Slack that is away.

A running bot has the same limits to live on: a part of each minute's calls is left to it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

from copbot.adapters.slack import SlackWeb
from copbot.core.errors import SlackUnavailable
from copbot.core.outbox import backoff_s
from copbot.core.time import us_to_ts

CALLS_A_MINUTE = 40
"""Of each method; Slack takes at least 50 of ``conversations.history`` and ``conversations.replies``."""

MINUTE_S = 60.0
PAGE = 200
"""Messages asked for at once: what Slack recommends at most."""

SPECIAL_PAGE = 15
"""Messages at once, and one call a minute, is what Slack grants an app that is sold outside its Marketplace."""

PATIENCE = 8
"""Failures in a row (by then some minutes) after which Slack is away for longer than it makes sense to wait."""

LISTS_PAGE = 200


class Pace:
    """At most ``most`` calls of a method in any minute; all at once at first, for most channels need no more than a few."""

    def __init__(self, monotonic: Callable[[], float], most: int = CALLS_A_MINUTE) -> None:
        self._monotonic = monotonic
        self._most = most
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def wait_s(self, method: str) -> float:
        """Seconds until the method may be called again."""
        calls, now = self._calls[method], self._monotonic()
        while calls and calls[0] <= now - MINUTE_S:
            calls.popleft()
        return 0.0 if len(calls) < self._most else calls[0] + MINUTE_S - now

    def called(self, method: str) -> None:
        self._calls[method].append(self._monotonic())


class PacedSlack:
    """``wait`` passes so many seconds, or raises when the work is to end. ``on_special`` is told once when Slack lets this app read
    next to nothing."""

    def __init__(
        self, slack: SlackWeb, pace: Pace, wait: Callable[[float], None], on_special: Callable[[], None] = lambda: None
    ) -> None:
        self._slack = slack
        self._pace = pace
        self._wait = wait
        self._on_special = on_special
        self._was_short = False  # the last page held no more than the special limit allows, and there is more
        self._is_special = False

    def messages(
        self, channel: str, low_us: int, high_us: int | None = None, thread_us: int | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """Pages of a channel, the newest first, or of a thread, the oldest first; both ends of the time included."""
        method = "conversations.history" if thread_us is None else "conversations.replies"
        arguments: dict[str, Any] = {"channel": channel, "oldest": us_to_ts(low_us), "inclusive": True, "limit": PAGE}
        if high_us is not None:
            arguments["latest"] = us_to_ts(high_us)
        if thread_us is not None:
            arguments["ts"] = us_to_ts(thread_us)
        for answer in self._pages(method, arguments):
            messages = answer.get("messages") or []
            self._was_short = len(messages) <= SPECIAL_PAGE and bool(answer.get("has_more"))
            yield messages

    def listed(self, method: str, key: str, arguments: dict[str, Any]) -> Iterator[Any]:
        """All items of a list such as ``users.list``."""
        for answer in self._pages(method, arguments | {"limit": LISTS_PAGE}):
            yield from answer.get(key) or []

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """One call, as soon as the pace allows and Slack takes it. Raises SlackUnavailable after long patience."""
        failures = 0
        while True:
            self._wait(self._pace.wait_s(method))
            self._pace.called(method)
            try:
                return self._slack.call(method, arguments)
            except SlackUnavailable as unavailable:
                if unavailable.retry_after_s is not None:
                    self._note_limit()
                    self._wait(unavailable.retry_after_s)
                    continue
                failures += 1
                if failures >= PATIENCE:
                    raise
                self._wait(backoff_s(failures, 0.0))

    def _pages(self, method: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The end is where Slack gives no cursor, never a short page."""
        cursor = ""
        while True:
            answer = self.call(method, arguments | ({"cursor": cursor} if cursor else {}))
            yield answer
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _note_limit(self) -> None:
        if self._was_short and not self._is_special:
            self._is_special = True
            self._on_special()
