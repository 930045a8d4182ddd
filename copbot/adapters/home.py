"""The app's Home tab: published when a person opens it, and again when what it shows of them has changed."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.personal import Personal
from copbot.core.ports import Context

log = logging.getLogger(__name__)


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
        self._looking: set[str] = set()  # who has opened it since the start: others will when they want to see it

    def opened(self, user: str) -> None:
        with self._lock:
            self._looking.add(user)
            if user in self._waiting:
                return
            self._waiting.add(user)
        self._thread.submit(self._show, user)

    def changed(self, user: str) -> None:
        """Something that the page may show of this person is another now."""
        if user in self._looking:
            self.opened(user)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _show(self, user: str) -> None:
        with self._lock:
            self._waiting.discard(user)
        try:
            with self._ctx.store.read() as tx:
                view = self._personal.home(self._ctx, tx, user)
            self._publish(user, view)
        except (SlackRefused, SlackUnavailable, OSError) as failed:
            log.warning("a Home tab could not be published: %s", failed)
        except Exception:
            log.exception("a Home tab could not be made")
