"""What a member is thanked for: their first answer, the tenth, the fiftieth, the hundredth; and a year of being here.

It cannot be farmed. An answer is a reply to another person's root; several in one thread are one, and so are many in a short time.
Reactions never count. And it is never late: what comes in by an import or a backfill, or happened before the bot did, is no occasion.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from copbot.core.community import Recognised
from copbot.core.time import DAY_US, MICROSECOND, from_us, to_us

ANSWERS = (1, 10, 50, 100)
"""Answers that are thanked for. After the hundredth nobody needs to be told."""

APART_US = timedelta(minutes=10) // MICROSECOND
"""Answers in different threads that count are so far apart at least: whoever clears up ten threads in a row has one good moment."""

THANKED_WITHIN_US = 7 * DAY_US
"""After so long the moment has passed."""

LOOK_AT = time(9)

KNOWN_AFTER_US = 90 * DAY_US
"""Of somebody who was not seen joining, nobody knows what they wrote before the stored history begins: what is called their first was
so long after its beginning at least."""

HERE_WITHIN_US = 90 * DAY_US
"""Whoever wrote nothing for so long is not told that they have been here for a year."""


class Answered(NamedTuple):
    """A reply of somebody's to another person's root. ``thread``: the root's channel and ts."""

    ts_us: int
    thread: tuple[str, int]


class Occasion(NamedTuple):
    """``kind`` answers: so many; year: so many years. ``at_us`` is when it was reached."""

    kind: str
    number: int
    at_us: int

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.number}"


def occasion_of(name: str, at_us: int) -> Occasion:
    """The occasion of its name."""
    kind, _, number = name.partition(":")
    return Occasion(kind, int(number), at_us)


def counted(answers: Iterable[Answered]) -> list[int]:
    """When each answer was given that counts."""
    instants: list[int] = []
    threads: set[tuple[str, int]] = set()
    for answer in sorted(answers):
        is_apart = not instants or answer.ts_us - instants[-1] >= APART_US
        if answer.thread not in threads and is_apart:
            threads.add(answer.thread)
            instants.append(answer.ts_us)
    return instants


def reached(instants: Sequence[int], *, all_known: bool) -> list[Occasion]:
    """The occasions that so many answers make. Which was the first is told only of whom all is known."""
    least = 1 if all_known else 2
    return [Occasion("answers", count, instants[count - 1]) for count in ANSWERS if least <= count <= len(instants)]


def year_in(first_us: int, zone: ZoneInfo) -> Occasion:
    """The day on which a year has passed since somebody's first message, by the community's calendar; of the 29th of February, the
    1st of March."""
    first = from_us(first_us).astimezone(zone).date()
    try:
        day = first.replace(year=first.year + 1)
    except ValueError:
        day = date(first.year + 1, 3, 1)
    return Occasion("year", 1, to_us(datetime.combine(day, time(), zone)))


def look_due_us(looked_us: int, zone: ZoneInfo) -> int:
    """When to look next for what to thank for: at the first nine in the morning after the last look, by the community's clocks."""
    looked = from_us(looked_us).astimezone(zone)
    days = (looked.date() + timedelta(days=number) for number in (0, 1))
    return next(us for us in (to_us(datetime.combine(day, LOOK_AT, zone)) for day in days) if us > looked_us)


def first_messages_between(now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Between which instants a first message lies of which the year is over now, was within the time for thanks, or will be within
    two days: so that what is next is known before it comes."""
    today = now.astimezone(zone).date()
    ends = (today - timedelta(days=365 + 9), today - timedelta(days=365 - 3))
    since, until = (to_us(datetime.combine(day, time(), zone)) for day in ends)
    return since, until


def knows_all(joined_us: int | None, first_us: int, begun_us: int | None) -> bool:
    """Whether what is stored of somebody goes back to their beginning. ``joined_us``: when they came, if they were seen coming.
    ``begun_us``: when the stored history begins."""
    return (joined_us is not None and joined_us <= first_us) or (
        begun_us is not None and first_us - begun_us >= KNOWN_AFTER_US
    )


def is_timely(occasion: Occasion, begun_us: int, now_us: int) -> bool:
    """Whether an occasion may still be thanked for, now or when it comes. ``begun_us``: since when the bot thanks here."""
    return occasion.at_us >= max(begun_us, now_us - THANKED_WITHIN_US)


def is_on(recognition: Recognised) -> bool:
    return recognition != "off"
