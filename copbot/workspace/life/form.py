"""A modal filled in as a friendly newcomer would: every question gets an answer, what is ticked stays ticked."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

SHORT = "Data integration, for six years"
LIKELY = ("Registers", "Record linkage")


@dataclass(frozen=True)
class FilledForm:
    values: dict[str, Any]  # by block_id, for Workspace.submit
    described: str  # the questions, for the narrator
    text: str  # the first long answer


def filled_in(view: Json, text: str, person: str) -> FilledForm:
    """Answers to an open modal; ``text`` for what may be long, ``person`` (an ID) where one is asked for."""
    values: dict[str, Any] = {}
    labels: list[str] = []
    said = ""
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        labels.append(str(block["label"]["text"]))
        element = block["element"]
        answer = _answer(element, "" if said else text, person)
        if answer is not None:
            values[block["block_id"]] = answer
            said = said or (text if answer == text else "")
    return FilledForm(values, " / ".join(labels), said)


def _answer(element: Json, text: str, person: str) -> Any:
    """What to write into one element; None leaves it as it is."""
    if any(key.startswith("initial_") for key in element):
        return None
    kind = element["type"]
    options = [str(option["value"]) for option in element.get("options", [])]
    if kind == "plain_text_input":
        return text if text and element.get("max_length", 3000) >= len(text) else SHORT
    if kind in ("checkboxes", "multi_static_select"):
        return [option for option in options if option in LIKELY] or options[:1]
    if kind in ("radio_buttons", "static_select"):
        return options[0]
    if kind == "users_select":
        return person
    return "2026-01-15" if kind == "datepicker" else None
