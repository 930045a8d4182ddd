"""What the keys of the onboarding must hold together."""

from typing import Any

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import check_same_ids, check_twice, entries_of
from copbot.adapters.files.words import shown

INVITED_BY = "invited_by"


def check_onboarding(document: Document, onboarding: Any) -> None:
    """Note every mistake between the keys of a file's ``onboarding``."""
    if not isinstance(onboarding, dict):
        return
    check_same_ids(document, ("onboarding", "questions"), onboarding.get("questions"), "question")
    for number, question in entries_of(onboarding.get("questions")):
        _check_options(document, ("onboarding", "questions", number), question)
    for number, follow_up in entries_of(onboarding.get("follow_ups")):
        if (follow_up.get("prompt") is None) == (follow_up.get("tell") is None):
            place: Path = ("onboarding", "follow_ups", number)
            document.problem(
                place,
                "a follow-up says something to one side: write either `prompt: NAME.j2` or `tell: moderators`",
                at_key=True,
            )
        elif follow_up.get("ask") is not None and follow_up.get("prompt") is None:
            place = ("onboarding", "follow_ups", number, "ask")
            document.problem(place, "`ask` goes with `prompt: NAME.j2`: moderators are told, not asked", at_key=True)
    _check_referrals(document, onboarding)


def _check_options(document: Document, path: Path, question: dict[str, Any]) -> None:
    options, kind = question.get("options"), question.get("type", "text")
    if kind in ("choice", "choices"):
        if not options:
            document.problem(path, f"`type: {kind}` needs something to choose from: add `options: [ … ]`", at_key=True)
    elif options is not None:
        document.problem(
            (*path, "options"),
            f"`options` go with `type: choice` or `choices`, not with {shown(kind)}: delete them",
            at_key=True,
        )
    if isinstance(options, list):
        check_twice(document, (*path, "options"), [_text_of(option) for option in options])


def _text_of(option: Any) -> Any:
    return option.get("option") if isinstance(option, dict) else option


def _check_referrals(document: Document, onboarding: dict[str, Any]) -> None:
    """Who invited whom is known from one question alone; and thanks in public need a public word."""
    referrals = onboarding.get("referrals")
    if not isinstance(referrals, dict):
        return
    questions = [question for _, question in entries_of(onboarding.get("questions"))]
    if not any(question.get("id") == INVITED_BY and question.get("type") == "person" for question in questions):
        document.problem(
            ("onboarding", "referrals"),
            '`referrals` needs the question who it was: add {id: invited_by, ask: "Who invited you?", type: person}',
            at_key=True,
        )
    if referrals.get("announcement") is not None and referrals.get("thanks") != "public":
        document.problem(
            ("onboarding", "referrals", "announcement"),
            "`announcement` goes with `thanks: public`: write that too, or delete this",
            at_key=True,
        )
