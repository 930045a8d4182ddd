"""The one place that reads the time, and a clock that can be moved."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def real_seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.now()).total_seconds())

    def on_change(self, callback: Callable[[], None]) -> None:
        """Nothing moves this clock."""


class VirtualClock:
    """A clock that the demo, the page and the tests hold, speed up or move. ``monotonic`` stays real."""

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()
        self._speed = speed
        self._callbacks: list[Callable[[], None]] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now()

    def _now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def monotonic(self) -> float:
        return time.monotonic()

    @property
    def speed(self) -> float:
        """Virtual seconds per real second; 0 when the clock is held."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        with self._lock:
            self._base, self._since, self._speed = self._now(), time.monotonic(), speed
        self._tell()

    def advance(self, by: timedelta) -> None:
        """Move time on (or, with a negative duration, back) at once."""
        with self._lock:
            self._base, self._since = self._now() + by, time.monotonic()
        self._tell()

    def move_to(self, instant: datetime) -> None:
        with self._lock:
            self._base, self._since = instant.astimezone(UTC), time.monotonic()
        self._tell()

    def real_seconds_until(self, instant: datetime) -> float:
        with self._lock:
            ahead = (instant - self._now()).total_seconds()
            if ahead <= 0:
                return 0.0
            return ahead / self._speed if self._speed > 0 else float("inf")

    def on_change(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    def _tell(self) -> None:
        for callback in self._callbacks:
            callback()
