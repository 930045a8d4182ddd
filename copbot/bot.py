"""The running bot: the threads that take in, decide, send and watch, started and stopped together."""

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, TypeVar

from copbot.core.errors import LeadLost, SlackGone, SlackUnavailable
from copbot.core.leading import LOOK_EVERY_S, Leading
from copbot.core.look_ups import LookUps
from copbot.core.outbox import IDLE_S, Sender, backoff_s
from copbot.core.pump import Next, Pump

log = logging.getLogger(__name__)

Result = TypeVar("Result")

SENDERS = 4
"""Threads that send: a slow channel does not hold up the others."""

COALESCE_S = 0.5
"""Seconds between two passes of the pump: a burst of events is decided on once."""

STOP_WITHIN_S = 7.0
"""Seconds in which a stop is done, requests under way included."""

FAILED_PAUSE_S = 5.0

HOME_EVERY_S = 20.0
"""Seconds between two looks at whether the Home tab of somebody who looks after a community shows something else now."""

PATIENCE = 5
"""Failures in a row to read what was missed (by then a quarter of a minute) after which the rest waits for it no longer."""


class Connection(Protocol):
    def connect(self) -> None: ...
    def hides_nothing(self) -> bool:
        """Whether it is connected, and all that Slack had to say was heard."""

    def watch(self) -> None: ...
    def close(self) -> None: ...


class Waker(Protocol):
    """The alarm, as the bot uses it."""

    def start(self) -> None: ...
    def every(self, seconds: float, call: Callable[[], None]) -> None: ...
    def set(self, next_due: Next | None) -> None: ...
    def stop(self) -> None: ...


def until_reached(call: Callable[[], Result], stopping: threading.Event) -> Result:
    """Make a call to Slack again and again until it gets through. Raises SlackUnavailable when told to stop before."""
    failures = 0
    while True:
        try:
            return call()
        except SlackUnavailable as unavailable:
            failures += 1
            wait_s = unavailable.retry_after_s or backoff_s(failures, 0.0)
            log.warning("Slack cannot be reached (%s), trying again in %.0f s", unavailable.reason, wait_s)
            if stopping.wait(wait_s):
                raise


Observe = Callable[[str], AbstractContextManager[None]]
"""Surrounds one round of the loop of that name."""


def _unobserved(_name: str) -> AbstractContextManager[None]:
    return nullcontext()


class Loop:
    """A thread that does one step again and again: when woken, and at the latest after the seconds that the step returns."""

    def __init__(
        self,
        name: str,
        step: Callable[[], float],
        on_gone: Callable[[str], None],
        pause_s: float = 0.0,
        observe: Observe = _unobserved,
    ) -> None:
        self._observe = observe
        self._step = step
        self._on_gone = on_gone
        self._pause_s = pause_s
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def hurry(self) -> None:
        """Wake, without the pause that lets things gather."""
        self._wake.set()
        self._hurry.set()

    def stop(self) -> None:
        self._stopping.set()
        self.hurry()

    def join(self) -> None:
        if self._thread.is_alive():
            self._thread.join()

    @property
    def has_died(self) -> bool:
        """Whether the thread has ended although nobody told it to."""
        return self._thread.ident is not None and not self._thread.is_alive() and not self._stopping.is_set()

    @property
    def name(self) -> str:
        return self._thread.name

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                with self._observe(self.name):
                    wait_s = self._step()
            except SlackGone as gone:
                self._on_gone(gone.error)
                return
            except Exception:
                log.exception("a step failed, error %s", secrets.token_hex(3))
                wait_s = FAILED_PAUSE_S
            self._hurry.wait(self._pause_s)
            self._hurry.clear()
            self._wake.wait(wait_s)


def _join_all(loops: Sequence[Loop], timeout_s: float) -> None:
    """Wait until all have ended, ``timeout_s`` seconds at most for all of them together."""

    def wait() -> None:
        for loop in loops:
            loop.join()

    waiting = threading.Thread(target=wait, name="stop", daemon=True)
    waiting.start()
    waiting.join(timeout_s)


@dataclass(frozen=True)
class Parts:
    """What a bot is made of. ``catch_up`` reads what was missed, ``mark_complete`` notes that nothing is missing now: False when another
    process missed something. ``seen_whole`` and ``missed`` are the same of a process that does not lead. ``prepare`` works
    out what takes long and returns the seconds until it is worth doing again; so does ``nightly`` with what is done once a night."""

    leading: Leading
    pump: Pump
    look_ups: LookUps
    sender: Sender
    connection: Connection
    alarm: Waker
    catch_up: Callable[[], None]
    mark_complete: Callable[[], bool]
    seen_whole: Callable[[], None]
    missed: Callable[[], None]
    look_at_files: Callable[[], None]
    refresh: Callable[[], None]
    tidy: Callable[[], None]
    prepare: Callable[[], float]
    nightly: Callable[[], float]
    look_at_home: Callable[[], None]
    close: Callable[[], None]
    look_at_health: Callable[[], None] = lambda: None
    observe: Observe = _unobserved


class Bot:
    """Started once, stopped once. ``gone`` is set with Slack's error when the installation is no longer valid, ``lost`` with why the
    process had better be started anew.

    Of several on one database each takes in and answers; one leads, and decides, sends and reads what was missed.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.gone: str | None = None
        self.lost: str | None = None
        self.ended = threading.Event()
        self._leads: bool | None = None  # not known yet
        self._behind = threading.Event()  # nothing is decided or sent meanwhile
        self._behind.set()
        self._unread = threading.Event()  # something that was missed is still to be read
        self._unread.set()
        self._unreadable = 0
        self._passes = threading.Condition()
        self._passes_begun = self._passes_done = 0
        self.next_after_pass: Next | None = None  # what was due next when the latest pass ended
        self._lead_loop = Loop("lead", self._lead_step, self.go)
        self._pump_loop = Loop("pump", self._pump_step, self.go, COALESCE_S, parts.observe)
        self._catch_up_loop = Loop("catch-up", self._catch_up_step, self.go, observe=parts.observe)
        self._look_up_loop = Loop("look-up", parts.look_ups.step, self.go)
        parts.look_ups.on_wanted = self._look_up_loop.wake
        self._prepare_loop = Loop("prepare", self._prepare_step, self.go, observe=parts.observe)
        self._nightly_loop = Loop("nightly", self._nightly_step, self.go, observe=parts.observe)
        self._send_loops = [Loop(f"send-{n}", self._send_step, self.go) for n in range(SENDERS)]
        self._loops = [
            self._lead_loop,
            *(self._catch_up_loop, self._pump_loop, self._look_up_loop, self._prepare_loop),
            self._nightly_loop,
            *self._send_loops,
        ]

    def start(self, stopping: threading.Event | None = None) -> None:
        """Connect and serve, in threads of its own. Events are stored from now on; nothing is decided before what was missed is read.

        Tries until Slack can be reached. Raises SlackUnavailable when told to stop before, SlackGone when Slack refuses for good.
        """
        until_reached(self._parts.connection.connect, stopping or threading.Event())
        self._parts.alarm.start()
        self._parts.alarm.every(5, self._parts.connection.watch)
        self._parts.alarm.every(1, self._parts.look_at_files)
        self._parts.alarm.every(30, self._mark_complete)
        self._parts.alarm.every(5, self._refresh)
        self._parts.alarm.every(3600, self._tidy)
        self._parts.alarm.every(HOME_EVERY_S, self._parts.look_at_home)
        self._parts.alarm.every(5, self._parts.look_at_health)
        for loop in self._loops:
            loop.start()

    def wake(self) -> None:
        """Something happened or time has passed: decide what follows."""
        self._pump_loop.wake()

    def decided_within(self, timeout_s: float) -> bool:
        """Wake up, and wait until a pass that began after this call is done: all that is due by now is then decided."""
        with self._passes:
            begun = self._passes_begun
            self._pump_loop.hurry()
            return self._passes.wait_for(lambda: self._passes_done > begun, timeout_s)

    def fell_behind(self) -> None:
        """The connection was lost for a while: read what was missed before anything else is decided. Who leads does so, of its own
        accord or when it hears of it."""
        if self._leads is False:
            self._parts.missed()
            self.wake()
            return
        self._behind.set()
        self._unread.set()
        self._catch_up_loop.wake()

    def next_due(self) -> Next | None:
        return self._parts.pump.next_due()

    def go(self, reason: str) -> None:
        """Slack no longer knows this installation: end."""
        self.gone = reason
        self.ended.set()

    def lose(self, reason: str) -> None:
        """Something is broken that a new start may mend: end."""
        self.lost = reason
        self.ended.set()

    def trouble_of_life(self) -> str:
        """Which threads have died, in words; empty while all run."""
        died = [loop.name for loop in self._loops if loop.has_died]
        return f"threads have died: {', '.join(died)}" if died else ""

    def trouble_of_reading(self) -> str:
        """Empty unless this process is to read what was missed before it goes on."""
        if self._leads is False:
            return ""
        return "what was missed is still to be read" if self._behind.is_set() or self._unread.is_set() else ""

    def stop(self) -> None:
        """Take nothing more in, finish what is under way, close. Ends within ten seconds."""
        for loop in self._loops:
            loop.stop()
        self._parts.alarm.stop()
        closing = threading.Thread(target=self._parts.connection.close, name="close", daemon=True)
        closing.start()  # a connection that hangs may take as long as all the rest: both at once stay within the time
        _join_all(self._loops, STOP_WITHIN_S)
        closing.join(STOP_WITHIN_S)
        self._mark_complete()
        self._give_up()
        self._parts.close()
        self.ended.set()

    def _lead_step(self) -> float:
        look = self._parts.leading.look()
        if look.leads and not self._leads:
            log.info("this process leads")
            self._leads = True
            self.fell_behind()  # what was missed since the one before is read first
        elif not look.leads and self._leads is not False:
            log.info("another process leads: this one takes in and answers")
            self._follow()
        if look.rung:
            self._mark_complete()
            self.wake()
            self.wake_senders()
        return LOOK_EVERY_S

    def _follow(self) -> None:
        self._leads = False
        self._behind.set()
        self._unread.set()

    def _give_up(self) -> None:
        try:
            self._parts.leading.give_up()
        except Exception:
            log.exception("the lead was not handed over: another process takes it once its time has run out")

    def _as_leader(self, step: Callable[[], float]) -> float:
        """Do a step that writes what follows only while this process leads and nothing that was missed is unread."""
        if not self._leads or self._behind.is_set():
            return COALESCE_S if self._leads is None else LOOK_EVERY_S
        return self._fenced(step)

    def _fenced(self, step: Callable[[], float]) -> float:
        try:
            with self._parts.leading.deciding():
                return step()
        except LeadLost:
            self._follow()  # until a look tells otherwise
            return LOOK_EVERY_S

    def _catch_up_step(self) -> float:
        if not self._leads or not self._unread.is_set():
            return IDLE_S
        return self._fenced(self._catch_up)

    def _catch_up(self) -> float:
        self._unread.clear()  # before reading: what is missed while it reads is read next time
        wait_s = self._read_what_was_missed()
        if not self._unread.is_set() or self._unreadable >= PATIENCE:
            self._behind.clear()
            self._pump_loop.wake()
        return wait_s

    def _read_what_was_missed(self) -> float:
        """Seconds until the next look."""
        try:
            self._parts.catch_up()
        except LeadLost:
            self._unread.set()
            raise
        except SlackUnavailable as unavailable:
            self._unread.set()
            self._unreadable += 1
            wait_s = unavailable.retry_after_s or backoff_s(self._unreadable, 0.0)
            log.warning("what was missed cannot be read (%s), trying again in %.0f s", unavailable.reason, wait_s)
            return wait_s
        self._unreadable = 0
        return IDLE_S

    def _pump_step(self) -> float:
        if self._leads is False:
            self._parts.leading.ring()
            return IDLE_S
        if not self._leads or self._behind.is_set():
            return IDLE_S
        return self._fenced(self._decide)

    def _decide(self) -> float:
        with self._passes:
            self._passes_begun += 1
        self._parts.pump.run(self.wake_senders)
        self.wake_senders()
        next_due = self._parts.pump.next_due()
        self._parts.alarm.set(next_due)
        with self._passes:
            self.next_after_pass = next_due
            self._passes_done = self._passes_begun
            self._passes.notify_all()
        return IDLE_S

    def wake_senders(self) -> None:
        """Something was planned that may go out at once."""
        if self._leads is False:
            self.wake()
        for loop in self._send_loops:
            loop.wake()

    def _send_step(self) -> float:
        if not self._leads or self._behind.is_set() or not self._parts.leading.leads:
            return COALESCE_S if self._leads is not False else LOOK_EVERY_S
        if self._parts.sender.deliver_one():
            return 0.0
        return self._parts.sender.next_wait_s()

    def _prepare_step(self) -> float:
        """What is worked out beforehand lies in each process's memory, for its own answers."""
        return self._parts.prepare() if self._leads is False else self._as_leader(self._parts.prepare)

    def _nightly_step(self) -> float:
        return self._as_leader(self._parts.nightly)

    def _tidy(self) -> None:
        if self._leads:
            self._parts.tidy()

    def _refresh(self) -> None:
        try:
            self._parts.refresh()
        except SlackGone as gone:
            self.go(gone.error)

    def _mark_complete(self) -> None:
        if not self._parts.connection.hides_nothing():
            return
        if self._leads is False:
            self._parts.seen_whole()
        elif not self._behind.is_set() and not self._unread.is_set() and not self._parts.mark_complete():
            self.fell_behind()
