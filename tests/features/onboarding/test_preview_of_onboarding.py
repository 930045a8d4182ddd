"""A journey shown before anybody makes it: every message and form, made as the real ones are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from copbot.core.facts import UserSeen
from copbot.core.onboarding import FollowUp, Onboarding, Option, Question, ReferralThanks
from copbot.core.previews import Shown, Wanted
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.rehearsal.preview import show

PROMPTS = {
    "welcome.j2": "Hello {{ member.name }}!",
    "welcome.fr.j2": "Bonjour {{ member.name }} !",
    "guidelines.j2": "Be kind.",
    "introduction.j2": "{{ member.mention }}: {% for a in answers %}{{ a.answer }}; {% endfor %}",
    "reminder.j2": "Still here, {{ member.name }}.",
    "month.j2": "A month{% for a in answers if a.id == 'goal' %} of {{ a.answer }}{% endfor %}",
}
ONBOARDING = Onboarding(
    welcome="welcome.j2",
    guidelines="guidelines.j2",
    introduction="introduction.j2",
    delay=timedelta(minutes=1),
    questions=(
        Question("goal", "What for?", "long_text", share=True),
        Question(
            "topics",
            "Which?",
            "choices",
            (Option("A"), Option("B", channels=("#data",), people=("ann@example.org",)), Option("C")),
            share=True,
        ),
        Question("role", "Role?", "choice", (Option("X"), Option("Y", channels=("#nowhere",)))),
        Question("new", "New?", "yes_no"),
        Question("by", "By whom?", "person", share=True),
        Question("since", "Since?", "date"),
    ),
    follow_ups=(
        FollowUp(timedelta(days=3), "open", "reminder.j2"),
        FollowUp(timedelta(days=7), "silent", tell_moderators=True),
        FollowUp(timedelta(days=30), None, "month.j2", asks_outcome=True),
    ),
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, onboarding=ONBOARDING), prompts=dict(PROMPTS))
    yield scene
    scene.close()


def shown(scene: Scene, user: str = "", as_name: str = "Ada", language: str = "") -> list[Shown]:
    wanted = Wanted(scene.now, "onboarding", as_name, user, language)
    with scene.store.read() as tx:
        found = list(show(scene.ctx, tx, scene.communities[0], wanted))
    for one in found:
        for block in Block.parse_all(list(one.blocks)):
            block.validate_json()
        if one.view is not None:
            View(**one.view).validate_json()
    return found


def test_every_step_with_where_and_when(scene: Scene) -> None:
    assert [(one.name, one.where, one.when) for one in shown(scene)] == [
        ("welcome", "a direct message to Ada", "1 minute after joining the workspace"),
        ("questions", "a form", "when they press the button"),
        ("introduction", "#hello", "at once, with what they share"),
        ("thanks", "a direct message to Ada", "when they send the form"),
        ("no thanks", "a direct message to Ada", "if they say “No, thanks”"),
        ("reminder.j2", "a direct message to Ada", "3 days after the welcome, if the questions are still open"),
        ("moderators", "#mods", "7 days after the welcome, if they neither answered nor wrote"),
        ("month.j2", "a direct message to Ada", "30 days after the welcome"),
        ("a line of their own", "a form", "when they press one of the three"),
        ("moderators", "#mods", "when they have answered"),
        ("thanks to the inviter", "a direct message to Ines Inviter", "when 2 people whom they invited have joined in"),
    ]


@pytest.mark.parametrize(("where", "places"), [("off", 0), ("private", 1), ("public", 2)])
def test_the_thanks_to_an_inviter_as_the_file_wants_them(scene: Scene, where: str, places: int) -> None:
    thanks = ReferralThanks(where, "thanks.j2")  # type: ignore[arg-type]
    scene.prompts["thanks.j2"] = "{{ member.name }}: {{ count }}, {{ level }}"
    scene.communities = (replace(COMMUNITY, onboarding=replace(ONBOARDING, referrals=thanks)),)
    found = [(one.where, one.text) for one in shown(scene) if "whom they invited" in one.when]
    told = [
        ("a direct message to Ines Inviter", "Ines Inviter: 2, Bronze"),
        ("#hello", ":raised_hands: 2 people have joined in here because <@U0INVITER|Ines Inviter> invited them"),
    ]
    assert [(place, text[: len(told[n][1])]) for n, (place, text) in enumerate(found)] == told[:places]


def test_what_is_said_with_sample_answers_that_lead_somewhere(scene: Scene) -> None:
    texts = {one.name: one.text for one in shown(scene)}
    assert texts["welcome"] == "Hello Ada!"
    assert texts["introduction"].startswith(
        "<@U0NEWCOMER|Ada>: What Ada would write here.\nA second line, with *stars* &amp;"
    )
    assert "A, B; Ines Inviter;" in texts["introduction"]
    assert texts["thanks"] == (
        "Thank you! Your introduction is in <#CHELLO>.\n\n"
        "• *B*: <#CDATA> is the place for it. Ask <@ann@example.org>.\n"
        "• *Y*: <#nowhere> is the place for it."
    )
    assert texts["reminder.j2"] == "Still here, Ada."
    assert texts["month.j2"].startswith("A month of What Ada would write here.")


def test_the_form_is_the_real_one(scene: Scene) -> None:
    (form,) = [one.view for one in shown(scene) if one.name == "questions"]
    assert form is not None
    kinds = [block["element"]["type"] for block in form["blocks"] if block["type"] == "input"]
    assert kinds[:6] == [
        "plain_text_input",
        "checkboxes",
        "radio_buttons",
        "radio_buttons",
        "users_select",
        "datepicker",
    ]
    assert "Be kind." in str(form["blocks"])


def test_on_slack_it_is_whoever_asks_in_their_language_and_says_what_is_missing(scene: Scene) -> None:
    scene.record(UserSeen("UMOD", name="Mo", locale="fr-FR", updated_us=1))
    steps = {one.name: one for one in shown(scene, user="UMOD", as_name="")}
    assert steps["welcome"].text == "Bonjour Mo !"
    assert steps["introduction"].text.startswith("<@UMOD>: What Mo would write here.")
    assert "#nowhere" not in steps["thanks"].text
    assert steps["thanks"].notes == ("the answer Y leads to #nowhere, which is not there: it is left out",)


def test_on_slack_somebody_whose_name_is_not_known_yet_is_mentioned_as_a_newcomer_would_be(scene: Scene) -> None:
    (welcome, *_) = shown(scene, user="UMOD", as_name="")
    assert (welcome.where, welcome.text) == ("a direct message to you", "Hello <@UMOD>!")


def test_in_a_language_of_choice(scene: Scene) -> None:
    assert shown(scene, language="fr")[0].text == "Bonjour Ada !"
    assert shown(scene, language="fr")[3].text.startswith("Merci !")


def test_a_prompt_that_cannot_be_rendered_is_told_and_nothing_is_written_of_it(scene: Scene) -> None:
    scene.prompts["welcome.j2"] = "Hello {{ member.nick }}"
    (welcome, *_) = shown(scene)
    assert welcome.text.startswith("Hello, and welcome to *Data &lt;3*")
    assert "prompts/welcome.j2:1: this value has no 'nick'" in welcome.notes[0]


def test_a_preview_leaves_no_trace(scene: Scene) -> None:
    shown(scene, user="UMOD")
    scene.wait(days=31)
    assert scene.send() == []
    with scene.store.read() as tx:
        assert tx.journeys.since("data", 0) == []


def test_only_a_community_with_an_onboarding_has_a_preview_of_one(scene: Scene) -> None:
    assert FEATURE.preview is not None
    assert FEATURE.preview.names(scene.communities[0]) == ("onboarding",)
    assert FEATURE.preview.names(COMMUNITY) == ()
    with scene.store.read() as tx:
        assert show(scene.ctx, tx, COMMUNITY, Wanted(scene.now, "onboarding")) == ()
        assert show(scene.ctx, tx, scene.communities[0], Wanted(scene.now)) == ()
