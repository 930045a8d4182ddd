"""The documents of ``copbot stats``, as the written definitions have them. Pure: counted material in, values out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.time import HOUR_US, MICROSECOND, SECOND_US, from_us
from copbot.features.participation.rules import LEVELS

Document = dict[str, Any]

WAITS = {"24h": timedelta(hours=24), "48h": timedelta(hours=48), "7d": timedelta(days=7)}
_QUARTER_US = HOUR_US // 4


class LocalHours:
    """Instants by the wall clock of a zone: the number of the calendar week and the hour of the week.

    Every zone's clock, and every change of one since Slack exists, keeps to quarters of an hour: so does this memory.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, ts_us: int) -> tuple[int, int]:
        quarter = ts_us // _QUARTER_US
        found = self._known.get(quarter)
        if found is None:
            local = from_us(quarter * _QUARTER_US).astimezone(self._zone)
            week = (local.toordinal() - 1) // 7  # the first day of year 1 was a Monday
            found = self._known[quarter] = week, local.weekday() * 24 + local.hour
        return found


def activity_document(
    messages: Iterable[tuple[int, int]], zone: ZoneInfo, since_us: int | None, until_us: int
) -> Document:
    """``stats activity`` from (ts, user) of the human messages."""
    hours = LocalHours(zone)
    by_hour = [0] * 168
    members_by_hour = [0] * 168
    met: set[tuple[int, int, int]] = set()
    members: set[int] = set()
    count = 0
    for ts_us, user in messages:
        week, hour = hours.of(ts_us)
        count += 1
        by_hour[hour] += 1
        members.add(user)
        if (week, hour, user) not in met:
            met.add((week, hour, user))
            members_by_hour[hour] += 1
    return {
        "timezone": zone.key,
        "since": iso(since_us, zone),
        "until": iso(until_us, zone),
        "messages": count,
        "members": len(members),
        "messages_by_hour_of_week": by_hour,
        "members_by_hour_of_week": members_by_hour,
    }


def threads_document(roots: Iterable[tuple[int, bool, int | None]], until_us: int) -> Document:
    """``stats threads`` from (ts, asks, ts of the first answer before ``until``) of the human roots."""
    every = list(roots)
    return _threads(every, until_us) | {"questions": _threads([root for root in every if root[1]], until_us)}


def _threads(roots: Sequence[tuple[int, bool, int | None]], until_us: int) -> Document:
    delays = sorted(answer_us - ts_us for ts_us, _, answer_us in roots if answer_us is not None)
    return {
        "roots": len(roots),
        "answered": len(delays),
        "unanswered_after": {
            name: sum(
                until_us - ts_us >= wait and (answer_us is None or answer_us - ts_us > wait)
                for ts_us, _, answer_us in roots
            )
            for name, duration in WAITS.items()
            for wait in [duration // MICROSECOND]
        },
        "median_seconds_to_first_answer": _median_seconds(delays),
    }


def _median_seconds(delays: Sequence[int]) -> float | None:
    if not delays:
        return None
    middle = len(delays) // 2
    twice = delays[middle] * 2 if len(delays) % 2 else delays[middle - 1] + delays[middle]
    return round(twice / (2 * SECOND_US), 3)


def members_document(members: Sequence[Document], levels: Counter[str]) -> Document:
    """``stats members`` from its entries and how many Members there are of each level."""
    written = [member["messages"] for member in members if member["messages"]]
    return {
        "members": sorted(members, key=lambda member: (-member["score"], member["user"])),
        "shares": shares(levels),
        "gini": gini(written),
        "top_decile_share": top_decile_share(written),
    }


def shares(levels: Mapping[str, int]) -> dict[str, float | None]:
    """The part of all Members at each level, to 6 places; None when there are no Members."""
    total = sum(levels.values())
    return {level: round(levels.get(level, 0) / total, 6) if total else None for level in LEVELS}


def gini(messages: Iterable[int]) -> float | None:
    """How unevenly messages are spread over those who wrote any: 0 all alike, towards 1 all by one."""
    counts = sorted(messages)
    number, total = len(counts), sum(counts)
    if not total:
        return None
    return round(sum((2 * i - number - 1) * count for i, count in enumerate(counts, 1)) / (number * total), 6)


def top_decile_share(messages: Iterable[int]) -> float | None:
    """The share of messages by the tenth (rounded up) of those who wrote any that wrote most."""
    counts = sorted(messages, reverse=True)
    total = sum(counts)
    return round(sum(counts[: ceil(len(counts) / 10)]) / total, 6) if total else None


def iso(us: int | None, zone: ZoneInfo) -> str | None:
    """An instant as ISO 8601 with the zone's offset."""
    return None if us is None else from_us(us).astimezone(zone).isoformat()
