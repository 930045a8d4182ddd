"""Questions in a file of their own: ``questions: questions/weekly.txt`` stands for what is written in it.

The form is what people type anyway, decided to hold for plain text and for Markdown alike: each line is a question; a
line that is indented goes on with the one before; a bullet or a number before a question is left away; empty lines,
lines that begin with ``#`` and rules such as ``---`` mean nothing. The file lies in the folder of the YAML file that
names it, or below it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import entries_of
from copbot.adapters.files.folders import QUESTION_ENDINGS, SCHEDULES
from copbot.adapters.files.problem import Place, Problem, meant
from copbot.adapters.files.words import shown
from copbot.core.mrkdwn import MESSAGE_LIMIT

_BULLET = re.compile(r"(?:[-*+•–]|\d{1,3}[.)])(?:\s+|$)")
_NOTHING = re.compile(r"#.*|<!--.*-->|(?:-{3,}|\*{3,}|_{3,}|={3,})")
_PLACEHOLDER = ["?"]
"""Stands where a file could not be read, so that nothing else is said of the same mistake; no community comes of it."""


@dataclass(frozen=True)
class Written:
    """A question and the line where it begins."""

    text: str
    line: int
    column: int = 1


Source = Callable[[str], str | Problem | None]
"""The text of a file by ``schedules/…``, why it cannot be read, or None when there is none."""


@dataclass(frozen=True)
class Shelf:
    """Where questions files are read from. ``names`` are those that there are, by ``schedules/…``."""

    read: Source
    names: tuple[str, ...] = ()


def put_in(document: Document, folder: str, label: str, shelf: Shelf) -> tuple[set[str], list[Problem]]:
    """Put the questions of each file that a document's posts name in the place of its name.

    ``folder`` is the document's own below the schedules (``""`` or ``name/``); ``label`` the schedules' name in messages.
    Returns the files that were read and the mistakes in them; those of naming them are the document's.
    """
    used: set[str] = set()
    problems: list[Problem] = []
    for number, post in entries_of(document.data.get("posts") if isinstance(document.data, dict) else None):
        name = post.get("questions")
        if not isinstance(name, str) or not name.strip().endswith(QUESTION_ENDINGS):
            continue
        post["questions"] = _PLACEHOLDER
        path: Path = ("posts", number, "questions")
        inside = _inside(name.strip())
        if inside is None:
            document.problem(
                path, f"{shown(name)} leads out of this folder: put the file into it, and name it from here"
            )
            continue
        key = f"{SCHEDULES}/{folder}{inside}"
        found = shelf.read(key)
        if found is None:
            document.problem(path, f"there is no file {shown(name)} in this folder{_near(inside, folder, shelf)}")
        elif isinstance(found, Problem):
            problems.append(found)
        else:
            used.add(key)
            file = label + key.removeprefix(SCHEDULES)
            wrong = mistakes(found, file)
            problems += wrong
            if not wrong:
                questions = questions_in(found)
                post["questions"] = [question.text for question in questions]
                places = [(file, Place(question.line, question.column)) for question in questions]
                document.elsewhere |= {(*path, n): place for n, place in enumerate(places)}
    return used, problems


def questions_in(text: str) -> list[Written]:
    """The questions of a file, in its order."""
    found: list[Written] = []
    open_ = False  # whether an indented line goes on with the one before
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if not words or _NOTHING.fullmatch(words):
            open_ = False
            continue
        bullet = _BULLET.match(words)
        if open_ and line[:1].isspace() and bullet is None:
            before = found.pop()
            found.append(Written(f"{before.text} {words}", before.line, before.column))
            continue
        question = words[bullet.end() :] if bullet else words
        if question:
            found.append(Written(question, number, line.index(question) + 1))
            open_ = True
    return found


def mistakes(text: str, file: str) -> list[Problem]:
    """What is wrong with a questions file: that it has none, one of them twice, or one that no message holds."""
    first: dict[str, int] = {}
    problems: list[Problem] = []
    questions = questions_in(text)
    if not questions:
        return [Problem(file, 1, 1, "no question stands in this file: write one on each line")]
    for question in questions:
        same = " ".join(question.text.split())
        if same in first:
            told = f"{shown(same)} stands here twice (first on line {first[same]}): delete one of them"
            problems.append(Problem(file, question.line, question.column, told))
        first.setdefault(same, question.line)
        if len(same) > MESSAGE_LIMIT:
            told = f"this question has {len(same):,} characters, and a message {MESSAGE_LIMIT:,}: shorten it"
            problems.append(Problem(file, question.line, question.column, told))
        if "\x00" in same:
            problems.append(Problem(file, question.line, question.column, "this is no text: delete the line"))
    return problems


def _inside(name: str) -> str | None:
    """A name below a folder, without detours; None when it leads out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable():
        return None
    return path.as_posix()


def _near(name: str, folder: str, shelf: Shelf) -> str:
    home = f"{SCHEDULES}/{folder}"
    known = sorted(key.removeprefix(home) for key in shelf.names if key.startswith(home))
    return meant(name, known) if known else ": write it, or list the questions here"
