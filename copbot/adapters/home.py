"""The app's Home tab: published when a person opens it, and again when what it shows of them has changed."""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.personal import Personal
from copbot.core.ports import Context
from copbot.core.roles import communities_for

log = logging.getLogger(__name__)

LOOKS_S = 2 * 3600.0
"""Seconds for which somebody who opened it is taken to have it open still: Slack does not tell when it is closed."""

MINUTE_S = 60.0
MOST_A_MINUTE = 80
"""Pages published in a minute: Slack takes a hundred and more."""

LOOKED_AT_A_MINUTE = 40
"""Of these, for pages that nobody asked for: there is always room for somebody who opens theirs."""

MEMBERS_AT_A_LOOK = 10
"""Members whose page is worked out anew at one look, those first who have waited longest: it costs, however few of them change."""

REST_S = 5.0
"""Seconds of rest where Slack takes nothing and does not say for how long."""


class Home:
    """Publishes in a thread of its own, one after the other, so that an older page never comes after a newer one. What changes while
    a page waits for its turn is in it: many changes are one page.

    Like every answer to a person's own action it is sent at most once, but for a page that Slack did not take for now: opening the tab
    again asks again.
    """

    def __init__(
        self,
        ctx: Context,
        personal: Personal,
        publish: Callable[[str, dict[str, Any]], None],
        know_roles: Callable[[], None] = lambda: None,
    ) -> None:
        """``know_roles`` brings up to date who is in a role, before a page shows what belongs to one."""
        self._ctx = ctx
        self._know_roles = know_roles
        self._personal = personal
        self._publish = publish
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self._in_work: str | None = None
        # Whose page is to be worked out, in order, and whether it is published also where it is as it was.
        self._asked: dict[str, bool] = {}
        self._looked: dict[str, bool] = {}
        self._published_at: deque[float] = deque()
        self._not_before = 0.0
        # Who has opened it since the start, and when last: others will when they want to see it.
        self._looking: dict[str, float] = {}
        self._seen_at: dict[str, float] = {}  # when each page was worked out last
        self._shown: dict[str, int] = {}  # what each was shown last, as a hash

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing waits and nothing is being published."""
        with self._turn:
            return not (self._asked or self._looked or self._in_work)

    def opened(self, user: str) -> None:
        """Somebody sees their page: it was opened, or pressed in."""
        with self._turn:
            self._looking[user] = self._ctx.clock.monotonic()
            self._asked[user] = True
            self._go_on()

    def changed(self, user: str) -> None:
        """Something that the page may show of this person is another now."""
        with self._turn:
            if user in self._looking:
                self._asked.setdefault(user, False)
                self._go_on()

    def look(self) -> None:
        """Show to those who have it open what is another now: others change it, and so does time. All who look after a community, and
        some of the members."""
        now = self._ctx.clock.monotonic()
        with self._turn:
            for user in [user for user, at in self._looking.items() if at < now - LOOKS_S]:
                for known in (self._looking, self._seen_at, self._shown):
                    known.pop(user, None)
            looking = sorted(self._looking, key=lambda user: self._seen_at.get(user, 0.0))
        after = [user for user in looking if communities_for(self._ctx, user, "moderators")]
        members = [user for user in looking if user not in after][:MEMBERS_AT_A_LOOK]
        with self._turn:
            for user in (*after, *members):
                self._looked.setdefault(user, False)
            self._go_on()

    def close(self) -> None:
        """End after the page that is being published: what waits is asked for again by opening it."""
        with self._turn:
            self._is_stopping = True
            self._turn.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _go_on(self) -> None:
        if self._thread is None and not self._is_stopping:
            self._thread = threading.Thread(target=self._run, name="home", daemon=True)
            self._thread.start()
        self._turn.notify_all()

    # -- the thread

    def _run(self) -> None:
        while (user := self._next()) is not None:
            try:
                self._show(*user)
            finally:
                with self._turn:
                    self._in_work = None

    def _next(self) -> tuple[str, bool] | None:
        """Whose page is next, and whether it is published in any case; waits for one. None to end."""
        with self._turn:
            while not self._is_stopping:
                wait_s = self._wait_s(self._ctx.clock.monotonic())
                if wait_s == 0:
                    self._in_work = user = next(iter(self._asked or self._looked))
                    return user, self._asked.pop(user, False) | self._looked.pop(user, False)
                self._turn.wait(wait_s)
            return None

    def _wait_s(self, now: float) -> float | None:
        """Seconds until a page may be worked on; None while there is none."""
        if not (self._asked or self._looked):
            return None
        while self._published_at and self._published_at[0] <= now - MINUTE_S:
            self._published_at.popleft()
        most = MOST_A_MINUTE if self._asked else LOOKED_AT_A_MINUTE
        free_at = self._published_at[-most] + MINUTE_S if len(self._published_at) >= most else now
        return max(0.0, free_at - now, self._not_before - now)

    def _show(self, user: str, in_any_case: bool) -> None:
        try:
            self._know_roles()
            with self._ctx.store.read() as tx:
                view = self._personal.home(self._ctx, tx, user)
            self._seen_at[user] = self._ctx.clock.monotonic()
            print_of = hash(json.dumps(view))
            if not in_any_case and self._shown.get(user) == print_of:
                return
            self._published_at.append(self._ctx.clock.monotonic())
            self._publish(user, view)
            self._shown[user] = print_of
        except SlackUnavailable as unavailable:
            log.warning("a Home tab waits: %s", unavailable)
            with self._turn:
                rest_s = REST_S if unavailable.retry_after_s is None else unavailable.retry_after_s
                self._not_before = self._ctx.clock.monotonic() + rest_s
                self._looked[user] = True  # whoever asks meanwhile comes first
        except (SlackRefused, OSError) as failed:
            log.warning("a Home tab could not be published: %s", failed)
        except Exception:
            log.exception("a Home tab could not be made")
