"""What running the bot needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class NightlyRun:
    """The latest time that a nightly task was begun. ``done_us`` None: it is under way, was broken off, or failed with ``failure``."""

    task: str
    night: date
    begun_us: int
    done_us: int | None = None
    failure: str = ""


class Nights(Protocol):
    """What is done once a night, whichever of several processes does it."""

    def of(self, task: str) -> NightlyRun | None:
        """The latest run of a task; None before the first."""

    def claim(self, task: str, night: date, now_us: int, again_before_us: int) -> bool:
        """Begin a task for a night. False when somebody did already, or it was begun at or after ``again_before_us`` and is not done."""

    def done(self, task: str, night: date, now_us: int) -> None:
        """It is done for that night."""

    def put_back(self, task: str, night: date) -> None:
        """It was broken off: whoever comes next may begin it."""

    def failed(self, task: str, night: date, failure: str) -> bool:
        """It was begun and failed. True when this is news: it has not failed since it was done last."""
