"""As much of JSON Schema (draft 2020-12) as the files' schema uses; a keyword that is not known here is an error."""

import re
from typing import Any

ANNOTATIONS = {"$schema", "$defs", "title", "description", "default", "examples"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def sound(schema: Any) -> None:
    """Assert what the meta-schema asks of a schema, for the keywords that are known here."""
    if isinstance(schema, bool):
        return
    assert isinstance(schema, dict), schema
    for key, value in schema.items():
        match key:
            case "properties" | "patternProperties" | "$defs":
                for inner in value.values():
                    sound(inner)
            case "items" | "not" | "if" | "then" | "else" | "additionalProperties" | "propertyNames":
                sound(value)
            case "anyOf" | "oneOf" | "allOf":
                assert value
                for inner in value:
                    sound(inner)
            case "required":
                assert len(set(value)) == len(value)
                assert all(isinstance(name, str) for name in value)
            case "dependentRequired":
                assert all(isinstance(name, str) for names in value.values() for name in names)
            case "enum" | "examples":
                assert isinstance(value, list)
            case "pattern":
                re.compile(value)
            case "type":
                assert value in {*TYPES, "number", "integer"}
            case "minimum" | "maximum" | "minItems" | "maxItems" | "minLength" | "maxLength":
                assert isinstance(value, int | float)
            case "$ref" | "$schema" | "title" | "description":
                assert isinstance(value, str)
            case "const" | "default":
                pass
            case _:
                raise AssertionError(f"{key} is not known here")


def fits(value: Any, schema: Any, root: dict[str, Any] | None = None) -> bool:
    """Whether a value is valid."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        return schema
    return all(_keyword(key, wanted, value, schema, root) for key, wanted in schema.items() if key not in ANNOTATIONS)


def _keyword(key: str, wanted: Any, value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    def ok(inner: Any, of: Any = value) -> bool:
        return fits(of, inner, root)

    mapping = value if isinstance(value, dict) else {}
    match key:
        case "$ref":
            return ok(root["$defs"][wanted.removeprefix("#/$defs/")])
        case "type":
            return _is(value, wanted)
        case "enum":
            return any(value == one and type(value) is type(one) for one in wanted)
        case "const":
            return bool(value == wanted)
        case "pattern":
            return not isinstance(value, str) or re.search(wanted, value) is not None
        case "maxLength" | "minLength":
            return not isinstance(value, str) or (len(value) <= wanted if key == "maxLength" else len(value) >= wanted)
        case "minimum" | "maximum":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return not number or (value >= wanted if key == "minimum" else value <= wanted)
        case "minItems" | "maxItems":
            return not isinstance(value, list) or (len(value) >= wanted if key == "minItems" else len(value) <= wanted)
        case "items":
            return all(ok(wanted, item) for item in value) if isinstance(value, list) else True
        case "required":
            return not isinstance(value, dict) or all(name in value for name in wanted)
        case "dependentRequired":
            return all(set(names) <= mapping.keys() for name, names in wanted.items() if name in mapping)
        case "properties":
            return all(ok(inner, mapping[name]) for name, inner in wanted.items() if name in mapping)
        case "patternProperties":
            return all(ok(i, v) for p, i in wanted.items() for k, v in mapping.items() if re.search(p, k))
        case "propertyNames":
            return all(ok(wanted, name) for name in mapping)
        case "additionalProperties":
            known = schema.get("properties", {})
            patterns = schema.get("patternProperties", {})
            return all(
                ok(wanted, inner)
                for name, inner in mapping.items()
                if name not in known and not any(re.search(pattern, name) for pattern in patterns)
            )
        case "anyOf":
            return any(map(ok, wanted))
        case "oneOf":
            return sum(map(ok, wanted)) == 1
        case "allOf":
            return all(map(ok, wanted))
        case "not":
            return not ok(wanted)
        case "if":
            return ok(schema.get("then", True) if ok(wanted) else schema.get("else", True))
        case "then" | "else":
            return True
    raise AssertionError(f"{key} is not known here")


def _is(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        return not isinstance(value, bool) and isinstance(value, int if name == "integer" else int | float)
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
