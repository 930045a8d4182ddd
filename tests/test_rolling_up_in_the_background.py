"""A running bot rolls up what an older version stored, a step at a time, before it prepares anything else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scene import MONDAY, Scene

from copbot.adapters.store import rollups
from copbot.core.facts import MessageSeen
from copbot.core.time import DAY_US, to_us
from copbot.wiring import FILL_PAUSE_S, _prepare


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def test_what_is_not_rolled_up_is_before_anything_else_is_prepared(scene: Scene) -> None:
    now_us = to_us(MONDAY)
    with scene.store.begin() as tx:
        tx.facts.record([MessageSeen(f"C{day % 2}", now_us - day * DAY_US, "U1") for day in range(6)])
        tx.rollups.forget()
        left = tx.rollups.left_to_fill()
    assert left > 0
    rounds = 0
    while left:
        assert _prepare(scene.ctx, scene.store) >= FILL_PAUSE_S
        rounds += 1
        with scene.store.read() as tx:
            left = tx.rollups.left_to_fill()
            assert list(tx.rollups.compare()) == []
    assert rounds >= 2  # a step for each channel at least
    assert _prepare(scene.ctx, scene.store) > 1  # the features' own turn


def test_a_day_that_was_emptied_is_worked_out_a_day_after_its_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "LIGHT", 0)
    monkeypatch.setattr(rollups, "PER_CHANGE", 0)
    now_us = to_us(MONDAY)
    for second in range(2):
        with scene.store.begin() as tx:
            tx.facts.record([MessageSeen("C1", now_us - day * DAY_US + second, "U1") for day in range(3)])
    for _ in range(2):
        _prepare(scene.ctx, scene.store)
        with scene.store.read() as tx:
            assert len(tx.rollups.emptied()) == 2  # today's and yesterday's
            assert list(tx.rollups.compare()) == []
