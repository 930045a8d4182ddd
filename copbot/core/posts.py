"""The posts and milestones of a community, as its coordinators described them. Dates and times are by the community's wall
clock.
"""

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
    prompts: tuple[str, ...] = ()  # where there are several, the same never twice running
    text: str | None = None
    questions: tuple[str, ...] = ()  # from the list or the file
    skip_holidays: str | None = None  # a country, or a country and its subdivision: ``TH``, ``DE-BY``
    paused: bool = False
    from_date: date | None = None
    until_date: date | None = None
    pin: bool = False
    late: timedelta = timedelta(hours=2)
    source: str = ""  # FILE:LINE, for messages to people
    title: str = ""  # how people know it, where not by its id

    @property
    def name(self) -> str:
        """As it is called in what is told of it."""
        return self.title or self.id


@dataclass(frozen=True)
class Milestone:
    """A product and its date: what the community makes together.

    ``channel`` is None for the first discussion channel; ``remind`` is how long before the date, the longest first; ``at`` is
    the time of day of the reminders and of the note after. ``id`` keeps its name when the words of ``name`` are changed.
    """

    id: str
    name: str
    date: date
    who: tuple[str, ...] = ()
    link: str | None = None
    channel: str | None = None
    remind: tuple[timedelta, ...] = (timedelta(days=14), timedelta(days=7), timedelta(days=1))
    at: time = time(10)
    pin: bool = True
    done: bool = False
    source: str = ""  # FILE:LINE, for messages to people


@dataclass(frozen=True)
class Spacing:
    """The least time between two posts: anywhere in the community, and in one channel. Nothing unless it is asked for."""

    community: timedelta = timedelta()
    channel: timedelta = timedelta()
    channels: tuple[tuple[str, timedelta], ...] = ()  # a channel's own, by the reference as it was written

    def of(self, channel: str) -> timedelta:
        """The distance in one channel, by the reference as it stands in ``channels``."""
        return dict(self.channels).get(channel, self.channel)


NO_SPACING = Spacing()
