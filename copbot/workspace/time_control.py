"""The page's hold on time, given by whoever runs the workspace (the demo)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class Coming:
    """Something that the app means to do. ``at`` is aware, in its community's zone; ``why`` then, in plain words."""

    at: datetime
    what: str
    why: str


class TimeControl(Protocol):
    """Moves the calendar of the workspace, its people and the app together."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""

    def advance(self, by: timedelta) -> None:
        """Move on through everything that happens on the way, in order; returns when that is done."""

    def next(self) -> str:
        """Move on to the next thing that happens, and say what it is."""

    def set_speed(self, speed: float) -> None:
        """Virtual seconds per real second; 0 holds the clock."""

    @property
    def speed(self) -> float: ...

    def coming(self) -> Sequence[Coming]:
        """What the app means to do, soonest first."""
