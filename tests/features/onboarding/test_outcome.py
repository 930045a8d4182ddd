"""Did you get what you came for? One result, however often and wherever it is pressed, and one message to the moderators."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from copbot.core.delivery import Delivery
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.records import GivenAnswer, GivenOutcome
from copbot.core.time import to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.newcomer import moderators

MONTH = FollowUp(timedelta(days=30), prompt="month.j2", asks_outcome=True)
ONBOARDING = Onboarding(
    welcome="welcome.j2",
    questions=(Question("topic", "Your topic?", "text"), Question("goal", "What for?", "long_text")),
    follow_ups=(MONTH,),
)
DATA = replace(COMMUNITY, onboarding=ONBOARDING)
VALUE = "data:month.j2"
KEY = "follow_up:data:U1:month.j2"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts={"welcome.j2": "Hello!", "month.j2": "A month! Did you get it?"})
    yield scene
    scene.close()


def asked(scene: Scene, user: str = "U1", *, answered: bool = True, **described: object) -> Delivery:
    """Somebody who was welcomed, answered, and is asked after a month."""
    scene.joins(user, **({"name": "Ada"} | described))
    with scene.store.begin() as tx:
        moderators.welcome_someone(scene.ctx, tx, Call("UMOD", "CMODS", "welcome", f"<@{user}>"))
        journey = tx.journeys.get("data", user)
        assert journey is not None
        if answered:
            given = [GivenAnswer("topic", "Maps"), GivenAnswer("goal", "Learn <!channel>\n& teach")]
            tx.journeys.answer(journey.id, given, None, to_us(scene.now))
    scene.send()
    scene.wait(days=30)
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()[-1]


def press(scene: Scene, verdict: str, user: str = "U1", value: str = VALUE) -> Answer:
    action = f"onboarding:outcome_{verdict}"
    handler = FEATURE.actions.get(action, FEATURE.actions["onboarding:outcome_yes"])
    with scene.store.begin() as tx:
        return handler(scene.ctx, tx, Press(user, action, value, "t1"))


def write(scene: Scene, line: Any, verdict: str = "yes", user: str = "U1", value: str = VALUE) -> Answer:
    state = {"line": {"value": {"type": "plain_text_input", "value": line}}}
    with scene.store.begin() as tx:
        form = Submission(user, "onboarding:outcome", f"{verdict} {value}", state, "V1", "h1")
        return FEATURE.forms["onboarding:outcome"](scene.ctx, tx, form)


def outcome(scene: Scene, user: str = "U1") -> GivenOutcome | None:
    with scene.store.read() as tx:
        journey = tx.journeys.get("data", user)
        return None if journey is None else tx.outcomes.get(journey.id)


def told(scene: Scene) -> list[tuple[str | None, str]]:
    """(what it updates, text) of what the moderators are told now."""
    return [(d.outgoing.updates, d.outgoing.text) for d in scene.send() if d.outgoing.target == "CMODS"]


def test_after_a_month_there_are_three_buttons(scene: Scene) -> None:
    question = asked(scene).outgoing
    assert (question.key, question.kind, question.target) == (KEY, "onboarding", "U1")
    elements = question.blocks[-1]["elements"]
    assert [one["text"]["text"] for one in elements] == ["Yes", "Partly", "Not yet"]
    assert {one["value"] for one in elements} == {VALUE}
    assert len({one["action_id"] for one in elements}) == 3
    for block in Block.parse_all(list(question.blocks)):
        block.validate_json()


def test_a_press_counts_at_once_and_asks_for_a_line(scene: Scene) -> None:
    asked(scene)
    view = press(scene, "partly").view
    assert view is not None
    View(**view).validate_json()
    assert view["private_metadata"] == f"partly {VALUE}"
    assert outcome(scene) == GivenOutcome("partly", "", to_us(scene.now))
    shown, notice = scene.send()
    assert (shown.outgoing.updates, shown.outgoing.target) == (KEY, "U1")
    assert "You said *Partly*" in str(shown.outgoing.blocks)
    assert len(shown.outgoing.blocks[-1]["elements"]) == 3
    assert (notice.outgoing.target, notice.outgoing.kind) == ("CMODS", "notice")
    assert notice.outgoing.text == (
        ":seedling: <@U1> got what they came for *in part*.\nThey joined 30 days ago.\n"
        "What they came for, in their words:\n> Learn &lt;!channel&gt;\n> &amp; teach"
    )


def test_the_line_joins_what_the_moderators_have(scene: Scene) -> None:
    asked(scene)
    press(scene, "not_yet")
    scene.send()
    assert write(scene, "  Nobody <answers> @here  ", "not_yet") == Answer()
    ((updates, text),) = told(scene)
    assert updates == "outcome:data:U1"
    assert "> Nobody &lt;answers&gt; @\u2060here" in text
    said = outcome(scene)
    assert said is not None
    assert said.line == "Nobody <answers> @here"


def test_who_said_nothing_on_joining_is_told_of_so(scene: Scene) -> None:
    asked(scene, answered=False)
    press(scene, "yes")
    ((_, text),) = told(scene)
    assert text.endswith("What they came for they had not said.")


def test_pressed_twice_there_is_one_result(scene: Scene) -> None:
    asked(scene)
    press(scene, "yes")
    assert len(told(scene)) == 1
    assert press(scene, "yes").view is not None
    assert scene.send() == []


def test_a_changed_mind_holds_and_keeps_the_line(scene: Scene) -> None:
    asked(scene)
    press(scene, "yes")
    write(scene, "The thread on keys", "yes")
    scene.send()
    view = press(scene, "partly").view
    assert view is not None
    assert view["blocks"][1]["element"]["initial_value"] == "The thread on keys"
    said = outcome(scene)
    assert said is not None
    assert (said.verdict, said.line) == ("partly", "The thread on keys")
    (notice,) = told(scene)
    assert notice[0] == "outcome:data:U1"


def test_a_mind_changed_after_months_is_news_in_the_thread(scene: Scene) -> None:
    asked(scene)
    press(scene, "not_yet")
    scene.send()
    scene.wait(days=120)
    press(scene, "yes")
    notices = [d.outgoing for d in scene.send() if d.outgoing.target == "CMODS"]
    assert [(one.updates, one.thread_of) for one in notices] == [("outcome:data:U1", None), (None, "outcome:data:U1")]
    assert notices[1].text == "This has changed: :seedling: <@U1> got what they came for."


def test_two_forms_on_two_devices_leave_what_was_sent_last(scene: Scene) -> None:
    asked(scene)
    press(scene, "yes")
    press(scene, "partly")
    write(scene, "from the phone", "yes")
    write(scene, "from the laptop", "partly")
    said = outcome(scene)
    assert said is not None
    assert (said.verdict, said.line) == ("partly", "from the laptop")


@pytest.mark.parametrize(
    ("user", "value", "verdict"),
    [
        pytest.param("U2", VALUE, "yes", id="somebody who was never asked"),
        pytest.param("U1", "data:other.j2", "yes", id="a follow-up that was not sent"),
        pytest.param("U1", "elsewhere:month.j2", "yes", id="another community"),
        pytest.param("U1", "", "yes", id="no value"),
        pytest.param("U1", "data:U1:month.j2", "yes", id="a value of another form"),
        pytest.param("U1", VALUE, "splendid", id="an answer that there is not"),
    ],
)
def test_what_was_never_asked_gets_a_kind_line_and_changes_nothing(
    scene: Scene, user: str, value: str, verdict: str
) -> None:
    asked(scene)
    scene.record()
    for answer in (press(scene, verdict, user, value), write(scene, "x", verdict, user, value)):
        assert answer.view is None
        assert answer.text == "I have not asked you this yet. All is well!"
    assert outcome(scene) is None
    assert scene.send() == []


def test_a_community_that_closed_its_onboarding_says_so(scene: Scene) -> None:
    asked(scene)
    scene.communities = (COMMUNITY,)
    assert "closed" in press(scene, "yes").text


@pytest.mark.parametrize("line", [None, 5, "", "   "])
def test_no_line_is_no_line(scene: Scene, line: object) -> None:
    asked(scene)
    press(scene, "yes")
    scene.send()
    assert write(scene, line) == Answer()
    assert scene.send() == []


def test_a_long_line_is_cut_and_whatever_it_holds_can_be_stored(scene: Scene) -> None:
    asked(scene)
    write(scene, "\0ab\ud800" + "x" * 9000)
    said = outcome(scene)
    assert said is not None
    assert said.line.startswith("ab?")
    assert len(said.line) <= 500


def test_who_has_answered_is_not_asked_by_another_follow_up(scene: Scene) -> None:
    later = FollowUp(timedelta(days=60), prompt="again.j2", asks_outcome=True)
    scene.prompts = scene.prompts | {"again.j2": "And now?"}
    scene.communities = (replace(DATA, onboarding=replace(ONBOARDING, follow_ups=(MONTH, later))),)
    asked(scene)
    press(scene, "yes")
    scene.send()
    scene.wait(days=30)
    FEATURE.plan_due(scene.ctx, scene.now)
    assert scene.send() == []
    skipped = scene.delivery("follow_up:data:U1:again.j2")
    assert skipped is not None
    assert skipped.reason == "has answered this before"


def test_it_speaks_the_members_language_and_english_to_moderators(scene: Scene) -> None:
    asked(scene, locale="fr-FR")
    view = press(scene, "not_yet").view
    assert view is not None
    assert view["title"]["text"] == "Merci"
    ((_, text),) = told(scene)
    assert "has *not yet* got" in text


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["press", "write", "wait", "restart"]), st.sampled_from(["yes", "partly", "not_yet"])
        ),
        max_size=8,
    )
)
def test_whatever_is_pressed_there_is_one_message_that_says_the_latest(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str]]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("law"), DATA, prompts={"welcome.j2": "Hello!", "month.j2": "A month!"})
    asked(scene)
    latest, first, now_said = None, 0, ""
    for what, verdict in events:
        if what == "press":
            press(scene, verdict)
            latest = verdict
        elif what == "write":
            write(scene, "a line", verdict)
            latest = verdict
        else:
            scene.wait(hours=5)
        FEATURE.plan_due(scene.ctx, scene.now)
        for delivery in scene.send():
            outgoing = delivery.outgoing
            assert outgoing.key != KEY  # it is asked once
            if outgoing.target == "CMODS" and outgoing.thread_of is None:
                first += outgoing.updates is None
                now_said = outgoing.text
    said = outcome(scene)
    assert (said.verdict if said else None) == latest
    assert first == (latest is not None)
    words = {"yes": "got what they came for.", "partly": "*in part*", "not_yet": "*not yet*"}
    assert latest is None or words[latest] in now_said
    scene.close()
