"""What a moderator's hand does to a card: let it rest, close it and thank, give it back, bring it back; and what is too late for that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk import ask, buttons_of, card_of, choose, open_card, press, settle_in, submit, tick, words_of
from scene import COMMUNITY, Scene

from copbot.core.community import Participation
from copbot.core.delivery import Delivery
from copbot.core.facts import UserSeen
from copbot.core.time import from_us
from copbot.features.threads import FEATURE, forms, views


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "UBEN", "UMOD", "UJESS")
    yield scene
    scene.close()


def told(scene: Scene, kind: str) -> list[Delivery]:
    return [delivery for delivery in scene.send() if delivery.outgoing.kind == kind]


# --- to let it rest ---------------------------------------------------------------------------------------------------


def test_a_card_rests_until_tomorrow_morning_without_a_reminder_and_comes_back(scene: Scene) -> None:
    card = open_card(scene)  # Tuesday, 09:00
    assert choose(scene, "tomorrow", card).text == ""
    (shown,) = told(scene, "card")
    assert "Rests until <!date^" in words_of(shown)
    scene.wait(hours=24, seconds=-1)
    assert tick(scene) == []
    scene.wait(seconds=1)
    assert "Rests until" not in words_of([d for d in tick(scene) if d.outgoing.kind == "card"][-1])
    assert card_of(scene, card.ts_us).snoozed_until_us is None


def test_a_date_from_tomorrow_on_within_a_year(scene: Scene) -> None:
    card = open_card(scene)  # on the 17th
    view = choose(scene, "date", card).view
    assert view is not None
    for day in ("2026-11-17", "2026-11-01", "2027-11-19", "soon", None):
        answer = submit(scene, forms.SNOOZE_FORM, card, {forms.UNTIL: {"selected_date": day}})
        assert "from tomorrow on, within a year" in answer.errors[forms.UNTIL], day
        assert card_of(scene, card.ts_us).snoozed_until_us is None
    for day in ("2026-11-18", "2027-11-18"):
        assert submit(scene, forms.SNOOZE_FORM, card, {forms.UNTIL: {"selected_date": day}}).errors == {}
        until = from_us(card_of(scene, card.ts_us).snoozed_until_us or 0)
        assert f"{until:%Y-%m-%d %H:%M}" == f"{day} 09:00"


def test_an_answer_closes_what_rests_at_once_and_a_moderator_can_wake_it(scene: Scene) -> None:
    resting, other = open_card(scene, "U1"), open_card(scene, "U2")
    choose(scene, "week", resting)
    choose(scene, "week", other)
    scene.send()
    scene.says("UBEN", "By name.", thread=resting.ts_us)
    tick(scene)
    assert card_of(scene, resting.ts_us).state == "answered"
    choose(scene, "wake", other, "UJESS")
    (shown,) = told(scene, "card")
    assert "Rests" not in words_of(shown)
    assert card_of(scene, other.ts_us).snoozed_until_us is None


# --- to close it, and thank -------------------------------------------------------------------------------------------


def close(scene: Scene, who: str | None, user: str = "UMOD"):
    card = open_card(scene)
    view = press(scene, views.ANSWERED, card.id, user).view
    assert view is not None
    return card, submit(scene, forms.ANSWERED_FORM, card, {forms.WHO: {"selected_user": who}}, user)


def test_who_answered_elsewhere_is_thanked_on_the_card_and_in_private(scene: Scene) -> None:
    card, answer = close(scene, "UBEN")
    assert answer.errors == {}
    sent = {delivery.outgoing.kind: delivery for delivery in scene.send()}
    line = words_of(sent["card"])
    assert "Answered by <@UBEN> after 24 hours" in line
    assert "Marked by <@UMOD>. Thank you, <@UBEN>!" in line
    thanks = sent["recognition"].outgoing
    assert thanks.target == "UBEN"
    assert thanks.text == ":bouquet: Thank you! <@U1>'s question in <#CDATA> has its answer because of you."
    closed = card_of(scene, card.ts_us)
    assert (closed.state, closed.answered_by, closed.settled_by) == ("answered", "UBEN", "UMOD")


def test_without_a_name_it_is_closed_and_nobody_thanked(scene: Scene) -> None:
    card, answer = close(scene, None)
    assert answer.errors == {}
    (shown,) = scene.send()
    assert "Marked by <@UMOD>." in words_of(shown)
    assert card_of(scene, card.ts_us).answered_by is None


def test_the_author_the_moderator_and_strangers_are_not_thanked_in_private(scene: Scene) -> None:
    scene.record(UserSeen("UGONE", name="G", is_deleted=True), UserSeen("UPARTNER", name="P", is_external=True))
    for who in ("U1", "UMOD", "UGONE", "UPARTNER", "UNOBODY"):
        _, answer = close(scene, who)
        assert answer.errors == {}
    assert told(scene, "recognition") == []


def test_recognition_that_is_off_and_a_spent_budget_hold_for_thanks_too(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, participation=Participation(recognition="off")),)
    close(scene, "UBEN")
    assert told(scene, "recognition") == []
    scene.communities = (COMMUNITY,)
    close(scene, "UBEN")
    assert len(told(scene, "recognition")) == 1
    card = open_card(scene, "U3")
    scene.wait(hours=-12)
    submit(scene, forms.ANSWERED_FORM, card, {forms.WHO: {"selected_user": "UBEN"}})
    assert told(scene, "recognition") == []
    scene.wait(hours=24)
    assert told(scene, "recognition") == []  # it is night again
    scene.wait(hours=12)
    assert len(told(scene, "recognition")) == 1


def test_a_bot_cannot_have_answered(scene: Scene) -> None:
    scene.record(UserSeen("UBOT", name="Bot", is_bot=True))
    card, answer = close(scene, "UBOT")
    assert "That is a bot" in answer.errors[forms.WHO]
    assert card_of(scene, card.ts_us).state == "open"


# --- to undo ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["dismissed", "answered"])
def test_what_a_hand_closed_by_mistake_comes_back_by_hand(scene: Scene, how: str) -> None:
    card = open_card(scene)
    if how == "dismissed":
        choose(scene, "dismiss", card)
    else:
        submit(scene, forms.ANSWERED_FORM, card, {forms.WHO: {}})
    (shown,) = told(scene, "card")
    assert shown.outgoing.blocks[0]["accessory"]["action_id"] == views.REOPEN
    assert press(scene, views.REOPEN, card.id, "U1").text == "Moderators can do this."
    assert press(scene, views.REOPEN, card.id, "UJESS").text == ""
    (shown,) = told(scene, "card")
    assert "<@UJESS> brought it back." in words_of(shown)
    assert "I'll take it" in buttons_of(shown)
    assert "open again already" in press(scene, views.REOPEN, card.id).text
    tick(scene)
    assert card_of(scene, card.ts_us).state == "open"


def test_who_took_a_card_gives_it_back_and_nobody_else_does_it_for_them(scene: Scene) -> None:
    card = open_card(scene)
    press(scene, views.TAKE, card.id, "UMOD")
    assert "<@UMOD> has it, so they can give it back." in choose(scene, "back", card, "UJESS").text
    assert choose(scene, "back", card, "UMOD").text == ""
    assert card_of(scene, card.ts_us).claimed_by is None
    assert "free already" in choose(scene, "back", card, "UMOD").text


def test_what_a_member_said_they_would_answer_any_moderator_can_free(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    scene.send()
    press(scene, "threads:will_answer", card.id, "UBEN")
    assert choose(scene, "back", card, "UJESS").text == ""
    assert card_of(scene, card.ts_us).claimed_by is None


# --- who may, and what is too late --------------------------------------------------------------------------------------

PRESSES = [views.TAKE, views.ASK, views.ANSWERED, views.DISMISS]
CHOICES = ["tomorrow", "week", "date", "wake", "back", "dismiss", "ask", "answered"]
VALUES = {
    forms.ASK_FORM: {forms.ANYONE: {"selected_user": "UBEN"}},
    forms.SNOOZE_FORM: {forms.UNTIL: {"selected_date": "2026-11-20"}},
    forms.ANSWERED_FORM: {forms.WHO: {"selected_user": "UBEN"}},
}


def everything(scene: Scene, card, user: str) -> list[str]:
    """What is answered to each press, choice and form."""
    said = [press(scene, action, card.id, user).text for action in PRESSES]
    said += [choose(scene, what, card, user).text for what in CHOICES]
    return said + [submit(scene, form, card, values, user).text for form, values in VALUES.items()]


@pytest.mark.parametrize(
    ("end", "user", "line"),
    [
        pytest.param("answer", "UMOD", "This one is settled already.", id="answered since, a button from last month"),
        pytest.param("delete", "UMOD", "This one is settled already.", id="deleted since"),
        pytest.param("", "U1", "Moderators can do this.", id="by a member"),
        pytest.param("resign", "UMOD", "Moderators can do this.", id="by who moderates no more"),
        pytest.param("close", "UMOD", "I no longer look after this question.", id="the community is gone"),
    ],
)
def test_each_press_that_is_too_late_or_not_theirs_has_one_kind_line(
    scene: Scene, end: str, user: str, line: str
) -> None:
    card = open_card(scene)
    if end == "answer":
        scene.says("UBEN", "By name.", thread=card.ts_us)
    elif end == "delete":
        scene.deletes(card.ts_us)
    elif end == "resign":
        scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=())),)
    elif end == "close":
        scene.communities = (replace(COMMUNITY, id="another"),)
    scene.wait(days=30)
    before = tick(scene)
    assert set(everything(scene, card, user)) == {line}
    assert scene.send() == []
    assert all(delivery.outgoing.kind != "ask" for delivery in before)


def test_a_forged_choice_is_refused_plainly(scene: Scene) -> None:
    card = open_card(scene)
    for value in ("", "tomorrow", f"nonsense {card.id}", "tomorrow 999999", "tomorrow 1 OR 1=1", "date data/CDATA/1.5"):
        answer = press(scene, views.MORE, value)
        assert answer.view is None
        assert answer.text == "I no longer look after this question.", value
    assert scene.send() == []


def test_every_button_a_card_can_show_has_somebody_who_deals_with_it(scene: Scene) -> None:
    card = open_card(scene)
    ask(scene, card, "UBEN")
    shown = [
        element
        for delivery in scene.send()
        for block in delivery.outgoing.blocks
        for element in block.get("elements", ())
    ]
    pressable = {element["action_id"] for element in shown if "action_id" in element}
    assert pressable <= FEATURE.actions.keys()
    assert len(pressable) == 7
