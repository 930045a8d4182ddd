"""Who a newcomer is, asked of Slack where an event left it open, in a thread of its own: nothing else waits for the answers.

A ``team_join`` may come without the person's language, and a joined channel names a person by ID alone. What is decided about them
waits a little for the answer, and goes on without it when none comes.
"""

import threading
from collections.abc import Callable, Collection
from random import random

from copbot.core.errors import SlackUnavailable
from copbot.core.outbox import IDLE_S, backoff_s
from copbot.core.ports import Clock
from copbot.core.records import Person

WAITS_S = 15.0
"""Seconds that a decision waits for what Slack knows of a person: half of the delay that a welcome has by default."""

AT_ONCE = 20
"""More people than this are read from the list of all, in a few calls, for Slack tells of one at a time 100 times a minute."""

ONE_EVERY_S = 0.6
ALL_EVERY_S = 12.0
"""Seconds between two requests: of the list of all, with 200 on a page, Slack gives 20 pages a minute."""

REMEMBERED = 10_000


def leaves_open(person: Person | None) -> bool:
    """Whether something is not known that a message to this person needs: their name, their language or their hours."""
    if person is None:
        return True
    if person.is_bot or person.is_deleted or person.is_external:
        return False  # nobody writes to them
    return not (person.name and person.locale and person.timezone)


class LookUps:
    """``ask_one(user)`` and ``ask_all(users)`` record what Slack knows, and raise SlackUnavailable when it has to be asked later.

    ``on_answer`` is told whenever something that waited can be decided.
    """

    def __init__(
        self,
        clock: Clock,
        ask_one: Callable[[str], None],
        ask_all: Callable[[Collection[str]], None],
        on_answer: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._ask_one = ask_one
        self._ask_all = ask_all
        self._on_answer = on_answer
        self._lock = threading.Lock()
        self._waiting: dict[str, float] = {}  # user -> until when a decision waits for them
        self._asked: dict[str, None] = {}  # whom Slack was asked about, or who waited long enough
        self._failures = 0
        self._not_before = {False: 0.0, True: 0.0}  # asking about one, about all
        self.on_wanted: Callable[[], None] = lambda: None

    def waits_for(self, user: str, person: Person | None) -> bool:
        """Whether a decision about ``user`` should wait. The first call for a person has Slack asked."""
        if not leaves_open(person):
            return False
        with self._lock:
            if user in self._asked:
                return False
            now = self._clock.monotonic()
            until = self._waiting.get(user)
            if until is not None:
                return now < until
            self._waiting[user] = now + WAITS_S
        self.on_wanted()
        return True

    def step(self) -> float:
        """Ask for those who wait, and say so. Seconds after which there may be something to do again."""
        with self._lock:
            now = self._clock.monotonic()
            overdue = [user for user, until in self._waiting.items() if until <= now]
            self._settle(overdue)
            wanted = list(self._waiting)
            first_until = min(self._waiting.values(), default=now)
        if overdue:
            self._on_answer()
        if not wanted:
            return IDLE_S
        many = len(wanted) > AT_ONCE
        if (wait_s := self._not_before[many] - now) > 0:
            return max(0.05, min(wait_s, first_until - now))  # woken early or not, Slack is asked no sooner
        asked = wanted if many else wanted[:1]
        try:
            if many:
                self._ask_all(asked)
            else:
                self._ask_one(asked[0])
        except SlackUnavailable as unavailable:
            self._failures += 1
            told_s = unavailable.retry_after_s
            pause_s = backoff_s(self._failures, random()) if told_s is None else told_s  # noqa: S311
            self._not_before[many] = self._clock.monotonic() + pause_s
            return 0.0
        self._failures = 0
        self._not_before[many] = self._clock.monotonic() + (ALL_EVERY_S if many else ONE_EVERY_S)
        with self._lock:
            self._settle(asked)
        self._on_answer()
        return 0.0

    def _settle(self, users: Collection[str]) -> None:
        for user in users:
            self._waiting.pop(user, None)
            self._asked[user] = None
        while len(self._asked) > REMEMBERED:
            del self._asked[next(iter(self._asked))]
