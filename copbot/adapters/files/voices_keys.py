"""What the keys of the pulse survey must hold together."""

from datetime import timedelta
from typing import Any

from copbot.adapters.files import words
from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import check_same_ids, check_twice, entries_of
from copbot.adapters.files.words import shown

SHORTEST = {"month": timedelta(days=28), "quarter": timedelta(days=84), "half-year": timedelta(days=175)}
"""Between two openings there are at least so many days: the one before is closed by then."""

LEAST_OPEN = timedelta(hours=1)


def check_pulse(document: Document, pulse: Any) -> None:
    """Note every mistake between the keys of a file's ``pulse``."""
    if not isinstance(pulse, dict):
        return
    check_same_ids(document, ("pulse", "questions"), pulse.get("questions"), "question")
    for number, question in entries_of(pulse.get("questions")):
        _check_options(document, ("pulse", "questions", number), question)
    _check_open(document, pulse)


def _check_options(document: Document, path: Path, question: dict[str, Any]) -> None:
    options, kind = question.get("options"), question.get("type", "scale")
    if kind == "choice":
        if not isinstance(options, list) or len(options) < 2:
            document.problem(path, "`type: choice` needs two things to choose from: add `options: [ … ]`", at_key=True)
    elif options is not None:
        document.problem(
            (*path, "options"), f"`options` go with `type: choice`, not with {shown(kind)}: delete them", at_key=True
        )
    if isinstance(options, list):
        check_twice(document, (*path, "options"), options)


def _check_open(document: Document, pulse: dict[str, Any]) -> None:
    try:
        stays_open = words.some_time(pulse["open"])
    except (KeyError, ValueError):
        return
    longest = SHORTEST.get(str(pulse.get("every")), timedelta(days=350))
    if stays_open > longest:
        document.problem(
            ("pulse", "open"), f"it would still be open when the next one opens: write {longest.days}d or less"
        )
    elif stays_open < LEAST_OPEN:
        document.problem(("pulse", "open"), "nobody could answer in so short a time: write 1h or more, such as 2w")
