"""The JSON Schema of the coordinators' files, made from the shapes that check them, so that the two cannot differ.

One schema fits any file of the folder, since any of them may hold any key; ``schema("posts")`` is the same for a file that must hold
``posts:``. Editors find it by the first line of a file: ``# yaml-language-server: $schema=copbot.schema.json``.
"""

import ast
import inspect
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from copbot.adapters.files import words
from copbot.adapters.files.shapes import Sections
from copbot.core.time import Hours

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHIPPED_AS = "copbot.schema.json"
"""Beside the files that name it; ``copbot schema > schedules/copbot.schema.json`` renews it."""

NEEDED_BY_COMMUNITY = ("community", "channels", "roles")


def names() -> list[str]:
    """What a file may be asked to hold."""
    return list(Sections.model_fields)


def schema(name: str | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of any file, or of one that holds a key; ``community`` is community.yaml, whose three keys
    are needed. Raises KeyError for a name that is no key.
    """
    if name is not None and name not in names():
        raise KeyError(name)
    document = Sections.model_json_schema(by_alias=True, schema_generator=_Generator)
    document.pop("required", None)
    if name is not None:
        document["required"] = list(NEEDED_BY_COMMUNITY) if name in NEEDED_BY_COMMUNITY else [name]
    kind = "any file in the folder of the schedules" if name is None else f"a file that holds `{name}:`"
    about = f"What may stand in {kind}. `copbot check` says more, and when each post goes out."
    made: dict[str, Any] = {"$schema": DIALECT, "title": "copbot"}
    made.update(_on_one_line(document), description=about)
    return made


class _Generator(GenerateJsonSchema):
    """Without titles, which only repeat the keys, and with defaults as coordinators write them."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        fields = schema["cls"].model_fields
        for name, says in _said_of_fields(schema["cls"]).items():
            shown = made.get("properties", {}).get(fields[name].alias or name)
            if shown is not None:
                shown.setdefault("description", says)
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        made.pop("default", None)
        default: Any = schema.get("default")
        if _reads_tenths(schema["schema"]):
            default = default / 10
        written = _as_written(default)
        return made if written is None else made | {"default": written}


def _said_of_fields(shape: type) -> dict[str, str]:
    """The words under each field of a shape, its bases' first."""
    said: dict[str, str] = {}
    for each in reversed(shape.__mro__):
        if each.__module__.startswith(f"{words.__package__}."):
            stands = ast.parse(dedent(inspect.getsource(each))).body[0]
            said |= dict(_with_words(stands.body)) if isinstance(stands, ast.ClassDef) else {}
    return said


def _with_words(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(statements):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as says)):
                yield name, inspect.cleandoc(says)


def _on_one_line(value: Any) -> Any:
    """With each description as one line, which editors wrap themselves."""
    if isinstance(value, dict):
        return {
            key: " ".join(inner.split()) if key == "description" and isinstance(inner, str) else _on_one_line(inner)
            for key, inner in value.items()
        }
    return [_on_one_line(item) for item in value] if isinstance(value, list) else value


def _reads_tenths(schema: Any) -> bool:
    return bool(schema["type"] == "function-before" and schema["function"]["function"] is words.tenths)


def _as_written(value: Any) -> Any:
    """A default as it would stand in a file; None where there is nothing to write."""
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, Hours):
        return f"{value.start:%H:%M}-{value.end:%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_as_written(item) for item in value] or None
    if value is None or isinstance(value, BaseModel | dict):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def duration(length: timedelta) -> str:
    """A duration as coordinators write it, in the largest unit that fits: ``2h``, ``12w``."""
    seconds = int(length.total_seconds())
    for unit, size in (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0 and (unit != "d" or seconds >= 2 * size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
