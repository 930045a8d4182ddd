"""How the database stands, as those who watch it see."""

from pathlib import Path

import pytest
from scene import Scene

from copbot.adapters.store.standing import Writing, size_bytes, waiting
from copbot.core.delivery import Outgoing
from copbot.core.records import Happening
from copbot.core.time import SECOND_US, to_us


def test_what_waits_is_counted_with_how_long_it_has_waited(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    now_us = to_us(scene.now)
    assert waiting(scene.engine, 1, now_us)["deliveries_waiting"] == 0
    with scene.store.begin() as tx:
        for name, late_s in (("a", 90), ("b", 30), ("later", -60)):
            due_us = now_us - late_s * SECOND_US
            tx.deliveries.plan(Outgoing(key=name, kind="post", target="CDATA", text="?", due_us=due_us))
        tx.inbox.once("joined", now_us - 10 * SECOND_US, Happening(0, "joined_workspace", "UANA", now_us, None))
    found = waiting(scene.engine, 1, now_us)
    assert found["deliveries_waiting"] == 2
    assert found["delivery_backlog_seconds"] == 90
    assert found["deliveries_unsettled"] == 0
    assert found["happenings_waiting"] == 1
    assert found["happening_backlog_seconds"] == 10
    assert "complete_seconds" not in found  # it was never connected
    assert size_bytes(scene.engine)["database_bytes"] > 0
    scene.close()


@pytest.mark.sqlite("a connection of its driver is made to refuse writing")
def test_a_database_that_takes_nothing_shows_in_writing_alone_and_mends_by_itself(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    writing = Writing(scene.engine, 1)
    writing.look()
    assert writing.trouble() == ""
    connection = scene.engine.raw_connection()
    connection.cursor().execute("PRAGMA query_only = ON")
    connection.close()
    writing.look()
    assert writing.trouble() == "the database cannot be written (attempt to write a readonly database)"
    scene.engine.dispose()
    writing.look()
    assert writing.trouble() == ""
    scene.close()
