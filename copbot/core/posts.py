"""The posts of a community, as its coordinators described them. Dates and times are by the community's wall clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from copbot.core.time import Hours

Weekday = Literal[0, 1, 2, 3, 4, 5, 6]  # Monday is 0
Every = Literal["day", "weekday", "week", "2 weeks", "month", "quarter"]


@dataclass(frozen=True)
class EveryWhen:
    """A repeating post. ``at`` is a time of day, ``best`` or ``active``; ``otherwise`` holds while nothing is learned."""

    every: Every
    at: time | Literal["best", "active"]
    on: tuple[Weekday, ...] = ()
    day_of_month: int | None = None
    between: Hours | None = None
    otherwise_day: Weekday | None = None
    otherwise_time: time | None = None
    window: timedelta = timedelta(hours=8)


@dataclass(frozen=True)
class CronWhen:
    cron: str


@dataclass(frozen=True)
class DateWhen:
    local: datetime  # naive: by the community's wall clock


When = EveryWhen | CronWhen | DateWhen


@dataclass(frozen=True)
class Post:
    id: str
    channel: str
    when: When
    prompt: str | None = None
    text: str | None = None
    questions: tuple[str, ...] = ()
    paused: bool = False
    from_date: date | None = None
    until_date: date | None = None
    pin: bool = False
    late: timedelta = timedelta(hours=2)
    source: str = ""  # FILE:LINE, for messages to people
