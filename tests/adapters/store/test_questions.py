"""Which question was used, on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.questions import SqlQuestions


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(f"sqlite:///{tmp_path}/copbot.db")
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
        yield connection
    engine.dispose()


def test_uses_are_counted_per_post_the_one_used_longest_ago_first(connection: Connection) -> None:
    questions = SqlQuestions(connection, 1)
    for number, question in enumerate(["a", "b", "c", "a"]):
        questions.use("data", "weekly", question, f"2026-11-{number}", number)
    questions.use("data", "other", "z", "2026-11-0", 9)
    assert list(questions.used("data", "weekly").items()) == [("b", 1), ("c", 1), ("a", 2)]
    assert questions.used("maps", "weekly") == {}


def test_an_occasion_uses_one_question_up_however_often_it_is_recorded(connection: Connection) -> None:
    questions = SqlQuestions(connection, 1)
    questions.use("data", "weekly", "a", "2026-11-16", 1)
    questions.use("data", "weekly", "b", "2026-11-16", 2)
    assert questions.used("data", "weekly") == {"a": 1}


def test_another_workspace_has_its_own(connection: Connection) -> None:
    SqlQuestions(connection, 1).use("data", "weekly", "a", "2026-11-16", 1)
    assert SqlQuestions(connection, 2).used("data", "weekly") == {}
