"""What the week's brief says and when it is due. Pure.

Three numbers beside the week before, three names at most, one thing to do: as much as somebody reads on a phone on Monday morning.
A week in which nothing stands out makes no brief: silence means that all is as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.report import counted
from copbot.core.time import DAY_US
from copbot.core.working_time import WorkingTime
from copbot.features.participation.levels.board import Board
from copbot.features.participation.levels.candidates import LISTED
from copbot.features.participation.levels.views import writers_change
from copbot.features.participation.report.comparison import Change, change_of_days, change_of_shares

MORNING = time(9)
"""When the brief comes where no working hours say it."""

LATE_US = 2 * DAY_US
"""How late it may still come after an absence: later it would be old."""

YOUNG_US = 21 * DAY_US
"""A community of which less is known has no week to hold against another."""

LONG_WAIT_US = 2 * DAY_US

NAMED = 3
DAYS_OF_A_WEEK = 7

Kind = Literal["silent", "returned", "moderator", "rising"]


@dataclass(frozen=True)
class Number:
    """A figure of the week, that of the week before, and whether the difference means anything."""

    what: Literal["writers", "messages", "answered"]
    now: int
    before: int
    of: int
    of_before: int
    change: Change


@dataclass(frozen=True)
class Named:
    """Somebody to think of, and why in words."""

    kind: Kind
    user: str
    why: str


@dataclass(frozen=True)
class Brief:
    """``waiting``: questions that have waited for more than two days; ``others``: people beside the named ones."""

    numbers: Sequence[Number]
    names: Sequence[Named]
    waiting: int
    others: int


def due_us(now: datetime, zone: ZoneInfo, working: WorkingTime, next_week: bool = False) -> tuple[int, date]:
    """When the brief of the running week is due, or of the next, with that week's Monday: as work begins on its first working day."""
    local = now.astimezone(zone).date()
    monday = local - timedelta(days=local.weekday()) + timedelta(weeks=next_week)
    days = (monday + timedelta(days=number) for number in range(7))
    day = next((day for day in days if working.works_on(day)), monday)
    return working.starts_us(day, MORNING), monday


def week_named(monday: date) -> str:
    """The ISO week that a Monday begins, such as ``2026-W47``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def brief(board: Board, waits_since_us: Sequence[int], now_us: int, monday: date) -> Brief | None:
    """None where there is nothing to tell. ``waits_since_us``: since when each open question has waited; ``monday``: of this week.

    Who could do more is the same for weeks: one of them is named beside the news, another each week; they make a brief by themselves in
    the first week of a month only.
    """
    if board.since_us is None or board.since_us > now_us - YOUNG_US:
        return None
    numbers = _numbers(board)
    news, able = _news(board), _able(board)
    one_able = able[monday.toordinal() // 7 % len(able) :][:1] if able else []
    names = [*_chosen(news, NAMED - len(one_able)), *one_able]
    waiting = sum(now_us - since_us > LONG_WAIT_US for since_us in waits_since_us)
    is_news = bool(news) or waiting > 0 or any(number.change.is_clear for number in numbers)
    if not is_news and not (able and monday.day <= DAYS_OF_A_WEEK):
        return None
    return Brief(numbers, names, waiting, len(news) + len(able) - len(names))


def _numbers(board: Board) -> tuple[Number, ...]:
    now, before = board.weeks
    answered = change_of_shares((now.answered, now.asked), (before.answered, before.asked))
    return (
        Number("writers", now.writers, before.writers, 0, 0, writers_change(now, before)),
        Number("messages", now.messages, before.messages, 0, 0, change_of_days(now.days, before.days)),
        Number("answered", now.answered, before.answered, now.asked, before.asked, answered),
    )


def _news(board: Board) -> list[Named]:
    """Who fell silent last week, the most regular first, and who came back."""
    return [
        *(
            Named("silent", user, f"silent for {one.weeks} weeks, active in {one.active} of {one.window} before")
            for user, one in board.silent
        ),
        *(Named("returned", user, f"came back after {counted(weeks, 'week')}") for user, weeks in board.returned),
    ]


def _able(board: Board) -> list[Named]:
    """Who could do more, each once."""
    moderators = [
        Named("moderator", one.user, f"could be asked to moderate: {one.reason}") for one in board.moderators[:LISTED]
    ]
    rising = [Named("rising", one.user, f"could become core: {one.reason}") for one in board.rising[:LISTED]]
    return [*moderators, *rising]


def _chosen(news: Sequence[Named], most: int) -> list[Named]:
    """One of each kind first, then those that are left, in their order."""
    firsts = {one.kind: one for one in reversed(news)}.values()
    by_turn = [one for one in news if one in firsts] + [one for one in news if one not in firsts]
    return by_turn[:most]
