"""A running bot rolls up what an older version stored, a step at a time, before it prepares anything else."""

from pathlib import Path

from scene import MONDAY, Scene

from copbot.core.facts import MessageSeen
from copbot.core.time import DAY_US, to_us
from copbot.wiring import FILL_PAUSE_S, _prepare


def test_what_is_not_rolled_up_is_before_anything_else_is_prepared(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
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
