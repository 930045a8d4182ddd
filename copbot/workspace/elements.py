"""Block Kit's elements and composition objects: their published limits. Pure.

Limits: docs.slack.dev/reference/block-kit and the constants of slack_sdk.models. Every function yields complaints in
the form of Slack's ``response_metadata.messages``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Complaints = Iterator[str]

ID_LENGTH = 255
SELECTS = ("static_select", "users_select", "conversations_select", "channels_select", "external_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
PICKERS = ("datepicker", "timepicker", "datetimepicker")
TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")
CHOICES = ("checkboxes", "radio_buttons")
STATEFUL = (*SELECTS, *MULTI_SELECTS, *PICKERS, *TEXT_INPUTS, "file_input", *CHOICES)
PRESSABLE = ("button", "overflow", "workflow_button", *SELECTS, *MULTI_SELECTS, *CHOICES, "datepicker", "timepicker")

ELEMENTS_OF: dict[str, tuple[str, ...]] = {
    "actions": (*PRESSABLE, "datetimepicker", "rich_text_input"),
    "section": (*PRESSABLE, "image"),
    "input": STATEFUL,
    "context": ("image", "mrkdwn", "plain_text"),
    "context_actions": ("feedback_buttons", "icon_button"),
}
MOST_OPTIONS = {"static_select": 100, "multi_static_select": 100, "checkboxes": 10, "radio_buttons": 10, "overflow": 5}
CONVERSATION_KINDS = {"im", "mpim", "private", "public"}
MOST_TYPED = 3000
MOST_FILES = 10

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def complaint(what: str, where: str) -> str:
    return f"[ERROR] {what} [json-pointer:{where}]"


# --- elements ---------------------------------------------------------------------------------------------------------


def elements(block: Json, kind: str, most: int, where: str) -> Complaints:
    """A block's ``elements``: their number, each of them, and that no action_id occurs twice."""
    found = block.get("elements")
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        yield complaint(f"must have between 1 and {most} items", f"{where}/elements")
        return
    seen: set[str] = set()
    for index, each in enumerate(found):
        here = f"{where}/elements/{index}"
        yield from element(each, kind, here)
        action_id = each.get("action_id") if isinstance(each, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                yield complaint(f"action_id already exists: {action_id}", here)
            seen.add(action_id)


def element(given: Any, place: str, where: str) -> Complaints:
    """An element of a block of the kind ``place``."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ELEMENTS_OF[place]:
        yield complaint(f"unsupported element in {place}: {kind}", where)
        return
    if kind in ("mrkdwn", "plain_text"):
        yield from text(given, 3000, where)
        return
    if kind == "image":
        yield from image(given, where)
        return
    yield from string(given, "action_id", ID_LENGTH, where)
    if given.get("placeholder") is not None:
        yield from text(given["placeholder"], 150, f"{where}/placeholder", only_plain=True)
    if given.get("confirm") is not None:
        yield from confirm(given["confirm"], f"{where}/confirm")
    if kind in MOST_OPTIONS:
        yield from options(given, MOST_OPTIONS[kind], where, only_plain=kind not in CHOICES)
    if kind in _OF_KIND:
        yield from _OF_KIND[kind](given, where)


def image(given: Json, where: str) -> Complaints:
    """An image element, and what an image block shares with it."""
    url, file = given.get("image_url"), given.get("slack_file")
    if not url and not file:
        yield complaint("missing required field: image_url", where)
    if url and file:
        yield complaint("only one of image_url and slack_file may be given", where)
    if isinstance(file, dict) and not (file.get("id") or file.get("url")):
        yield complaint("missing required field: id or url", f"{where}/slack_file")
    yield from string(given, "image_url", 3000, where)
    yield from string(given, "alt_text", 2000, where, required=True)


def _button(given: Json, where: str) -> Complaints:
    yield from text(given.get("text"), 75, f"{where}/text", only_plain=True)
    yield from string(given, "value", 2000, where)
    yield from string(given, "url", 3000, where)
    yield from string(given, "accessibility_label", 75, where)
    yield from one_of(given, "style", ("primary", "danger"), where)


def _datepicker(given: Json, where: str) -> Complaints:
    yield from matching(given, "initial_date", _DATE, "YYYY-MM-DD", where)


def _timepicker(given: Json, where: str) -> Complaints:
    yield from matching(given, "initial_time", _TIME, "HH:mm", where)


def _datetimepicker(given: Json, where: str) -> Complaints:
    value = given.get("initial_date_time")
    if value is not None and (not isinstance(value, int) or len(str(value)) != 10):
        yield complaint("must be a UNIX timestamp of 10 digits", f"{where}/initial_date_time")


def _plain_text_input(given: Json, where: str) -> Complaints:
    yield from string(given, "initial_value", MOST_TYPED, where)
    yield from whole(given, "min_length", 0, MOST_TYPED, where)
    yield from whole(given, "max_length", 1, MOST_TYPED, where)
    least, most = given.get("min_length"), given.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield complaint("must not be more than max_length", f"{where}/min_length")


def _number_input(given: Json, where: str) -> Complaints:
    if not isinstance(given.get("is_decimal_allowed"), bool):
        yield complaint("missing required field: is_decimal_allowed", where)
    for key in ("initial_value", "min_value", "max_value"):
        yield from matching(given, key, _NUMBER, "a number as a string", where)


def _file_input(given: Json, where: str) -> Complaints:
    yield from whole(given, "max_files", 1, MOST_FILES, where)
    kinds = given.get("filetypes")
    if kinds is not None and (not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds)):
        yield complaint("must be an array of strings", f"{where}/filetypes")


def _rich_text_input(given: Json, where: str) -> Complaints:
    value = given.get("initial_value")
    if value is not None and not (isinstance(value, dict) and str(value.get("type")).startswith("rich_text")):
        yield complaint("must be a rich text object", f"{where}/initial_value")


def _external(given: Json, where: str) -> Complaints:
    yield from whole(given, "min_query_length", 1, 1000, where)
    yield from _multi(given, where)


def _conversations(given: Json, where: str) -> Complaints:
    kinds = (given.get("filter") or {}).get("include") if isinstance(given.get("filter") or {}, dict) else "no object"
    if kinds is not None and (not isinstance(kinds, list) or not kinds or not set(kinds) <= CONVERSATION_KINDS):
        yield complaint("must name im, mpim, private or public", f"{where}/filter/include")
    yield from _multi(given, where)


def _multi(given: Json, where: str) -> Complaints:
    yield from whole(given, "max_selected_items", 1, 1000, where)


def _workflow_button(given: Json, where: str) -> Complaints:
    yield from _button(given, where)
    if not isinstance(given.get("workflow"), dict):
        yield complaint("missing required field: workflow", where)


def _feedback_buttons(given: Json, where: str) -> Complaints:
    for key in ("positive_button", "negative_button"):
        button = given.get(key)
        if not isinstance(button, dict):
            yield complaint(f"missing required field: {key}", where)
            continue
        yield from text(button.get("text"), 75, f"{where}/{key}/text", only_plain=True)
        yield from string(button, "value", 2000, f"{where}/{key}", required=True)


def _icon_button(given: Json, where: str) -> Complaints:
    yield from text(given.get("text"), 75, f"{where}/text", only_plain=True)
    yield from string(given, "icon", ID_LENGTH, where, required=True)


_OF_KIND: dict[str, Callable[[Json, str], Complaints]] = {
    "button": _button,
    "workflow_button": _workflow_button,
    "feedback_buttons": _feedback_buttons,
    "icon_button": _icon_button,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "plain_text_input": _plain_text_input,
    "number_input": _number_input,
    "file_input": _file_input,
    "rich_text_input": _rich_text_input,
    "external_select": _external,
    "multi_external_select": _external,
    "conversations_select": _conversations,
    "multi_conversations_select": _conversations,
    "multi_static_select": _multi,
    "multi_users_select": _multi,
    "multi_channels_select": _multi,
}


# --- composition objects ----------------------------------------------------------------------------------------------


def confirm(given: Any, where: str) -> Complaints:
    if not isinstance(given, dict):
        yield complaint("must be an object", where)
        return
    yield from text(given.get("title"), 100, f"{where}/title", only_plain=True)
    yield from text(given.get("text"), 300, f"{where}/text")
    for key in ("confirm", "deny"):
        if given.get(key) is not None:
            yield from text(given[key], 30, f"{where}/{key}", only_plain=True)
    yield from one_of(given, "style", ("primary", "danger"), where)


def options(given: Json, most: int, where: str, only_plain: bool) -> Complaints:
    groups = given.get("option_groups")
    if groups and given["type"] in ("static_select", "multi_static_select"):
        if not isinstance(groups, list) or len(groups) > 100:
            yield complaint("must have between 1 and 100 items", f"{where}/option_groups")
            return
        for index, group in enumerate(groups):
            here = f"{where}/option_groups/{index}"
            if not isinstance(group, dict):
                yield complaint("must be an object", here)
                continue
            yield from text(group.get("label"), 75, f"{here}/label", only_plain=True)
            yield from option_list(group.get("options"), most, f"{here}/options", only_plain)
        return
    yield from option_list(given.get("options"), most, f"{where}/options", only_plain)
    initial = given.get("initial_options") or ([given["initial_option"]] if given.get("initial_option") else [])
    if any(option not in (given.get("options") or []) for option in initial):
        yield complaint("initial options must be among the options", where)


def option_list(given: Any, most: int, where: str, only_plain: bool) -> Complaints:
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        yield complaint(f"must have between 1 and {most} items", where)
        return
    for index, option in enumerate(given):
        here = f"{where}/{index}"
        if not isinstance(option, dict):
            yield complaint("must be an object", here)
            continue
        yield from text(option.get("text"), 75, f"{here}/text", only_plain=only_plain)
        yield from string(option, "value", 150, here, required="url" not in option)
        yield from string(option, "url", 3000, here)
        if option.get("description") is not None:
            yield from text(option["description"], 75, f"{here}/description", only_plain=only_plain)


def text(given: Any, most: int, where: str, only_plain: bool = False) -> Complaints:
    """A text object of at most so many characters."""
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        yield complaint("missing required field: a text object", where)
        return
    if given.get("type") not in (("plain_text",) if only_plain else ("plain_text", "mrkdwn")):
        yield complaint(f"unsupported text type: {given.get('type')}", where)
    if given.get("type") == "plain_text" and "verbatim" in given:
        yield complaint("verbatim is for mrkdwn only", where)
    if given.get("type") == "mrkdwn" and "emoji" in given:
        yield complaint("emoji is for plain_text only", where)
    if not given["text"]:
        yield complaint("must be more than 0 characters", f"{where}/text")
    elif len(given["text"]) > most:
        yield complaint(f"must be less than {most + 1} characters", f"{where}/text")


# --- values -----------------------------------------------------------------------------------------------------------


def string(holder: Json, key: str, most: int, where: str, required: bool = False) -> Complaints:
    value = holder.get(key)
    if value is None:
        if required:
            yield complaint(f"missing required field: {key}", where)
    elif not isinstance(value, str):
        yield complaint("must be a string", f"{where}/{key}")
    elif len(value) > most:
        yield complaint(f"must be less than {most + 1} characters", f"{where}/{key}")


def whole(holder: Json, key: str, least: int, most: int, where: str) -> Complaints:
    value = holder.get(key)
    if value is not None and (not isinstance(value, int) or not least <= value <= most):
        yield complaint(f"must be a whole number from {least} to {most}", f"{where}/{key}")


def one_of(holder: Json, key: str, allowed: tuple[str, ...], where: str) -> Complaints:
    if holder.get(key) not in (None, *allowed):
        yield complaint(f"must be {' or '.join(allowed)}", f"{where}/{key}")


def matching(holder: Json, key: str, form: re.Pattern[str], said: str, where: str) -> Complaints:
    value = holder.get(key)
    if value is not None and (not isinstance(value, str) or not form.fullmatch(value)):
        yield complaint(f"must be {said}", f"{where}/{key}")
