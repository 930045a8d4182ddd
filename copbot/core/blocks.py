"""Slack's building blocks as plain values, within Slack's limits."""

from collections.abc import Sequence
from typing import Any

from copbot.core.delivery import Block
from copbot.core.mrkdwn import SECTION_LIMIT, shorten, whole

BUTTON_LIMIT = 75
HEADER_LIMIT = 150
OPTION_LIMIT = 75
TITLE_LIMIT = 24
LABEL_LIMIT = 2000


def section(text: str, *, verbatim: bool = False) -> Block:
    """A paragraph of mrkdwn. ``verbatim`` where it shows what a person wrote: Slack then makes nothing live of it."""
    return {"type": "section", "text": _mrkdwn(shorten(text, SECTION_LIMIT), verbatim)}


def sections(text: str, *, verbatim: bool = False) -> tuple[Block, ...]:
    """A longer text as several sections, parted between lines or words."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > SECTION_LIMIT:
        cut = max(rest.rfind("\n", 1, SECTION_LIMIT), 0) or max(rest.rfind(" ", 1, SECTION_LIMIT), 0)
        cut = cut or whole(rest, SECTION_LIMIT)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(section(part, verbatim=verbatim) for part in (*parts, rest) if part.strip())


def header(text: str) -> Block:
    """A heading, shown as written."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def context(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [_mrkdwn(shorten(text, SECTION_LIMIT), verbatim=True)]}


def button(label: str, action_id: str, value: str = "", *, url: str | None = None, primary: bool = False) -> Block:
    element: Block = {"type": "button", "text": plain(label, BUTTON_LIMIT), "action_id": action_id}
    if value:
        element["value"] = value
    if url is not None:
        element["url"] = url
    if primary:
        element["style"] = "primary"
    return element


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(label: str, value: str, description: str = "") -> Block:
    """One of several to choose from; a ``description`` stands below it where there is room (radio buttons, checkboxes)."""
    chosen: Block = {"text": plain(label, OPTION_LIMIT), "value": value}
    if description:
        chosen["description"] = plain(description, OPTION_LIMIT)
    return chosen


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """What is wanted less often, behind three dots: two to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def modal(
    callback_id: str, title: str, submit: str, private_metadata: str, blocks: Sequence[Block], close: str = "Cancel"
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": private_metadata,
        "title": plain(title, TITLE_LIMIT),
        "submit": plain(submit, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": list(blocks),
    }


def field(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """An input of a form; its element's ``action_id`` is the same as its ``block_id``."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_LIMIT),
        "element": element | {"action_id": block_id},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, LABEL_LIMIT)
    return block


def plain(text: str, limit: int) -> Block:
    """A plain text object: shown as written."""
    return {"type": "plain_text", "text": shorten(text, limit)}


def _mrkdwn(text: str, verbatim: bool) -> Block:
    element: Block = {"type": "mrkdwn", "text": text}
    if verbatim:
        element["verbatim"] = True
    return element
