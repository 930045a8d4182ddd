"""A member's own page: what waits of theirs, and the question that they could answer next."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk import ask, card_of, open_card, press, settle_in, tick
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Privacy
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.feature import Step
from copbot.core.time import to_us
from copbot.features.threads import own
from copbot.features.threads.asking.message import NOT_ME, WILL_ANSWER


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, attention=Attention(quiet=None)))
    settle_in(scene, "U1", "UBEN", "UMOD")
    scene.record(*(MembershipSeen("CDATA", user, is_member=True, at_us=1) for user in ("U1", "UBEN")))
    yield scene
    scene.close()


def waits(scene: Scene, user: str = "U1") -> list[str]:
    with scene.store.read() as tx:
        blocks = own.waits(scene.ctx, tx, scene.communities[0], user)
    return [line for block in blocks for line in block["text"]["text"].splitlines()]


def step(scene: Scene, user: str = "UBEN") -> Step | None:
    with scene.store.read() as tx:
        return own.step(scene.ctx, tx, scene.communities[0], user)


def said(found: Step | None) -> str:
    return "" if found is None else "\n".join(b["text"]["text"] for b in found.blocks if b["type"] == "section")


def buttons(found: Step | None) -> list[str]:
    blocks = () if found is None else found.blocks
    return [element["text"]["text"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


# --- what waits -----------------------------------------------------------------------------------------------------


def test_ones_own_question_waits_from_the_first_minute_until_it_is_answered(scene: Scene) -> None:
    assert waits(scene) == []
    ts_us = scene.says("U1", "How do you link &lt;two&gt; registers | quickly?")
    (line,) = waits(scene)
    link = f"https://example.slack.com/archives/CDATA/p{ts_us}"
    assert line.startswith(f"• <{link}|How do you link &lt;two&gt; registers ¦ quickly?> (<#CDATA>, <!date^")
    assert waits(scene, "UBEN") == []
    scene.wait(hours=25)
    tick(scene)
    assert len(waits(scene)) == 1
    scene.says("UBEN", "Like this", thread=ts_us)
    assert waits(scene) == []


def test_a_question_whose_words_are_not_kept_waits_too(scene: Scene) -> None:
    scene.record(UserSeen("U1", locale="es-ES", updated_us=to_us(scene.now)))
    scene.communities = (replace(scene.communities[0], privacy=Privacy(keep_text="none")),)
    scene.store.keep_text_in = lambda _channel: "none"
    scene.says("U1", "How do you link two registers?")
    assert "|Tu mensaje>" in waits(scene)[0]


def test_of_very_many_the_first_are_listed(scene: Scene) -> None:
    for number in range(own.LISTED + 2):
        scene.says("U1", f"How do you do number {number}?")
        scene.wait(hours=2)  # what follows within the hour belongs to the same
    assert len(waits(scene)) == own.LISTED + 1
    assert waits(scene)[-1] == "…and 2 more."


# --- the next step --------------------------------------------------------------------------------------------------


def test_who_was_asked_sees_the_question_with_its_buttons_once_the_message_went_out(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    found = step(scene)
    assert found is None or found.is_for_all
    scene.send()
    found = step(scene)
    assert found is not None
    assert not found.is_for_all
    assert "<@UMOD> thinks that you may know" in said(found)
    assert buttons(found) == ["Open the thread", "I'll answer", "Not me"]


def test_who_said_yes_sees_the_way_there_and_who_said_no_sees_it_no_more(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    scene.send()
    press(scene, WILL_ANSWER, card.id, "UBEN")
    assert "The thread is waiting for you" in said(step(scene))
    assert buttons(step(scene)) == ["Open the thread"]
    other = open_card(scene, text="How do you weigh a survey?")
    ask(scene, other, "UBEN")
    scene.wait(days=1)  # the budget has room again
    scene.send()
    press(scene, NOT_ME, other.id, "UBEN")
    scene.says("U3", "Like this", thread=card.ts_us)
    tick(scene)
    found = step(scene)
    assert found is None or found.is_for_all


def test_anybody_sees_the_question_that_waits_longest_where_they_are(scene: Scene) -> None:
    assert step(scene) is None
    open_card(scene, "U3", "How do you link two registers?")
    open_card(scene, "U4", "How do you weigh a survey?")
    found = step(scene)
    assert found is not None
    assert found.is_for_all
    assert said(found) == (
        "<@U3> asks in <#CDATA>:\n> How do you link two registers?\n"
        "Nobody has answered so far. Can you help? A line is enough."
    )
    assert buttons(found) == ["Open the thread"]
    assert step(scene, "UELSEWHERE") is None


def test_ones_own_question_and_one_that_somebody_took_are_no_next_step(scene: Scene) -> None:
    card = open_card(scene, "UBEN")
    assert step(scene, "UBEN") is None
    assert step(scene, "U1") is not None
    with scene.store.begin() as tx:
        tx.cards.save(replace(card_of(scene, card.ts_us), claimed_by="UMOD", claimed_us=to_us(scene.now)))
    assert step(scene, "U1") is None
