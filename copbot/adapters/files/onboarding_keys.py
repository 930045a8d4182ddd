"""What the keys of the onboarding must hold together."""

from typing import Any

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import check_twice, entries_of
from copbot.adapters.files.words import shown


def check_onboarding(document: Document, onboarding: Any) -> None:
    """Note every mistake between the keys of a file's ``onboarding``."""
    if not isinstance(onboarding, dict):
        return
    seen: dict[str, int] = {}
    for number, question in entries_of(onboarding.get("questions")):
        path: Path = ("onboarding", "questions", number)
        name = question.get("id")
        if isinstance(name, str) and name in seen:
            line = document.values[("onboarding", "questions", seen[name], "id")].line
            document.problem(
                (*path, "id"), f"the question `{name}` stands here twice (first on line {line}): give one another id"
            )
        elif isinstance(name, str):
            seen[name] = number
        _check_options(document, path, question)
    for number, follow_up in entries_of(onboarding.get("follow_ups")):
        if (follow_up.get("prompt") is None) == (follow_up.get("tell") is None):
            place: Path = ("onboarding", "follow_ups", number)
            document.problem(place, "a follow-up has either `prompt: NAME.j2` or `tell: moderators`", at_key=True)


def _check_options(document: Document, path: Path, question: dict[str, Any]) -> None:
    options, kind = question.get("options"), question.get("type", "text")
    if kind in ("choice", "choices"):
        if not options:
            document.problem(path, f"`type: {kind}` needs `options: [ … ]` to choose from", at_key=True)
    elif options is not None:
        document.problem(
            (*path, "options"),
            f"`options` go with `type: choice` or `choices`, not with {shown(kind)}: delete them",
            at_key=True,
        )
    if isinstance(options, list):
        check_twice(document, (*path, "options"), options)
