"""A modal's form as a person fills it in: from a view and given values to Slack's ``view.state.values``. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from copbot.workspace.blocks import MULTI_SELECTS, STATEFUL

Json = dict[str, Any]
REQUIRED = "Please complete this required field."

_SINGLE_VALUE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
_ONE_OPTION = ("static_select", "radio_buttons")
_SOME_OPTIONS = ("multi_static_select", "checkboxes")


def fields(view: Json) -> Iterator[tuple[Json, Json]]:
    """(block, element) of everything in a view that a person can fill in."""
    for block in view.get("blocks", ()):
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", ())):
            if isinstance(element, dict) and element.get("type") in STATEFUL:
                yield block, element


def fill(view: Json, values: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """``view.state.values`` and what Slack itself would complain of, by block_id.

    ``values`` is keyed by action_id or block_id; an option is given by its value or its words, several as a list.
    What is not
    given keeps its initial value. Raises ValueError for a key or an option that the form does not have.
    """
    state: Json = {}
    complaints: dict[str, str] = {}
    used: set[str] = set()
    for block, element in fields(view):
        block_id, action_id = block["block_id"], element["action_id"]
        key = next((k for k in (action_id, block_id) if k in values), None)
        if key is not None:
            used.add(key)
        given = _given(element, values[key]) if key is not None else _initial(element)
        state.setdefault(block_id, {})[action_id] = {"type": element["type"]} | given
        complaint = _complaint(block, element, next(iter(given.values())))
        if complaint:
            complaints[block_id] = complaint
    unknown = set(values) - used
    if unknown:
        known = ", ".join(f"{b['block_id']}/{e['action_id']}" for b, e in fields(view))
        raise ValueError(f"the form has no field {', '.join(sorted(unknown))}; it has {known or 'none'}")
    return state, complaints


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": element.get("initial_option")}
    if kind in _SOME_OPTIONS:
        return {"selected_options": list(element.get("initial_options", []))}
    name, initial = _SINGLE_VALUE.get(kind, ("value", "initial_value"))
    return {name: element.get(initial, [] if kind in MULTI_SELECTS else None)}


def _given(element: Json, value: Any) -> Json:
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": None if value in (None, "") else _option(element, value)}
    if kind in _SOME_OPTIONS:
        chosen = [value] if isinstance(value, str) else list(value or ())
        return {"selected_options": [_option(element, each) for each in chosen]}
    name, _ = _SINGLE_VALUE.get(kind, ("value", ""))
    if kind in MULTI_SELECTS:
        return {name: [value] if isinstance(value, str) else list(value or ())}
    return {name: None if value in (None, "") else value if isinstance(value, int) else str(value)}


def _option(element: Json, wanted: Any) -> Json:
    for option in options_of(element):
        if wanted in (option["value"], option["text"]["text"]):
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    choices = ", ".join(option["value"] for option in options_of(element))
    raise ValueError(f"{element['action_id']} has no option {wanted!r}; it has {choices}")


def _complaint(block: Json, element: Json, value: Any) -> str | None:
    if block["type"] != "input":
        return None
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(value, str) and least is not None and len(value) < least:
        return f"Please write at least {least} characters."
    if isinstance(value, str) and most is not None and len(value) > most:
        return f"Please write at most {most} characters."
    return None
