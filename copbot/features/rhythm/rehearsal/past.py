"""The recorded history as it stood at a moment: a store in which what came later has not happened yet.

What the bot itself says in it goes to a scratch store; who wrote when comes from the recorded one. Whoever decides in it cannot tell
it from the present, and need not know.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from copbot.core.ports import Facts, Store, Tx
from copbot.core.ports.rhythm import HourCount, Presence
from copbot.core.time import EPOCH, to_us


class HistoryClock:
    """A clock that stands where it is put."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def put(self, instant: datetime) -> None:
        self._now = instant

    def monotonic(self) -> float:
        return (self._now - EPOCH).total_seconds()

    def real_seconds_until(self, _instant: datetime) -> float:
        return float("inf")

    def on_change(self, callback: Callable[[], None]) -> None:
        """Whoever moves it also looks at what became due."""


class Writing:
    """Who wrote when in one channel, in order of time: ``ts_us`` and the user at the same place."""

    def __init__(self, messages: Iterable[tuple[int, str]]) -> None:
        self.times = array("q")
        self.users: list[str] = []
        for ts_us, user in messages:
            self.times.append(ts_us)
            self.users.append(user)

    def between(self, since_us: int, until_us: int) -> Iterator[tuple[int, str]]:
        for place in range(bisect_left(self.times, since_us), bisect_left(self.times, until_us)):
            yield self.times[place], self.users[place]

    def people(self, since_us: int, until_us: int) -> frozenset[str]:
        start, end = bisect_left(self.times, since_us), bisect_left(self.times, until_us)
        return frozenset(self.users[start:end])

    def last_us(self, until_us: int) -> int | None:
        """When the last message before an instant was written."""
        place = bisect_left(self.times, until_us)
        return self.times[place - 1] if place else None

    def next_us(self, after_us: int) -> int | None:
        """When the first message after an instant is written."""
        place = bisect_right(self.times, after_us)
        return self.times[place] if place < len(self.times) else None


NOTHING_WRITTEN = Writing(())


class PastStore:
    """``scratch`` takes what is said; ``recorded`` counts who was there, over a stretch of time that nothing changes any more."""

    def __init__(self, scratch: Store, recorded: Tx, written: dict[str, Writing], clock: HistoryClock) -> None:
        self._scratch = scratch
        self._presence = _Counted(recorded.presence)
        self._written = written
        self._clock = clock

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        with self._scratch.begin() as tx:
            yield self._past(tx)

    begin_in_background = begin

    def wipe(self) -> None:
        """It is thrown away as a whole."""

    @contextmanager
    def read(self) -> Iterator[Tx]:
        with self._scratch.read() as tx:
            yield self._past(tx)

    def _past(self, tx: Tx) -> Tx:
        return cast(Tx, _PastTx(tx, _PastFacts(tx.facts, self._written, self._clock), self._presence))


class _PastTx:
    """A transaction on the scratch store that sees the history as it was."""

    def __init__(self, scratch: Tx, facts: "_PastFacts", presence: "_Counted") -> None:
        self._scratch = scratch
        self.facts = facts
        self.presence = presence

    def __getattr__(self, port: str) -> Any:
        return getattr(self._scratch, port)


class _PastFacts:
    """What members wrote before now. Of everything else the scratch store tells that nothing is known."""

    def __init__(self, scratch: Facts, written: dict[str, Writing], clock: HistoryClock) -> None:
        self._scratch = scratch
        self._written = written
        self._after_now_us = to_us(clock.now()) + 1

    def hours_of(self, channel: str, since_us: int, until_us: int) -> Iterator[tuple[int, str]]:
        return self._written.get(channel, NOTHING_WRITTEN).between(since_us, min(until_us, self._after_now_us))

    def last_message_us(self, channel: str) -> int | None:
        return self._written.get(channel, NOTHING_WRITTEN).last_us(self._after_now_us)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scratch, name)


class _Counted:
    """Counts of the recorded history, each asked of the store once. They are asked for stretches of time that are over:
    the best hour is learned from the days before the one in question (``evidence.py``).
    """

    def __init__(self, recorded: Presence) -> None:
        self._recorded = recorded
        self._known: dict[object, Any] = {}

    def hours(
        self, channels: Collection[str], since_us: int, until_us: int, offset_us: int = 0, *, together: bool = False
    ) -> Iterator[HourCount]:
        def ask() -> list[HourCount]:
            return list(self._recorded.hours(channels, since_us, until_us, offset_us, together=together))

        return iter(self._once(("hours", frozenset(channels), since_us, until_us, offset_us, together), ask))

    def people(self, channels: Collection[str], since_us: int, until_us: int) -> int:
        key = ("people", frozenset(channels), since_us, until_us)
        return int(self._once(key, lambda: self._recorded.people(channels, since_us, until_us)))

    def span_us(self, channels: Collection[str]) -> tuple[int, int] | None:
        found: tuple[int, int] | None = self._once(
            ("span", frozenset(channels)), lambda: self._recorded.span_us(channels)
        )
        return found

    def zones(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[tuple[str | None, int]]:
        return self._recorded.zones(channels, since_us, until_us)

    def repliers(self, threads: Sequence[tuple[str, int]], within_us: int) -> list[int]:
        return self._recorded.repliers(threads, within_us)

    def _once(self, key: object, ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def writing_of(recorded: Tx, channels: Iterable[str], since_us: int, until_us: int) -> dict[str, Writing]:
    """Who wrote when in each of the channels (IDs), in ``[since, until)``."""
    return {channel: Writing(recorded.facts.hours_of(channel, since_us, until_us)) for channel in channels}
