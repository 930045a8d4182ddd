"""Spans of time of which something was read, and what is still to be read. Pure; instants are microseconds, both ends included."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """From ``low_us`` to ``high_us`` all was read, as it stood at ``read_us``."""

    low_us: int
    high_us: int
    read_us: int


def with_read(spans: Sequence[Span], new: Span) -> tuple[Span, ...]:
    """``spans``, in order and apart, after ``new`` was read: it takes the place of what it covers. Neighbours that were read at the
    same time become one."""
    kept = [part for span in spans for part in _without(span, new)]
    merged: list[Span] = []
    for span in sorted([*kept, new]):
        last = merged[-1] if merged else None
        if last is not None and last.read_us == span.read_us and span.low_us <= last.high_us + 1:
            merged[-1] = Span(last.low_us, max(last.high_us, span.high_us), span.read_us)
        else:
            merged.append(span)
    return tuple(merged)


def _without(span: Span, taken: Span) -> Iterator[Span]:
    if taken.high_us < span.low_us or span.high_us < taken.low_us:
        yield span
        return
    if span.low_us < taken.low_us:
        yield Span(span.low_us, taken.low_us - 1, span.read_us)
    if taken.high_us < span.high_us:
        yield Span(taken.high_us + 1, span.high_us, span.read_us)


def to_read(spans: Sequence[Span], low_us: int, high_us: int, fresh_us: int) -> list[tuple[int, int]]:
    """The parts of ``[low, high]`` that were not read at or after ``fresh_us``, the newest first."""
    parts: list[tuple[int, int]] = []
    until_us = high_us
    for span in sorted(spans, reverse=True):
        if span.read_us < fresh_us or span.low_us > until_us or span.high_us < low_us:
            continue
        if span.high_us < until_us:
            parts.append((span.high_us + 1, until_us))
        until_us = span.low_us - 1
    if until_us >= low_us:
        parts.append((low_us, until_us))
    return parts


def read_at(spans: Sequence[Span], ts_us: int) -> int | None:
    """When the part that holds an instant was read; None when never."""
    return next((span.read_us for span in spans if span.low_us <= ts_us <= span.high_us), None)
