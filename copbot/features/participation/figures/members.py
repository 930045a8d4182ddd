"""``stats members``: who takes part, and how evenly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from copbot.features.participation.figures.document import Document, rounded
from copbot.features.participation.rules import LEVELS


def members_document(members: Sequence[Document], levels: Counter[str]) -> Document:
    """From its entries, and how many Members there are of each level."""
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
    return {level: rounded(levels.get(level, 0), total) for level in LEVELS}


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
    return rounded(sum(counts[: ceil(len(counts) / 10)]), sum(counts))
