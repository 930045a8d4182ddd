"""The community's questions as a Slack form, and the form's state as answers.

What comes back is read against the file as it is at that moment: whatever was written is kept, also for questions that
are gone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from copbot.core.blocks import plain, sections
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import mention, shorten
from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer

CALLBACK = "onboarding:answers"
GUIDELINES = "guidelines"
SHARE = "share"

TEXT_LIMIT = 300
LONG_TEXT_LIMIT = 2500  # two long answers still fit in an introduction
VALUE_LIMIT = 3000
LABEL_LIMIT = 2000
OPTION_LIMIT = 75
OPTION_VALUE_LIMIT = 150
FEW_OPTIONS = 10  # as many radio buttons or checkboxes as Slack takes
MANY_OPTIONS = 100
QUESTIONS_IN_FORM = 90  # of the 100 blocks of a form
GUIDELINES_SECTIONS = 6  # of 3,000 characters each
TITLE_LIMIT = 24

_PREFIX = "question:"
_VALUE = "value"
_USER = re.compile(r"[UW][A-Z0-9]+")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_YES_NO = ("Yes", "No")

State = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Filled:
    """A form as it was sent in. ``guidelines_version`` is the one that was accepted."""

    answers: tuple[GivenAnswer, ...]
    errors: dict[str, str] = field(default_factory=dict)
    guidelines_version: str | None = None
    is_outdated: bool = False


def user_of(value: str) -> str | None:
    """The user whom the answer to a question for a person names."""
    match = _MENTION.fullmatch(value)
    return match[1] if match else None


# --- out: the form ------------------------------------------------------------------------------------------------


def form(
    community: Community,
    onboarding: Onboarding,
    given: Sequence[GivenAnswer] = (),
    guidelines: str = "",
    guidelines_version: str = "",
    accepted_version: str | None = None,
    introductions: str | None = None,
) -> dict[str, Any]:
    """The modal, filled with what was given before. ``introductions`` names the channel where answers may be shared."""
    earlier = {one.question: one for one in given}
    questions = onboarding.questions[:QUESTIONS_IN_FORM]
    blocks = [_question(question, earlier.get(question.id)) for question in questions]
    if introductions is not None:
        blocks += _share([question for question in questions if question.share], earlier, introductions)
    if guidelines:
        blocks += sections(guidelines)[:GUIDELINES_SECTIONS]
        blocks.append(_acceptance(guidelines_version, accepted_version == guidelines_version))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": community.id,
        "title": plain(community.name, TITLE_LIMIT),
        "submit": plain("Send", TITLE_LIMIT),
        "close": plain("Later", TITLE_LIMIT),
        "blocks": blocks,
    }


def _question(question: Question, given: GivenAnswer | None) -> Block:
    return {
        "type": "input",
        "block_id": _PREFIX + question.id,
        "label": plain(question.ask, LABEL_LIMIT),
        "optional": question.optional,
        "element": {"action_id": _VALUE} | _element(question, given.value if given else ""),
    }


def _element(question: Question, value: str) -> Block:
    if question.type in ("text", "long_text"):
        limit = LONG_TEXT_LIMIT if question.type == "long_text" else TEXT_LIMIT
        box: Block = {"type": "plain_text_input", "multiline": question.type == "long_text", "max_length": limit}
        return box | ({"initial_value": value[:limit]} if value else {})
    if question.type == "person":
        user = user_of(value)
        return {"type": "users_select"} | ({"initial_user": user} if user else {})
    if question.type == "date":
        return {"type": "datepicker"} | ({"initial_date": value} if _is_date(value) else {})
    options = _YES_NO if question.type == "yes_no" else question.options[:MANY_OPTIONS]
    several = question.type == "choices"
    kind = _kind_of_menu(several, len(options))
    menu: Block = {"type": kind, "options": [_option(option) for option in options]}
    if kind.endswith("_select"):
        menu["placeholder"] = plain("Choose", OPTION_LIMIT)
    chosen = [_option(option) for option in chosen_of(value, options, several=several)]
    if chosen:
        menu |= {"initial_options": chosen} if several else {"initial_option": chosen[0]}
    return menu


def _kind_of_menu(several: bool, options: int) -> str:
    if options <= FEW_OPTIONS:
        return "checkboxes" if several else "radio_buttons"
    return "multi_static_select" if several else "static_select"


def _option(label: str, value: str | None = None) -> Block:
    return {"text": plain(label, OPTION_LIMIT), "value": shorten(value or label, OPTION_VALUE_LIMIT)}


def chosen_of(value: str, options: Sequence[str], *, several: bool) -> list[str]:
    """The options that an answer names; an option may itself contain a comma."""
    if not several:
        return [option for option in options if option == value]
    found: set[str] = set()
    rest = value
    longest_first = sorted(options, key=len, reverse=True)
    while rest:
        option = next((o for o in longest_first if rest == o or rest.startswith(f"{o}, ")), None)
        if option is not None:
            found.add(option)
        rest = rest[len(option) + 2 :] if option is not None else rest.partition(", ")[2]
    return [option for option in options if option in found]


def _share(questions: Sequence[Question], earlier: Mapping[str, GivenAnswer], channel: str) -> list[Block]:
    """One list of what will be shared, all ticked at first, as left when it was answered before."""
    if not questions:
        return []
    options = [_option(question.ask, question.id) for question in questions]
    ticked = [
        option
        for option, question in zip(options, questions, strict=True)
        if question.id not in earlier or earlier[question.id].share
    ]
    menu: Block = {"type": _kind_of_menu(True, len(options)), "action_id": _VALUE, "options": options}
    if menu["type"].endswith("_select"):
        menu["placeholder"] = plain("Choose", OPTION_LIMIT)
    if ticked:
        menu["initial_options"] = ticked
    return [
        {
            "type": "input",
            "block_id": SHARE,
            "optional": True,
            "label": plain(f"Share in #{channel}", LABEL_LIMIT),
            "hint": plain(
                "This becomes your introduction. Untick what you would rather keep to yourself.", LABEL_LIMIT
            ),
            "element": menu,
        }
    ]


def _acceptance(version: str, accepted: bool) -> Block:
    box: Block = {
        "type": "checkboxes",
        "action_id": _VALUE,
        "options": [_option("I will keep to these guidelines", version)],
    }
    if accepted:
        box["initial_options"] = list(box["options"])
    return {
        "type": "input",
        "block_id": GUIDELINES,
        "label": plain("Guidelines", LABEL_LIMIT),
        "element": box,
    }


# --- back: the answers --------------------------------------------------------------------------------------------


def questions_in(state: State) -> list[str]:
    """The ids of the questions that a form held."""
    return [block_id.removeprefix(_PREFIX) for block_id in state if block_id.startswith(_PREFIX)]


def filled(onboarding: Onboarding, state: State) -> Filled:
    """Read a form's state. Errors are by block_id, and only for blocks that the person has before them."""
    questions = {question.id: question for question in onboarding.questions}
    ticked = set(_selected(_element_of(state, SHARE)))
    answers: list[GivenAnswer] = []
    errors: dict[str, str] = {}
    outdated = any(_PREFIX + question not in state for question in [*questions][:QUESTIONS_IN_FORM])
    shown = questions_in(state)
    order = [*(question for question in questions if question in shown), *(q for q in shown if q not in questions)]
    for question_id in order:
        value = _value(_element_of(state, _PREFIX + question_id))
        question = questions.get(question_id)
        if question is None:
            outdated = True
        elif (error := _error(question, value)) is not None:
            errors[_PREFIX + question_id] = error
        elif value and not _fits(question, value):
            outdated = True
        if value:
            share = question is not None and question.share and question_id in ticked
            answers.append(GivenAnswer(question_id, value, share))
    version = next(iter(_selected(_element_of(state, GUIDELINES))), None)
    if onboarding.guidelines is not None and GUIDELINES not in state:
        outdated = True
    elif onboarding.guidelines is not None and version is None:
        errors[GUIDELINES] = "Please tick this to go on."
    return Filled(tuple(answers), errors, version, outdated)


def _element_of(state: State, block_id: str) -> Mapping[str, Any]:
    block = state.get(block_id)
    element = block.get(_VALUE) if isinstance(block, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _selected(element: Mapping[str, Any]) -> list[str]:
    options = element.get("selected_options") or [element.get("selected_option")]
    if not isinstance(options, list):
        return []
    return [
        str(option["value"])[:VALUE_LIMIT] for option in options if isinstance(option, Mapping) and option.get("value")
    ]


def _value(element: Mapping[str, Any]) -> str:
    """An element's state as the answer is kept and shown."""
    user = element.get("selected_user")
    if isinstance(user, str) and _USER.fullmatch(user):
        return mention(user)
    for plain_value in (element.get("value"), element.get("selected_date")):
        if isinstance(plain_value, str):
            return plain_value.strip()[:VALUE_LIMIT]
    return ", ".join(_selected(element))[:VALUE_LIMIT]


def _error(question: Question, value: str) -> str | None:
    if not value and not question.optional:
        return "Please answer this one."
    if value and question.type == "date" and not _is_date(value):
        return "Please choose a day."
    return None


def _fits(question: Question, value: str) -> bool:
    """Whether an answer is one that the question takes now: its type or its options may have changed meanwhile."""
    match question.type:
        case "text" | "long_text" | "date":
            return True
        case "person":
            return user_of(value) is not None
        case "yes_no":
            return value in _YES_NO
        case "choice":
            return value in question.options
        case "choices":
            return ", ".join(chosen_of(value, question.options, several=True)) == value


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
