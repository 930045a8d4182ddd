"""What may stand in a post. Dates and times are by the community's wall clock."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from copbot.adapters.files import words
from copbot.adapters.files.values import Channel, Duration, Id, Shape, Text
from copbot.core.posts import Weekday
from copbot.core.time import Hours

Days = tuple[Weekday, ...]


def _at(value: Any) -> Any:
    return value if value in ("best", "active") else words.time_of_day(value)


def _on(value: Any) -> Any:
    """Days of the week, or one day of the month."""
    items = value if isinstance(value, list) else [value]
    if len(items) == 1 and isinstance(items[0], int) and not isinstance(items[0], bool):
        if not 1 <= items[0] <= 31:
            raise ValueError(f"{words.shown(items[0])} is no day of a month: they go from 1 to 31")
        return items[0]
    if not items:
        raise ValueError("no day is left in this list: name one, or delete the line")
    return words.day_names(items)


def _otherwise(value: Any) -> Any:
    """``"10:00"`` or ``"wed 10:00"``."""
    first, _, second = value.strip().rpartition(" ") if isinstance(value, str) else ("", "", value)
    return (words.weekday(first) if first else None, words.time_of_day(second))


class WhenShape(Shape):
    """Exactly one of ``every``, ``cron`` and ``date``; the other keys go with ``every``."""

    every: Literal["day", "weekday", "week", "2 weeks", "month", "quarter"] | None = None
    at: Annotated[time | Literal["best", "active"] | None, BeforeValidator(_at)] = None
    on: Annotated[Days | int | None, BeforeValidator(_on)] = None
    between: Annotated[Hours | None, BeforeValidator(words.posting_hours)] = None
    otherwise: Annotated[tuple[Weekday | None, time] | None, BeforeValidator(_otherwise)] = None
    window: Duration = timedelta(hours=8)
    cron: Annotated[str | None, BeforeValidator(words.cron_line)] = None
    date: Annotated[datetime | None, BeforeValidator(words.local_moment)] = None


class PostShape(Shape):
    id: Id
    channel: Channel
    when: WhenShape
    prompt: Text | None = None
    text: Text | None = None
    questions: list[Text] = []
    paused: bool = False
    from_: Annotated[date | None, BeforeValidator(words.local_date)] = Field(None, alias="from")
    until: Annotated[date | None, BeforeValidator(words.local_date)] = None
    pin: bool = False
    late: Annotated[timedelta, BeforeValidator(words.duration)] = timedelta(hours=2)
