"""A report becomes a case: who sees it, what is done about it, and what nobody ever learns."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Roles
from copbot.core.delivery import Delivery
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.interaction import Answer, Press, Shortcut, Submission
from copbot.core.onboarding import Onboarding
from copbot.core.ports.case import Case
from copbot.core.time import to_us
from copbot.features.moderation import FEATURE, views

GUIDELINES = "*How we treat each other*\n• Disagree with the method, not with the person.\n• Never post data."
BAD = "Only a fool would ask that."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    onboarding = Onboarding(welcome="welcome.j2", questions=(), guidelines="guidelines.j2")
    scene = Scene(tmp_path, replace(COMMUNITY, onboarding=onboarding), prompts={"guidelines.j2": GUIDELINES})
    scene.record(*(UserSeen(user, name=name, updated_us=1) for user, name in (("UANA", "Ana"), ("UBEN", "Ben"))))
    yield scene
    scene.close()


# --- what people do ---------------------------------------------------------------------------------------------------


def open_form(
    scene: Scene, message_us: int, user: str = "UANA", author: str | None = "UBEN", channel: str = "CDATA"
) -> Answer:
    with scene.store.begin() as tx:
        chosen = Shortcut(user, "moderation_report", channel, message_us, author)
        return FEATURE.shortcuts["moderation_report"](scene.ctx, tx, chosen)


def send_in(
    scene: Scene,
    form: dict[str, Any],
    user: str = "UANA",
    reason: str = "",
    line: str = "",
    wishes: tuple[str, ...] = ("news",),
) -> str:
    element = form["blocks"][1]["element"]
    chosen = next((o for o in element["options"] if o["value"].startswith(reason)), element["options"][0])
    state = {
        views.REASON: {views.REASON: {"selected_option": chosen}},
        views.LINE: {views.LINE: {"value": line or None}},
        views.WISHES: {views.WISHES: {"selected_options": [{"value": wish} for wish in wishes]}},
    }
    with scene.store.begin() as tx:
        form_sent = Submission(user, form["callback_id"], form["private_metadata"], state)
        return FEATURE.forms[views.REPORT_FORM](scene.ctx, tx, form_sent).text


def report(scene: Scene, message_us: int, user: str = "UANA", author: str = "UBEN", **said: Any) -> str:
    form = open_form(scene, message_us, user, author).view
    assert form is not None
    return send_in(scene, form, user, **said)


def press(scene: Scene, action: str, case: int = 1, user: str = "UMOD") -> Answer:
    with scene.store.begin() as tx:
        pressed = Press(user, f"{views.STEP}:{action}", str(case), "t")
        return FEATURE.actions[pressed.action_id](scene.ctx, tx, pressed)


def confirm(scene: Scene, action: str, case: int = 1, user: str = "UMOD", note: str = "") -> Answer:
    with scene.store.begin() as tx:
        state = {views.NOTE: {views.NOTE: {"value": note or None}}}
        return FEATURE.forms[views.STEP_FORM](
            scene.ctx, tx, Submission(user, views.STEP_FORM, f"{case} {action}", state)
        )


# --- what is seen -----------------------------------------------------------------------------------------------------


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def words(delivery: Delivery) -> str:
    parts = [delivery.outgoing.text]
    for block in delivery.outgoing.blocks:
        elements = block.get("elements", [block])
        parts += [
            element["text"]["text"] if isinstance(element["text"], dict) else element["text"] for element in elements
        ]
    return "\n".join(parts)


def buttons(delivery: Delivery) -> list[str]:
    return [
        b["text"]["text"] for block in delivery.outgoing.blocks if block["type"] == "actions" for b in block["elements"]
    ]


def case_of(scene: Scene, number: int = 1) -> Case:
    with scene.store.read() as tx:
        found = tx.cases.get(number)
    assert found is not None
    return found


# --- reporting --------------------------------------------------------------------------------------------------------


def test_a_report_is_a_card_among_moderators_without_the_reporters_name(scene: Scene) -> None:
    bad = scene.says("UBEN", BAD)
    form = open_form(scene, bad).view
    assert form is not None
    assert (
        "Only the moderators of *Data &lt;3* see this. <@UBEN> does not learn of it"
        in form["blocks"][0]["text"]["text"]
    )
    assert [o["value"] for o in form["blocks"][1]["element"]["options"]] == [
        "Disagree with the method, not with the person.",
        "Never post data.",
        "Something else",
    ]
    assert "I tell you when they have" in send_in(scene, form, line="<!channel> this *hurts*")
    [card] = scene.send()
    assert card.outgoing.target == "CMODS"
    assert card.outgoing.text == "A message in <#CDATA> was reported"
    assert buttons(card) == ["Open the message", "Remind them privately", "No action", "Close with a note"]
    said = words(card)
    assert "<@UBEN> in <#CDATA>" in said
    assert "Disagree with the method" in said
    assert "&lt;!channel&gt; this ∗hurts∗" in said
    assert "UANA" not in said
    assert BAD not in said, "only questions keep their text here"


def test_who_agrees_is_named_and_where_texts_are_kept_the_message_is_shown(scene: Scene) -> None:
    scene.store.keep_text_in = lambda _channel: "all"
    report(scene, scene.says("UBEN", BAD), wishes=("named",))
    [card] = scene.send()
    assert "<@UANA>" in words(card)
    assert f"> {BAD}" in words(card)


def test_several_reports_of_one_message_make_one_case(scene: Scene) -> None:
    bad = scene.says("UBEN", BAD)
    report(scene, bad)
    scene.send()
    assert "You reported this already" in report(scene, bad)
    assert scene.send() == []
    report(scene, bad, user="UCLEO", reason="Never")
    [update] = scene.send()
    assert update.outgoing.updates == "case:data:1:CMODS"
    assert words(update).count("•") == 2


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("own", "This is your own message"),
        ("app", "An app wrote this"),
        ("bot", "An app wrote this"),
        ("outside", "the community's own channels only"),
        ("private", "the community's own channels only"),
        ("partner", "only from people of this workspace"),
    ],
)
def test_what_cannot_be_reported_is_told_in_a_line(scene: Scene, kind: str, line: str) -> None:
    scene.record(UserSeen("UBOT", is_bot=True), UserSeen("UPAT", is_external=True))
    user = {"own": "UBEN", "partner": "UPAT"}.get(kind, "UANA")
    author = {"app": None, "bot": "UBOT"}.get(kind, "UBEN")
    channel = {"outside": "CMAPS", "private": "DX"}.get(kind, "CDATA")
    answer = open_form(scene, scene.says("UBEN", BAD), user, author, channel)
    assert line in answer.text
    assert answer.view is None


def test_a_guest_may_report_like_everybody(scene: Scene) -> None:
    scene.record(UserSeen("UGUS", name="Gus", is_guest=True, updated_us=2))
    assert "Thank you" in report(scene, scene.says("UBEN", BAD), user="UGUS")


def test_a_form_for_something_else_opens_no_case(scene: Scene) -> None:
    for metadata in (
        *("", "[]", "7", '["data"]', '["data", "CDATA", "x", "UBEN"]'),
        *('["other", "CDATA", "1.000001", "UBEN"]', '["data", "CMAPS", "1.000001", "UBEN"]'),
    ):
        with scene.store.begin() as tx:
            FEATURE.forms[views.REPORT_FORM](scene.ctx, tx, Submission("UANA", views.REPORT_FORM, metadata, {}))
    assert scene.send() == []


def test_nobody_is_made_the_author_of_another_persons_message(scene: Scene) -> None:
    form = open_form(scene, scene.says("UBEN", BAD), author="UCAI").view
    assert form is not None
    assert send_in(scene, form) == ""
    assert scene.send() == []


def test_the_form_speaks_the_reporters_language(scene: Scene) -> None:
    scene.record(UserSeen("UANA", locale="fr-FR", updated_us=3))
    form = open_form(scene, scene.says("UBEN", BAD)).view
    assert form is not None
    assert form["title"]["text"] == "Signaler aux modérateurs"


def test_without_guidelines_in_points_the_form_has_reasons_of_its_own(scene: Scene) -> None:
    scene.prompts["guidelines.j2"] = "Be kind."
    form = open_form(scene, scene.says("UBEN", BAD)).view
    assert form is not None
    assert form["blocks"][1]["element"]["options"][0]["value"] == "It is unkind, or attacks somebody"


# --- about a moderator ------------------------------------------------------------------------------------------------


def test_a_case_about_a_moderator_goes_to_the_coordinators_and_stays_hidden_from_them(scene: Scene) -> None:
    bad = scene.says("UMOD", BAD)
    form = open_form(scene, bad, author="UMOD").view
    assert form is not None
    assert "only the coordinators" in form["blocks"][0]["text"]["text"]
    send_in(scene, form)
    assert [one.outgoing.target for one in scene.send()] == ["UJESS"]
    assert press(scene, "no_action", user="UMOD").text == "This is for those who look into cases."
    with scene.store.read() as tx:
        assert FEATURE.status is not None
        assert FEATURE.today is not None
        community = scene.communities[0]
        assert FEATURE.status(scene.ctx, tx, community) == ()
        assert FEATURE.today(scene.ctx, tx, community, "UMOD") == ()
        assert FEATURE.today(scene.ctx, tx, community, "UJESS") != ()
    assert "closed" in press(scene, "no_action", user="UJESS").text


def test_so_does_one_about_somebody_who_reads_along_in_the_moderators_channel(scene: Scene) -> None:
    scene.record(MembershipSeen("CMODS", "UBEN", True, to_us(scene.now)))
    report(scene, scene.says("UBEN", BAD))
    assert [one.outgoing.target for one in scene.send()] == ["UJESS"]


def test_one_about_the_only_coordinator_goes_to_the_moderators_each_alone(scene: Scene) -> None:
    report(scene, scene.says("UJESS", BAD), author="UJESS")
    assert [one.outgoing.target for one in scene.send()] == ["UMOD"]
    assert press(scene, "noted", user="UJESS").view is None
    assert press(scene, "noted", user="UMOD").view is not None


def test_where_nobody_else_could_look_into_it_the_reporter_is_told(scene: Scene) -> None:
    alone = replace(scene.communities[0], roles=Roles(coordinators=("UJESS",)))
    scene.communities = (alone,)
    assert "an admin of your workspace" in open_form(scene, scene.says("UJESS", BAD), author="UJESS").text


def test_who_coordinates_no_longer_reads_no_more_of_a_case(scene: Scene) -> None:
    # Given a case about a moderator, shown to both coordinators, of whom one is replaced
    scene.communities = (replace(scene.communities[0], roles=Roles(("UJESS", "UOLD"), ("UMOD",))),)
    bad = scene.says("UMOD", BAD)
    report(scene, bad, author="UMOD")
    assert [one.outgoing.target for one in scene.send()] == ["UJESS", "UOLD"]
    scene.communities = (replace(scene.communities[0], roles=Roles(("UJESS", "UNEW"), ("UMOD",))),)

    # When somebody else reports it too
    report(scene, bad, user="UCAI", author="UMOD", line="He did it again")

    # Then those who coordinate now read it, and the other reads that others do
    told = {one.outgoing.target: words(one) for one in scene.send()}
    assert sorted(told) == ["UJESS", "UNEW", "UOLD"]
    assert "again" in told["UJESS"]
    assert "again" in told["UNEW"]
    assert told["UOLD"] == f"{views.ELSEWHERE}\n{views.ELSEWHERE}"


def test_a_case_about_somebody_who_becomes_a_moderator_leaves_the_moderators_channel(scene: Scene) -> None:
    bad = scene.says("UBEN", BAD)
    report(scene, bad)
    assert [one.outgoing.target for one in scene.send()] == ["CMODS"]
    scene.communities = (replace(scene.communities[0], roles=Roles(("UJESS",), ("UMOD", "UBEN"))),)
    report(scene, bad, user="UCAI")
    assert {one.outgoing.target: one.outgoing.text == views.ELSEWHERE for one in scene.send()} == {
        "UJESS": False,
        "CMODS": True,
    }

    # And a moment in which Slack does not name the channel moves no case
    scene.communities = (replace(scene.communities[0], roles=Roles(("UJESS",), ("UMOD",))),)
    report(scene, bad, user="UDAN")
    scene.send()
    del scene.directory.channels["mods"]
    report(scene, bad, user="UEVA")
    assert [one.outgoing.target for one in scene.send()] == ["CMODS"]


def test_without_a_moderators_channel_each_coordinator_has_the_card(scene: Scene) -> None:
    scene.communities = (replace(scene.communities[0], channels=Channels(discussion=("#data",))),)
    report(scene, scene.says("UBEN", BAD))
    assert [one.outgoing.target for one in scene.send()] == ["UJESS"]


# --- the steps --------------------------------------------------------------------------------------------------------


def reported(scene: Scene) -> int:
    bad = scene.says("UBEN", BAD)
    report(scene, bad)
    scene.send()
    return bad


def test_a_reminder_is_shown_word_for_word_then_sent_and_noted(scene: Scene) -> None:
    reported(scene)
    form = press(scene, "reminded").view
    assert form is not None
    letter = form["blocks"][2]["text"]["text"]
    assert "> Disagree with the method, not with the person." in letter
    assert scene.send() == [], "nothing is sent by a first press"
    assert confirm(scene, "reminded").text == "The reminder is on its way. Thank you."
    sent = {one.outgoing.target: one for one in scene.send()}
    assert sent["UBEN"].outgoing.text == letter
    assert sent["UBEN"].outgoing.kind == "moderation"
    assert "UANA" not in letter
    assert "Warn them" not in buttons(sent["CMODS"])
    [card] = tick(scene)
    assert buttons(card) == ["Open the message", "Warn them", "Close with a note"], "it has arrived"
    with scene.store.read() as tx:
        [noted] = tx.audit.since("data", 0)
    assert (noted.actor, noted.action, noted.subject, noted.detail) == ("UMOD", "reminded", "UBEN", "case 1")


def test_a_warning_comes_only_after_a_reminder_that_arrived(scene: Scene) -> None:
    reported(scene)
    assert press(scene, "warned").view is None
    confirm(scene, "reminded")
    assert "A warning comes after a reminder" in press(scene, "warned").text
    assert "A warning comes after a reminder" in confirm(scene, "warned").text
    scene.send()
    tick(scene)
    form = press(scene, "warned").view
    assert form is not None
    assert form["blocks"][2]["text"]["text"].startswith("This is a warning, after a reminder")
    confirm(scene, "warned")
    assert [one.outgoing.target for one in scene.send()].count("UBEN") == 1
    assert confirm(scene, "warned").text == "<@UMOD> sent the warning already."


def test_who_was_reminded_in_another_case_may_be_warned_in_the_next(scene: Scene) -> None:
    reported(scene)
    confirm(scene, "reminded")
    scene.send()
    tick(scene)
    scene.wait(hours=24)
    report(scene, scene.says("UBEN", "Again."))
    [card] = scene.send()
    assert buttons(card) == ["Open the message", "Remind them privately", "Warn them", "No action", "Close with a note"]
    assert "one other case, with a reminder in 1" in words(card)


def test_a_reminder_waits_for_the_end_of_their_night(scene: Scene) -> None:
    scene.record(UserSeen("UBEN", timezone="America/New_York", updated_us=9))  # 9:00 UTC is 4:00 there
    reported(scene)
    assert "once their quiet hours are over" in confirm(scene, "reminded").text
    [card] = scene.send()
    assert "has not reached them yet" in words(card)
    at = FEATURE.next_due(scene.ctx, scene.now)
    assert at is not None
    assert (at - scene.now).total_seconds() == pytest.approx(4 * 3600, abs=10)
    scene.wait(hours=4)
    assert [one.outgoing.target for one in scene.send()] == ["UBEN"]
    assert "Warn them" in buttons(tick(scene)[0])
    assert FEATURE.next_due(scene.ctx, scene.now) is None


def test_a_reminder_that_slack_refuses_is_told(scene: Scene) -> None:
    reported(scene)
    confirm(scene, "reminded")
    with scene.store.begin() as tx:
        due = tx.deliveries.get("case:1:reminded")
        assert due is not None
        tx.deliveries.claim(due.id, "test", to_us(scene.now))
        tx.deliveries.settle(due.id, 1, "failed")
    scene.send()
    [card] = tick(scene)
    assert "could not be delivered" in words(card)
    assert buttons(card) == ["Open the message", "Close with a note"]


def test_the_communitys_own_words_take_the_place_of_the_bots(scene: Scene) -> None:
    scene.prompts["moderation-reminder.j2"] = "{{ member.mention }}: {{ guideline }} {{ channel }} {{ community.name }}"
    reported(scene)
    form = press(scene, "reminded").view
    assert form is not None
    assert form["blocks"][2]["text"]["text"] == (
        "<@UBEN>: Disagree with the method, not with the person. <#CDATA> Data &lt;3"
    )


@pytest.mark.parametrize(
    ("reason", "guidelines", "says"),
    [
        ("Something else", GUIDELINES, "> • Never post data."),
        ("Something else", "", "could hurt or bother others"),
        ("Never", GUIDELINES, "> Never post data."),
    ],
)
def test_the_reminder_quotes_what_the_community_agreed_on(
    scene: Scene, reason: str, guidelines: str, says: str
) -> None:
    scene.prompts["guidelines.j2"] = guidelines
    report(scene, scene.says("UBEN", BAD), reason=reason)
    form = press(scene, "reminded").view
    assert form is not None
    assert says in form["blocks"][2]["text"]["text"]


def test_a_person_who_left_cannot_be_written_to(scene: Scene) -> None:
    reported(scene)
    scene.record(UserSeen("UBEN", is_deleted=True, updated_us=to_us(scene.now)))
    assert press(scene, "reminded").text.startswith("They have left the workspace")
    assert confirm(scene, "reminded").text.startswith("They have left the workspace")
    assert "closed" in confirm(scene, "noted", note="gone").text


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_note_closes_the_case_and_the_reporter_hears_that_it_was_looked_into(scene: Scene) -> None:
    reported(scene)
    assert press(scene, "noted").view is not None
    assert confirm(scene, "noted").errors.keys() == {views.NOTE}
    assert "closed" in confirm(scene, "noted", note="We *talked*.").text
    sent = {one.outgoing.target: one for one in scene.send()}
    assert buttons(sent["CMODS"]) == []
    assert "<@UMOD> closed it" in words(sent["CMODS"])
    assert "We ∗talked∗." in words(sent["CMODS"])
    assert "They have looked into it" in sent["UANA"].outgoing.text
    assert "UBEN" not in sent["UANA"].outgoing.text
    assert "talked" not in sent["UANA"].outgoing.text
    with scene.store.read() as tx:
        assert [one.action for one in tx.audit.since("data", 0)] == ["closed with a note"]


@pytest.mark.parametrize("how", ["does not want it", "has left"])
def test_nobody_is_told_who_does_not_want_it_or_has_left(scene: Scene, how: str) -> None:
    report(scene, scene.says("UBEN", BAD), wishes=() if how == "does not want it" else ("news",))
    if how == "has left":
        scene.record(UserSeen("UANA", is_deleted=True, updated_us=to_us(scene.now)))
    scene.send()
    press(scene, "no_action")
    assert {one.outgoing.target for one in scene.send()} == {"CMODS"}


def test_of_two_moderators_the_first_decides_and_the_second_hears_it(scene: Scene) -> None:
    reported(scene)
    assert press(scene, "no_action", user="UJESS").text.startswith("The case is closed.")
    for late in (
        press(scene, "no_action"),
        press(scene, "reminded"),
        confirm(scene, "reminded"),
        confirm(scene, "noted", note="x"),
    ):
        assert late.text == "This case is closed already. <@UJESS> closed it without any action."
        assert late.view is None


def test_a_closed_case_that_somebody_else_reports_is_open_again(scene: Scene) -> None:
    bad = reported(scene)
    press(scene, "no_action")
    scene.send()
    scene.wait(hours=24)
    report(scene, bad, user="UCLEO")
    [card] = scene.send()
    assert case_of(scene).state == "open"
    assert "It was reported again, and is open again" in words(card)
    assert "No action" in buttons(card)
    press(scene, "no_action")
    assert {one.outgoing.target for one in scene.send()} == {"CMODS", "UCLEO"}, "whoever was told is not told again"


# --- faults -----------------------------------------------------------------------------------------------------------


def test_a_message_that_was_deleted_is_told_once_and_its_words_are_gone(scene: Scene) -> None:
    scene.store.keep_text_in = lambda _channel: "all"
    bad = reported(scene)
    scene.deletes(bad)
    [card] = tick(scene)
    assert "*deleted*" in words(card)
    assert BAD not in words(card)
    assert "Open the message" not in buttons(card)
    assert tick(scene) == []


def test_a_button_of_a_case_that_is_not_there_says_so(scene: Scene) -> None:
    reported(scene)
    for value in ("", "x", "99", "9" * 30, "1 2"):
        with scene.store.begin() as tx:
            pressed = Press("UMOD", f"{views.STEP}:no_action", value, "t")
            said = FEATURE.actions[pressed.action_id](scene.ctx, tx, pressed).text
        assert said.startswith("I no longer look after this case"), value


def test_a_step_that_there_is_not_does_nothing(scene: Scene) -> None:
    reported(scene)
    assert confirm(scene, "expelled").text.startswith("I no longer look after")
    assert confirm(scene, "reopened").text.startswith("I no longer look after")


def test_a_community_that_went_from_the_files_leaves_its_buttons_without_effect(scene: Scene) -> None:
    reported(scene)
    scene.communities = ()
    assert press(scene, "no_action").text.startswith("I no longer look after this case")


def test_who_is_no_moderator_takes_no_step(scene: Scene) -> None:
    reported(scene)
    for user in ("UANA", "UBEN", "UNOBODY"):
        assert press(scene, "reminded", user=user).text == "This is for those who look into cases."
        assert confirm(scene, "noted", user=user, note="x").text == "This is for those who look into cases."
    assert case_of(scene).state == "open"


# --- at a glance ------------------------------------------------------------------------------------------------------


def test_open_cases_stand_in_the_status_and_in_a_moderators_day(scene: Scene) -> None:
    reported(scene)
    scene.wait(hours=50)
    report(scene, scene.says("UBEN", "Again."))
    scene.send()
    assert FEATURE.status is not None
    assert FEATURE.today is not None
    with scene.store.read() as tx:
        [status] = FEATURE.status(scene.ctx, tx, scene.communities[0])
        [today] = FEATURE.today(scene.ctx, tx, scene.communities[0], "UMOD")
        assert FEATURE.today(scene.ctx, tx, scene.communities[0], "UANA") == ()
    assert status["text"]["text"] == ":triangular_flag_on_post: 2 cases are open, the oldest for 2 days."
    assert today["text"]["text"].count("open its card") == 2


def test_the_form_keeps_slacks_limits(scene: Scene) -> None:
    scene.prompts["guidelines.j2"] = "\n".join(f"• {n} {'word ' * 60}" for n in range(20))
    form = open_form(scene, scene.says("UBEN", BAD)).view
    assert form is not None
    options = form["blocks"][1]["element"]["options"]
    assert len(options) <= 10
    assert all(len(o["text"]["text"]) <= 75 and len(o["value"]) <= 150 for o in options)
    assert len(form["title"]["text"]) <= 24
    assert len(json.dumps(form["private_metadata"])) < 3000
