"""Deciding what follows: one failing feature stops nobody else."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.errors import SlackGone
from copbot.core.feature import Feature
from copbot.core.ports import Context, Tx
from copbot.core.pump import SOME, Next, Pump
from copbot.core.records import Happening


@pytest.fixture
def scene(tmp_path: Path):  # type: ignore[no-untyped-def]
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def happen(scene: Scene, *users: str) -> None:
    with scene.store.begin() as tx:
        for user in users:
            tx.inbox.once(f"event:{user}", 1, Happening(0, "joined_workspace", user, 1))


def test_each_happening_is_dealt_with_once_in_order(scene: Scene) -> None:
    seen: list[str] = []
    pump = Pump(scene.ctx, [Feature("one", follow=lambda _ctx, _tx, happening: seen.append(happening.user))])
    happen(scene, "UA", "UB")
    pump.run()
    pump.run()
    assert seen == ["UA", "UB"]


def test_a_happening_that_fails_is_put_aside_undone_and_tried_again_later(scene: Scene) -> None:
    broken, seen = {"UA"}, []

    def follow(_ctx: Context, tx: Tx, happening: Happening) -> None:
        tx.inbox.once(f"trace:{happening.user}", 1)
        if happening.user in broken:
            raise RuntimeError("not today")
        seen.append(happening.user)

    pump = Pump(scene.ctx, [Feature("one", follow=follow)])
    happen(scene, "UA", "UB")
    pump.run()
    assert seen == ["UB"]
    with scene.store.begin() as tx:
        assert tx.inbox.once("trace:UA", 1), "what it had done so far was undone"
    with scene.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM inbox WHERE key = 'trace:UA'")

    broken.clear()
    pump.run()
    assert seen == ["UB", "UA"]


def test_what_waits_for_word_on_a_person_is_put_aside_and_the_others_go_on(scene: Scene) -> None:
    seen: list[str] = []
    waiting = {"UA"}
    pump = Pump(
        scene.ctx,
        [Feature("one", follow=lambda _ctx, _tx, happening: seen.append(happening.user))],
        lambda user, _person: user in waiting,
    )
    happen(scene, "UA", "UB")
    pump.run()
    assert seen == ["UB"]
    waiting.clear()
    pump.run()
    assert seen == ["UB", "UA"]


def test_in_a_burst_of_happenings_what_became_due_is_planned_and_told_in_between(scene: Scene) -> None:
    story: list[str] = []
    feature = Feature(
        "one",
        follow=lambda _ctx, _tx, _happening: story.append("followed"),
        plan_due=lambda _ctx, _now: story.append("planned"),
    )
    happen(scene, *(f"U{number}" for number in range(SOME + 1)))
    Pump(scene.ctx, [feature]).run(lambda: story.append("told"))
    assert story == ["followed"] * SOME + ["planned", "told", "followed", "planned"]


def test_an_installation_that_is_gone_ends_the_pass(scene: Scene) -> None:
    def gone(_ctx: Context, _tx: Tx, _happening: Happening) -> None:
        raise SlackGone("token_revoked")

    happen(scene, "UA")
    with pytest.raises(SlackGone):
        Pump(scene.ctx, [Feature("one", follow=gone)]).run()


def test_a_feature_whose_planning_fails_does_not_stop_the_others(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    planned: list[datetime] = []

    def broken(_ctx: Context, _now: datetime) -> None:
        raise RuntimeError("broken")

    Pump(scene.ctx, [Feature("a", plan_due=broken), Feature("b", plan_due=lambda _ctx, now: planned.append(now))]).run()
    assert planned == [scene.now]
    assert "planning failed in a" in caplog.text


def test_the_next_thing_is_the_earliest_of_all(scene: Scene) -> None:
    def broken(_ctx: Context, _now: datetime) -> datetime:
        raise RuntimeError("broken")

    soon, later = scene.now + timedelta(hours=1), scene.now + timedelta(hours=2)
    features = [
        Feature("later", next_due=lambda _ctx, _now: later),
        Feature("broken", next_due=broken),
        Feature("soon", next_due=lambda _ctx, _now: soon),
        Feature("never"),
    ]
    assert Pump(scene.ctx, features).next_due() == Next(soon, "soon")
    assert Pump(scene.ctx, []).next_due() is None
