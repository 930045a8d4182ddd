"""Work that takes a while at a terminal: a line that fills, and a stop that comes between two steps."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = (signal.SIGTERM, signal.SIGINT)


def on_stop_signals(stop: Callable[[], None]) -> None:
    """Call ``stop`` instead of ending at SIGTERM and SIGINT."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop()

    for number in _STOPS:
        signal.signal(number, handle)


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[float], None]]:
    """To be told the share done, from 0 to 1. It raises KeyboardInterrupt once a stop was asked for: between two steps,
    where it cannot get lost in what Python clears up on the side.
    """
    stopping = threading.Event()
    before = [(number, signal.getsignal(number)) for number in _STOPS]
    on_stop_signals(stopping.set)

    def progress(share: float) -> None:
        if sys.stderr.isatty():
            _fill(what, share)
        if stopping.is_set() and share < 1:
            raise KeyboardInterrupt

    try:
        yield progress
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _fill(what: str, share: float) -> None:
    filled = "#" * round(share * 30)
    end = "\n" if share >= 1 else ""
    sys.stderr.write(f"\r{what} [{filled:<30}] {share:4.0%}{end}")
    sys.stderr.flush()
