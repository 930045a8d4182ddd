"""The app's Home tab: published when a person opens it, and again when what it shows of them has changed."""

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.personal import Personal
from copbot.core.ports import Context
from copbot.core.roles import communities_for

log = logging.getLogger(__name__)

LOOKS_S = 2 * 3600.0
"""Seconds for which somebody who opened it is taken to have it open still: Slack does not tell when it is closed."""


class Home:
    """Publishes in a thread of its own, one after the other, so that an older page never comes after a newer one.

    Like every answer to a person's own action it is sent at most once: opening the tab again asks again.
    """

    def __init__(self, ctx: Context, personal: Personal, publish: Callable[[str, dict[str, Any]], None]) -> None:
        self._ctx = ctx
        self._personal = personal
        self._publish = publish
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="home")
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        # Who has opened it since the start, and when last: others will when they want to see it.
        self._looking: dict[str, float] = {}
        self._shown: dict[str, int] = {}  # what each was shown last, as a hash

    def opened(self, user: str) -> None:
        self._looking[user] = self._ctx.clock.monotonic()
        self._show_soon(user, again=True)

    def changed(self, user: str) -> None:
        """Something that the page may show of this person is another now."""
        if user in self._looking:
            self._show_soon(user, again=True)

    def look(self) -> None:
        """Show those who look after a community, and have it open, what is another now: others change it, and so does time."""
        since = self._ctx.clock.monotonic() - LOOKS_S
        for user, at in tuple(self._looking.items()):
            if at >= since and communities_for(self._ctx, user, "moderators"):
                self._show_soon(user, again=False)

    def _show_soon(self, user: str, *, again: bool) -> None:
        """``again``: also what was shown before."""
        with self._lock:
            if again:
                self._shown.pop(user, None)
            if user in self._waiting:
                return
            self._waiting.add(user)
        self._thread.submit(self._show, user)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _show(self, user: str) -> None:
        with self._lock:
            self._waiting.discard(user)
        try:
            with self._ctx.store.read() as tx:
                view = self._personal.home(self._ctx, tx, user)
            print_of = hash(json.dumps(view))
            if self._shown.get(user) != print_of:
                self._publish(user, view)
                self._shown[user] = print_of
        except (SlackRefused, SlackUnavailable, OSError) as failed:
            log.warning("a Home tab could not be published: %s", failed)
        except Exception:
            log.exception("a Home tab could not be made")
