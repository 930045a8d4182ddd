"""A modal's form as a person fills it in: from a view and given values to Slack's ``view.state.values``. Pure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from copbot.workspace.blocks import elements_of
from copbot.workspace.elements import MULTI_SELECTS, STATEFUL

Json = dict[str, Any]
REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")

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
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
_ONE_OPTION = ("static_select", "radio_buttons", "external_select")
_SOME_OPTIONS = ("multi_static_select", "checkboxes", "multi_external_select")


def fields(view: Json) -> Iterator[tuple[Json, Json]]:
    """(block, element) of everything in a view that a person can fill in."""
    for block in view.get("blocks", ()):
        for element in elements_of(block):
            if element.get("type") in STATEFUL:
                yield block, element


def fill(view: Json, values: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """``view.state.values`` and what Slack itself would complain of, by block_id.

    ``values`` is keyed by action_id or block_id; an option is given by its value or its words, several as a list.
    What is not
    given stays as it stands in the form. Raises ValueError for a key or an option that the form does not have.
    """
    state: Json = {}
    complaints: dict[str, str] = {}
    used: set[str] = set()
    for block, element in fields(view):
        block_id, action_id = block["block_id"], element["action_id"]
        key = next((k for k in (action_id, block_id) if k in values), None)
        if key is not None:
            used.add(key)
        given = _given(element, values[key]) if key is not None else _standing(view, block_id, element)
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


def _standing(view: Json, block_id: str, element: Json) -> Json:
    """What stands in a field that nobody touched now: what was chosen before, else its initial value."""
    before = view.get("state", {}).get("values", {}).get(block_id, {}).get(element["action_id"])
    if before and before.get("type") == element["type"]:
        return {key: value for key, value in before.items() if key != "type"} or _initial(element)
    return _initial(element)


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
        return {"selected_option": None if value in (None, "") else option_of(element, value)}
    if kind in _SOME_OPTIONS:
        chosen = [value] if isinstance(value, (str, dict)) else list(value or ())
        return {"selected_options": [option_of(element, each) for each in chosen]}
    name, _ = _SINGLE_VALUE.get(kind, ("value", ""))
    if kind == "rich_text_input":
        return {name: _rich(value)}
    if kind in MULTI_SELECTS or kind == "file_input":
        return {name: [value] if isinstance(value, str) else list(value or ())}
    return {name: None if value in (None, "") else value if isinstance(value, int) else str(value)}


def _rich(value: Any) -> Any:
    """Plain words as the rich text that typing them makes."""
    if not isinstance(value, str):
        return value
    words = [{"type": "text", "text": value}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]} if value else None


def option_of(element: Json, wanted: Any) -> Json:
    """An option by its value or its words, as Slack sends it. Raises ValueError for one that is not there."""
    if element["type"].endswith("external_select"):  # its options are the bot's own: asked for while one types
        if isinstance(wanted, dict) and {"text", "value"} <= set(wanted):
            return wanted
        raise ValueError(f"{element['action_id']} takes one of the options that the app offers, not {wanted!r}")
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
    if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
        return f"Please choose at most {element['max_selected_items']}."
    return _of_kind(element, value)


def _of_kind(element: Json, value: Any) -> str | None:
    """What Slack's own client refuses by the kind of input, before the app is asked."""
    kind = element["type"]
    if kind == "email_text_input" and not _EMAIL.fullmatch(str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.fullmatch(str(value)):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_complaint(element, str(value))
    return None


def _number_complaint(element: Json, typed: str) -> str | None:
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
