"""Small works on columns of figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from copbot.core.time import HOUR_US

Column = npt.NDArray[Any]

QUARTER_US = HOUR_US // 4
"""Every zone's clock, and every change of one since Slack exists, keeps to quarters of an hour."""


class BucketOf:
    """In which bucket of a row of instants others lie. The first start precedes or equals all that is asked for."""

    def __init__(self, starts_us: Sequence[int], numbers: Sequence[int]) -> None:
        self._starts = np.asarray(starts_us, np.int64)
        self._numbers = np.asarray(numbers, np.int64)
        self._by_quarter = self._quarters() if not (self._starts % QUARTER_US).any() else None

    def _quarters(self) -> Column:
        """The bucket of each quarter of an hour: to look there is many times as fast as to search."""
        quarters = (self._starts - self._starts[0]) // QUARTER_US
        return np.repeat(self._numbers, np.diff(quarters, append=quarters[-1] + 1))

    def __call__(self, ts_us: Column) -> Column:
        found: Column
        if self._by_quarter is None:
            found = self._numbers[np.searchsorted(self._starts, ts_us, "right") - 1]
        else:
            quarters = (ts_us - self._starts[0]) // QUARTER_US
            found = self._by_quarter[np.minimum(quarters, len(self._by_quarter) - 1, out=quarters)]
        return found


def different(keys: Column) -> Column:
    """The different keys, in ascending order (``numpy.unique`` hashes them, which takes ten times as long)."""
    keys = np.sort(keys)
    found: Column = keys[np.diff(keys, prepend=keys[:1] - 1) != 0]
    return found


def runs_of(keys: Column) -> Column:
    """Where each run of one key begins, of keys in order."""
    return np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
