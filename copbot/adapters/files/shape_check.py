"""A section of a file held against its shape: a value, or every mistake in it with its place and the mend."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.problem import meant
from copbot.adapters.files.shapes import Sections
from copbot.adapters.files.words import shown


def check_section(document: Document, name: str) -> Any:
    """The section ``name`` of a file as its shape, or None when something in it is wrong."""
    try:
        return _adapter(name).validate_python(document.data[name])
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            _tell(document, name, mistake)
        return None


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    annotation: Any = Sections.model_fields[name].annotation
    return TypeAdapter(annotation)


def _tell(document: Document, name: str, mistake: Mapping[str, Any]) -> None:
    path: Path = (name, *mistake["loc"])
    if mistake["type"] == "missing":
        document.problem(path[:-1], f"`{path[-1]}` is missing{_example(str(path[-1]))}", at_key=True)
    elif mistake["type"] == "extra_forbidden":
        known = sorted(known_keys(path[:-1]))
        document.problem(path, f"`{path[-1]}` is no key here{meant(str(path[-1]), known)}", at_key=True)
    else:
        document.problem(path, _in_words(path, mistake))


def _example(key: str) -> str:
    examples = {
        "id": "a short name in small letters, such as `id: weekly-question`",
        "timezone": "`timezone: Europe/Berlin`",
        "discussion": '`discussion: ["#general"]`',
        "moderators": '`moderators: "#moderators"`, where questions that wait are shown',
        "coordinators": "`coordinators: [name@example.org]`, who are told what is wrong",
        "channel": '`channel: "#general"`',
        "when": '`when: {every: week, at: "10:00", on: [wed]}`',
        "option": "the answer to choose, such as `option: Census`",
        "after": "how long after the welcome, such as `after: 3d`",
        "ask": 'the question, such as `ask: "What brings you here?"`',
        "name": "what people call it, such as `name: Data Integration`",
        "every": "how often, such as `every: quarter`",
        "date": "the day, such as `date: 2027-03-04`",
        "welcome": "`welcome: welcome.j2`, the first message to a newcomer",
        "people": "the rota in the order of its turns, such as `people: [name@example.org]`",
        "who": "who is away, such as `who: name@example.org`",
        "from": "the first day, such as `from: 2026-12-21`",
        "until": "the last day, such as `until: 2027-01-03`",
        "questions": "the two or three that a newcomer is asked",
    }
    return f": add {examples[key]}" if key in examples else ": add it"


def _in_words(path: Path, mistake: Mapping[str, Any]) -> str:
    kind, value, details = mistake["type"], mistake.get("input"), mistake.get("ctx") or {}
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if kind == "value_error":
        return str(details["error"])
    if kind == "literal_error":
        known = [word.strip("'") for word in str(details["expected"]).replace(" or ", ", ").split(", ")]
        return f"{shown(value)} cannot stand for `{key}`{meant('' if value is None else str(value), known)}"
    if kind == "model_type":
        keys = ", ".join(f"`{known}`" for known in known_keys(path)[:3])
        return f"{shown(value)} stands where keys such as {keys} belong: write them below `{key}:`"
    if kind == "dict_type":
        return (
            f"{shown(value)} stands where names with their keys belong: write each on a line of its own below `{key}:`"
        )
    if kind == "bool_type":
        word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower(), "one of the two")
        return f"`{key}` is true or false, not {shown(value)}: write {word}"
    if kind in ("int_type", "int_from_float"):
        return f"`{key}` is a whole number, not {shown(value)}: write one such as 2"
    if kind == "list_type":
        if isinstance(value, dict):
            return f"`{key}` is a list: begin each of its entries with `- `"
        return f"`{key}` is a list, not {shown(value)}: write [ … ], or one line for each beginning with -"
    if kind == "string_type":
        return f"`{key}` is a text, not {shown(value)}: put it in quotes, or leave the line out"
    if kind == "string_pattern_mismatch":
        return f"{shown(value)} is no language: write its code, such as en or pt-BR"
    if kind == "greater_than_equal":
        return f"`{key}` cannot be {shown(value)}: write {details['ge']} or more"
    if kind == "less_than_equal":
        return f"`{key}` cannot be {shown(value)}: write {details['le']} or less"
    if kind in ("too_short", "too_long", "string_too_long"):
        return _length_in_words(key, kind, value, details)
    return f"{shown(value)} cannot stand for `{key}`: {mistake['msg']}"


def _length_in_words(key: str, kind: str, value: Any, details: Mapping[str, Any]) -> str:
    if kind == "too_short":
        return f"`{key}` needs at least one entry: add one"
    if isinstance(value, list):
        return f"`{key}` has {len(value)} entries, and Slack takes {details['max_length']}: shorten the list"
    return f"{shown(value)} has {len(str(value))} characters, and Slack takes {details['max_length']} here: shorten it"


def known_keys(path: Path) -> list[str]:
    """The keys that may stand at a place, by the shapes."""
    models: list[type[BaseModel]] = [Sections]
    is_free = False  # a key of a mapping is the coordinators' own word, such as a channel's name
    for part in path:
        if isinstance(part, str) and is_free:
            is_free = False
        elif isinstance(part, str):
            fields = [
                field for model in models for name, field in model.model_fields.items() if part in (name, field.alias)
            ]
            models = [model for field in fields for model in _models_in(field.annotation)]
            is_free = any(get_origin(field.annotation) is dict for field in fields)
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def below_which(key: str) -> str:
    """The mend for a key that is none at the top: the section below which it belongs, else the one that was meant."""
    homes = [name for name in Sections.model_fields if key in known_keys((name,))]
    return f": write it below `{homes[0]}:`" if len(homes) == 1 else meant(key, Sections.model_fields)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
