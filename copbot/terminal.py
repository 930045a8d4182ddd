"""Slack's messages and forms as text for a terminal."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from copbot.core.mrkdwn import unescape

Json = dict[str, Any]
Name = Callable[[str], str]
"""What to write for a user's or channel's ID."""

_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_STYLES = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "3"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "9"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def is_styled() -> bool:
    """Whether standard output is a terminal that shows bold and colours."""
    return sys.stdout is not None and sys.stdout.isatty()


def bold(text: str, styled: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if styled else text


def faint(text: str, styled: bool) -> str:
    return f"\x1b[2m{text}\x1b[0m" if styled else text


def readable(mrkdwn: str, name: Name, *, styled: bool) -> str:
    """Slack mrkdwn as it reads: names for IDs, links with their address; bold, italic and struck only where ``styled``,
    else left as Slack's own signs.
    """
    pieces = _CODE.split(_CONTROL.sub("", mrkdwn))
    return "".join(
        unescape(piece) if number % 2 else unescape(_prose(piece, name, styled)) for number, piece in enumerate(pieces)
    )


def _prose(text: str, name: Name, styled: bool) -> str:
    text = _TOKEN.sub(lambda match: _token(match[1], match[2], name), text)
    if styled:
        for pattern, code in _STYLES:
            text = pattern.sub(f"\x1b[{code}m\\1\x1b[0m", text)
    return text


def _token(inside: str, label: str | None, name: Name) -> str:
    if inside[:1] in ("@", "#"):
        return inside[0] + (label or name(inside[1:])).lstrip("#@")
    if inside[:1] == "!":
        return label or "@" + inside[1:].partition("^")[0]
    return f"{label} ({inside.removeprefix('mailto:')})" if label and label != inside else inside


def message_lines(text: str, blocks: Iterable[Json], name: Name, *, styled: bool) -> list[str]:
    """A message's lines as a person sees it: its blocks where it has any, else its text."""
    parts = list(_parts(blocks, name, styled)) or [readable(text, name, styled=styled)]
    return "\n\n".join(parts).splitlines()


def form_lines(view: Json, name: Name, *, styled: bool) -> list[str]:
    """A modal's lines: its title, its inputs with what can be chosen, its buttons."""
    parts = [bold(_plain(view.get("title")), styled), *_parts(view.get("blocks", ()), name, styled)]
    buttons = [_plain(view.get(which)) for which in ("submit", "close") if view.get(which)]
    if buttons:
        parts.append("  ".join(f"[ {label} ]" for label in buttons))
    return "\n\n".join(parts).splitlines()


def _parts(blocks: Iterable[Json], name: Name, styled: bool) -> Iterator[str]:
    for block in blocks:
        match block.get("type"):
            case "section":
                texts = [block["text"]] if "text" in block else []
                lines = [_text(text, name, styled) for text in [*texts, *block.get("fields", ())]]
                lines += [_element(block["accessory"], name, styled)] if "accessory" in block else []
                yield "\n".join(lines)
            case "header":
                yield bold(_plain(block.get("text")), styled)
            case "context":
                yield "  ".join(_text(element, name, styled) for element in block["elements"] if "text" in element)
            case "actions":
                yield "  ".join(_element(element, name, styled) for element in block["elements"])
            case "input":
                yield _input(block, name, styled)
            case "divider":
                yield "─" * 20
            case "image":
                yield f"(picture: {block.get('alt_text', '')})"


def _input(block: Json, name: Name, styled: bool) -> str:
    optional = "  (optional)" if block.get("optional") else ""
    lines = [bold(_plain(block.get("label")), styled) + optional, _element(block["element"], name, styled)]
    if block.get("hint"):
        lines.append(faint(_plain(block["hint"]), styled))
    return "\n".join(lines)


def _element(element: Json, name: Name, styled: bool) -> str:
    kind = str(element.get("type", ""))
    if kind == "button":
        return f"[ {_plain(element.get('text'))} ]"
    if kind in ("checkboxes", "radio_buttons"):
        return "\n".join(_choice(option, element, name, styled) for option in element.get("options", ()))
    if kind == "plain_text_input":
        filled = _clean(str(element.get("initial_value", "")))
        size = "several lines" if element.get("multiline") else "a line"
        return filled or f"[ {size} of text ]"
    if kind == "overflow":
        return "[ … ]"
    return _menu(element, kind, name)


def _choice(option: Json, element: Json, name: Name, styled: bool) -> str:
    chosen = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    ticked = option.get("value") in {one.get("value") for one in chosen}
    signs = ("[x]", "[ ]") if element["type"] == "checkboxes" else ("(o)", "( )")
    return f"{signs[0] if ticked else signs[1]} {_text(option['text'], name, styled)}"


def _menu(element: Json, kind: str, name: Name) -> str:
    chosen = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    said = ", ".join(_plain(option.get("text")) for option in chosen)
    said = said or next((name(str(element[key])) for key in ("initial_user", "initial_channel") if key in element), "")
    said = said or str(element.get("initial_date", ""))
    options = " | ".join(_plain(option.get("text")) for option in element.get("options", ()))
    what = "a person" if "users_select" in kind else "a channel" if "c" in kind[:1] else "choose"
    what = "a day" if kind == "datepicker" else what
    return f"[ {said or what} v ]" + (f"  {options}" if options else "")


def _text(text: Json, name: Name, styled: bool) -> str:
    said = str(text.get("text", ""))
    return readable(said, name, styled=styled) if text.get("type") == "mrkdwn" else _clean(said)


def _plain(text: Json | None) -> str:
    return _clean(str((text or {}).get("text", "")))


def _clean(text: str) -> str:
    """What a person wrote may hold signs that a terminal would obey."""
    return _CONTROL.sub("", text)
