"""The one clock of the workspace, its people and the bot, moved through everything that happens, in order."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from copbot.adapters.clock import VirtualClock
from copbot.core.pump import Next
from copbot.core.time import MICROSECOND
from copbot.workspace.life import Happened
from copbot.workspace.time_control import Coming

WHAT_COMES = {
    "onboarding": "the next step of somebody's welcome",
    "rhythm": "the next post",
    "threads": "the next look at questions that wait",
    "participation": "the week in a few lines, the month's report, or a thank-you",
    "voices": "a survey opens or closes, or somebody is asked what came of their story",
    "moderation": "the next look at what was reported",
    "delivery": "the next message goes out",
}

TICK_S = 0.1
"""Real seconds between two steps of a clock that plays."""

SLOW_TICK_S = 1.0
"""The same where a second is hardly more than a second: the page shows the time between two steps by itself."""

SLOW = 10.0
LONGEST_LOOK = timedelta(days=8)
"""``next`` looks no further for something that can be seen."""

ONWARD = timedelta(minutes=1)
"""How far to go on from an instant at which the bot has more to do but does not do it now."""


class People(Protocol):
    """Those who live on while time is moved."""

    def next_at(self) -> datetime: ...

    def play_next(self) -> Happened: ...


class Clockwork:
    """Lets the bot and the people act, each at its own instant: nothing is skipped, nobody acts too late.

    ``settle`` waits until the bot has dealt with everything up to now, and gives what it will do next; ``taken_in`` waits
    until it has heard of everything.
    ``horizon``: for how long what people do needs no look at what follows from it: no rule of the bot's acts sooner.
    """

    def __init__(
        self,
        clock: VirtualClock,
        next_due: Callable[[], Next | None],
        settle: Callable[[], Next | None],
        taken_in: Callable[[], None],
        people: People | None = None,
        horizon: timedelta = timedelta(0),
    ) -> None:
        self._clock = clock
        self._next_due = next_due
        self._settle = settle
        self._taken_in = taken_in
        self._people = people
        self._horizon = horizon
        self._asked_again_at = clock.now()
        self._due: Next | None = None
        self._is_known = False
        self._acted_at: datetime | None = None  # when people first did something since the bot was asked

    def through(self, instant: datetime) -> None:
        """Move time on to an instant through all that happens until then."""
        while self.step(instant) is not None:
            pass
        self._move_to(instant)
        self._is_known = False  # whoever looks on may act before the next step

    def step(self, until: datetime) -> str | None:
        """Let the bot act once, or people for a while; in words what was done, None when nothing is left until then."""
        people_at = self._people.next_at() if self._people else None
        if not self._is_known or (self._acted_at and people_at and people_at > self._acted_at + self._horizon):
            self._know(self._next_due())
        bot_at = max(self._due.at, self._asked_again_at) if self._due else None
        if self._due is not None and bot_at is not None and bot_at <= until and (not people_at or bot_at <= people_at):
            what = WHAT_COMES.get(self._due.feature, self._due.feature)
            self._bot_acts(bot_at)
            return what
        if people_at is not None and people_at <= until:
            before = bot_at - MICROSECOND if bot_at is not None else until
            return self._people_act(min(until, (self._acted_at or people_at) + self._horizon, before))
        return None

    def _know(self, due: Next | None) -> None:
        self._due, self._is_known, self._acted_at = due, True, None

    def _bot_acts(self, at: datetime) -> None:
        self._move_to(at)
        self._know(self._settle())
        if self._due is not None and self._due.at <= self._clock.now():
            self._asked_again_at = self._clock.now() + ONWARD

    def _people_act(self, latest: datetime) -> str:
        assert self._people is not None
        said: tuple[str, ...] = ()
        while (at := self._people.next_at()) <= latest:
            self._move_to(at)
            happened = self._people.play_next()
            said = happened.what or said
            if happened.stirs or (happened.what and not self._horizon):
                self._know(self._settle())
                break
            if happened.what:
                self._acted_at = self._acted_at or at
                self._taken_in()  # one after the other: a crowd of events waits longer for the store's one writer
        return said[-1] if said else ""

    def one(self, until: datetime, did_speak: Callable[[], bool]) -> str | None:
        """Go on to the next thing that can be seen, and say what it was; None when there is none until then."""
        horizon, self._horizon = self._horizon, timedelta(0)
        try:
            while (said := self.step(until)) is not None:
                if said in WHAT_COMES.values():
                    if did_speak():
                        return f"copbot: {said}"
                elif said:
                    return said
        finally:
            self._horizon = horizon
            self._is_known = False
        return None

    def _move_to(self, instant: datetime) -> None:
        self._clock.move_to(max(instant, self._clock.now()))


class DemoTime:
    """The page's hold on the clockwork; plays by itself while it has a speed. The clock is held between two steps."""

    def __init__(
        self,
        clock: VirtualClock,
        clockwork: Clockwork,
        coming: Callable[[], Sequence[Coming]],
        spoken: Callable[[], int],
        failed: Callable[[str], None],
    ) -> None:
        self.taken_over = threading.Event()
        """Somebody moved time by themselves."""
        self._clock = clock
        self._clockwork = clockwork
        self._coming = coming
        self._spoken = spoken
        self._failed = failed
        self._speed = 0.0
        self._changed = threading.Event()
        self._stopping = False
        self._turn = threading.RLock()
        self._thread = threading.Thread(target=self._play, name="demo-time", daemon=True)

    # --- for the page

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        self.taken_over.set()
        with self._turn:
            self._clockwork.through(self._clock.now() + by)

    def next(self) -> str:
        self.taken_over.set()
        with self._turn:
            before = self._spoken()
            said = self._clockwork.one(self._clock.now() + LONGEST_LOOK, lambda: self._spoken() > before)
        return f"{said[0].upper() + said[1:]}." if said else "Nothing is planned. Let time pass, or do something."

    def set_speed(self, speed: float) -> None:
        self.taken_over.set()
        self.play_at(speed)

    @property
    def speed(self) -> float:
        return self._speed

    def coming(self) -> Sequence[Coming]:
        return self._coming()

    # --- for the demo

    def through(self, instant: datetime) -> None:
        """Move on to an instant, as the story does: nobody has taken over by that."""
        with self._turn:
            self._clockwork.through(instant)

    def play_at(self, speed: float) -> None:
        """Virtual seconds per real second, from now on."""
        self._speed = speed
        self._changed.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._changed.set()
        self._thread.join(30)

    def _play(self) -> None:
        while not self._stopping:
            began, speed = self._clock.monotonic(), self._speed
            self._changed.wait(None if speed == 0 else TICK_S if speed > SLOW else SLOW_TICK_S)
            self._changed.clear()
            passed = timedelta(seconds=(self._clock.monotonic() - began) * speed)
            if passed and not self._stopping:
                self._tick(passed)

    def _tick(self, passed: timedelta) -> None:
        try:
            with self._turn:
                self._clockwork.through(self._clock.now() + passed)
        except TimeoutError as stuck:
            self._speed = 0.0
            self._failed(str(stuck))
