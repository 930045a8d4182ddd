"""``stats threads``: what is asked, and how soon somebody answers."""

from copbot.core.ports.figure import RootCounts
from copbot.core.time import DAY_US, HOUR_US, SECOND_US
from copbot.features.participation.figures.document import Document

WAITS_US = {"24h": 24 * HOUR_US, "48h": 48 * HOUR_US, "7d": 7 * DAY_US}


def threads_document(every: RootCounts, asking: RootCounts) -> Document:
    """From the counts of all human roots, and of those that ask, with the waits of ``WAITS_US``."""
    return _threads(every) | {"questions": _threads(asking)}


def _threads(counts: RootCounts) -> Document:
    return {
        "roots": counts.roots,
        "answered": counts.answered,
        "unanswered_after": dict(zip(WAITS_US, counts.unanswered_after, strict=True)),
        "median_seconds_to_first_answer": _median_seconds(counts.middle_us),
    }


def _median_seconds(middle_us: tuple[int, int] | None) -> float | None:
    return None if middle_us is None else round(sum(middle_us) / (2 * SECOND_US), 3)
