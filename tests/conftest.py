"""What all tests share."""

import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

# Two slow cores are no defect: what is tested is what comes out, not how long the draw took.
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("copbot", max_examples=50, **QUIET)  # type: ignore[arg-type]
settings.register_profile("thorough", max_examples=1000, **QUIET)  # type: ignore[arg-type]  # --hypothesis-profile thorough
settings.load_profile("copbot")

REAL_TIME = (
    "tests/scenarios/",
    "tests/browser/",
    "tests/workspace/",
    "tests/test_demo.py",
    "tests/test_simulated_weeks.py",
)
"""Tests of real processes, sockets and browsers, several of which share a core: one that misses its moment gets a second try, and the
summary tells. A defect fails twice."""

LONG = ("tests/scenarios/", "tests/browser/", "tests/test_simulated_weeks.py", "tests/test_real_histories.py")


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """Puts back what a whole command changes in its process: where logs go, and who hears signals."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    interval = sys.getswitchinterval()
    yield
    root.handlers[:], root.level = handlers, level
    for number, handler in signals.items():
        signal.signal(number, handler)
    sys.setswitchinterval(interval)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits for processes and sockets first, so that no worker is left alone with it at the end."""
    for item in items:
        if item.nodeid.startswith(REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
