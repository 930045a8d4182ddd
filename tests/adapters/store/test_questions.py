"""Which question was used, on a real database."""

from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from sqlalchemy import Connection, insert

from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.questions import SqlQuestions


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
        yield connection
    engine.dispose()


def delivery(key: str, state: str) -> dict[str, object]:
    outgoing = {"key": key, "kind": "question", "target": "CDATA", "text": "", "blocks": "", "due_us": 1}
    return outgoing | {"team_id": 1, "state": state}


def test_uses_are_counted_per_post_the_one_used_longest_ago_first(connection: Connection) -> None:
    questions = SqlQuestions(connection, 1)
    for number, question in enumerate(["a", "b", "c", "a"]):
        questions.use("data", "weekly", question, f"2026-11-{number}", number)
    questions.use("data", "other", "z", "2026-11-0", 9)
    assert list(questions.used("data", "weekly").items()) == [("b", 1), ("c", 1), ("a", 2)]
    assert questions.used("maps", "weekly") == {}


def test_a_question_that_nobody_read_comes_before_those_that_were_asked(connection: Connection) -> None:
    questions = SqlQuestions(connection, 1)
    for number, (question, state) in enumerate([("a", "sent"), ("b", "failed"), ("c", "skipped"), ("d", "sent")]):
        questions.use("data", "weekly", question, f"2026-11-{number}", 1 + number)
        connection.execute(insert(tables.Delivery.__table__), [delivery(f"post:data:weekly:2026-11-{number}", state)])
    assert list(questions.used("data", "weekly", "post:data:weekly:")) == ["b", "c", "a", "d"]
    assert list(questions.used("data", "weekly")) == ["a", "b", "c", "d"]


def test_an_occasion_uses_one_question_up_however_often_it_is_recorded(connection: Connection) -> None:
    questions = SqlQuestions(connection, 1)
    questions.use("data", "weekly", "a", "2026-11-16", 1)
    questions.use("data", "weekly", "b", "2026-11-16", 2)
    assert questions.used("data", "weekly") == {"a": 1}


def test_another_workspace_has_its_own(connection: Connection) -> None:
    SqlQuestions(connection, 1).use("data", "weekly", "a", "2026-11-16", 1)
    assert SqlQuestions(connection, 2).used("data", "weekly") == {}
