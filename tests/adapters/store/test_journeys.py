"""Journeys and answers in a real SQLite database."""

from collections.abc import Iterator
from pathlib import Path

import databases
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
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
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


def test_a_journey_is_closed_once_and_its_draft_is_forgotten(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    journey = journeys.start("data", "U1", 100)
    assert journey is not None
    journeys.keep_draft(journey.id, {"question:goal": {"x": {"value": "Lea"}}}, 150)
    assert journeys.close(journey.id, "declined", 200)
    assert not journeys.close(journey.id, "ended", 300)
    closed = journeys.get("data", "U1")
    assert closed is not None
    assert (closed.state, closed.closed_us, closed.draft, closed.goes_on) == ("declined", 200, None, False)


def test_answers_of_a_closed_journey_are_kept_and_do_not_open_it(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    journey = journeys.start("data", "U1", 100)
    assert journey is not None
    journeys.close(journey.id, "ended", 200)
    journeys.answer(journey.id, [GivenAnswer("goal", "Learn")], None, 300)
    found = journeys.get("data", "U1")
    assert found is not None
    assert (found.state, found.answered_us) == ("ended", 300)


def test_of_two_drafts_the_later_is_kept_and_answers_put_an_end_to_it(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    journey = journeys.start("data", "U1", 100)
    assert journey is not None
    for typed, at_us in (("Lear", 201), ("Lea", 200), ("Learn", 202)):
        journeys.keep_draft(journey.id, {"typed": typed}, at_us)
    kept = journeys.get("data", "U1")
    assert kept is not None
    assert kept.draft == {"typed": "Learn"}
    journeys.answer(journey.id, [], None, 300)
    journeys.keep_draft(journey.id, {"typed": "Le"}, 250)
    kept = journeys.get("data", "U1")
    assert kept is not None
    assert kept.draft is None


def test_answers_of_other_communities_are_found_the_latest_first(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    for community, at_us in (("data", 100), ("maps", 300), ("care", 200)):
        journey = journeys.start(community, "U1", at_us)
        assert journey is not None
        journeys.answer(journey.id, [GivenAnswer("goal", f"Learn {community}", True)], None, at_us)
    found = journeys.answers_elsewhere("data", "U1")
    assert [(place, one.value) for place, one in found] == [("maps", "Learn maps"), ("care", "Learn care")]
    assert journeys.answers_elsewhere("data", "U2") == []
    assert SqlJourneys(connection, 2).answers_elsewhere("data", "U1") == []


def test_the_journeys_of_those_who_left_are_found_while_they_go_on(connection: Connection) -> None:
    journeys = SqlJourneys(connection, 1)
    facts = SqlFacts(connection, 1, lambda _channel: "none")
    for user in ("U1", "U2", "U3"):
        journeys.start("data", user, 100)
    facts.record([UserSeen("U1", is_deleted=True, updated_us=2), UserSeen("U2", is_deleted=True, updated_us=2)])
    assert [one.user for one in journeys.of_those_who_left("data")] == ["U1", "U2"]
    first = journeys.get("data", "U1")
    assert first is not None
    journeys.close(first.id, "ended", 200)
    assert [one.user for one in journeys.of_those_who_left("data")] == ["U2"]
    assert journeys.of_those_who_left("maps") == []
