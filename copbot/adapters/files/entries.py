"""The entries of a list in a file, and what stands in one twice."""

from typing import Any

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.words import shown


def entries_of(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """The entries that are mappings, with their places."""
    entries = enumerate(value) if isinstance(value, list) else ()
    return [(number, entry) for number, entry in entries if isinstance(entry, dict)]


def check_twice(document: Document, path: Path, texts: list[Any]) -> None:
    """Note each text that stands in a list a second time."""
    seen: dict[str, int] = {}
    for number, text in enumerate(texts):
        if isinstance(text, str) and text.strip():
            same = " ".join(text.split())
            if same in seen:
                line = document.values[(*path, seen[same])].line
                document.problem(
                    (*path, number), f"{shown(text)} stands here twice (first on line {line}): delete one of them"
                )
            seen.setdefault(same, number)


def check_same_ids(document: Document, path: Path, entries: Any, kind: str) -> None:
    """Note each entry of a list that has the id of one before. ``kind`` is what an entry is called."""
    seen: dict[str, int] = {}
    for number, entry in entries_of(entries):
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            line = document.values[(*path, seen[name], "id")].line
            message = f"the {kind} `{name}` stands here twice (first on line {line}): give one another id"
            document.problem((*path, number, "id"), message)
        seen.setdefault(name, number)
