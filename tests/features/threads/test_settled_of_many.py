"""Of many open cards only those are looked at closely that something may have settled: no other one ever is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk import card_of, open_card, press, settle_in, tick
from scene import COMMUNITY, Scene
from sqlalchemy import update

from copbot.adapters.store import tables
from copbot.core.facts import ChannelSeen, MessageSeen, UserSeen
from copbot.core.time import to_us
from copbot.features.threads import FEATURE, judging, views
from copbot.features.threads.care import Care

EVERYTHING = replace(COMMUNITY.unanswered, counts_as_answer=("reply", "reaction", "next_message"))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "U2", "UMOD")
    yield scene
    scene.close()


def settled(scene: Scene) -> set[int]:
    """The open cards that wait no more, as a pass finds them, and as a look at each of them does."""
    with scene.store.read() as tx:
        care = Care(scene.ctx, tx, scene.communities[0], to_us(scene.now))
        verdicts = judging.judge(care, tx.cards.of("data", "open"))
        each = {card for card, verdict in verdicts.items() if verdict.state != "open"}
        taken = {card for card, verdict in verdicts.items() if verdict.taken_by is not None}
        assert {card.id for card, _ in care.settled} == each
        assert taken <= {card.id for card, _ in care.verdicts}
    return each


def replies(scene: Scene, ts_us: int) -> None:
    scene.says("U2", "By name.", thread=ts_us)


def edits(scene: Scene, ts_us: int) -> None:
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="Never mind.", edited_us=to_us(scene.now)))


def archives(scene: Scene, _ts_us: int) -> None:
    scene.record(ChannelSeen("CDATA", is_archived=True, updated_us=to_us(scene.now)))


def is_a_bot(scene: Scene, _ts_us: int) -> None:
    scene.record(UserSeen("U1", is_bot=True, updated_us=to_us(scene.now)))


def reacts(scene: Scene, ts_us: int) -> None:
    scene.reacts("UMOD", "white_check_mark::skin-tone-3", ts_us)


def reacts_below(scene: Scene, ts_us: int) -> None:
    scene.reacts("UMOD", "white_check_mark", scene.says("U1", "Found it", thread=ts_us))


def writes_beside(scene: Scene, ts_us: int) -> None:
    scene.record(MessageSeen("CDATA", ts_us + 60_000_000, "U2", text="By name."))


def deletes(scene: Scene, ts_us: int) -> None:
    scene.deletes(ts_us)


@pytest.mark.parametrize(
    "what",
    [replies, edits, archives, is_a_bot, reacts, reacts_below, writes_beside, deletes],
    ids=lambda what: what.__name__,
)
def test_whatever_settles_a_card_is_found_among_those_that_wait(scene: Scene, what) -> None:
    scene.communities = (replace(COMMUNITY, unanswered=EVERYTHING),)
    card = open_card(scene)
    scene.says("U1", "I still wonder.", thread=card.ts_us)
    scene.reacts("UMOD", "eyes", card.ts_us)
    assert settled(scene) == set()
    what(scene, card.ts_us)
    assert settled(scene) == {card.id}


def test_nothing_is_found_where_only_others_kinds_of_answers_came(scene: Scene) -> None:
    card = open_card(scene)
    for what in (reacts, reacts_below, writes_beside):
        what(scene, card.ts_us)
    assert settled(scene) == set()


def test_an_answer_to_what_was_asked_besides_is_found(scene: Scene) -> None:
    first = scene.says("U1", "How do you link two registers?")
    second = scene.says("U1", "And how do you link three?")
    scene.wait(hours=24)
    tick(scene)
    assert card_of(scene, first).messages_us == (first, second)
    replies(scene, second)
    assert settled(scene) == {card_of(scene, first).id}


def test_what_waits_for_long_has_nothing_to_come_until_somebody_takes_it(scene: Scene) -> None:
    card = open_card(scene)
    for _ in range(4):
        scene.wait(hours=24)
        tick(scene)
    with scene.store.read() as tx:
        assert list(tx.cards.with_clock("data", 3, None)) == []
        assert [one.id for one in tx.cards.with_clock("data", 3, card.opened_us)] == [card.id]
        assert list(tx.cards.with_clock("data", 3, card.opened_us + 1)) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    press(scene, views.TAKE, card.id)
    with scene.store.read() as tx:
        assert [one.id for one in tx.cards.with_clock("data", 3, None)] == [card.id]
    assert FEATURE.next_due(scene.ctx, scene.now) is not None


def test_cards_of_an_older_program_that_name_nobody_further_are_read(scene: Scene) -> None:
    card = open_card(scene)
    with scene.engine.begin() as connection:
        connection.execute(update(tables.Card.__table__).values(joined_us=None))  # type: ignore[attr-defined]
        connection.exec_driver_sql("UPDATE card SET joined_us = NULL")
    assert settled(scene) == set()
    replies(scene, card.ts_us)
    assert settled(scene) == {card.id}
