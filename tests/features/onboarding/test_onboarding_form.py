"""The questions as a form that Slack takes, and back again as answers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import COMMUNITY
from slack_sdk.models.views import View

from copbot.core.onboarding import Onboarding, Option, Question
from copbot.core.records import GivenAnswer
from copbot.features.onboarding.form import GUIDELINES, SHARE, chosen_of, filled, form

TOPICS = (Option("Census"), Option("Surveys"), Option("Census, old"))
QUESTIONS = (
    Question("name", "What shall we call you?", "text"),
    Question("goal", "What do you want to get out of this community?", "long_text", share=True),
    Question("role", "What are you?", "choice", options=(Option("Novice"), Option("Expert, of sorts"))),
    Question("topics", "Which topics?", "choices", options=TOPICS, share=True),
    Question("first", "Is this your first community?", "yes_no"),
    Question("invited_by", "Who invited you?", "person", optional=True),
    Question("since", "Since when do you work on this?", "date", optional=True),
)
ONBOARDING = Onboarding(welcome="welcome.j2", questions=QUESTIONS, guidelines="guidelines.j2", introduction="intro.j2")
GIVEN = (
    GivenAnswer("name", "Ada"),
    GivenAnswer("goal", "Learn & teach", True),
    GivenAnswer("role", "Expert, of sorts"),
    GivenAnswer("topics", "Census, Census, old", False),
    GivenAnswer("first", "Yes"),
    GivenAnswer("invited_by", "<@U2>"),
    GivenAnswer("since", "2020-02-29"),
)


def view_of(onboarding: Onboarding = ONBOARDING, given: tuple[GivenAnswer, ...] = (), **more: Any) -> dict[str, Any]:
    options = {"guidelines": "Be kind.", "guidelines_version": "v1", "introductions": "hello"} | more
    return form(COMMUNITY, onboarding, given, **options)


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    return next(b for b in view["blocks"] if b.get("block_id") == block_id)


def state_of(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends back when a person presses Send without touching anything."""
    state = {}
    for one in view["blocks"]:
        if one["type"] == "input":
            element = one["element"]
            kind = element["type"]
            sent: dict[str, Any] = {"type": kind}
            if kind == "plain_text_input":
                sent["value"] = element.get("initial_value")
            elif kind in ("checkboxes", "multi_static_select"):
                sent["selected_options"] = element.get("initial_options", [])
            elif kind in ("radio_buttons", "static_select"):
                sent["selected_option"] = element.get("initial_option")
            elif kind == "users_select":
                sent["selected_user"] = element.get("initial_user")
            else:
                sent["selected_date"] = element.get("initial_date")
            state[one["block_id"]] = {element["action_id"]: sent}
    return state


def element_in(state: dict[str, Any], block_id: str) -> dict[str, Any]:
    """The state of a block's one element."""
    (element,) = state[block_id].values()
    return element  # type: ignore[no-any-return]


def assert_slack_takes(view: dict[str, Any]) -> None:
    parsed = View(**view)
    parsed.validate_json()
    assert parsed.to_dict()["blocks"] == view["blocks"]
    assert len(view["blocks"]) <= 100
    assert len(view["title"]["text"]) <= 24
    ids = [b["block_id"] for b in view["blocks"] if "block_id" in b]
    assert len(ids) == len(set(ids))
    for one in view["blocks"]:
        if one["type"] != "input":
            assert len((one.get("text") or one["elements"][0])["text"]) <= 3000
            continue
        assert 0 < len(one["label"]["text"]) <= 2000
        for option in one["element"].get("options", []):
            assert 0 < len(option["text"]["text"]) <= 75
            assert 0 < len(option["value"]) <= 150
        most = {"checkboxes": 10, "radio_buttons": 10}.get(one["element"]["type"], 100)
        assert len(one["element"].get("options", [])) <= most


def test_each_type_of_question_has_slacks_own_input() -> None:
    view = view_of()
    assert_slack_takes(view)
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert {key.removeprefix("question:"): element["type"] for key, element in elements.items()} == {
        "name": "plain_text_input",
        "goal": "plain_text_input",
        "role": "radio_buttons",
        "topics": "checkboxes",
        "first": "radio_buttons",
        "invited_by": "users_select",
        "since": "datepicker",
        SHARE: "checkboxes",
        GUIDELINES: "checkboxes",
    }
    assert elements["question:goal"]["multiline"] is True
    assert elements["question:name"]["multiline"] is False
    assert block(view, "question:invited_by")["optional"] is True
    assert block(view, "question:goal")["optional"] is False


def test_the_form_carries_only_the_community() -> None:
    assert view_of(given=GIVEN)["private_metadata"] == "data"


@pytest.mark.parametrize(
    ("count", "one", "several"), [(10, "radio_buttons", "checkboxes"), (11, "static_select", "multi_static_select")]
)
def test_many_options_become_a_menu(count: int, one: str, several: str) -> None:
    options = tuple(Option(f"Option {number}") for number in range(count))
    questions = (
        Question("a", "One?", "choice", options=options),
        Question("b", "Several?", "choices", options=options),
    )
    view = view_of(replace(ONBOARDING, questions=questions))
    assert_slack_takes(view)
    assert block(view, "question:a")["element"]["type"] == one
    assert block(view, "question:b")["element"]["type"] == several


def test_a_form_of_everything_at_its_longest_is_still_taken_by_slack() -> None:
    long = "é" * 5000
    options = tuple(Option(f"{number} {long}"[:200]) for number in range(150))
    questions = tuple(
        Question(f"q{number}", long, "choices" if number % 2 else "long_text", options=options, share=True)
        for number in range(95)
    )
    view = form(
        replace(COMMUNITY, name=long),
        replace(ONBOARDING, questions=questions),
        [GivenAnswer(f"q{number}", long) for number in range(95)],
        guidelines="Be kind.\n" * 6000,
        guidelines_version="v",
        introductions="hello",
    )
    assert_slack_takes(view)


def test_what_was_answered_is_there_again_and_comes_back_unchanged() -> None:
    view = view_of(given=GIVEN, accepted_version="v1")
    assert_slack_takes(view)
    sent = filled(ONBOARDING, state_of(view))
    assert sent.answers == GIVEN
    assert sent.errors == {}
    assert sent.guidelines_version == "v1"
    assert sent.is_outdated is False


def test_all_that_may_be_shared_is_ticked_at_first() -> None:
    share = block(view_of(), SHARE)
    assert share["label"]["text"] == "Share in #hello"
    assert [option["value"] for option in share["element"]["initial_options"]] == ["goal", "topics"]
    assert share["optional"] is True


def test_what_was_unticked_stays_unticked() -> None:
    share = block(view_of(given=GIVEN), SHARE)
    assert [option["value"] for option in share["element"]["initial_options"]] == ["goal"]


def test_without_a_channel_for_introductions_nothing_is_shared() -> None:
    view = view_of(introductions=None)
    assert SHARE not in [b.get("block_id") for b in view["blocks"]]
    state = state_of(view_of(given=GIVEN, introductions=None, accepted_version="v1"))
    assert not any(answer.share for answer in filled(ONBOARDING, state).answers)


def test_the_guidelines_must_be_accepted() -> None:
    sent = filled(ONBOARDING, state_of(view_of(given=GIVEN)))
    assert sent.errors == {GUIDELINES: "Please tick this to go on."}


def test_other_guidelines_than_those_accepted_must_be_accepted_anew() -> None:
    view = view_of(given=GIVEN, accepted_version="v0")
    assert "initial_options" not in block(view, GUIDELINES)["element"]


def test_what_is_missing_is_said_at_its_place() -> None:
    errors = filled(ONBOARDING, state_of(view_of())).errors
    required = {"question:name", "question:goal", "question:role", "question:topics", "question:first", GUIDELINES}
    assert set(errors) == required


def test_blank_is_no_answer() -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    element_in(state, "question:name")["value"] = " \n "
    assert filled(ONBOARDING, state).errors == {"question:name": "Please answer this one."}


def test_questions_that_changed_meanwhile_cost_nobody_their_answers() -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    changed = (
        Question("goal", "And what do you want?", "long_text", share=True),
        Question("role", "What are you?", "choice", options=(Option("Beginner"),)),
        Question("new", "What else?", "text"),
    )
    sent = filled(replace(ONBOARDING, questions=changed), state)
    assert sent.errors == {}
    assert sent.is_outdated is True
    answers = {answer.question: answer for answer in sent.answers}
    assert answers["goal"] == GivenAnswer("goal", "Learn & teach", True)
    assert answers["role"].value == "Expert, of sorts"
    assert answers["name"].value == "Ada"
    assert [answer.question for answer in sent.answers][:2] == ["goal", "role"]


def test_a_question_shared_only_since_the_form_was_opened_is_not_shared() -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    now = tuple(replace(question, share=True) for question in QUESTIONS)
    answers = {answer.question: answer.share for answer in filled(replace(ONBOARDING, questions=now), state).answers}
    assert answers["goal"] is True
    assert answers["name"] is False


def test_guidelines_added_meanwhile_are_no_mistake_of_the_persons() -> None:
    state = state_of(view_of(given=GIVEN, guidelines=""))
    sent = filled(ONBOARDING, state)
    assert sent.errors == {}
    assert sent.guidelines_version is None
    assert sent.is_outdated is True


@pytest.mark.parametrize(
    "element",
    [
        {"type": "users_select", "selected_user": "<!channel>"},
        {"type": "users_select", "selected_user": None},
        {"type": "users_select", "selected_user": ["U1"]},
        {"selected_options": "U1"},
        {"selected_options": [None, {"value": None}, 7]},
        {"value": 7},
        {},
        None,
        "text",
    ],
)
def test_a_forged_element_is_no_answer(element: Any) -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    state["question:invited_by"] = {"any": element}
    sent = filled(ONBOARDING, state)
    assert sent.errors == {}
    assert "invited_by" not in [answer.question for answer in sent.answers]


def test_an_impossible_day_is_said_and_not_kept() -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    element_in(state, "question:since")["selected_date"] = "2021-02-29"
    assert filled(ONBOARDING, state).errors == {"question:since": "Please choose a day."}


def test_an_answer_is_never_longer_than_slack_takes_back() -> None:
    state = state_of(view_of(given=GIVEN, accepted_version="v1"))
    element_in(state, "question:goal")["value"] = "x" * 40_000
    goal = next(a for a in filled(ONBOARDING, state).answers if a.question == "goal")
    assert len(goal.value) == 3000
    assert_slack_takes(view_of(given=(goal,)))


OPTION = st.text(st.sampled_from("ab, "), min_size=1, max_size=5).map(str.strip).filter(bool)


@given(st.lists(OPTION, min_size=1, max_size=5, unique=True), st.data())
def test_chosen_options_are_all_found_again_in_the_answer(options: list[str], data: st.DataObject) -> None:
    plain = [option for option in options if "," not in option]
    chosen = data.draw(st.lists(st.sampled_from(plain), unique=True)) if plain else []
    ordered = [option for option in plain if option in chosen]
    assert chosen_of(", ".join(ordered), plain, several=True) == ordered


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["value", "selected_user", "selected_options", "selected_option", "text"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    )
)
def test_no_state_that_anybody_can_forge_raises(element: Any) -> None:
    state = {"question:goal": {"value": element}, GUIDELINES: element, SHARE: {"value": element}, "question:x": element}
    sent = filled(ONBOARDING, state)
    assert all(isinstance(answer.value, str) and answer.value for answer in sent.answers)
