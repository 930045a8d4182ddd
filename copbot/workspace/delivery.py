"""Getting payloads to the bot: one queue, Slack's retries, and two ways there (Socket Mode or signed HTTP).

Everything but ``send`` and the faults runs in the workspace's event loop. All delays are real seconds: the bot's
patience is real too, even where the workspace's calendar is moved.
"""

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from copbot.workspace.truth import Json

REMEMBERED = 10_000

EnvelopeType = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Outcome:
    """How an envelope ended: ``payload`` is what the bot answered, ``reason`` Slack's word for what went wrong."""

    acknowledged: bool
    payload: Json | str | None = None
    reason: str = ""


Finished = Callable[[Outcome], None]


def _nobody(outcome: Outcome) -> None:
    """An envelope whose end nobody waits for."""


@dataclass
class Envelope:
    """Something for the bot. ``finished`` is called once, in the event loop's thread, except without a server."""

    type: EnvelopeType
    payload: Json
    retries: int = 0
    finished: Finished = _nobody
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    attempts: int = 0
    reason: str = ""
    state: Literal["waiting", "acknowledged", "lost"] = "waiting"


class Delivery:
    """The queue. ``retry_delays`` are the waits before the first, second and third retry (Slack's: 0 s, 1 min, 5 min).

    ``carry`` is how an attempt is made; it calls ``acknowledge`` or ``fail`` sooner or later.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.ack_timeout = 3.0
        self.retry_delays: tuple[float, ...] = (0, 60, 300)
        self.envelopes: deque[Envelope] = deque(maxlen=REMEMBERED)
        self.carry: Callable[[Envelope], Awaitable[None]] = self._nowhere
        self._changed = changed
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Queue[Envelope] = asyncio.Queue()
        self._open: dict[str, Envelope] = {}
        self._duplicate_next = False
        self._lose_next = 0
        self._reorder_next = 0
        self._kept_back: list[Envelope] = []

    # --- from any thread --------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many envelopes are neither acknowledged nor given up."""
        with self._lock:
            return len(self._open) + len(self._kept_back)

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop that delivers; None without a running server."""
        return self._loop

    def send(self, envelope: Envelope) -> None:
        """Deliver in the order of the calls. Without a running server the envelope is lost."""
        with self._lock:
            running = self._loop is not None
            copies = self._with_faults(envelope) if envelope.type == "events_api" else [envelope]
            self.envelopes.extend(copies)
            if running:
                self._open |= {each.id: each for each in copies if each.state == "waiting"}
        for each in copies:
            if not running:
                self._finish(each, Outcome(False, reason="connection_failed"))
            elif each.state == "waiting":
                self.in_loop(self._enqueue, each)

    def _with_faults(self, envelope: Envelope) -> list[Envelope]:
        """What really goes out for an event: nothing, itself, two of it, or several in another order."""
        if self._lose_next:
            self._lose_next -= 1
            envelope.state = "lost"
            return [envelope]
        if self._reorder_next:
            self._kept_back.append(envelope)
            self._reorder_next -= 1
            if self._reorder_next:
                return []
            late, self._kept_back = self._kept_back[::-1], []
            return late
        if self._duplicate_next:
            self._duplicate_next = False
            again = replace(envelope, id=secrets.token_hex(16), attempts=1, reason="timeout", finished=_nobody)
            return [envelope, again]
        return [envelope]

    def duplicate_next(self) -> None:
        with self._lock:
            self._duplicate_next = True

    def lose_next(self, events: int) -> None:
        with self._lock:
            self._lose_next += events

    def reorder_next(self, events: int) -> None:
        with self._lock:
            self._reorder_next = events

    def in_loop(self, act: Callable[..., object], *arguments: object) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between: the workspace is gone
                loop.call_soon_threadsafe(act, *arguments)

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Carry what is queued, one after the other, until cancelled."""
        self._queue = asyncio.Queue()
        with self._lock:
            self._loop = asyncio.get_running_loop()
        while True:
            envelope = await self._queue.get()
            if envelope.state == "waiting":
                envelope.attempts += 1
                await self.carry(envelope)

    def close(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._loop = None
            left = [*self._open.values(), *self._kept_back]
            self._kept_back = []
        for envelope in left:
            self._finish(envelope, Outcome(False, reason="connection_failed"))

    def find(self, envelope_id: object) -> Envelope | None:
        """An envelope that is still open."""
        return self._open.get(envelope_id) if isinstance(envelope_id, str) else None

    def acknowledge(self, envelope: Envelope, payload: Json | str | None) -> None:
        self._finish(envelope, Outcome(True, payload))

    def fail(self, envelope: Envelope, reason: str, *, retry: bool = True) -> None:
        """An attempt came to nothing: the next follows after its delay, if there is one left."""
        if envelope.state != "waiting":
            return
        if not retry or envelope.attempts > min(envelope.retries, len(self.retry_delays)):
            self._finish(envelope, Outcome(False, reason=reason))
            return
        envelope.reason = reason
        delay = self.retry_delays[envelope.attempts - 1]
        asyncio.get_running_loop().call_later(delay, self._enqueue, envelope)

    async def _nowhere(self, envelope: Envelope) -> None:
        self.fail(envelope, "connection_failed")

    def _enqueue(self, envelope: Envelope) -> None:
        self._queue.put_nowait(envelope)

    def _finish(self, envelope: Envelope, outcome: Outcome) -> None:
        with self._lock:
            self._open.pop(envelope.id, None)
            if envelope.state != "waiting":
                return
            envelope.state = "acknowledged" if outcome.acknowledged else "lost"
        envelope.finished(outcome)
        self._changed()
