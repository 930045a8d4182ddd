"""Up to when nothing is missing, with several processes that each are told something else."""

from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from sqlalchemy import Engine

from copbot.adapters.store.completeness import Completeness
from copbot.adapters.store.engine import open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(databases.filled(tmp_path / "copbot.db"))
    yield engine
    engine.dispose()


def test_it_is_remembered_across_processes(engine: Engine) -> None:
    assert Completeness(engine, 1).until() is None
    assert Completeness(engine, 1).note(5)
    assert Completeness(engine, 1).until() == 5


def test_what_a_follower_missed_is_found_by_the_leader_and_noted_again_once_it_was_read(engine: Engine) -> None:
    leader, follower = Completeness(engine, 1), Completeness(engine, 1)
    leader.note(100)
    follower.seen_whole(110)
    leader.note(130)
    follower.put_back()
    assert not leader.note(160), "that would forget what the other missed"
    assert leader.until() == 110
    assert leader.note(170)


def test_a_follower_that_was_never_connected_missed_nothing_and_none_moves_the_note_on(engine: Engine) -> None:
    leader, follower = Completeness(engine, 1), Completeness(engine, 1)
    leader.note(100)
    follower.put_back()
    follower.seen_whole(200)
    follower.put_back()
    assert leader.until() == 100
