"""Many open cards, first messages and introductions among them: a pass that finds nothing new asks the store no more than for a few."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scene import Scene
from sqlalchemy import event

from copbot.core.delivery import Outgoing
from copbot.core.records import GivenAnswer
from copbot.core.time import to_us
from copbot.features.threads import FEATURE

Step = Callable[[], object]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def introduced(scene: Scene, user: str) -> None:
    """What they share stands in the introductions channel."""
    with scene.store.begin() as tx:
        journey = tx.journeys.start("data", user, to_us(scene.now))
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "To link", True)], None, to_us(scene.now))
        key = f"introduction:data:{user}"
        said = Outgoing(
            key, "introduction", "CHELLO", "Hello", to_us(scene.now), community="data", blocks=(), subject=user
        )
        tx.deliveries.plan(said)


def ask(scene: Scene, name: str) -> None:
    """A question, a first message and an introduction of different people, each of which becomes a card of its own."""
    for kind in ("a", "b", "c"):
        scene.joins(f"U{kind}{name}")
    scene.says(f"Ua{name}", "Hello all")
    scene.says("UOLD", f"Which key do you use for {name}?")
    introduced(scene, f"Uc{name}")
    scene.send()
    scene.wait(hours=2)
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.send()


def statements(scene: Scene, step: Step) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(scene.engine, "before_cursor_execute", note)
    step()
    event.remove(scene.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_pass_over_many_cards_asks_the_store_no_more_than_over_a_few(scene: Scene) -> None:
    scene.says("UOLD", "Good morning")
    counts = []
    for first, last in ((0, 3), (3, 15)):
        for number in range(first, last):
            ask(scene, f"{number}")
        scene.wait(hours=25)
        FEATURE.plan_due(scene.ctx, scene.now)
        scene.send()
        with scene.store.read() as tx:
            cards = tx.cards.of("data", "open")
        assert len(cards) == 3 * last
        assert sum(card.is_first for card in cards) >= last
        scene.wait(minutes=1)
        counts.append(
            (
                statements(scene, lambda: FEATURE.plan_due(scene.ctx, scene.now)),
                statements(scene, lambda: FEATURE.next_due(scene.ctx, scene.now)),
            )
        )
    assert counts[0] == counts[1]
