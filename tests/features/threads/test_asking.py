"""A moderator has one member asked: one kind message, "I'll answer" or "Not me", and the card says what came of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk import ask, buttons_of, card_of, open_card, press, settle_in, submit, tick, unanswered, words_of
from scene import COMMUNITY, Scene

from copbot.core import attention
from copbot.core.community import Attention
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.preferences import Preferences
from copbot.core.records import Card
from copbot.core.time import DAY_US, to_us
from copbot.features.threads import forms
from copbot.features.threads.asking.message import NOT_ME, WILL_ANSWER


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "UBEN", "UCLEO", "UMOD", "UJESS")
    yield scene
    scene.close()


def sent(scene: Scene) -> tuple[Delivery | None, Delivery | None]:
    """The message to the member, and the card as it reads then."""
    found = {delivery.outgoing.kind: delivery for delivery in scene.send()}
    return found.get("ask"), found.get("card")


def test_who_is_asked_gets_one_message_with_the_question_and_the_card_says_so(scene: Scene) -> None:
    card = open_card(scene)
    answer = ask(scene, card, "UBEN")
    assert answer.text == ""
    assert answer.errors == {}
    asked, shown = sent(scene)
    assert asked is not None
    assert shown is not None
    assert (asked.outgoing.target, asked.outgoing.thread_of) == ("UBEN", None)
    assert words_of(asked) == (
        "<@U1> asks in <#CDATA>:\n> How do you link two registers?\n"
        "<@UMOD> thinks that you may know. Can you help? A line is enough."
    )
    assert buttons_of(asked) == ["Open the thread", "I'll answer", "Not me"]
    assert shown.outgoing.updates == card.shown_in
    assert "Asked: <@UBEN> (no reply yet)" in words_of(shown)
    with scene.store.read() as tx:
        noted = [(one.actor, one.action, one.subject) for one in tx.audit.since("data", 0)]
    assert noted == [("UMOD", "asked", "UBEN")]


def test_a_member_is_asked_in_their_own_language(scene: Scene) -> None:
    card = open_card(scene)
    scene.record(UserSeen("UBEN", locale="fr-FR", updated_us=to_us(scene.now)))
    ask(scene, card, "UBEN")
    asked, _ = sent(scene)
    assert asked is not None
    assert buttons_of(asked) == ["Ouvrir le fil", "Je réponds", "Pas moi"]


def test_a_newcomers_first_message_asks_for_a_hello(scene: Scene) -> None:
    scene.joins("UNEW", name="New")
    card = open_card(scene, "UNEW", "Hello all")
    ask(scene, card, "UBEN")
    asked, _ = sent(scene)
    assert asked is not None
    assert "<@UNEW> is new in <#CDATA>" in words_of(asked)
    assert buttons_of(asked)[1] == "I'll say hello"


def test_the_bots_own_question_is_quoted_on_its_card_and_to_who_is_asked(scene: Scene) -> None:
    with scene.store.begin() as tx:
        said = Outgoing("q", "question", "CDATA", "Which key did you use <last>?", to_us(scene.now), community="data")
        tx.deliveries.plan(said)
    scene.send()
    scene.wait(hours=25)
    (shown,) = tick(scene)
    assert "> Which key did you use" in words_of(shown)
    with scene.store.read() as tx:
        (card,) = tx.cards.of("data", "open")
    ask(scene, card, "UBEN")
    asked, _ = sent(scene)
    assert asked is not None
    assert words_of(asked).startswith("My question in <#CDATA> has had no answer yet:\n> Which key did you use")


def test_ill_answer_takes_the_card_for_them_until_it_is_freed_like_any_claim(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    asked, _ = sent(scene)
    assert asked is not None
    assert press(scene, WILL_ANSWER, card.id, "UBEN").text == ""
    reply, shown = sent(scene)
    assert reply is not None
    assert shown is not None
    assert reply.outgoing.updates == asked.outgoing.key
    assert "Thank you! The thread is waiting for you." in words_of(reply)
    assert buttons_of(reply) == ["Open the thread"]
    assert "<@UBEN> will answer." in words_of(shown)
    assert "I'll take it" not in buttons_of(shown)
    held = card_of(scene, card.ts_us)
    assert (held.claimed_by, held.is_asked) == ("UBEN", True)

    scene.wait(days=3)
    tick(scene)
    assert card_of(scene, card.ts_us).claimed_by is None


def test_not_me_is_told_on_the_card_alone_and_the_next_suggestion_comes_up(scene: Scene) -> None:
    for helper in ("UBEN", "UBEN", "UCLEO"):
        scene.says(helper, "So.", thread=scene.says("U9", "What is it?"))
    card = open_card(scene)
    (view,) = [press(scene, "threads:ask", card.id).view]
    assert view is not None
    assert "UBEN" in str(view)
    submit(scene, forms.ASK_FORM, card, {forms.SUGGESTED: {"selected_option": {"value": "UBEN"}}, forms.ANYONE: {}})
    sent(scene)
    assert press(scene, NOT_ME, card.id, "UBEN").text == ""
    messages = scene.send()
    assert all(message.outgoing.updates for message in messages)  # nobody is notified of a no
    shown = next(message for message in messages if message.outgoing.kind == "card")
    assert "Asked: <@UBEN> (cannot)" in words_of(shown)
    assert "Might know: <@UCLEO>" in words_of(shown)
    assert card_of(scene, card.ts_us).claimed_by is None


def test_what_somebody_else_has_taken_can_be_answered_by_two(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    press(scene, "threads:take", card.id, "UJESS")
    scene.send()
    press(scene, WILL_ANSWER, card.id, "UBEN")
    reply, _ = sent(scene)
    assert reply is not None
    assert "<@UJESS> has taken it too" in words_of(reply)
    assert card_of(scene, card.ts_us).claimed_by == "UJESS"


# --- whom, and when -------------------------------------------------------------------------------------------------


def test_who_cannot_be_asked_is_refused_with_one_line(scene: Scene) -> None:
    scene.record(
        UserSeen("UBOT", name="Bot", is_bot=True),
        UserSeen("UGONE", name="Gone", is_deleted=True),
        UserSeen("UGUEST", name="Guest", is_guest=True),
        UserSeen("UPARTNER", name="Partner", is_external=True),
    )
    card = open_card(scene)
    refused = {
        "U1": "who wrote it",
        "UMOD": "That is you",
        "UBOT": "a bot",
        "UGONE": "have left",
        "UGUEST": "cannot read that channel",  # a guest of other channels
        "UPARTNER": "cannot read that channel",  # of another organisation, and not in the channel
        "UNOBODY": "not met them",
        "": "choose somebody",
    }
    for member, why in refused.items():
        (line,) = ask(scene, card, member).errors.values()
        assert why in line
        assert "\n" not in line
    assert scene.send() == []


def test_a_private_channels_question_goes_to_its_members_alone(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "UBEN", "UCLEO", private=True)
    scene.record(MembershipSeen("CDATA", "UBEN", True, to_us(scene.now)))
    card = open_card(scene)
    assert "cannot read" in str(ask(scene, card, "UCLEO").errors)
    assert ask(scene, card, "UBEN").errors == {}
    scene.close()


def test_nobody_is_asked_twice_about_the_same_card(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    assert "asked already" in str(ask(scene, card, "UBEN", "UJESS").errors)
    assert [delivery.outgoing.kind for delivery in scene.send()].count("ask") == 1


def test_a_spent_budget_or_quiet_hours_put_it_off_and_the_moderator_is_told_until_when(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("x", "survey", "UBEN", "How is it?", to_us(scene.now)))
    scene.send()
    scene.wait(hours=1)
    card = open_card(scene)
    scene.wait(hours=-2)  # two hours before the day is over since they were written to
    told = ask(scene, card, "UBEN").text
    assert told.startswith("<@UBEN> will be asked <!date^")
    asked, shown = sent(scene)
    assert asked is None
    assert shown is not None
    assert "(my message goes out <!date^" in words_of(shown)
    scene.wait(hours=2)
    asked, _ = sent(scene)
    assert asked is not None


def test_where_members_get_no_messages_nobody_is_asked(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, attention=Attention(member_day=0)))
    settle_in(scene, "U1", "UBEN")
    card = open_card(scene)
    assert "`attention:`" in ask(scene, card, "UBEN").text
    assert scene.send() == []
    scene.close()


def test_a_card_says_so_when_the_message_did_not_go_out_after_all(scene: Scene) -> None:
    card = open_card(scene)
    with scene.store.begin() as tx:
        tx.preferences.save(Preferences("UBEN", paused_until_us=to_us(scene.now) + 2 * DAY_US), to_us(scene.now))
    ask(scene, card, "UBEN")
    _, shown = sent(scene)
    assert "(my message goes out <!date^" in words_of(shown)
    with scene.store.begin() as tx:
        tx.preferences.save(Preferences("UBEN", mode="off", version=1), to_us(scene.now))
        attention.changed(scene.ctx, tx, "UBEN", scene.now)
    assert "<@UBEN> (my message did not go out)" in str(unanswered(scene).blocks)


def test_who_wants_no_such_messages_is_not_asked_and_why_is_theirs_to_know(scene: Scene) -> None:
    card = open_card(scene)
    with scene.store.begin() as tx:
        tx.preferences.save(Preferences("UBEN", off=frozenset({"asks"})), to_us(scene.now))
    told = ask(scene, card, "UBEN").text
    assert told.startswith("I cannot ask <@UBEN>")
    assert "turned" not in told


# --- meanwhile ------------------------------------------------------------------------------------------------------


def late(scene: Scene) -> Card:
    """A card about which Ben is to be asked when his quiet hours end."""
    card = open_card(scene)
    scene.wait(hours=12)  # 21:00
    ask(scene, card, "UBEN")
    scene.send()
    return card


def test_an_answer_before_the_message_goes_out_calls_it_off_and_they_can_be_asked_again(scene: Scene) -> None:
    card = late(scene)
    reply = scene.says("UCLEO", "By name.", thread=card.ts_us)
    tick(scene)
    scene.wait(hours=12)
    assert "ask" not in [delivery.outgoing.kind for delivery in tick(scene)]
    scene.deletes(reply)
    tick(scene)
    assert card_of(scene, card.ts_us).state == "open"
    assert ask(scene, card, "UBEN").errors == {}
    assert "ask" in [delivery.outgoing.kind for delivery in scene.send()]


@pytest.mark.parametrize("end", ["answer", "delete"])
def test_what_is_settled_takes_the_question_off_the_message_that_was_sent(scene: Scene, end: str) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    asked, _ = sent(scene)
    assert asked is not None
    if end == "answer":
        scene.says("UCLEO", "By name.", thread=card.ts_us)
    else:
        scene.deletes(card.ts_us)
    (update,) = [delivery for delivery in tick(scene) if delivery.outgoing.kind == "ask"]
    assert update.outgoing.updates == asked.outgoing.key
    assert words_of(update) == "This one is taken care of by now. Thank you all the same!"
    # And a press on the message as it was, from another device say, has one kind line
    assert (
        press(scene, WILL_ANSWER, card.id, "UBEN").text == "This one is taken care of by now. Thank you all the same!"
    )
    assert card_of(scene, card.ts_us).claimed_by is None


def test_a_second_press_and_a_strangers_press_change_nothing(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    scene.send()
    assert "no longer look after" in press(scene, WILL_ANSWER, card.id, "UCLEO").text
    press(scene, NOT_ME, card.id, "UBEN")
    assert press(scene, WILL_ANSWER, card.id, "UBEN").text == "You told me already. Thank you!"
    assert card_of(scene, card.ts_us).claimed_by is None


def test_a_forged_press_of_a_member_is_refused_plainly(scene: Scene) -> None:
    open_card(scene)
    for value in ("", "0", "-1", "999999", "1 OR 1=1", "x" * 3000):
        for action in (WILL_ANSWER, NOT_ME):
            assert "no longer look after" in press(scene, action, value, "UBEN").text


def test_where_the_community_is_gone_both_hear_so(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    scene.send()
    scene.communities = ()
    scene.communities = (replace(COMMUNITY, id="other"),)
    assert "no longer look after" in press(scene, WILL_ANSWER, card.id, "UBEN").text
    assert "no longer look after" in press(scene, "threads:ask", card.id).text
    assert "no longer look after" in ask(scene, card, "UCLEO").text


def test_who_left_the_private_channel_since_is_thanked_and_has_nothing_to_do(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "UBEN", private=True)
    scene.record(MembershipSeen("CDATA", "UBEN", True, to_us(scene.now)))
    card = open_card(scene)
    ask(scene, card, "UBEN")
    scene.send()
    scene.record(MembershipSeen("CDATA", "UBEN", False, to_us(scene.now)))
    assert "no longer in <#CDATA>" in press(scene, WILL_ANSWER, card.id, "UBEN").text
    assert card_of(scene, card.ts_us).claimed_by is None
    scene.close()


def test_a_message_that_slack_refused_is_told_on_the_card(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    with scene.store.begin() as tx:
        (asking,) = [one for one in tx.deliveries.ready(to_us(scene.now), 9) if one.outgoing.kind == "ask"]
        tx.deliveries.claim(asking.id, "test", to_us(scene.now))
        tx.deliveries.settle(asking.id, 1, "failed", reason="messages_tab_disabled")
    press(scene, "threads:take", card.id)
    assert "Asked: <@UBEN> (Slack refused my message)" in words_of(scene.send()[-1])
    assert "<@UBEN> (Slack refused my message)" in str(unanswered(scene).blocks)
