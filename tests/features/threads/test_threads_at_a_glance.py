"""What ``status`` tells of threads, and how right the rule of questions is in the moderators' eyes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.ports.answering import AnsweredCounts
from copbot.core.records import Card
from copbot.core.time import to_us
from copbot.features.threads import overview
from copbot.features.threads.precision import Precision, counted_precision, precision_of


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def told(scene: Scene) -> str:
    with scene.store.read() as tx:
        (block,) = overview.status(scene.ctx, tx, scene.communities[0])
    return str(block["text"]["text"])


def card_of(scene: Scene, ts_us: int, origin: str = "member", *, is_first: bool = False) -> Card:
    with scene.store.begin() as tx:
        card = tx.cards.open("data", "CDATA", ts_us, "UANN", origin, "why", to_us(scene.now), "key", is_first)
    assert card is not None
    return card


def settle(scene: Scene, card: Card, state: str) -> None:
    with scene.store.begin() as tx:
        tx.cards.save(replace(card, state=state))  # type: ignore[arg-type]


def test_where_nothing_waits_and_nothing_was_asked_it_says_just_that(scene: Scene) -> None:
    assert told(scene) == ":speech_balloon: No question waits for an answer."


def test_what_waits_how_soon_questions_are_answered_and_how_often_they_were_some(scene: Scene) -> None:
    answered, other = scene.says("UANN", "Which one?"), scene.says("UCEL", "And when?")
    scene.says("UBEN", "the second", thread=answered)
    scene.wait(hours=25)
    settle(scene, card_of(scene, answered), "answered")
    card_of(scene, other)
    scene.says("UDAN", "What is too young for a card?")
    assert told(scene) == (
        ":speech_balloon: 2 questions wait for an answer, the first in the queue for 25 hours.\n"
        "Answered within 24 h this month: 1 of 2 questions.\n"
        "What I took for a question was one in 1 of 1 card."
    )


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ((0, 0), ""),
        ((4, 4), "Answered within 24 h this month: 4 of 4 questions."),
        ((1, 1), "Answered within 24 h this month: 1 of 1 question."),
        ((4, 5), "Answered within 24 h this month: 4 of 5 questions (80 %; 38 to 96 % at 95 % certainty)."),
    ],
)
def test_a_share_is_told_with_its_interval_and_not_of_very_few(within: tuple[int, int], said: str) -> None:
    assert overview.answered_in_words(AnsweredCounts(9, 9, (within,), None)) == said


def test_precision_counts_settled_cards_that_a_members_message_opened_by_its_asking(scene: Scene) -> None:
    asked = [scene.says("UANN", "Which one?") for _ in range(6)]
    for ts_us, state in zip(
        asked, ["answered", "answered", "dismissed", "withdrawn", "open", "dismissed"], strict=True
    ):
        settle(scene, card_of(scene, ts_us, is_first=ts_us == asked[-1]), state)
    settle(scene, card_of(scene, to_us(scene.now) + 1, "question"), "answered")
    settle(scene, replace(card_of(scene, to_us(scene.now) + 2), marked_by="UMOD"), "answered")
    with scene.store.read() as tx:
        every, by_rule = precision_of(tx, "data")
    assert every == Precision(None, 2, 3)
    assert by_rule == (Precision(2, 2, 3),)


def test_the_rule_is_noted_with_the_card_before_a_moderators_word_takes_its_place(scene: Scene) -> None:
    ts_us = scene.says("UANN", "Which one?")
    card = card_of(scene, ts_us)
    with scene.store.begin() as tx:
        tx.facts.set_asks("CDATA", ts_us, False, "a moderator said so")
    settle(scene, card, "dismissed")
    with scene.store.read() as tx:
        assert precision_of(tx, "data")[1] == (Precision(2, 0, 1),)


def test_precision_is_told_by_the_version_of_the_rule_the_latest_first() -> None:
    every, by_rule = counted_precision(
        {(1, "answered"): 6, (1, "dismissed"): 4, (2, "answered"): 9, (None, "dismissed"): 1}
    )
    assert every == Precision(None, 15, 20)
    assert by_rule == (Precision(2, 9, 9), Precision(1, 6, 10), Precision(None, 0, 1))
    assert every.share == 0.75
    assert every.interval == pytest.approx((0.5313, 0.8881), abs=5e-5)


def test_nothing_is_divided_by_nothing() -> None:
    every, by_rule = counted_precision({})
    assert (every.share, every.interval, by_rule) == (None, None, ())


@pytest.mark.parametrize(
    ("every", "by_rule", "said"),
    [
        (Precision(None, 0, 0), (), ""),
        (Precision(None, 9, 9), (), "What I took for a question was one in 9 of 9 cards."),
        (
            Precision(None, 9, 10),
            (Precision(2, 9, 10),),
            "What I took for a question was one in 9 of 10 cards (90 %; 60 to 98 % at 95 % certainty).",
        ),
        (
            Precision(None, 15, 20),
            (Precision(2, 9, 9), Precision(1, 6, 11)),
            "What I took for a question was one in 15 of 20 cards (75 %; 53 to 89 % at 95 % certainty);"
            " with the present rule in 9 of 9.",
        ),
    ],
)
def test_how_right_the_rule_is_in_words(every: Precision, by_rule: tuple[Precision, ...], said: str) -> None:
    assert overview._right(every, by_rule) == said
