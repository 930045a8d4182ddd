"""``/cop unanswered``: a page at a time, first messages first, then the oldest, with the same buttons as the cards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import card_of, choose, open_card, press, settle_in, submit, tick, unanswered
from scene import COMMUNITY, Scene
from slack_sdk.models.blocks import Block

from copbot.core.community import Channels
from copbot.core.duty import Duty
from copbot.core.interaction import Answer, Submission
from copbot.features.threads import FEATURE, forms, views
from copbot.features.threads.queue.views import A_PAGE, BACK, NEXT


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "UBEN")
    yield scene
    scene.close()


def rows(answer: Answer) -> list[dict[str, Any]]:
    return [block for block in answer.blocks if block["type"] == "actions"]


def named(answer: Answer) -> list[str]:
    """Who asks, in the order of the list."""
    return [
        block["text"]["text"].split(">")[0].removeprefix("<@")
        for block in answer.blocks[1:]
        if block["type"] == "section"
    ]


def element(answer: Answer, action: str, number: int = 0) -> dict[str, Any]:
    return [one for row in rows(answer) for one in row["elements"] if one["action_id"] == action][number]


def ask_all(scene: Scene, count: int) -> None:
    """So many questions, a minute apart, each by somebody else."""
    for number in range(count):
        scene.says(f"U{number:02}", "Is this a question?")
        scene.wait(minutes=1)


def test_an_empty_list_says_that_every_question_has_an_answer(scene: Scene) -> None:
    answer = unanswered(scene)
    assert answer.text == "*Data &lt;3*: every question has an answer."
    assert rows(answer) == []
    assert unanswered(scene, "mine").text == "*Data &lt;3*: nothing waits for you."


def test_first_messages_come_first_then_the_oldest_and_what_rests_comes_last(scene: Scene) -> None:
    resting = open_card(scene, "UREST")
    open_card(scene, "UOLD")
    scene.joins("UNEW", name="New")
    scene.says("UNEW", "Hello all")
    scene.says("UYOUNG", "Which census codes do you use?")
    choose(scene, "tomorrow", resting)
    answer = unanswered(scene)
    assert answer.text.startswith("*Data &lt;3*: 4 waiting for an answer, first messages first")
    assert named(answer) == ["UNEW", "UOLD", "UYOUNG", "UREST"]
    assert [len(row["elements"]) for row in rows(answer)] == [5, 5, 5, 5]
    for parsed in Block.parse_all(list(answer.blocks)):
        parsed.validate_json()


@pytest.mark.parametrize(("count", "with_cards"), [(A_PAGE, False), (A_PAGE + 1, True), (2 * A_PAGE + 3, None)])
def test_all_that_waits_is_seen_once_page_by_page_there_and_back(
    scene: Scene, count: int, with_cards: bool | None
) -> None:
    """``with_cards`` None: half of them have one."""
    ask_all(scene, count)
    if with_cards is not False:
        scene.wait(hours=24, minutes=-count / 2 if with_cards is None else 0)
        tick(scene)
    wanted = [f"U{number:02}" for number in range(count)]
    answer = unanswered(scene)
    pages = [named(answer)]
    while NEXT in str(answer.blocks):
        answer = press(scene, NEXT, element(answer, NEXT)["value"])
        assert answer.replaces
        pages.append(named(answer))
    assert [name for page in pages for name in page] == wanted
    assert all(len(page) == A_PAGE for page in pages[:-1])
    for page in reversed(pages[:-1]):
        answer = press(scene, BACK, element(answer, BACK)["value"])
        assert named(answer) == page
    assert BACK not in str(answer.blocks)


def test_a_page_that_is_empty_by_now_shows_the_last_that_is_not(scene: Scene) -> None:
    ask_all(scene, 3)
    assert named(press(scene, NEXT, "all~-~500")) == ["U00", "U01", "U02"]
    assert named(press(scene, NEXT, "nonsense")) == ["U00", "U01", "U02"]


def test_of_one_channel_alone_by_link_name_or_id(tmp_path: Path) -> None:
    two = replace(COMMUNITY, channels=Channels(("#data", "#maps"), "#mods"))
    scene = Scene(tmp_path, two)
    scene.says("U1", "How?")
    scene.says("U2", "Where?", channel="CMAPS")
    for argument in ("<#CMAPS|maps>", "#maps", "maps"):
        answer = unanswered(scene, argument)
        assert answer.text.startswith("*Data &lt;3* in <#CMAPS>: 1 waiting for an answer"), argument
        assert named(answer) == ["U2"]
    for argument in ("#mods", "#nowhere", "<#CMODS|mods>", "nonsense <!channel>"):
        answer = unanswered(scene, argument)
        assert "I look after no questions in" in answer.text, argument
        assert "<!channel>" not in answer.text
    scene.close()


def test_mine_is_what_i_took_and_what_is_my_duty(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, duty=Duty("week", ("UMOD",))))
    taken, other = open_card(scene, "U1"), open_card(scene, "U2")
    press(scene, views.TAKE, taken.id, "UJESS")
    assert named(unanswered(scene, "mine", "UJESS")) == ["U1"]
    assert named(unanswered(scene, "mine", "UMOD")) == ["U2"]
    press(scene, views.TAKE, other.id, "UJESS")
    assert named(unanswered(scene, "mine #data", "UJESS")) == ["U1", "U2"]
    assert unanswered(scene, "mine", "UMOD").text == "*Data &lt;3*: nothing waits for you."
    scene.close()


def test_a_press_in_the_list_shows_the_page_anew_with_what_was_done(scene: Scene) -> None:
    ask_all(scene, 7)
    scene.wait(hours=24)
    tick(scene)
    second = press(scene, NEXT, element(unanswered(scene), NEXT)["value"])
    answer = press(scene, views.TAKE, element(second, views.TAKE)["value"])
    assert answer.replaces
    assert "It is yours" in answer.blocks[0]["text"]["text"]
    assert named(answer) == ["U05", "U06"]
    assert "<@UMOD> has taken it." in str(answer.blocks)
    answer = press(scene, views.MORE, f"dismiss {element(answer, views.ANSWERED)['value']}")
    assert "Set aside" in answer.text
    assert named(answer) == ["U06"]


def test_a_stale_list_tells_what_became_of_it_and_shows_what_is_left(scene: Scene) -> None:
    ask_all(scene, 2)
    scene.wait(hours=24)
    tick(scene)
    stale = unanswered(scene)
    scene.says("UBEN", "Yes.", thread=card_of(scene, to_first(scene)).ts_us)
    # Answered a moment ago, before the card is closed: it waits no more
    assert named(unanswered(scene)) == ["U01"]
    tick(scene)
    answer = press(scene, views.TAKE, element(stale, views.TAKE)["value"])
    assert "settled already" in answer.text
    assert named(answer) == ["U01"]


def to_first(scene: Scene) -> int:
    with scene.store.read() as tx:
        return min(card.ts_us for card in tx.cards.of("data", "open"))


def test_what_is_too_young_for_a_card_gets_one_by_what_is_done_to_it(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    listed = unanswered(scene)
    value = element(listed, views.TAKE)["value"]
    assert value.startswith("data/CDATA/")
    answer = press(scene, views.TAKE, value)
    assert "<@UMOD> has taken it." in str(answer.blocks)
    (shown,) = scene.send()
    assert (shown.outgoing.target, shown.outgoing.updates) == ("CMODS", None)
    card = card_of(scene, ts_us)
    assert (card.state, card.claimed_by) == ("open", "UMOD")
    # And its time makes no second one
    scene.wait(hours=24)
    assert [delivery.outgoing.kind for delivery in tick(scene)] == []
    # And the old value, from another device say, means that card
    assert "<@UMOD> has it already" in press(scene, views.TAKE, value, "UJESS").text


def test_what_is_set_aside_before_it_was_a_card_is_told_to_nobody(scene: Scene) -> None:
    ts_us = scene.says("U1", "Which is it?")
    value = element(unanswered(scene), views.ANSWERED)["value"]
    assert "Set aside" in press(scene, views.MORE, f"dismiss {value}").text
    assert scene.send() == []
    scene.wait(hours=30)
    assert tick(scene) == []
    assert card_of(scene, ts_us).state == "dismissed"


def test_looking_at_a_form_makes_no_card(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    value = element(unanswered(scene), views.ASK)["value"]
    view = press(scene, views.ASK, value).view
    assert view is not None
    assert scene.send() == []
    with scene.store.read() as tx:
        assert tx.cards.of("data", "open") == []
    state = {forms.ANYONE: {forms.ANYONE: {"selected_user": "UBEN"}}}
    with scene.store.begin() as tx:
        sent_in = Submission("UMOD", forms.ASK_FORM, view["private_metadata"], state)
        assert FEATURE.forms[forms.ASK_FORM](scene.ctx, tx, sent_in).errors == {}
    assert sorted(delivery.outgoing.kind for delivery in scene.send()) == ["ask", "card"]


def test_only_moderators_see_it_and_in_anothers_channel_they_see_their_own(scene: Scene) -> None:
    maps = replace(
        COMMUNITY,
        id="maps",
        name="Maps",
        channels=Channels(("#maps",), "#mods"),
        roles=replace(COMMUNITY.roles, coordinators=("UMAPS",), moderators=()),
    )
    scene.communities = (COMMUNITY, maps)
    scene.says("U1", "How?")
    assert unanswered(scene, user="U1").text == "Moderators can do this."
    assert press(scene, NEXT, "all~-~0", "U1").text == "Moderators can do this."
    assert named(unanswered(scene, user="UMOD", channel="CMAPS")) == ["U1"]
    assert "every question has an answer" in unanswered(scene, user="UMAPS", channel="CMAPS").text


def test_who_moderates_several_communities_sees_all_in_one_order_each_named(scene: Scene) -> None:
    maps = replace(COMMUNITY, id="maps", name="Maps", channels=Channels(("#maps",), None))
    scene.communities = (COMMUNITY, maps)
    scene.says("U1", "How?")
    scene.wait(minutes=5)
    scene.says("U2", "Where?", channel="CMAPS")
    answer = unanswered(scene, channel="CDM")
    assert answer.text.startswith("2 waiting for an answer, first messages first, then the oldest")
    assert named(answer) == ["U1", "U2"]
    assert "Maps · Written" in str(answer.blocks)


def test_without_a_moderators_channel_everything_is_in_the_list_however_old(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, channels=Channels(("#data",))))
    scene.says("U1", "How?")
    scene.wait(days=9)
    assert tick(scene) == []
    assert named(unanswered(scene)) == ["U1"]
    scene.close()


def test_a_question_is_listed_at_every_moment_until_it_is_answered(scene: Scene) -> None:
    ts_us = scene.says("U1", "How?")
    for moment in (timedelta(0), timedelta(hours=24, seconds=-1), timedelta(seconds=1), timedelta(minutes=10)):
        scene.clock.jump(moment)
        assert named(unanswered(scene)) == ["U1"]  # also while no pass has opened its card yet
    tick(scene)
    assert named(unanswered(scene)) == ["U1"]
    submit(scene, forms.ANSWERED_FORM, card_of(scene, ts_us), {forms.WHO: {}})
    assert named(unanswered(scene)) == []


# --- a moderator's day on the Home tab ----------------------------------------------------------------------------


def day_of(scene: Scene, user: str) -> str:
    assert FEATURE.today is not None
    with scene.store.read() as tx:
        return "".join(block["text"]["text"] for block in FEATURE.today(scene.ctx, tx, scene.communities[0], user))


def test_the_home_tab_tells_what_waits_theirs_first(scene: Scene) -> None:
    assert day_of(scene, "UMOD") == ""
    cards = [open_card(scene, f"U{number}") for number in range(4)]
    assert day_of(scene, "UMOD").startswith(
        ":speech_balloon: 4 threads wait for an answer: `/cop unanswered`\n\u2022 <@U0>"
    )
    press(scene, views.TAKE, cards[3].id)
    lines = day_of(scene, "UMOD").splitlines()
    assert lines[0] == ":speech_balloon: 4 threads wait for an answer, 1 is yours: `/cop unanswered mine`"
    assert [line[2:6] for line in lines[1:]] == ["<@U3", "<@U0", "<@U1"]
