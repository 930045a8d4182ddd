"""What all tests share."""

import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

import databases
import postgresql

# Two slow cores are no defect: what is tested is what comes out, not how long the draw took.
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("copbot", max_examples=50, **QUIET)  # type: ignore[arg-type]
settings.register_profile("thorough", max_examples=1000, **QUIET)  # type: ignore[arg-type]  # --hypothesis-profile thorough
settings.load_profile("copbot")

REAL_TIME = (
    "tests/scenarios/",
    "tests/browser/",
    "tests/workspace/",
    "tests/adapters/test_templates.py",
    "tests/test_demo.py",
    "tests/test_simulated_weeks.py",
)
"""Tests of real processes, sockets and browsers, several of which share a core: one that misses its moment gets a second try, and the
summary tells. A defect fails twice."""

LONGEST = (
    "tests/scenarios/test_nobody_falls_through.py",
    "tests/scenarios/test_one_community.py",
    "tests/scenarios/test_connection.py",
    "tests/browser/test_tour.py",
    "tests/test_simulated_weeks.py",
    "tests/scenarios/test_onboarding_journey.py",
    "tests/scenarios/test_two_processes.py",
    "tests/scenarios/test_kills.py",
    "tests/browser/",
    "tests/scenarios/",
    "tests/test_demo.py",
    "tests/test_real_histories.py",
    "tests/features/",
)
"""What takes long, the longest first: a file goes to one worker whole, and none may be left alone with a long one at the end."""


def _place(item: pytest.Item) -> int:
    return next((number for number, name in enumerate(LONGEST) if item.nodeid.startswith(name)), len(LONGEST))


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="what the tests keep their data in; a PostgreSQL server is started for them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """One server for all processes of tests: they come after this and find it in their environment."""
    databases.Choice.name = config.getoption("--database")
    if databases.on_postgresql():
        if not postgresql.installed():
            raise pytest.UsageError(f"--database postgresql: {postgresql.WHY_NOT}")
        postgresql.start()


def pytest_runtest_setup(item: pytest.Item) -> None:
    about_sqlite = item.get_closest_marker("sqlite")
    if about_sqlite and databases.on_postgresql():
        pytest.skip(f"about SQLite: {about_sqlite.args[0]}")
    if item.get_closest_marker("postgresql") and not postgresql.installed():
        pytest.skip(postgresql.WHY_NOT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_place)
