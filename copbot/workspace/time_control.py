"""The page's hold on time, given by whoever runs the workspace (the demo)."""

from datetime import datetime, timedelta
from typing import Protocol


class TimeControl(Protocol):
    """Moves the calendar of the workspace and the bot together."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""

    def advance(self, by: timedelta) -> None:
        """Move on at once."""

    def next(self) -> str:
        """Move on to the next thing that happens, and say what it is."""

    def set_speed(self, speed: float) -> None:
        """Virtual seconds per real second; 0 holds the clock."""

    @property
    def speed(self) -> float: ...
