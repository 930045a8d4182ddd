"""Until when a card rests: the morning of a day, by the community's clock."""

from datetime import date, datetime, timedelta
from typing import Literal

from copbot.core.working_time import WorkingTime
from copbot.features.threads.care import MORNING


def wakes_us(choice: Literal["tomorrow", "week"] | date, now: datetime, working: WorkingTime) -> int:
    """``tomorrow``, next ``week`` (its Monday) or a date: when work begins on that day. Where working hours are given and nobody works
    on that day, on the next on which somebody does."""
    today = now.astimezone(working.zone).date()
    if choice == "tomorrow":
        day = today + timedelta(days=1)
    elif choice == "week":
        day = today + timedelta(days=7 - today.weekday())
    else:
        day = choice
    if working.week:
        day = next((later for later in (day + timedelta(days=n) for n in range(31)) if working.works_on(later)), day)
    return working.starts_us(day, MORNING)
