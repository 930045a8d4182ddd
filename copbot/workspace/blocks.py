"""Block Kit's published limits: what Slack refuses in messages and views, found before a real Slack would.

Limits: docs.slack.dev/reference/block-kit and the constants of slack_sdk.models. All functions are pure and return
complaints in the form of Slack's ``response_metadata.messages``. A kind of block that is not here is refused: what
passes here must pass there.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from copbot.workspace.elements import (
    ID_LENGTH,
    Complaints,
    complaint,
    element,
    elements,
    image,
    one_of,
    string,
    text,
)
from copbot.workspace.elements import MULTI_SELECTS as MULTI_SELECTS
from copbot.workspace.elements import STATEFUL as STATEFUL

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MARKDOWN_TEXT = 12_000  # of all markdown blocks of a message together
TABLE_ROWS, TABLE_COLUMNS = 100, 20
VIEW_TEXTS = {"title": 24, "submit": 24, "close": 24}
VIEW_STRINGS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}
MESSAGES_ONLY = ("markdown", "table", "file", "context_actions")
RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
RICH_WORDS = ("text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date", "team")


def message_complaints(blocks: Any) -> list[str]:
    """What is wrong with a message's ``blocks``; empty when Slack would take them."""
    return list(_blocks(blocks, MESSAGE_BLOCKS))


def view_complaints(view: Any) -> list[str]:
    """What is wrong with a modal or Home tab."""
    return list(_view(view))


def too_large(view: Json) -> bool:
    """Slack answers ``view_too_large`` above 250 kB."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block that a person may press or fill in; those of a rich text are only words."""
    if block.get("type") != "rich_text":
        for each in (block.get("element"), block.get("accessory"), *block.get("elements", ())):
            if isinstance(each, dict):
                yield each


def _view(view: Any) -> Complaints:
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        yield complaint("must be a view of type modal or home", "/view")
        return
    modal = view["type"] == "modal"
    if modal and "title" not in view:
        yield complaint("missing required field: title", "/view")
    for key, limit in VIEW_TEXTS.items():
        if view.get(key) is not None:
            if not modal:
                yield complaint(f"{key} is not allowed in a home view", f"/view/{key}")
            yield from text(view[key], limit, f"/view/{key}", only_plain=True)
    for key, limit in VIEW_STRINGS.items():
        yield from string(view, key, limit, "/view")
    blocks = view.get("blocks")
    yield from _blocks(blocks, VIEW_BLOCKS, "/view/blocks", least=1)
    if isinstance(blocks, list):
        yield from _view_blocks([block for block in blocks if isinstance(block, dict)], view, modal)


def _view_blocks(blocks: list[Json], view: Json, modal: bool) -> Complaints:
    """What holds for the blocks of a view only."""
    if modal and any(block.get("type") == "input" for block in blocks) and not view.get("submit"):
        yield complaint("missing required field: submit", "/view")
    for index, block in enumerate(blocks):
        here = f"/view/blocks/{index}"
        if block.get("type") in MESSAGES_ONLY:
            yield complaint(f"{block['type']} blocks are for messages only", here)
        if not modal and any(each.get("type") == "file_input" for each in elements_of(block)):
            yield complaint("file_input is for modals only", here)
    if sum(bool(each.get("focus_on_load")) for block in blocks for each in elements_of(block)) > 1:
        yield complaint("only one element may have focus_on_load", "/view/blocks")


def _blocks(blocks: Any, most: int, where: str = "/blocks", least: int = 0) -> Complaints:
    if not isinstance(blocks, list):
        yield complaint("must be an array", where)
        return
    if not least <= len(blocks) <= most:
        yield complaint(f"must have between {least} and {most} items", where)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{where}/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        check = _BLOCKS.get(kind) if isinstance(kind, str) else None
        if check is None:
            yield complaint(f"unsupported type: {kind}", here)
            continue
        yield from string(block, "block_id", ID_LENGTH, here)
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield complaint(f"block_id already exists: {block_id}", here)
            seen.add(block_id)
        yield from check(block, here)
    yield from _together([block for block in blocks if isinstance(block, dict)], where)


def _together(blocks: list[Json], where: str) -> Complaints:
    """What holds for all blocks of a message together."""
    written = [block.get("text") for block in blocks if block.get("type") == "markdown"]
    total = sum(len(words) for words in written if isinstance(words, str))
    if len(written) > 1 and total > MARKDOWN_TEXT:
        yield complaint(f"markdown blocks must be less than {MARKDOWN_TEXT + 1} characters together", where)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield complaint("only one table allowed", where)


def _section(block: Json, where: str) -> Complaints:
    words, fields = block.get("text"), block.get("fields")
    if words is None and not fields:
        yield complaint("missing required field: text or fields", where)
    if words is not None:
        yield from text(words, 3000, f"{where}/text")
    if fields is not None:
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield complaint("must have between 1 and 10 items", f"{where}/fields")
        else:
            for index, field in enumerate(fields):
                yield from text(field, 2000, f"{where}/fields/{index}")
    if block.get("accessory") is not None:
        yield from element(block["accessory"], "section", f"{where}/accessory")


def _header(block: Json, where: str) -> Complaints:
    yield from text(block.get("text"), 150, f"{where}/text", only_plain=True)


def _divider(_block: Json, _where: str) -> Complaints:
    yield from ()


def _context(block: Json, where: str) -> Complaints:
    yield from elements(block, "context", 10, where)


def _context_actions(block: Json, where: str) -> Complaints:
    yield from elements(block, "context_actions", 5, where)


def _actions(block: Json, where: str) -> Complaints:
    yield from elements(block, "actions", 25, where)


def _input(block: Json, where: str) -> Complaints:
    yield from text(block.get("label"), 2000, f"{where}/label", only_plain=True)
    if block.get("hint") is not None:
        yield from text(block["hint"], 2000, f"{where}/hint", only_plain=True)
    yield from element(block.get("element"), "input", f"{where}/element")


def _image(block: Json, where: str) -> Complaints:
    yield from image(block, where)
    if block.get("title") is not None:
        yield from text(block["title"], 2000, f"{where}/title", only_plain=True)


def _video(block: Json, where: str) -> Complaints:
    yield from text(block.get("title"), 200, f"{where}/title", only_plain=True)
    yield from string(block, "alt_text", 200, where, required=True)
    for key in ("video_url", "thumbnail_url"):
        yield from string(block, key, 3000, where, required=True)
    if block.get("description") is not None:
        yield from text(block["description"], 200, f"{where}/description", only_plain=True)
    for key in ("author_name", "provider_name"):
        yield from string(block, key, 50, where)


def _file(block: Json, where: str) -> Complaints:
    yield from string(block, "external_id", ID_LENGTH, where, required=True)
    if block.get("source") != "remote":
        yield complaint("must be remote", f"{where}/source")


def _markdown(block: Json, where: str) -> Complaints:
    yield from string(block, "text", MARKDOWN_TEXT, where, required=True)


def _table(block: Json, where: str) -> Complaints:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= TABLE_ROWS:
        yield complaint(f"must have between 1 and {TABLE_ROWS} items", f"{where}/rows")
        return
    for index, row in enumerate(rows):
        if not isinstance(row, list) or not 1 <= len(row) <= TABLE_COLUMNS:
            yield complaint(f"must have between 1 and {TABLE_COLUMNS} items", f"{where}/rows/{index}")
            continue
        for cell in row:
            if not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "rich_text"):
                yield complaint("a cell must be raw_text or rich_text", f"{where}/rows/{index}")
    settings = block.get("column_settings")
    if settings is not None and (not isinstance(settings, list) or len(settings) > TABLE_COLUMNS):
        yield complaint(f"must have at most {TABLE_COLUMNS} items", f"{where}/column_settings")
    for index, setting in enumerate(settings if isinstance(settings, list) else []):
        yield from one_of(setting or {}, "align", ("left", "center", "right"), f"{where}/column_settings/{index}")


def _rich_text(block: Json, where: str) -> Complaints:
    parts = block.get("elements")
    if not isinstance(parts, list):
        yield complaint("missing required field: elements", where)
        return
    for index, part in enumerate(parts):
        here = f"{where}/elements/{index}"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in RICH_PARTS or not isinstance(part.get("elements"), list):
            yield complaint(f"unsupported rich text: {kind}", here)
            continue
        if kind == "rich_text_list":
            if part.get("style") not in ("bullet", "ordered"):
                yield complaint("must be bullet or ordered", f"{here}/style")
            allowed: tuple[str, ...] = ("rich_text_section",)
        else:
            allowed = RICH_WORDS
        for word in part["elements"]:
            if not isinstance(word, dict) or word.get("type") not in allowed:
                yield complaint(f"unsupported in {kind}: {word}", here)
            elif word["type"] == "text" and not word.get("text"):
                yield complaint("must be more than 0 characters", here)


_BLOCKS: dict[str, Callable[[Json, str], Complaints]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "context_actions": _context_actions,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "video": _video,
    "file": _file,
    "markdown": _markdown,
    "table": _table,
    "rich_text": _rich_text,
}
