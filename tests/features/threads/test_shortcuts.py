"""The entries of a message's menu: "Watch this thread" and "Mark as answered"."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Channels
from copbot.core.interaction import Answer, Press, Shortcut
from copbot.core.records import Card
from copbot.features.threads import FEATURE
from copbot.features.threads.shortcuts import WATCH_ANYWAY

HOW = "How do I link two registers?"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def choose(
    scene: Scene,
    what: str,
    message_us: int,
    user: str = "UMOD",
    author: str | None = "UANA",
    thread: int | None = None,
    channel: str = "CDATA",
) -> Answer:
    with scene.store.begin() as tx:
        chosen = Shortcut(user, f"threads_{what}", channel, message_us, author, thread)
        return FEATURE.shortcuts[f"threads_{what}"](scene.ctx, tx, chosen)


def card_of(scene: Scene, ts_us: int) -> Card | None:
    with scene.store.read() as tx:
        return tx.cards.of_thread("data", "CDATA", ts_us)


def cards_sent(scene: Scene) -> list[str]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return [one.outgoing.text for one in scene.send() if one.outgoing.kind == "card"]


# --- watch this thread ------------------------------------------------------------------------------------------------


def test_a_watched_thread_has_a_card_at_once(scene: Scene) -> None:
    root = scene.says("UANA", "We have no idea about registers.")
    assert "a card in <#CMODS>" in choose(scene, "watch", root).text
    card = card_of(scene, root)
    assert card is not None
    assert (card.state, card.marked_by) == ("open", "UMOD")
    assert len(cards_sent(scene)) == 1
    assert "has a card already" in choose(scene, "watch", root).text
    assert cards_sent(scene) == []


def test_on_a_reply_it_means_the_thread(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    reply = scene.says("UANA", "Nobody?", thread=root)
    assert "the thread that this belongs to" in choose(scene, "watch", reply, thread=root).text
    assert card_of(scene, root) is not None


def test_an_answered_thread_says_so_and_is_watched_all_the_same_if_one_insists(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    scene.says("UBEN", "With care.", thread=root)
    scene.wait(hours=3)
    said = choose(scene, "watch", root)
    assert said.text.startswith("<@UBEN> answered it 3 hours ago")
    assert card_of(scene, root) is None
    [button] = said.blocks[1]["elements"]
    for user, outcome in (("UANA", "Moderators can do this."), ("UMOD", "I keep an eye on it")):
        with scene.store.begin() as tx:
            answer = FEATURE.actions[WATCH_ANYWAY](scene.ctx, tx, Press(user, WATCH_ANYWAY, button["value"], "t"))
        assert answer.text.startswith(outcome)
        assert answer.replaces
    card = card_of(scene, root)
    assert card is not None
    assert card.state == "open"
    cards_sent(scene)
    assert card_of(scene, root) == card, "what was answered before does not close it"


def test_a_value_that_was_made_up_does_nothing(scene: Scene) -> None:
    for value in ("", "CDATA", "CDATA/x", "/", "CDATA/1.000001", "CELSE/1700000000.000001"):
        with scene.store.begin() as tx:
            answer = FEATURE.actions[WATCH_ANYWAY](scene.ctx, tx, Press("UMOD", WATCH_ANYWAY, value, "t"))
        assert answer.text, value
    assert cards_sent(scene) == []


def test_where_nothing_can_be_watched_one_line_says_why(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    assert choose(scene, "watch", root, user="UANA").text == "Moderators can do this."
    assert "<#CDATA>" in choose(scene, "watch", root, channel="DANA").text, "a direct message names where it works"
    assert "An app wrote this" in choose(scene, "watch", root + 5, author=None).text
    assert "cannot find this thread" in choose(scene, "watch", root + 5).text
    scene.communities = (replace(COMMUNITY, channels=Channels(discussion=("#data",))),)
    assert "no moderators' channel" in choose(scene, "watch", root).text
    scene.communities = ()
    assert "none yet" in choose(scene, "watch", root).text
    assert card_of(scene, root) is None


def test_who_is_no_moderator_any_more_watches_nothing(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=())),)
    assert choose(scene, "watch", root).text == "Moderators can do this."


# --- mark as answered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["UMOD", "UJESS", "UANA"])
def test_moderators_and_the_author_close_a_card(scene: Scene, user: str) -> None:
    root = scene.says("UANA", HOW)
    scene.wait(hours=25)
    cards_sent(scene)
    assert choose(scene, "answered", root, user=user).text.startswith("Noted as answered.")
    card = card_of(scene, root)
    assert card is not None
    assert (card.state, card.settled_by, card.answered_by) == ("answered", user, None)
    assert choose(scene, "answered", root, user=user).text == "It is marked as answered already."


def test_others_are_told_how_they_can_help(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    assert "Do you know the answer?" in choose(scene, "answered", root, user="UBEN").text


def test_a_question_too_young_for_a_card_never_gets_one(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    assert choose(scene, "answered", root, user="UANA").text.startswith("Noted as answered.")
    assert cards_sent(scene) == []
    scene.wait(hours=80)
    assert cards_sent(scene) == []


def test_on_a_reply_whoever_wrote_it_is_who_answered(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    with scene.store.begin() as tx:
        tx.cards.open("data", "CDATA", root, "UANA", "member", "", root, "card:x")
    said = choose(scene, "answered", root + 5, author="UBEN", thread=root)
    assert said.text.startswith("Noted as answered by <@UBEN>.")
    card = card_of(scene, root)
    assert card is not None
    assert card.answered_by == "UBEN"


def test_where_nothing_waits_nothing_is_marked(scene: Scene) -> None:
    statement = scene.says("UANA", "The vault is open.")
    assert "nothing to mark" in choose(scene, "answered", statement).text
    assert card_of(scene, statement) is None
    answered = scene.says("UANA", HOW)
    scene.says("UBEN", "So.", thread=answered)
    assert choose(scene, "answered", answered).text == "It has an answer already, by <@UBEN>."
    assert "cannot find" in choose(scene, "answered", statement + 7).text
    assert "An app wrote this" in choose(scene, "answered", statement + 7, author=None).text
    assert "own channels only" in choose(scene, "answered", statement, channel="CMAPS").text


def test_two_at_once_the_second_hears_of_the_first(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    assert choose(scene, "answered", root, user="UANA").text.startswith("Noted")
    assert choose(scene, "answered", root, user="UMOD").text == "It is marked as answered already."


def test_what_moderators_chose_is_recorded(scene: Scene) -> None:
    root = scene.says("UANA", HOW)
    choose(scene, "watch", root)
    choose(scene, "answered", root)
    with scene.store.read() as tx:
        assert [(one.actor, one.action) for one in tx.audit.since("data", 0)] == [
            ("UMOD", "watched"),
            ("UMOD", "marked as answered"),
        ]
