"""The documents of coverage, as docs/figures.md has them. Pure: counts in, values out. A share is from 0 to 1, a wait in seconds."""

from collections.abc import Mapping
from typing import Literal

from copbot.core.intervals import wilson
from copbot.core.ports.answering import Answered, AnsweredCounts
from copbot.core.time import SECOND_US
from copbot.features.participation.figures import WAITS_US, Document, gini, rounded, top_decile_share

By = Literal["channel", "month"]


def answered_document(answered: Answered) -> Document:
    """The roots that ask something, and the rest."""
    return {"questions": counts_document(answered.questions), "others": counts_document(answered.others)}


def counts_document(counts: AnsweredCounts) -> Document:
    """``within`` each wait: how many were answered, of those old enough to tell, with the share and its 95 % interval. A root that is
    younger than the wait at the end is left out of it: nobody knows yet. The median is over the answered ones, with its interval."""
    return {
        "roots": counts.roots,
        "answered": counts.answered,
        "within": {name: _share(*found) for name, found in zip(WAITS_US, counts.within, strict=True)},
        "median_seconds_to_first_answer": _median(counts),
    }


def answers_document(answerers: Mapping[str, int]) -> Document:
    """Who gave how many answers, the most first, and how evenly: Gini, and the share of the tenth that gave most."""
    ordered = sorted(answerers.items(), key=lambda one: (-one[1], one[0]))
    total = sum(answerers.values())
    return {
        "people": len(ordered),
        "answers": total,
        "gini": gini(answerers.values()),
        "top_decile_share": top_decile_share(answerers.values()),
        "top_three_share": rounded(sum(count for _, count in ordered[:3]), total),
        "answerers": [{"user": user, "answers": count} for user, count in ordered],
    }


def _share(met: int, old: int) -> Document:
    low, high = wilson(met, old) or (None, None)
    return {
        "answered": met,
        "of": old,
        "share": rounded(met, old),
        "low": None if low is None else round(low, 6),
        "high": None if high is None else round(high, 6),
    }


def _median(counts: AnsweredCounts) -> Document:
    middle, low, high = counts.median_us or (None, None, None)
    return {
        "of": counts.answered,
        "median": None if middle is None else round(middle / SECOND_US, 3),
        "low": None if low is None else round(low / SECOND_US, 3),
        "high": None if high is None else round(high / SECOND_US, 3),
    }
