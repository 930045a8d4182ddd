"""What the YAML parser stumbled over, as the mistake that a person made: where it was made, and how to mend it.

The parser tells where it could not go on, which is often a line after the mistake, in words about its own tokens.
"""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from copbot.adapters.files.problem import Place

_ODD_SPACE = re.compile(r"^ *([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])")
_BARE_CHANNEL = re.compile(r"(?:[\[{,]|:\s)\s*(#[^\s#])")
_FOUND = re.compile(r"but (?:found|got) '([^']*)'")
_SIGN = re.compile(r"character '(.+)'")

INDENTED = "this begins in another column than what it belongs to: give it as many spaces as the lines around it"


class Watched:
    """Events of the parser, of which the ``last`` one is remembered."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self.last: Any = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        self.last = next(self._events)
        return self.last


def place_of(mark: Any) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)


def told(error: MarkedYAMLError, text: str, last: Any) -> tuple[Place, str]:
    """The place and the words for an error; ``last`` is the event before it."""
    here = place_of(error.problem_mark or error.context_mark)
    lines = re.split(r"\r\n|\r|\n", text)
    context, problem = str(error.context or ""), " ".join(str(error.problem or "").split())
    return (
        _odd_space(lines, here)
        or _bare_channel(lines, context, here, error.context_mark, last)
        or _quotes(context, problem, here, error.context_mark, last)
        or _first_sign(context, problem, here, error.context_mark)
        or _colons(problem, here, error.context_mark)
        or _brackets(context, problem, here, error.context_mark, last)
        or _columns(problem, here, last)
        or (here, f"this is not YAML: {problem or context}; look at the quotes, colons and indentation here and before")
    )


Told = tuple[Place, str] | None


def _odd_space(lines: list[str], here: Place) -> Told:
    for number, line in enumerate(lines[: here.line], start=1):
        found = _ODD_SPACE.match(line)
        if found:
            name = f"U+{ord(found[1]):04X}"
            return Place(number, found.start(1) + 1), f"an unusual space ({name}) stands here: write ordinary spaces"
    return None


def _bare_channel(lines: list[str], context: str, here: Place, opened: Any, last: Any) -> Told:
    """``[#general]``: the rest of the line, with the bracket, is a comment."""
    if "flow" not in context:
        return None
    first = min(mark.line for mark in (opened, last and last.start_mark) if mark is not None)
    for number in range(first, here.line):
        line = lines[number] if number < len(lines) else ""
        found = _BARE_CHANNEL.search(line)
        if found and line[: found.start(1)].count('"') % 2 == 0 and re.search(r"[\[{]", line[: found.start(1)]):
            return Place(number + 1, found.start(1) + 1), 'a bare # begins a comment in YAML: write "#name" in quotes'
    return None


def _quotes(context: str, problem: str, here: Place, opened: Any, last: Any) -> Told:
    if "quoted scalar" in context and "end of stream" in problem:
        return place_of(opened), "the quote that opens here is never closed: close it where the text ends"
    if "escape character" in problem:
        return here, "a backslash in double quotes begins a special sign: put the text in single quotes"
    style = getattr(last, "style", None)
    if style in ('"', "'") and last.end_mark.line + 1 == here.line:
        if last.start_mark.line < last.end_mark.line:
            where = f"the quote that opens here is closed only on line {last.end_mark.line + 1}"
            return place_of(last.start_mark), f"{where}: close it where the text ends"
        if "<scalar>" in problem and "block" in context:
            other = "'" if style == '"' else '"'
            return here, f"this stands after the closing quote: put the whole text between `{other}` and `{other}`"
    return None


def _first_sign(context: str, problem: str, here: Place, opened: Any) -> Told:
    sign = _SIGN.search(problem)
    if sign and "start any token" in problem:
        if sign[1] in ("\t", "\\t"):
            return here, "a tab stands here: YAML is indented with spaces"
        return here, f"a text cannot begin with {sign[1]} in YAML: put it in quotes"
    if "block scalar" in context:
        return place_of(opened), "a text cannot begin with > or | in YAML: put it in quotes"
    return None


def _colons(problem: str, here: Place, opened: Any) -> Told:
    if "could not find expected ':'" in problem:
        return place_of(opened), "a colon and a space are missing after this key: write `key: value`"
    if "mapping values are not allowed" in problem:
        told = "this colon stands where no key can end: put a text with a colon in quotes, and a colon after each key"
        return here, told
    return None


def _brackets(context: str, problem: str, here: Place, opened: Any, last: Any) -> Told:
    found = _FOUND.search(problem)
    if "expected ','" in problem and opened is not None:
        start, (open_, close) = place_of(opened), ("{", "}") if "mapping" in context else ("[", "]")
        if here.line > start.line or "<stream end>" in problem:
            return start, f"the {open_} that opens here is not closed: add {close}, or a comma between its entries"
        plain = getattr(last, "style", "") is None and getattr(last, "value", None)
        return (place_of(last.start_mark) if plain else here), f"a comma or {close} is missing here: put it in"
    if found and found[1] in ("}", "]"):
        return here, f"this {found[1]} closes nothing: delete it"
    ended = type(last).__name__ in ("SequenceEndEvent", "MappingEndEvent") and last.start_mark.line + 1 == here.line
    if found and found[1] == "<scalar>" and ended:
        return here, "this stands after the closing bracket: put the whole text in quotes"
    return None


def _columns(problem: str, here: Place, last: Any) -> Told:
    found = _FOUND.search(problem)
    if "expected <block end>" not in problem or found is None:
        return None
    if found[1] == "?" and type(last).__name__ == "MappingEndEvent":
        return here, "this line belongs to no entry: begin it with `- `, or indent it like the keys above"
    return here, INDENTED
