"""YAML 1.2 as plain values, each with its place in the file.

Built from the parser's events, so that nothing in a file can run, explode or nest without end: anchors, aliases, tags
and several documents are refused, each in one line. (YAML 1.1 would read the key ``on`` as true and an unquoted 10:30
as 630.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from copbot.adapters.files.parse_mistakes import Watched, place_of, told
from copbot.adapters.files.problem import Place, Problem

Path = tuple[str | int, ...]

DEEPEST = 12
"""Levels of nesting; the deepest key that means something stands on the sixth."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")


@dataclass
class Document:
    """One file. ``values`` gives the place of each value by its path, ``keys`` that of its key or list item; ``elsewhere``
    the file and place of what stands in another one that is named here.
    """

    file: str
    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    elsewhere: dict[Path, tuple[str, Place]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> None:
        """Note a mistake at a path, or at the nearest place above it that exists in the file; in the other file that it stands in."""
        if path in self.elsewhere:
            file, place = self.elsewhere[path]
            self.problems.append(Problem(file, place.line, place.column, " ".join(message.split())))
            return
        places = self.keys if at_key else self.values
        while path and path not in places:
            path = path[:-1]
        self.problem_at(places.get(path, Place(1, 1)), message)

    def problem_at(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, place.line, place.column, " ".join(message.split())))


class _RefusedError(Exception):
    """Something stands in the file that makes going on pointless."""


def read_document(text: str, file: str) -> Document:
    """A file's text as a document; what cannot be read is among its problems (``data`` is then None). Never
    raises.
    """
    document = Document(file)
    events = Watched(_events(text))
    try:
        _read(document, events)
    except _RefusedError:
        pass
    except ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        place = Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        document.problem_at(place, "a control character stands here, which YAML does not allow: delete it")
    except MarkedYAMLError as error:
        document.problem_at(*told(error, text, events.last))
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # the parser's own slips on damaged input; the file is not YAML either way
        document.problem_at(
            Place(1, 1), f"this is not YAML ({type(error).__name__}): mend it, or restore its last good version"
        )
    return document


def _events(text: str) -> Iterator[Any]:
    yield from YAML(typ="safe", pure=True).parse(text)


def _read(document: Document, events: Iterator[Any]) -> None:
    documents = 0
    for event in events:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                _refuse(document, event, "a second document begins here: keep one per file, and delete the line `---`")
            if event.version is not None or event.tags:
                _refuse(document, event, "directives (%YAML, %TAG) are not used here: delete the lines above")
            document.data = _value(document, next(events), events, ())


def _value(document: Document, event: Any, events: Iterator[Any], path: Path) -> Any:
    kind = type(event).__name__
    if kind == "AliasEvent" or event.anchor is not None:
        _refuse(
            document, event, "anchors (&) and aliases (*) are not used here: write it out, or put the text in quotes"
        )
    if event.tag is not None:
        tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        _refuse(document, event, f"the tag {tag} is not used here: delete it, or put the text in quotes")
    if len(path) > DEEPEST:
        _refuse(document, event, "this is nested too deeply to mean anything: look at the brackets and the indentation")
    nothing = kind == "ScalarEvent" and event.value == ""  # stands, for the parser, where the next key begins
    document.values[path] = document.keys[path] if nothing and path in document.keys else place_of(event.start_mark)
    if kind == "ScalarEvent":
        return _scalar(event.value) if event.implicit[0] else event.value
    if kind == "SequenceStartEvent":
        return _sequence(document, events, path)
    return _mapping(document, events, path)


def _sequence(document: Document, events: Iterator[Any], path: Path) -> list[Any]:
    items: list[Any] = []
    for event in events:
        if type(event).__name__ == "SequenceEndEvent":
            break
        here = (*path, len(items))
        document.keys[here] = place_of(event.start_mark)
        items.append(_value(document, event, events, here))
    return items


def _mapping(document: Document, events: Iterator[Any], path: Path) -> dict[str, Any]:
    items: dict[str, Any] = {}
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        if type(event).__name__ != "ScalarEvent" or event.tag is not None or event.anchor is not None:
            _refuse(
                document,
                event,
                "a key must be a plain word: look at the brackets and braces, and quote what stands here",
            )
        key, place = str(event.value), place_of(event.start_mark)
        here = (*path, key)
        if key in items:
            first = document.keys[here].line
            document.problem_at(place, f"`{key}` stands here twice (first on line {first}): delete one of them")
        document.keys[here] = place
        items[key] = _value(document, next(events), events, here)
    return items


def _scalar(text: str) -> Any:
    """A plain scalar by YAML's core schema, as far as these files need it."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _refuse(document: Document, event: Any, message: str) -> None:
    document.problem_at(place_of(event.start_mark), message)
    raise _RefusedError
