"""Onboarding, told as what happens to newcomers of a community on a real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.blocks import Block

from copbot.core.delivery import Delivery
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer, Happening
from copbot.core.time import DAY_US, to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.form import CALLBACK
from copbot.features.onboarding.views import OPEN

PROMPTS = {
    "welcome.j2": "Hello {{ member.name }}, welcome to {{ community.name }}!",
    "welcome.fr.j2": "Bonjour {{ member.name }} !",
    "guidelines.j2": "Be kind.",
    "introduction.j2": "{{ member.mention }} is new."
    "{% for a in answers if a.share %} {{ a.ask }} {{ a.answer }}.{% endfor %}"
    "{% if inviter %} Invited by {{ inviter.mention }}.{% endif %}",
}
ONBOARDING = Onboarding(
    welcome="welcome.j2",
    guidelines="guidelines.j2",
    introduction="introduction.j2",
    questions=(
        Question("goal", "Your goal?", "long_text", share=True),
        Question("invited_by", "Who invited you?", "person", optional=True, share=True),
    ),
)
DATA = replace(COMMUNITY, onboarding=ONBOARDING)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts=dict(PROMPTS))
    yield scene
    scene.close()


def follow(scene: Scene, user: str, channel: str | None = None, at_us: int | None = None) -> list[Delivery]:
    """What the bot says when somebody joins the workspace, or a channel."""
    kind = "joined_channel" if channel else "joined_workspace"
    with scene.store.begin() as tx:
        at = to_us(scene.now) if at_us is None else at_us
        FEATURE.follow(scene.ctx, tx, Happening(1, kind, user, at, channel))  # type: ignore[arg-type]
    return scene.send()


def welcomed(scene: Scene, user: str = "U1", **described: object) -> Delivery:
    scene.joins(user, **({"name": "Ada"} | described))
    (welcome,) = follow(scene, user)
    return welcome


def press(scene: Scene, user: str = "U1", value: str = "data") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[OPEN](scene.ctx, tx, Press(user, OPEN, value, "t1"))


def state(
    goal: str = "Learn", share: tuple[str, ...] = ("goal",), accept: bool = True, inviter: str | None = None
) -> dict[str, Any]:
    version = "v1"
    return {
        "question:goal": {"value": {"type": "plain_text_input", "value": goal}},
        "question:invited_by": {"value": {"type": "users_select", "selected_user": inviter}},
        "share": {"value": {"selected_options": [{"value": question} for question in share]}},
        "guidelines": {"value": {"selected_options": [{"value": version}] if accept else []}},
    }


def send_in(scene: Scene, sent: dict[str, Any] | None = None, user: str = "U1", community: str = "data") -> Answer:
    with scene.store.begin() as tx:
        form = Submission(user, CALLBACK, community, state() if sent is None else sent, "V1", "h1")
        return FEATURE.forms[CALLBACK](scene.ctx, tx, form)


def command(scene: Scene, name: str, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> str:
    one = next(c for c in FEATURE.commands if c.name == name)
    with scene.store.begin() as tx:
        return one.answer(scene.ctx, tx, Call(user, channel, name, argument)).text


def kinds(deliveries: list[Delivery]) -> list[str]:
    return [delivery.outgoing.kind for delivery in deliveries]


# --- the welcome --------------------------------------------------------------------------------------------------


def test_a_newcomer_gets_one_direct_message_with_one_button(scene: Scene) -> None:
    outgoing = welcomed(scene, name="Ada <3").outgoing
    assert (outgoing.key, outgoing.kind, outgoing.target) == ("welcome:data:U1", "welcome", "U1")
    assert outgoing.text == "Hello Ada &lt;3, welcome to Data &lt;3!"
    assert outgoing.due_us <= to_us(scene.now)
    assert outgoing.expires_us is None
    (button,) = outgoing.blocks[-1]["elements"]
    assert (button["text"]["text"], button["action_id"], button["value"]) == ("Answer 2 questions", OPEN, "data")
    for block in Block.parse_all(list(outgoing.blocks)):
        block.validate_json()


def test_nobody_is_welcomed_twice(scene: Scene) -> None:
    welcomed(scene)
    assert follow(scene, "U1") == []
    scene.wait(days=400)
    assert follow(scene, "U1") == []


def test_the_welcome_comes_at_night_and_in_the_members_language(scene: Scene) -> None:
    scene.wait(hours=14)
    assert welcomed(scene, locale="fr-FR").outgoing.text == "Bonjour Ada !"


@pytest.mark.parametrize("described", [{"is_bot": True}, {"is_deleted": True}, {"is_external": True}])
def test_bots_the_deactivated_and_people_of_elsewhere_are_not_welcomed(
    scene: Scene, described: dict[str, bool]
) -> None:
    scene.joins("U1", **described)
    assert follow(scene, "U1") == []


def test_a_guest_is_welcome(scene: Scene) -> None:
    assert welcomed(scene, is_guest=True)


def test_who_was_here_before_is_not_welcomed_as_new(scene: Scene) -> None:
    scene.record(UserSeen("U1", known_since_us=to_us(scene.now) - 2 * DAY_US))
    scene.joins("U1")
    assert follow(scene, "U1") == []
    scene.says("U2", "Hello all.")
    scene.wait(hours=1)
    scene.joins("U2")
    assert follow(scene, "U2") == []


def test_who_wrote_between_joining_and_the_bots_return_is_still_new(scene: Scene) -> None:
    at_us = scene.joins("U1")
    scene.wait(minutes=10)
    scene.says("U1", "Hello all.")
    scene.wait(hours=60)
    assert kinds(follow(scene, "U1", at_us=at_us)) == ["welcome"]


def test_somebody_unknown_or_a_community_without_onboarding_leads_to_nothing(scene: Scene) -> None:
    assert follow(scene, "U404") == []
    scene.communities = (COMMUNITY,)
    scene.joins("U1")
    assert follow(scene, "U1") == []


def test_a_community_that_starts_at_a_channel_welcomes_there_alone(scene: Scene) -> None:
    scene.communities = (replace(DATA, onboarding=replace(ONBOARDING, starts_channel="#data")),)
    scene.record(UserSeen("U1", name="Ada", known_since_us=0))
    scene.record(MembershipSeen("CDATA", "U1", True, to_us(scene.now)))
    assert follow(scene, "U1") == []
    assert follow(scene, "U1", channel="CHELLO") == []
    assert kinds(follow(scene, "U1", channel="CDATA")) == ["welcome"]
    assert follow(scene, "U1", channel="CDATA") == []


def test_joining_a_channel_starts_nothing_where_the_workspace_does(scene: Scene) -> None:
    scene.joins("U1")
    scene.record(MembershipSeen("CDATA", "U1", True, to_us(scene.now)))
    assert follow(scene, "U1", channel="CDATA") == []


def test_each_community_has_its_own_welcome(scene: Scene) -> None:
    scene.communities = (DATA, replace(DATA, id="maps", name="Maps"))
    scene.joins("U1", name="Ada")
    assert [d.outgoing.key for d in follow(scene, "U1")] == ["welcome:data:U1", "welcome:maps:U1"]


def test_a_broken_template_costs_nobody_their_welcome_and_is_told_once(scene: Scene) -> None:
    scene.prompts["welcome.j2"] = "Hello {{ nobody.knows }}"
    scene.prompts = dict(scene.prompts)
    scene.joins("U1")
    scene.joins("U2")
    said = [*follow(scene, "U1"), *follow(scene, "U2")]
    assert sorted(kinds(said)) == ["notice", "welcome", "welcome"]
    notice = next(d.outgoing for d in said if d.outgoing.kind == "notice")
    assert notice.target == "CMODS"
    assert "welcome.j2:1" in notice.text
    assert "welcome to *Data &lt;3*" in next(d.outgoing.text for d in said if d.outgoing.kind == "welcome")


# --- questions and answers ----------------------------------------------------------------------------------------


def test_the_button_opens_the_communitys_questions(scene: Scene) -> None:
    welcomed(scene)
    view = press(scene).view
    assert view is not None
    assert [b.get("block_id") for b in view["blocks"]] == [
        "question:goal",
        "question:invited_by",
        "share",
        None,
        "guidelines",
        None,
    ]
    assert view["private_metadata"] == "data"
    assert view["notify_on_close"] is True
    assert view["callback_id"] == CALLBACK


@pytest.mark.parametrize("value", ["data", "nowhere", "", "data\n"])
def test_somebody_who_was_not_welcomed_gets_a_kind_line_and_no_form(scene: Scene, value: str) -> None:
    answer = press(scene, "U9", value)
    assert answer.view is None
    assert answer.text
    answer = send_in(scene, user="U9", community=value)
    assert answer.text
    assert scene.send() == []


def test_answers_are_kept_and_become_an_introduction_and_thanks(scene: Scene) -> None:
    welcomed(scene)
    scene.record(UserSeen("U2", name="Ben <!here>"))
    assert (
        send_in(scene, state("Learn <everything> & <!channel>", inviter="U2", share=("goal", "invited_by"))) == Answer()
    )
    introduction, thanks = scene.send()
    assert (introduction.outgoing.key, introduction.outgoing.target) == ("introduction:data:U1", "CHELLO")
    assert introduction.outgoing.subject == "U1"
    assert introduction.outgoing.text == (
        "<@U1> is new. Your goal? Learn &lt;everything&gt; &amp; &lt;!channel&gt;."
        " Who invited you? Ben &lt;!here&gt;. Invited by <@U2>."
    )
    assert (thanks.outgoing.kind, thanks.outgoing.target) == ("answer", "U1")
    assert "<#CHELLO>" in thanks.outgoing.text
    with scene.store.read() as tx:
        journey = tx.journeys.get("data", "U1")
        assert journey is not None
        assert (journey.state, journey.guidelines_version) == ("answered", "v1")
        given = tx.journeys.answers(journey.id)
    assert list(given) == [
        GivenAnswer("goal", "Learn <everything> & <!channel>", True),
        GivenAnswer("invited_by", "<@U2>", True),
    ]


def test_what_is_not_shared_is_not_shown(scene: Scene) -> None:
    welcomed(scene)
    send_in(scene, state("Secret", inviter="U2", share=()))
    (thanks,) = scene.send()
    assert thanks.outgoing.kind == "answer"
    assert "shared none" in thanks.outgoing.text
    send_in(scene, state("Open", inviter="U2", share=("goal",)))
    introduction = next(d for d in scene.send() if d.outgoing.kind == "introduction")
    assert introduction.outgoing.updates is None
    assert "Open" in introduction.outgoing.text
    assert "U2" not in introduction.outgoing.text


def test_mistakes_come_back_at_their_place_and_nothing_is_kept(scene: Scene) -> None:
    welcomed(scene)
    answer = send_in(scene, state(" ", accept=False))
    assert set(answer.errors) == {"question:goal", "guidelines"}
    assert scene.send() == []
    with scene.store.read() as tx:
        journey = tx.journeys.get("data", "U1")
        assert journey is not None
        assert journey.state == "invited"


def test_the_same_answers_twice_have_one_result(scene: Scene) -> None:
    welcomed(scene)
    send_in(scene)
    assert kinds(scene.send()) == ["introduction", "answer"]
    assert send_in(scene) == Answer()
    assert scene.send() == []


def test_other_answers_change_the_introduction_in_its_place(scene: Scene) -> None:
    welcomed(scene)
    texts = []
    for goal in ("Learn", "Teach", "Learn", "Teach"):
        send_in(scene, state(goal))
        scene.wait(minutes=1)
        texts += [
            (d.outgoing.updates, d.outgoing.text[-6:-1]) for d in scene.send() if d.outgoing.kind == "introduction"
        ]
    first = "introduction:data:U1"
    assert texts == [(None, "Learn"), (first, "Teach"), (first, "Learn"), (first, "Teach")]


def test_an_introduction_can_be_withdrawn_and_shared_again(scene: Scene) -> None:
    welcomed(scene)
    send_in(scene)
    scene.send()
    scene.wait(minutes=1)
    send_in(scene, state(share=()))
    sent = {d.outgoing.kind: d.outgoing for d in scene.send()}
    update = sent["introduction"]
    assert (update.updates, update.text) == ("introduction:data:U1", "This introduction was withdrawn.")
    assert "Your introduction is withdrawn" in sent["answer"].text
    scene.wait(minutes=1)
    send_in(scene, state("Learn"))
    again = next(d.outgoing for d in scene.send() if d.outgoing.kind == "introduction")
    assert again.updates == "introduction:data:U1"
    assert "Learn" in again.text


def test_without_a_channel_for_introductions_answers_are_kept_all_the_same(scene: Scene) -> None:
    scene.communities = (replace(DATA, channels=replace(DATA.channels, introductions=None)),)
    welcomed(scene)
    send_in(scene)
    assert kinds(scene.send()) == ["answer"]


def test_the_form_comes_back_filled_in(scene: Scene) -> None:
    welcomed(scene)
    send_in(scene, state("Learn", share=()))
    view = press(scene).view
    assert view is not None
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert elements["question:goal"]["initial_value"] == "Learn"
    assert [o["value"] for o in elements["share"]["initial_options"]] == ["invited_by"]


def test_the_version_accepted_is_that_of_the_guidelines_as_they_were_read(scene: Scene) -> None:
    def asked(prompts: dict[str, str]) -> str:
        """The version that the form asks to accept."""
        scene.prompts = prompts
        view = press(scene).view
        assert view is not None
        box = next(block for block in view["blocks"] if block.get("block_id") == "guidelines")
        return str(box["element"]["options"][0]["value"])

    french = {**PROMPTS, "guidelines.fr.j2": "Soyez aimables."}
    welcomed(scene, locale="fr-FR")
    version = asked(french)
    assert asked({**french, "guidelines.j2": "Be very kind."}) == version, "which she did not read"
    assert asked({**french, "guidelines.fr.j2": "Soyez patients."}) != version


def test_questions_that_changed_while_the_form_was_open_lose_nothing(scene: Scene) -> None:
    welcomed(scene)
    send_in(scene, state("Learn", inviter="U2"))
    scene.send()
    changed = replace(ONBOARDING, questions=(Question("topic", "Your topic?", share=True), ONBOARDING.questions[1]))
    scene.communities = (replace(DATA, onboarding=changed),)
    answer = send_in(scene, state("Teach", inviter="U2"))
    assert answer == Answer()
    thanks = next(d.outgoing.text for d in scene.send() if d.outgoing.kind == "answer")
    assert "changed while you were writing" in thanks
    new_form = {
        "question:topic": {"value": {"value": "Census"}},
        "guidelines": {"value": {"selected_options": [{"value": "v1"}]}},
    }
    send_in(scene, new_form)
    with scene.store.read() as tx:
        journey = tx.journeys.get("data", "U1")
        assert journey is not None
        answers = {a.question: a.value for a in tx.journeys.answers(journey.id)}
    assert answers == {"topic": "Census", "goal": "Teach", "invited_by": "<@U2>"}


def test_a_community_that_closed_its_questions_says_so(scene: Scene) -> None:
    welcomed(scene)
    scene.communities = (COMMUNITY,)
    assert "closed" in press(scene).text
    assert "closed" in send_in(scene).text
