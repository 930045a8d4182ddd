"""Forms as a person fills them in."""

from typing import Any

import pytest

from copbot.workspace.forms import REQUIRED, fill

Json = dict[str, Any]
OPTIONS = [
    {"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Census", "Surveys", "Registers")
]


def view(element: Json, optional: bool = False) -> Json:
    return {
        "blocks": [{"type": "input", "block_id": "b", "optional": optional, "element": {"action_id": "a"} | element}]
    }


def chosen(*names: str) -> list[Json]:
    return [option for option in OPTIONS if option["value"] in names]


CASES = [
    ({"type": "plain_text_input"}, "words", {"value": "words"}),
    ({"type": "static_select", "options": OPTIONS}, "Census", {"selected_option": chosen("census")[0]}),
    ({"type": "radio_buttons", "options": OPTIONS}, "census", {"selected_option": chosen("census")[0]}),
    (
        {"type": "checkboxes", "options": OPTIONS},
        ["census", "Surveys"],
        {"selected_options": chosen("census", "surveys")},
    ),
    ({"type": "multi_static_select", "options": OPTIONS}, ["census"], {"selected_options": chosen("census")}),
    ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
    ({"type": "datepicker"}, "2026-12-03", {"selected_date": "2026-12-03"}),
]


@pytest.mark.parametrize("key", ["a", "b"], ids=["by action_id", "by block_id"])
@pytest.mark.parametrize(("element", "given", "state"), CASES, ids=[case[0]["type"] for case in CASES])
def test_each_kind_of_field_gives_slacks_state(element: Json, given: Any, state: Json, key: str) -> None:
    assert fill(view(element), {key: given}) == ({"b": {"a": {"type": element["type"]} | state}}, {})


@pytest.mark.parametrize(
    ("element", "state"),
    [
        ({"type": "plain_text_input", "initial_value": "as before"}, {"value": "as before"}),
        (
            {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]},
            {"selected_option": OPTIONS[1]},
        ),
        (
            {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:2]},
            {"selected_options": OPTIONS[:2]},
        ),
        ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}),
    ],
    ids=["text", "select", "checkboxes", "person"],
)
def test_what_is_not_touched_keeps_its_initial_value(element: Json, state: Json) -> None:
    assert fill(view(element), {}) == ({"b": {"a": {"type": element["type"]} | state}}, {})


@pytest.mark.parametrize("element", [case[0] for case in CASES], ids=[case[0]["type"] for case in CASES])
def test_an_empty_field_is_complained_of_only_where_it_is_required(element: Json) -> None:
    assert fill(view(element), {})[1] == {"b": REQUIRED}
    assert fill(view(element, optional=True), {})[1] == {}


@pytest.mark.parametrize(("length", "fits"), [(2, False), (3, True), (5, True), (6, False)])
def test_lengths_are_held(length: int, fits: bool) -> None:
    element = {"type": "plain_text_input", "min_length": 3, "max_length": 5}
    assert (fill(view(element), {"a": "x" * length})[1] == {}) is fits


def test_a_field_or_option_that_is_not_there_is_an_error_of_whoever_fills_in() -> None:
    with pytest.raises(ValueError, match="no field nowhere; it has b/a"):
        fill(view({"type": "plain_text_input"}), {"nowhere": "x"})
    with pytest.raises(ValueError, match="no option 'Weather'"):
        fill(view({"type": "static_select", "options": OPTIONS}), {"a": "Weather"})
