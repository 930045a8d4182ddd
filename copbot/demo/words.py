"""Slack's markup as plain words for a terminal: names for ids, the buttons of a message, a few emoji."""

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

WIDTH = 96

_EMOJI = {
    "wave": "👋",
    "speech_balloon": "💬",
    "white_check_mark": "✅",
    "spiral_calendar_pad": "🗓",
    "movie_camera": "🎥",
    "seedling": "🌱",
    "eyes": "👀",
}
_TOKEN = re.compile(r"<([^>|]*)(?:\|([^>]*))?>")
_SHORTCODE = re.compile(r":([a-z0-9_+-]+):")
_DATE = re.compile(r"!date\^")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])")


def plain(text: str, name: Callable[[str], str]) -> str:
    """Text without Slack's markup. ``name`` gives what to write for a user's or channel's ID."""

    def token(match: re.Match[str]) -> str:
        inside, label = match[1], match[2]
        if inside[:1] == "@":
            return "@" + name(inside[1:])
        if inside[:1] == "#":
            return "#" + name(inside[1:])
        return label or ("" if _DATE.match(inside) else inside)

    text = _EMPHASIS.sub(r"\2", _TOKEN.sub(token, text))
    text = _SHORTCODE.sub(lambda match: _EMOJI.get(match[1], match[0]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def spoken(message: dict[str, Any]) -> str:
    """What a person sees of a message, still in Slack's markup: its blocks, the buttons in brackets, else its text."""
    blocks = list(_spoken_blocks(message.get("blocks") or []))
    return "\n\n".join(blocks) if blocks else str(message.get("text", ""))


def _spoken_blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        kind = block.get("type")
        if kind in ("section", "header"):
            yield from (str(text["text"]) for text in [block.get("text"), *block.get("fields", ())] if text)
            if "accessory" in block:
                yield from _buttons([block["accessory"]])
        elif kind == "context":
            yield " ".join(str(element["text"]) for element in block["elements"] if "text" in element)
        elif kind == "actions":
            yield from _buttons(block["elements"])


def _buttons(elements: list[dict[str, Any]]) -> Iterator[str]:
    labels = [str(element["text"]["text"]) for element in elements if element.get("type") == "button"]
    if labels:
        yield "  ".join(f"[{label}]" for label in labels)


def wrapped(head: str, text: str) -> list[str]:
    """``text`` behind ``head``, its lines folded and set in under the beginning of the first."""
    indent = " " * len(head)
    lines: list[str] = []
    for paragraph in text.splitlines():
        folded = textwrap.wrap(paragraph.rstrip(), WIDTH - len(head), break_long_words=False, break_on_hyphens=False)
        lines += folded or [""]
    return [(head if index == 0 else indent) + line if line else "" for index, line in enumerate(lines or [""])]
