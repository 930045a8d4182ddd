"""``stats retention``: who comes back."""

from collections.abc import Sequence

from copbot.core.months import Month
from copbot.features.participation.figures.document import Document, rounded


def retention_document(
    months: Sequence[Month], returning: Sequence[tuple[int, int]], rolling: tuple[int, int]
) -> Document:
    """From how many people wrote in each of some months and how many of these in the next too; ``rolling`` is the same of the 30 days
    before the last 30 and those. Months before the first and after the last in which anybody wrote are left out."""
    written = [number for number, (active, _) in enumerate(returning) if active]
    listed = range(written[0], written[-1] + 1) if written else range(0)
    previous, again = rolling
    return {
        "months": [
            {
                "month": months[number].key,
                "active": returning[number][0],
                "returned": returning[number][1],
                "rate": rounded(returning[number][1], returning[number][0]),
            }
            for number in listed
        ],
        "rolling": {"previous": previous, "returned": again, "rate": rounded(again, previous)},
    }
