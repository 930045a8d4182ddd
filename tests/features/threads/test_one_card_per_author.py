"""What one person asks within an hour makes one card, and an answer to any of it closes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.delivery import Delivery
from copbot.core.facts import MessageSeen
from copbot.core.records import Card
from copbot.core.time import HOUR_US, to_us
from copbot.features.threads import FEATURE
from copbot.features.threads.care import Care
from copbot.features.threads.service import settle, watch


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def cards(scene: Scene, state: str = "open") -> list[Card]:
    with scene.store.read() as tx:
        return list(tx.cards.of("data", state))


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


def asks_twice(scene: Scene, minutes: float = 50) -> tuple[int, int]:
    first = scene.says("U1", "How do you link two registers?")
    scene.wait(minutes=minutes)
    return first, scene.says("U1", "And how do you link three of them?")


def test_two_questions_become_one_card_when_the_first_is_due(scene: Scene) -> None:
    first, second = asks_twice(scene)
    scene.wait(hours=23, minutes=10)
    (told,) = tick(scene)
    assert "How do you link two" in text_of(told)
    assert "how do you link three" in text_of(told)
    (card,) = cards(scene)
    assert (card.ts_us, card.joined_us) == (first, (second,))
    scene.wait(hours=2)
    assert tick(scene) == [], "the second one gets no card of its own"


@pytest.mark.parametrize("answered", [0, 1], ids=["the first", "the second"])
def test_an_answer_to_either_closes_it(scene: Scene, answered: int) -> None:
    messages = asks_twice(scene)
    scene.wait(hours=24)
    tick(scene)
    scene.says("U2", "By name.", thread=messages[answered])
    (update,) = tick(scene)
    assert "Answered by <@U2>" in text_of(update)
    assert cards(scene) == []


def test_an_answer_to_the_second_before_its_time_opens_no_card_for_the_first(scene: Scene) -> None:
    _, second = asks_twice(scene)
    scene.says("U2", "By name.", thread=second)
    scene.wait(hours=30)
    assert tick(scene) == []


def test_what_they_ask_after_an_answer_is_a_new_question(scene: Scene) -> None:
    first = scene.says("U1", "How do you link two registers?")
    scene.wait(minutes=10)
    scene.says("U2", "By name.", thread=first)
    scene.wait(minutes=10)
    second = scene.says("U1", "And how do you link three of them?")
    scene.wait(hours=24)
    tick(scene)
    assert [card.ts_us for card in cards(scene)] == [second]


def test_more_than_an_hour_apart_they_are_two(scene: Scene) -> None:
    first, second = asks_twice(scene, minutes=61)
    scene.wait(hours=24)
    tick(scene)
    assert [card.ts_us for card in cards(scene)] == [first, second]


def test_a_later_one_joins_a_card_that_stands_already(scene: Scene) -> None:
    first = scene.says("U1", "How do you link two registers?")
    with scene.store.begin() as tx:
        watched = watch(scene.ctx, tx, scene.communities[0], "CDATA", first, "UMOD")
    scene.send()
    scene.wait(minutes=30)
    second = scene.says("U1", "And how do you link three of them?")
    (update,) = tick(scene)
    assert watched is not None
    assert update.outgoing.updates == watched.shown_in
    assert "link three" in text_of(update)
    (card,) = cards(scene)
    assert card.joined_us == (second,)
    assert tick(scene) == []


def test_what_a_hand_closed_takes_what_was_asked_before_with_it_and_nothing_after(scene: Scene) -> None:
    first = scene.says("U1", "How do you link two registers?")
    with scene.store.begin() as tx:
        card = watch(scene.ctx, tx, scene.communities[0], "CDATA", first, "UMOD")
        assert card is not None
        settle(Care(scene.ctx, tx, scene.communities[0], to_us(scene.now)), card, "answered", "UMOD", "U2")
    scene.wait(minutes=30)
    second = scene.says("U1", "And how do you link three of them?")
    scene.wait(hours=24)
    tick(scene)
    assert [card.ts_us for card in cards(scene)] == [second]


def test_deleting_one_of_them_leaves_the_other_and_deleting_both_withdraws_the_card(scene: Scene) -> None:
    first, second = asks_twice(scene)
    scene.wait(hours=24)
    tick(scene)
    scene.deletes(first)
    assert tick(scene) == []
    scene.says("U2", "By name.", thread=first)
    assert tick(scene) == [], "what stands below a deleted question answers nothing"
    scene.deletes(second)
    (update,) = tick(scene)
    assert "Withdrawn by its author" in text_of(update)


def test_a_hello_and_a_question_make_one_card_that_a_welcome_does_not_close(scene: Scene) -> None:
    scene.joins("UNEW")
    hello = scene.says("UNEW", "Hello, I work on the census.")
    scene.wait(minutes=5)
    question = scene.says("UNEW", "How do you link two registers?")
    scene.wait(hours=24)
    (told,) = tick(scene)
    assert "It is their *first message* here." in text_of(told)
    (card,) = cards(scene)
    assert (card.ts_us, card.joined_us, card.is_first) == (hello, (question,), True)
    scene.says("U2", "Welcome!", thread=hello)
    assert tick(scene) == []
    scene.says("U2", "By name.", thread=question)
    (update,) = tick(scene)
    assert "Answered by <@U2>" in text_of(update)


def test_two_cards_of_an_older_program_live_on_each_for_itself(scene: Scene) -> None:
    first, second = asks_twice(scene)
    with scene.store.begin() as tx:
        for ts_us in (first, second):
            tx.cards.open("data", "CDATA", ts_us, "U1", "member", "it asks", to_us(scene.now), "card:both")
    scene.says("U2", "By name.", thread=first)
    tick(scene)
    assert [card.ts_us for card in cards(scene)] == [second]
    assert [card.joined_us for card in cards(scene)] == [()]


def test_history_that_comes_late_joins_as_well(scene: Scene) -> None:
    first, _ = asks_twice(scene)
    scene.wait(hours=24)
    tick(scene)
    scene.record(MessageSeen("CDATA", first + HOUR_US // 3, "U1", text="Is there a guide for it?"))
    (update,) = tick(scene)
    assert "Is there a guide" in text_of(update)
    assert len(cards(scene)) == 1
