"""Slack's building blocks as plain values, within Slack's limits."""

from copbot.core.delivery import Block
from copbot.core.mrkdwn import SECTION_LIMIT, shorten, whole

BUTTON_LIMIT = 75


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


def plain(text: str, limit: int) -> Block:
    """A plain text object: shown as written."""
    return {"type": "plain_text", "text": shorten(text, limit)}


def _mrkdwn(text: str, verbatim: bool) -> Block:
    element: Block = {"type": "mrkdwn", "text": text}
    if verbatim:
        element["verbatim"] = True
    return element
