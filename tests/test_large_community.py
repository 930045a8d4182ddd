"""A tenth of the size that the figures are measured at: each is right, and takes a fraction of the two seconds wanted."""

import time
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from histories import close
from large_community import END_US, make_community, members_of

from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Participation
from copbot.core.records import Scope
from copbot.features.participation import service
from copbot.features.participation.figures import LocalHours
from copbot.features.participation.service import Period

pytestmark = pytest.mark.slow

MESSAGES = 1_000_000
WITHIN_S = 2.0
"""Seconds of processor time: the machine may have other work."""

ZONE = ZoneInfo("Asia/Kathmandu")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    store = make_community(tmp_path_factory.mktemp("large") / "copbot.db", MESSAGES)
    filling = True
    while filling:
        with store.begin() as tx:
            filling = tx.rollups.fill() is not None
    yield store
    close(store)


@pytest.mark.parametrize(
    "document",
    [
        service.stats_activity,
        service.stats_threads,
        service.stats_members,
        service.stats_retention,
        service.stats_newcomers,
        lambda figures, period: list(service.participants(figures, period, Participation())),
    ],
)
def test_each_figure_and_the_weekly_evaluation_are_there_within_two_seconds(store: SqlStore, document) -> None:
    began = time.process_time()
    with store.read() as tx:
        assert document(tx.figures, Period(Scope(None, END_US), ZONE))
    assert time.process_time() - began < WITHIN_S


def test_the_figures_are_those_of_the_messages(store: SqlStore) -> None:
    scope = Scope(None, END_US)
    with store.read() as tx:
        activity = service.stats_activity(tx.figures, Period(scope, ZONE))
        threads = service.stats_threads(tx.figures, Period(scope, ZONE))
        members = service.stats_members(tx.figures, Period(scope, ZONE))
        hours, written = LocalHours(ZONE), list(tx.figures.messages(scope))
        roots = list(tx.figures.roots(scope))
    by_hour = Counter(hours.of(ts_us)[1] for ts_us, _ in written)
    assert activity["messages_by_hour_of_week"] == [by_hour[hour] for hour in range(168)]
    assert activity["members"] == len({user for _, user in written}) <= members_of(MESSAGES)
    assert sum(member["messages"] for member in members["members"]) == len(written)
    answered = sum(answer_us is not None for _, _, answer_us in roots)
    assert (threads["roots"], threads["answered"]) == (len(roots), answered)
    with store.read() as tx:
        assert next(tx.rollups.compare(), None) is None
