"""Whoever sends is told of what was planned once it is committed, and of nothing else."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.delivery import Outgoing
from copbot.core.time import to_us


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def post(scene: Scene, key: str) -> Outgoing:
    return Outgoing(key, "post", "CDATA", "Hello", to_us(scene.now))


@pytest.fixture
def told(scene: Scene) -> list[int]:
    """How many deliveries could be sent at each word."""
    found: list[int] = []

    def look() -> None:
        with scene.store.read() as tx:
            found.append(len(tx.deliveries.ready(to_us(scene.now), 100)))

    scene.store.on_planned = look
    return found


def test_it_is_told_once_a_transaction_when_all_of_it_can_be_sent(scene: Scene, told: list[int]) -> None:
    with scene.store.begin() as tx:
        tx.deliveries.plan(post(scene, "one"))
        tx.deliveries.plan(post(scene, "two"))
        assert not told
    assert told == [2]


def test_it_is_not_told_of_what_was_planned_before_or_was_taken_back(scene: Scene, told: list[int]) -> None:
    with scene.store.begin() as tx:
        tx.deliveries.plan(post(scene, "one"))
    with scene.store.begin() as tx:
        tx.deliveries.plan(post(scene, "one"))
        tx.deliveries.cancel("one", "no longer wanted")
    with suppress(RuntimeError), scene.store.begin() as tx:
        tx.deliveries.plan(post(scene, "two"))
        raise RuntimeError
    assert told == [1]
