"""The page's hold on the demo's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from copbot.adapters.clock import VirtualClock
from copbot.core.pump import Next

WHAT_COMES = {
    "onboarding": "the next step of somebody's welcome",
    "rhythm": "the next post",
    "threads": "the next look at questions that wait",
    "participation": "the levels are looked at again",
    "delivery": "the next message goes out",
}


class DemoTime:
    """Moves the one clock of the workspace and the bot."""

    def __init__(self, clock: VirtualClock, next_due: Callable[[], Next | None]) -> None:
        self._clock = clock
        self._next_due = next_due

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        self._clock.advance(by)

    def next(self) -> str:
        due = self._next_due()
        if due is None:
            return "Nothing is planned. Let time pass, or do something."
        self._clock.move_to(max(due.at, self._clock.now()))
        return f"Moved on to {WHAT_COMES.get(due.feature, due.feature)}."

    def set_speed(self, speed: float) -> None:
        self._clock.set_speed(speed)

    @property
    def speed(self) -> float:
        return self._clock.speed
