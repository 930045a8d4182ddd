"""How a running bot is: whether it lives, and whether it can do its work. Asked over HTTP; answered from memory, so at once.

Alive (``/healthz``): the threads run and the alarm still rings. Whoever is not is to be started again.
Ready (``/readyz``): it stores, it reaches Slack and is reached, and nothing that was missed is still to be read. Whoever is not mends
by itself or says what a person must mend; starting it again helps nothing.
"""

import threading
from collections.abc import Callable, Mapping

from copbot.core.ports import Clock

ALARM_WITHIN_S = 60.0
"""Seconds without the alarm, which rings every five, after which it is taken to stand still."""

SURE_AFTER = 2
"""Calls of Slack's Web API that fail in a row before Slack is said to be out of reach: one alone may be an accident."""

TELLS_FOR_S = 60.0
"""Seconds for which an answer of Slack's tells that it can be reached. Where nothing happens nobody calls it for hours."""

Check = Callable[[], str]
"""What is wrong, in words; empty while it is well."""


class Reach:
    """Whether Slack's Web API answers, as far as the latest calls tell."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._since = 0.0
        self._called_at = clock.monotonic()

    def called(self, outcome: str) -> None:
        """The outcome of a call, as ``Observer.called`` has them. Slack answers also where it refuses or tells to wait."""
        with self._lock:
            self._called_at = self._clock.monotonic()
            if outcome != "unavailable":
                self._failures = 0
                return
            if not self._failures:
                self._since = self._called_at
            self._failures += 1

    @property
    def is_in_doubt(self) -> bool:
        """Whether Slack had better be asked: the latest call failed, or is too long ago to tell."""
        with self._lock:
            return self._failures > 0 or self._clock.monotonic() - self._called_at > TELLS_FOR_S

    def trouble(self) -> str:
        with self._lock:
            if self._failures < SURE_AFTER:
                return ""
            minutes = (self._clock.monotonic() - self._since) / 60
            return (
                f"Slack's Web API has not answered for {minutes:.0f} min"
                if minutes >= 1
                else ("Slack's Web API does not answer")
            )


class Health:
    """Put together while the bot starts; until it serves, ``doing`` says what it is at."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._life: list[Check] = []
        self._intake: dict[str, Check] = {}
        self._service: dict[str, Check] = {}
        self._remarks: list[Check] = []
        self._rang: float | None = None
        self.doing = "it is starting"

    # -- putting it together

    def lives_by(self, check: Check) -> None:
        self._life.append(check)

    def stores_by(self, name: str, check: Check) -> None:
        """What taking in needs; it is needed for all else too."""
        self._intake[name] = check

    def serves_by(self, name: str, check: Check) -> None:
        self._service[name] = check

    def remarks_by(self, check: Check) -> None:
        """What is worth a word and is no reason to take a process out of service."""
        self._remarks.append(check)

    def rang(self) -> None:
        """The alarm rings."""
        with self._lock:
            self._rang = self._clock.monotonic()

    # -- how it is

    def troubles_of_life(self) -> list[str]:
        with self._lock:
            still_s = 0.0 if self._rang is None else self._clock.monotonic() - self._rang
        found = [trouble for check in self._life if (trouble := check())]
        return [*found, f"the alarm has not rung for {still_s:.0f} s"] if still_s > ALARM_WITHIN_S else found

    def troubles_of_service(self, *, only_intake: bool = False) -> list[str]:
        """``only_intake``: only what keeps events from being stored. A balancer that asks more takes a process out of service that
        could still take events in while Slack's Web API is away."""
        if self.doing:
            return [self.doing]
        checks = self._intake if only_intake else self._intake | self._service
        return [trouble for check in checks.values() if (trouble := check())]

    def remarks(self) -> list[str]:
        return [remark for check in self._remarks if (remark := check())]

    def figures(self) -> Mapping[str, float]:
        """The same for the metrics, by their names: 1 while it is well."""
        checks = self._intake | self._service
        return {name: float(not check()) for name, check in checks.items()}
