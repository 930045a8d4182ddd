"""Who is in the user groups that the files name, looked up again before somebody acts in a role.

In the background they are looked up every five minutes. Whoever was taken out of the moderators' group must not go on acting as one for
so long: at a press or command of moderators what is known is at most a minute old. Slack is asked outside any transaction, and waited
for a second: a press has three in all. While Slack does not answer, what was known last holds.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from copbot.adapters.directory import SlackDirectory
from copbot.core.errors import SlackGone

log = logging.getLogger(__name__)

PRESS_FRESH_S = 60.0
WAITED_S = 1.0


class KnownRoles:
    """``references``: the people whom the files name; ``on_gone`` is told when Slack refused the token for good."""

    def __init__(
        self, directory: SlackDirectory, references: Callable[[], Sequence[str]], on_gone: Callable[[str], None]
    ) -> None:
        self._directory = directory
        self._references = references
        self._on_gone = on_gone
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="roles")
        self._lock = Lock()
        self._asking: Future[None] | None = None

    def __call__(self) -> None:
        """Have them known, or go on with what is known. Several who press at once wait for one answer."""
        with self._lock:
            if self._asking is None or self._asking.done():
                self._asking = self._thread.submit(self._ask)
            asking = self._asking
        try:
            asking.result(WAITED_S)
        except TimeoutError:
            log.warning("Slack takes long to tell who is in the user groups: what was known last holds")

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> None:
        try:
            self._directory.refresh_groups(self._references(), PRESS_FRESH_S)
        except SlackGone as gone:
            self._on_gone(gone.error)
        except Exception:
            log.exception("who is in the user groups could not be looked up")
