"""Block Kit's published limits: what Slack refuses in messages and views, found before a real Slack would.

Limits: docs.slack.dev/reference/block-kit and the constants of slack_sdk.models. All functions are pure and return
complaints in the form of Slack's ``response_metadata.messages``.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
ID_LENGTH = 255
VIEW_TEXTS = {"title": 24, "submit": 24, "close": 24}
VIEW_STRINGS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}

SELECTS = ("static_select", "users_select", "conversations_select", "channels_select", "external_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
PICKERS = ("datepicker", "timepicker", "datetimepicker")
TEXT_INPUTS = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)
CHOICES = ("checkboxes", "radio_buttons")
STATEFUL = (*SELECTS, *MULTI_SELECTS, *PICKERS, *TEXT_INPUTS, *CHOICES)
PRESSABLE = ("button", "overflow", "workflow_button", *SELECTS, *MULTI_SELECTS, *PICKERS, *CHOICES)

ELEMENTS_OF: dict[str, tuple[str, ...]] = {
    "actions": PRESSABLE,
    "section": (*PRESSABLE, "image"),
    "input": STATEFUL,
    "context": ("image", "mrkdwn", "plain_text"),
}
NEEDS_OPTIONS: dict[str, int] = {
    "static_select": 100,
    "multi_static_select": 100,
    "checkboxes": 10,
    "radio_buttons": 10,
    "overflow": 5,
}

Complaints = Iterator[str]


def message_complaints(blocks: Any) -> list[str]:
    """What is wrong with a message's ``blocks``; empty when Slack would take them."""
    return list(_blocks(blocks, MESSAGE_BLOCKS))


def view_complaints(view: Any) -> list[str]:
    """What is wrong with a modal or Home tab."""
    return list(_view(view))


def too_large(view: Json) -> bool:
    """Slack answers ``view_too_large`` above 250 kB."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def _complaint(what: str, where: str) -> str:
    return f"[ERROR] {what} [json-pointer:{where}]"


def _view(view: Any) -> Complaints:
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        yield _complaint("must be a view of type modal or home", "/view")
        return
    modal = view["type"] == "modal"
    if modal and "title" not in view:
        yield _complaint("missing required field: title", "/view")
    for key, limit in VIEW_TEXTS.items():
        if view.get(key) is not None:
            if not modal:
                yield _complaint(f"{key} is not allowed in a home view", f"/view/{key}")
            yield from _text(view[key], limit, f"/view/{key}", only_plain=True)
    for key, limit in VIEW_STRINGS.items():
        yield from _string(view, key, limit, "/view")
    blocks = view.get("blocks")
    yield from _blocks(blocks, VIEW_BLOCKS, "/view/blocks", least=1)
    holds_input = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if modal and holds_input and not view.get("submit"):
        yield _complaint("missing required field: submit", "/view")


def _blocks(blocks: Any, most: int, where: str = "/blocks", least: int = 0) -> Complaints:
    if not isinstance(blocks, list):
        yield _complaint("must be an array", where)
        return
    if not least <= len(blocks) <= most:
        yield _complaint(f"must have between {least} and {most} items", where)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{where}/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        check = _BLOCKS.get(kind) if isinstance(kind, str) else None
        if check is None:
            yield _complaint(f"unsupported type: {kind}", here)
            continue
        yield from _string(block, "block_id", ID_LENGTH, here)
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield _complaint(f"block_id already exists: {block_id}", here)
            seen.add(block_id)
        yield from check(block, here)


def _section(block: Json, where: str) -> Complaints:
    text, fields = block.get("text"), block.get("fields")
    if text is None and not fields:
        yield _complaint("missing required field: text or fields", where)
    if text is not None:
        yield from _text(text, 3000, f"{where}/text")
    if fields is not None:
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield _complaint("must have between 1 and 10 items", f"{where}/fields")
        else:
            for index, field in enumerate(fields):
                yield from _text(field, 2000, f"{where}/fields/{index}")
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], "section", f"{where}/accessory")


def _header(block: Json, where: str) -> Complaints:
    yield from _text(block.get("text"), 150, f"{where}/text", only_plain=True)


def _divider(_block: Json, _where: str) -> Complaints:
    yield from ()


def _context(block: Json, where: str) -> Complaints:
    yield from _elements(block, "context", 10, where)


def _actions(block: Json, where: str) -> Complaints:
    yield from _elements(block, "actions", 25, where)


def _input(block: Json, where: str) -> Complaints:
    yield from _text(block.get("label"), 2000, f"{where}/label", only_plain=True)
    if block.get("hint") is not None:
        yield from _text(block["hint"], 2000, f"{where}/hint", only_plain=True)
    yield from _element(block.get("element"), "input", f"{where}/element")


def _image(block: Json, where: str) -> Complaints:
    if not (block.get("image_url") or block.get("slack_file")):
        yield _complaint("missing required field: image_url", where)
    yield from _string(block, "image_url", 3000, where)
    yield from _string(block, "alt_text", 2000, where, required=True)


def _markdown(block: Json, where: str) -> Complaints:
    yield from _string(block, "text", 12_000, where, required=True)


def _rich_text(block: Json, where: str) -> Complaints:
    if not isinstance(block.get("elements"), list):
        yield _complaint("missing required field: elements", where)


_BLOCKS: dict[str, Callable[[Json, str], Complaints]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
}


def _elements(block: Json, kind: str, most: int, where: str) -> Complaints:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield _complaint(f"must have between 1 and {most} items", f"{where}/elements")
        return
    seen: set[str] = set()
    for index, element in enumerate(elements):
        here = f"{where}/elements/{index}"
        yield from _element(element, kind, here)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                yield _complaint(f"action_id already exists: {action_id}", here)
            seen.add(action_id)


def _element(element: Any, place: str, where: str) -> Complaints:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in ELEMENTS_OF[place]:
        yield _complaint(f"unsupported element in {place}: {kind}", where)
        return
    if kind in ("mrkdwn", "plain_text"):
        yield from _text(element, 3000, where)
        return
    if kind == "image":
        yield from _image(element, where)
        return
    yield from _string(element, "action_id", ID_LENGTH, where)
    if kind == "button":
        yield from _text(element.get("text"), 75, f"{where}/text", only_plain=True)
        yield from _string(element, "value", 2000, where)
        yield from _string(element, "url", 3000, where)
        if element.get("style") not in (None, "primary", "danger"):
            yield _complaint("must be primary or danger", f"{where}/style")
    if element.get("placeholder") is not None:
        yield from _text(element["placeholder"], 150, f"{where}/placeholder", only_plain=True)
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"], f"{where}/confirm")
    if kind in NEEDS_OPTIONS:
        yield from _options(element, NEEDS_OPTIONS[kind], where, only_plain=kind not in CHOICES)


def _confirm(confirm: Any, where: str) -> Complaints:
    if not isinstance(confirm, dict):
        yield _complaint("must be an object", where)
        return
    yield from _text(confirm.get("title"), 100, f"{where}/title", only_plain=True)
    yield from _text(confirm.get("text"), 300, f"{where}/text")
    for key in ("confirm", "deny"):
        if confirm.get(key) is not None:
            yield from _text(confirm[key], 30, f"{where}/{key}", only_plain=True)


def _options(element: Json, most: int, where: str, only_plain: bool) -> Complaints:
    groups = element.get("option_groups")
    if groups and element["type"] in ("static_select", "multi_static_select"):
        if not isinstance(groups, list) or len(groups) > 100:
            yield _complaint("must have between 1 and 100 items", f"{where}/option_groups")
            return
        for index, group in enumerate(groups):
            here = f"{where}/option_groups/{index}"
            if not isinstance(group, dict):
                yield _complaint("must be an object", here)
                continue
            yield from _text(group.get("label"), 75, f"{here}/label", only_plain=True)
            yield from _option_list(group.get("options"), most, f"{here}/options", only_plain)
        return
    yield from _option_list(element.get("options"), most, f"{where}/options", only_plain)
    given = element.get("initial_options") or ([element["initial_option"]] if element.get("initial_option") else [])
    if any(option not in (element.get("options") or []) for option in given):
        yield _complaint("initial options must be among the options", where)


def _option_list(options: Any, most: int, where: str, only_plain: bool) -> Complaints:
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield _complaint(f"must have between 1 and {most} items", where)
        return
    for index, option in enumerate(options):
        here = f"{where}/{index}"
        if not isinstance(option, dict):
            yield _complaint("must be an object", here)
            continue
        yield from _text(option.get("text"), 75, f"{here}/text", only_plain=only_plain)
        yield from _string(option, "value", 150, here, required=True)
        if option.get("description") is not None:
            yield from _text(option["description"], 75, f"{here}/description", only_plain=only_plain)


def _text(text: Any, most: int, where: str, only_plain: bool = False) -> Complaints:
    if not isinstance(text, dict) or not isinstance(text.get("text"), str):
        yield _complaint("missing required field: a text object", where)
        return
    if text.get("type") not in (("plain_text",) if only_plain else ("plain_text", "mrkdwn")):
        yield _complaint(f"unsupported text type: {text.get('type')}", where)
    if text.get("type") == "plain_text" and "verbatim" in text:
        yield _complaint("verbatim is for mrkdwn only", where)
    if not text["text"]:
        yield _complaint("must be more than 0 characters", f"{where}/text")
    elif len(text["text"]) > most:
        yield _complaint(f"must be less than {most + 1} characters", f"{where}/text")


def _string(holder: Json, key: str, most: int, where: str, required: bool = False) -> Complaints:
    value = holder.get(key)
    if value is None:
        if required:
            yield _complaint(f"missing required field: {key}", where)
    elif not isinstance(value, str):
        yield _complaint("must be a string", f"{where}/{key}")
    elif len(value) > most:
        yield _complaint(f"must be less than {most + 1} characters", f"{where}/{key}")
