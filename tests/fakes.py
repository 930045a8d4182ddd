"""Stand-ins for the edges: the clock, Slack, the directory. The logic under test is never faked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from copbot.core.errors import SlackUnavailable
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


@dataclass
class SlackThatKeepsItsTruth:
    """Stands for Slack: what it holds is the truth; ``next_outcomes`` says how the coming requests go."""

    held: list[tuple[str, str, str]] = field(default_factory=list)  # channel, key, text
    shared: list[tuple[str, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)  # channel, text, files
    outcomes: list[Exception] = field(default_factory=list)
    stored_although_failed: bool = False
    look_up_fails: bool = False
    updates: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)  # ts, in the order in which they were pinned
    pin_outcomes: list[Exception] = field(default_factory=list)

    def post(
        self, channel: str, text: str, blocks: Sequence[dict[str, Any]], thread_ts: str | None, metadata: dict[str, Any]
    ) -> tuple[str, int]:
        channel = self.open_dm(channel) if channel.startswith("U") else channel
        key = metadata["event_payload"]["delivery"]
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if self.stored_although_failed:
                self.held.append((channel, key, text))
            raise outcome
        self.held.append((channel, key, text))
        return channel, 1_000_000 * len(self.held)

    def update(
        self, channel: str, ts: str, text: str, blocks: Sequence[dict[str, Any]], metadata: dict[str, Any]
    ) -> None:
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.updates.append(f"{channel} {ts} {text}")

    def pin(self, channel: str, ts: str) -> None:
        if self.pin_outcomes:
            raise self.pin_outcomes.pop(0)
        if ts not in self.pins:
            self.pins.append(ts)

    def unpin(self, channel: str, ts: str) -> None:
        if self.pin_outcomes:
            raise self.pin_outcomes.pop(0)
        if ts in self.pins:
            self.pins.remove(ts)

    def open_dm(self, user: str) -> str:
        return "D" + user

    def share(self, channel: str, text: str, files: Sequence[tuple[str, str]]) -> None:
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if self.stored_although_failed:
                self.shared.append((channel, text, tuple(files)))
            raise outcome
        self.shared.append((channel, text, tuple(files)))

    def find_delivery(
        self, channel: str, key: str, oldest_us: int, thread_ts: str | None, file: str | None = None
    ) -> int | None:
        if self.look_up_fails:
            raise SlackUnavailable("HTTP 500")
        if file is not None and any(name == file for _, _, files in self.shared for _, name in files):
            return 1_000_000
        return next((n * 1_000_000 for n, (c, k, _) in enumerate(self.held, 1) if (c, k) == (channel, key)), None)

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None: ...

    def permalink(self, channel: str, ts: str) -> str | None:
        return None

    @property
    def keys(self) -> list[str]:
        return [key for _, key, _ in self.held]
