"""Faults on demand: what goes wrong with the next Web API calls."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "error", "reset_before", "reset_after", "slow", "slow_after"]


@dataclass
class Fault:
    """One ordered fault. ``method`` ``"*"`` means any; ``channel`` None any. ``delay`` (real seconds) passes before
    all else; of ``slow_after`` between the effect and the answer.
    """

    method: str
    kind: Kind
    times: int
    retry_after: int
    delay: float
    error: str
    channel: str | None


@dataclass(frozen=True)
class SocketFaults:
    """What the Socket Mode server offers to have go wrong."""

    drop: Callable[[], None]
    hold: Callable[[], None]
    refuse: Callable[[bool], None]
    disconnect: Callable[[str], None]


@dataclass(frozen=True)
class EventFaults:
    """What the delivery of events offers to have go wrong, over either transport."""

    duplicate_next: Callable[[], None]
    lose_next: Callable[[int], None]
    reorder_next: Callable[[int], None]


class Faults:
    """Which calls fail, and how. Each order holds for ``times`` calls and is then used up, in the order given.

    ``429`` and ``500`` answer with that status and do nothing; ``error`` answers ``ok: false``; ``reset_before`` cuts
    the
    connection before anything happened, ``reset_after`` after the call took full effect; ``slow`` only delays,
    ``slow_after`` once the call has taken effect.
    """

    def __init__(self, sockets: SocketFaults | None = None, events: EventFaults | None = None) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []
        self._sockets = sockets
        self._events = events

    def add(
        self,
        method: str,
        kind: Kind,
        times: int = 1,
        *,
        retry_after: int = 1,
        delay: float = 0.0,
        error: str = "channel_not_found",
        channel: str | None = None,
    ) -> None:
        with self._lock:
            self._ordered.append(Fault(method, kind, times, retry_after, delay, error, channel))

    def clear(self) -> None:
        """Forget every order that was not used up."""
        with self._lock:
            self._ordered.clear()

    @property
    def waiting(self) -> int:
        """How many calls are still to fail."""
        with self._lock:
            return sum(fault.times for fault in self._ordered)

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The fault for this call, used up by one."""
        with self._lock:
            for fault in self._ordered:
                if fault.method in (method, "*") and fault.channel in (None, channel):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._ordered.remove(fault)
                    return fault
        return None

    def drop_sockets(self) -> None:
        """Cut all Socket Mode connections without a word."""
        if self._sockets:
            self._sockets.drop()

    def hold_sockets(self) -> None:
        """Leave all present connections half-open: nothing is read from them and they are not closed."""
        if self._sockets:
            self._sockets.hold()

    def refuse_sockets(self, refusing: bool = True) -> None:
        """Let nobody connect until told otherwise; with ``drop_sockets``, an outage. Events of that time take their
        retries and are lost after the last.
        """
        if self._sockets:
            self._sockets.refuse(refusing)

    def duplicate_next_event(self) -> None:
        """Send the next event twice, with one event_id."""
        if self._events:
            self._events.duplicate_next()

    def lose_events(self, events: int = 1) -> None:
        """Never deliver the next events, on no attempt: Slack's delivery is best effort."""
        if self._events:
            self._events.lose_next(events)

    def reorder_events(self, events: int = 2) -> None:
        """Keep the next events back until there are so many, then send the newest first."""
        if self._events:
            self._events.reorder_next(events)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce a disconnect (``warning``, ``refresh_requested``, ``link_disabled``) and close."""
        if self._sockets:
            self._sockets.disconnect(reason)
