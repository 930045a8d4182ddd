"""Shares in words, honest about small numbers. Pure."""

from copbot.core.intervals import wilson
from copbot.core.report import LEAST_FOR_A_SHARE, Asked, counted, per_cent


def part_of(part: int, total: int, noun: str = "") -> str:
    """``24 of 31 (77 %)``, or ``2 of 3 members``."""
    of = counted(total, noun) if noun else f"{total:,}"
    return f"{part:,} of {of}" + (f" ({per_cent(part / total)})" if total >= LEAST_FOR_A_SHARE else "")


def part_with_interval(part: int, total: int) -> str:
    """``24 of 31 (77 %, between 60 % and 89 %)``: the 95 % interval; ``2 of 3``."""
    interval = wilson(part, total)
    if interval is None or total < LEAST_FOR_A_SHARE:
        return f"{part:,} of {total:,}"
    between = f"between {per_cent(interval[0])} and {per_cent(interval[1])}"
    return f"{part:,} of {total:,} ({per_cent(part / total)}, {between})"


def where_written(asked: Asked) -> str:
    """Who introduced themselves has written, but not where the figures look."""
    return "wrote in the discussion channels" if asked.community.channels.introductions else "wrote"


def end_of(asked: Asked) -> str:
    return "now" if asked.is_running else "the month's end"
