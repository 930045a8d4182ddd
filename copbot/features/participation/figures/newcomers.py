"""``stats newcomers``: who joined, and what became of it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from copbot.core.months import Month
from copbot.core.ports.figure import NewcomerCounts
from copbot.core.time import DAY_US
from copbot.features.participation.figures.document import Document

WAITS_US = (7 * DAY_US, 30 * DAY_US)
_KEYS = ("joined", "posted_7d", "posted_30d", "posted_again_30d", "answered_onboarding")


def newcomers_document(
    newcomers: Iterable[NewcomerCounts], months: Sequence[Month], zone: ZoneInfo, until_us: int
) -> Document:
    """From those who joined in some ``months``, with the waits of ``WAITS_US``. Months before the first and after the last in which
    anybody joined are left out."""
    starts = [month.start_us(zone) for month in months]
    counts = [dict.fromkeys(_KEYS, 0) for _ in months]
    for newcomer in newcomers:
        of_month = counts[max(0, bisect_right(starts, newcomer.joined_us) - 1)]
        within_7d, within_30d = newcomer.messages_within
        answered_us = newcomer.answered_onboarding_us
        of_month["joined"] += 1
        of_month["posted_7d"] += within_7d >= 1
        of_month["posted_30d"] += within_30d >= 1
        of_month["posted_again_30d"] += within_30d >= 2
        of_month["answered_onboarding"] += answered_us is not None and answered_us < until_us
    joined = [number for number, of_month in enumerate(counts) if of_month["joined"]]
    listed = range(joined[0], joined[-1] + 1) if joined else range(0)
    return {"months": [{"month": months[number].key, **counts[number]} for number in listed]}
