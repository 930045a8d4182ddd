"""How sure a share is: the interval that every share of the community's figures is shown with."""

from math import ceil, floor, sqrt

Z = 1.959964
"""Standard deviations that hold 95 of 100 cases."""


def wilson(part: int, total: int) -> tuple[float, float] | None:
    """The 95 % interval of a share, each end from 0 to 1 (Wilson 1927, score interval); None where there is nothing to divide by.

    Raises ValueError when ``part`` is no part of ``total``.
    """
    if not 0 <= part <= total:
        raise ValueError(f"{part} is no part of {total}")
    if total == 0:
        return None
    share, spread = part / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    # At its ends the interval reaches the share itself, which rounding would miss by a hair.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


FEWEST_FOR_A_MEDIAN = 6
"""Of fewer values not even the smallest and the greatest enclose the true middle in 95 of 100 cases: 5 of them do in 94."""


def median_ranks(count: int) -> tuple[int, int] | None:
    """Between which two of ``count`` ordered values (counted from 0) the middle of what they are drawn from lies in 95 of 100 cases:
    Wilson's interval of one half, as ranks. None where there are too few values."""
    if count < FEWEST_FOR_A_MEDIAN:
        return None
    half = Z * sqrt(count + Z * Z) / (2 * (count + Z * Z))
    return max(0, floor(count * (0.5 - half)) - 1), min(count - 1, ceil(count * (0.5 + half)))
