"""Journeys and answers in a real SQLite database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.facts import SqlFacts
from copbot.adapters.store.journeys import SqlJourneys
from copbot.core.facts import UserSeen
from copbot.core.records import GivenAnswer


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(f"sqlite:///{tmp_path}/copbot.db")
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
        yield connection
    engine.dispose()


def test_a_person_starts_one_journey_per_community_ever(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    first = journeys.start("data", "U1", 100)
    assert first is not None
    assert (first.community, first.user, first.state, first.started_us) == ("data", "U1", "invited", 100)
    assert journeys.start("data", "U1", 200) is None
    assert journeys.start("maps", "U1", 200) is not None
    assert journeys.get("data", "U1") == first
    assert journeys.get("data", "U2") is None


def test_a_person_already_known_is_not_noted_twice(connection: Connection) -> None:
    SqlFacts(connection, 1, lambda _channel: "none").record([UserSeen("U1", name="Ada")])
    journeys = SqlJourneys(connection, 1)
    journeys.start("data", "U1", 100)
    journeys.start("maps", "U1", 100)
    journeys.start("data", "U2", 100)
    assert connection.execute(select(func.count()).select_from(tables.User.__table__)).scalar_one() == 2


def test_answers_keep_their_order_and_replace_the_earlier_ones(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    journey = journeys.start("data", "U1", 100)
    assert journey is not None
    journeys.answer(
        journey.id, [GivenAnswer("topics", "Census, Surveys", True), GivenAnswer("goal", "Learn")], "v1", 300
    )
    assert list(journeys.answers(journey.id)) == [
        GivenAnswer("topics", "Census, Surveys", True),
        GivenAnswer("goal", "Learn"),
    ]
    journeys.answer(journey.id, [GivenAnswer("goal", "Teach", True)], "v2", 400)
    assert list(journeys.answers(journey.id)) == [GivenAnswer("goal", "Teach", True)]
    answered = journeys.get("data", "U1")
    assert answered is not None
    assert (answered.state, answered.answered_us, answered.guidelines_version) == ("answered", 300, "v2")


def test_journeys_since_an_instant_include_it(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    for user, started_us in (("U3", 102), ("U1", 100), ("U2", 101)):
        journeys.start("data", user, started_us)
    assert [journey.user for journey in journeys.since("data", 101)] == ["U2", "U3"]
    assert [journey.user for journey in journeys.since("data", 0)] == ["U1", "U2", "U3"]
    assert list(journeys.since("maps", 0)) == []


def test_another_workspace_sees_none_of_them(connection: Connection) -> None:
    ours, theirs = SqlJourneys(connection, 1), SqlJourneys(connection, 2)
    journey = ours.start("data", "U1", 100)
    assert journey is not None
    assert theirs.get("data", "U1") is None
    theirs.answer(journey.id, [], None, 200)
    assert ours.get("data", "U1") == journey
    assert theirs.start("data", "U1", 100) is not None
