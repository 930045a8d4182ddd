"""The line that a mistake is about, as it stands in its file, with the place underlined and the mend beside it."""

import re
import unicodedata
from collections.abc import Mapping

from copbot.adapters.files.folders import PROMPTS, SCHEDULES
from copbot.adapters.files.problem import Problem

NARROW = 100
"""Letters of a line that are shown; a longer one is cut around the place."""

LINE_END = re.compile(r"\r\n|\r|\n")
"""Where a line ends for YAML, and for whoever counts lines in an editor."""

_PAIRS = {"[": "]", "{": "}"}
_BARE = re.compile(r"#[^\s,\]}]+")
_NAME = re.compile(r"[\w.]+")


def text_at(problem: Problem, files: Mapping[str, str], schedules: str, prompts: str) -> str | None:
    """The line of a problem, or None where its file could not be read. ``files`` are by ``schedules/…`` and ``prompts/…``."""
    for label, kind in ((schedules, SCHEDULES), (prompts, PROMPTS)):
        text = files.get(kind + problem.file.removeprefix(label)) if problem.file.startswith(f"{label}/") else None
        if text is not None:
            lines = LINE_END.split(text)
            return lines[problem.line - 1] if problem.line <= len(lines) else None
    return None


def excerpt(problem: Problem, line: str | None, *, width: int = NARROW) -> tuple[str, str, str] | None:
    """Three parts to show below a problem: the line with its number, the signs that underline, and the mend.

    None where there is nothing to show.
    """
    if line is None or not line.strip():
        return None
    start = min(problem.column - 1, len(line))
    length = _length(problem.file, line, start)
    if start == 0 and problem.file.endswith(".j2"):  # it is about the whole line
        start, length = len(line) - len(line.lstrip()), len(line.strip())
    shown, start, length = _cut(line, start, length, width)
    number = f"{problem.line:>6} | "
    before = " " * (len(number) - 2) + "| " + " " * _columns(shown[:start])
    signs = "^" * max(1, _columns(shown[start : start + length]))
    return number + shown, before + signs, problem.mend


def _cut(line: str, start: int, length: int, width: int) -> tuple[str, int, int]:
    """A line of at most ``width`` letters around a place, and where the place is in it."""
    line = line.rstrip()
    length = min(length, width - 10)
    if len(line) <= width:
        return _plain(line), start, length
    first = max(0, min(start - (width - length) // 2, len(line) - width))
    left, right = "…" if first else "", "…" if first + width < len(line) else ""
    shown = left + line[first + len(left) : first + width - len(right)] + right
    return _plain(shown), start - first, length


def _length(file: str, line: str, start: int) -> int:
    """How many letters belong to what begins at a place."""
    rest = line[start:].rstrip()
    if line[start : start + 1].isspace():  # a tab, or a space that is none
        return 1
    if not file.endswith((".yaml", ".yml")):
        name = _NAME.match(rest) if file.endswith(".j2") else None
        return len(name[0]) if name else len(rest)
    bare = _BARE.match(rest)
    if bare:
        return len(bare[0])
    if rest[:1] in ('"', "'"):
        end = rest.find(rest[0], 1)
        return end + 1 if end > 0 else len(rest)
    if rest[:1] in _PAIRS:
        return _to_bracket(rest)
    before = line[:start]
    inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    found = re.search(r"[,\]}]|:(?= |$)| #" if inside else r":(?= |$)| #", rest)
    return len((rest[: found.start()] if found else rest).rstrip()) or 1


def _to_bracket(rest: str) -> int:
    depth = 0
    for number, sign in enumerate(rest):
        depth += (sign in _PAIRS) - (sign in _PAIRS.values())
        if depth == 0:
            return number + 1
    return len(rest)


def _plain(line: str) -> str:
    """A line that a terminal shows as it is: no control characters, none that turn the direction."""
    return "".join(
        sign if sign in "\u200c\u200d" or not unicodedata.category(sign).startswith("C") else " " for sign in line
    )


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    nothing = sum(unicodedata.category(sign) in ("Mn", "Me", "Cf") for sign in text)
    return len(text) + wide - nothing
