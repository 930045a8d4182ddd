"""Stand-ins for the edges: the clock, the directory, the templates. The logic under test is never faked."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from copbot.core.time import to_us


class FakeClock:
    """A clock that moves only when told; ``monotonic`` moves with it but never back."""

    def __init__(self, start: datetime = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def now_us(self) -> int:
        return to_us(self._now)

    def monotonic(self) -> float:
        return self._monotonic

    def real_seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self._now).total_seconds())

    def on_change(self, callback: Callable[[], None]) -> None:
        """Tests wake what they test themselves."""

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, by: timedelta) -> None:
        """Move the wall clock alone, as a correction of the machine's clock does."""
        self._now += by


class FakeDirectory:
    """Channels by name and people by e-mail address, as told; anything else is not on Slack."""

    def __init__(self, channels: dict[str, str], people: dict[str, str] | None = None) -> None:
        self.channels = channels
        self.known_people = people or {}

    def channel(self, reference: str) -> str | None:
        return reference if reference in self.channels.values() else self.channels.get(reference.removeprefix("#"))

    def channel_name(self, channel: str) -> str:
        return next((name for name, known in self.channels.items() if known == channel), channel)

    def people(self, references: Iterable[str]) -> frozenset[str]:
        return frozenset(
            r if r.startswith("U") else self.known_people[r]
            for r in references
            if r.startswith("U") or r in self.known_people
        )
