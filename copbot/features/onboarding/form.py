"""The community's questions as a Slack form, and the form's state as answers.

What comes back is read against the file as it is at that moment: whatever was written is kept, also for questions that
are gone.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from copbot.core.blocks import context, plain, section, sections
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention, shorten
from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer
from copbot.features.onboarding.words import Words, words_for

CALLBACK = "onboarding:answers"
GUIDELINES = "guidelines"
SHARE = "share"

VALUE_LIMIT = 3000  # as much as Slack lets anybody write into a field
LABEL_LIMIT = 2000
OPTION_LIMIT = 75
OPTION_VALUE_LIMIT = 150
FEW_OPTIONS = 10  # as many radio buttons or checkboxes as Slack takes
MANY_OPTIONS = 100
QUESTIONS_IN_FORM = 90  # of the 100 blocks of a form
CARRIED_SHOWN = 300  # characters of an answer given elsewhere
GUIDELINES_SECTIONS = 6  # of 3,000 characters each
TITLE_LIMIT = 24

DRAFT = "onboarding-draft:"
"""Begins the action_id of each field: what is typed and ticked is kept as it stands, long before it is sent."""

_PREFIX = "question:"
_USER = re.compile(r"[UW][A-Z0-9]+")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_YES_NO = ("Yes", "No")  # as answers are kept; shown in the reader's language

State = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Filled:
    """A form as it was sent in. ``guidelines_version`` is the one that was accepted."""

    answers: tuple[GivenAnswer, ...]
    errors: dict[str, str] = field(default_factory=dict)
    guidelines_version: str | None = None
    is_outdated: bool = False


@dataclass(frozen=True)
class Earlier:
    """What a form is opened on. ``carried``: what was answered in other communities, and is not asked here; ``draft``: what stood
    half-filled, as Slack's state; ``edition``: of the answers given here."""

    carried: Sequence[GivenAnswer] = ()
    draft: "State" = field(default_factory=dict)
    edition: str = ""


def opened_on(private_metadata: str) -> tuple[str, str]:
    """The community of a form, and the edition of the answers that it was opened on."""
    community, _, edition = private_metadata.partition(":")
    return community, edition


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
    words: Words | None = None,
    earlier: Earlier | None = None,
) -> dict[str, Any]:
    """The modal, filled with what was given before and what was begun. ``introductions`` names the channel where answers may be shared.

    ``words`` are those of the person's language; without, those of the community's.
    """
    words, earlier = words or words_for(community.language), earlier or Earlier()
    carried = {one.question: one for one in earlier.carried}
    asked = [question for question in onboarding.questions if question.id not in carried][:QUESTIONS_IN_FORM]
    values = {one.question: one.value for one in given} | _values_in(earlier.draft)
    may_share = introductions is not None
    blocks = [_question(question, values.get(question.id, ""), words, may_share=may_share) for question in asked]
    if carried:
        blocks.append(_carried(onboarding.questions, carried, words))
    if introductions is not None:
        offered = [question for question in onboarding.questions if question.share and question.id in carried]
        ticked = _ticked([question for question in asked if question.share], given, earlier.draft)
        blocks += _share([*(q for q in asked if q.share), *offered], ticked, carried, introductions, words)
    if guidelines:
        blocks += sections(guidelines)[:GUIDELINES_SECTIONS]
        accepted = {accepted_version, *_selected(element_of(earlier.draft, GUIDELINES))}
        blocks.append(_acceptance(guidelines_version, guidelines_version in accepted, words))
    blocks.append(context(words.kept_as_typed))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": ":".join(filter(None, [community.id, earlier.edition])),
        "title": plain(community.name, TITLE_LIMIT),
        "submit": plain(words.send, TITLE_LIMIT),
        "close": plain(words.later, TITLE_LIMIT),
        "notify_on_close": True,
        "blocks": blocks,
    }


def _question(question: Question, value: str, words: Words, *, may_share: bool) -> Block:
    asked: Block = {
        "type": "input",
        "block_id": _PREFIX + question.id,
        "label": plain(question.ask, LABEL_LIMIT),
        "optional": question.optional,
        "dispatch_action": True,
        "element": {"action_id": DRAFT + question.id} | _element(question, value, words),
    }
    if question.share and may_share:
        asked["hint"] = plain(words.shared_mark, LABEL_LIMIT)
    return asked


def _values_in(draft: State) -> dict[str, str]:
    return {question: _value(element_of(draft, _PREFIX + question)) for question in questions_in(draft)}


def _ticked(shared: Sequence[Question], given: Sequence[GivenAnswer], draft: State) -> set[str]:
    """What is ticked to be shared: as it was left; else all that is asked here and was not answered unshared."""
    if SHARE in draft:
        return ticked_in(draft)
    kept_back = {one.question for one in given if not one.share}
    return {question.id for question in shared if question.id not in kept_back}


def _carried(questions: Sequence[Question], carried: Mapping[str, GivenAnswer], words: Words) -> Block:
    """What is known already, so that nobody wonders why it is not asked."""
    lines = [
        f"• {escape(question.ask)} {shown_value(question, carried[question.id].value, words, CARRIED_SHOWN)}"
        for question in questions
        if question.id in carried
    ]
    return section("\n".join([words.known_already, *lines]), verbatim=True)


def shown_value(question: Question | None, value: str, words: Words, most: int) -> str:
    """An answer as mrkdwn for its reader, ``most`` characters of it: a person as a mention, yes and no in their language."""
    if question is not None and question.type == "person" and user_of(value) is not None:
        return value
    if question is not None and question.type == "yes_no":
        value = yes_or_no(value, words)
    return escape(shorten(value, most))


def _element(question: Question, value: str, words: Words) -> Block:
    if question.type in ("text", "long_text"):
        box: Block = {
            "type": "plain_text_input",
            "multiline": question.type == "long_text",
            "max_length": VALUE_LIMIT,
            "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
        }
        return box | ({"initial_value": value[:VALUE_LIMIT]} if value else {})
    if question.type == "person":
        user = user_of(value)
        return {"type": "users_select"} | ({"initial_user": user} if user else {})
    if question.type == "date":
        return {"type": "datepicker"} | ({"initial_date": value} if _is_date(value) else {})
    yes_no = question.type == "yes_no"
    options = _YES_NO if yes_no else question.choices[:MANY_OPTIONS]
    several = question.type == "choices"
    kind = _kind_of_menu(several, len(options))
    shown = {option: _option(yes_or_no(option, words) if yes_no else option, option) for option in options}
    menu: Block = {"type": kind, "options": list(shown.values())}
    if kind.endswith("_select"):
        menu["placeholder"] = plain(words.choose, OPTION_LIMIT)
    chosen = [shown[option] for option in chosen_of(value, options, several=several)]
    if chosen:
        menu |= {"initial_options": chosen} if several else {"initial_option": chosen[0]}
    return menu


def yes_or_no(value: str, words: Words) -> str:
    """A kept answer to a ``yes_no`` question in the reader's language; anything else as it is."""
    return {"Yes": words.yes, "No": words.no}.get(value, value)


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


def _share(
    questions: Sequence[Question],
    ticked: Collection[str],
    carried: Mapping[str, GivenAnswer],
    channel: str,
    words: Words,
) -> list[Block]:
    """One list of what will be shared. What was told to another community is there to be ticked, and is not ticked for anybody."""
    questions = questions[:MANY_OPTIONS]
    if not questions:
        return []
    options = [_option(question.ask, question.id) for question in questions]
    for option, question in zip(options, questions, strict=True):
        if question.id in carried and user_of(carried[question.id].value) is None:
            option["description"] = plain(carried[question.id].value, OPTION_LIMIT)
    menu: Block = {"type": _kind_of_menu(True, len(options)), "action_id": DRAFT + SHARE, "options": options}
    if menu["type"].endswith("_select"):
        menu["placeholder"] = plain(words.choose, OPTION_LIMIT)
    chosen = [option for option, question in zip(options, questions, strict=True) if question.id in ticked]
    if chosen:
        menu["initial_options"] = chosen
    return [
        {
            "type": "input",
            "block_id": SHARE,
            "optional": True,
            "dispatch_action": True,
            "label": plain(words.share_in.format(channel=channel), LABEL_LIMIT),
            "hint": plain(words.share_hint, LABEL_LIMIT),
            "element": menu,
        }
    ]


def _acceptance(version: str, accepted: bool, words: Words) -> Block:
    box: Block = {
        "type": "checkboxes",
        "action_id": DRAFT + GUIDELINES,
        "options": [_option(words.accept_guidelines, version)],
    }
    if accepted:
        box["initial_options"] = list(box["options"])
    return {
        "type": "input",
        "block_id": GUIDELINES,
        "dispatch_action": True,
        "label": plain(words.guidelines, LABEL_LIMIT),
        "element": box,
    }


# --- back: the answers --------------------------------------------------------------------------------------------


def questions_in(state: State) -> list[str]:
    """The ids of the questions that a form held."""
    return [block_id.removeprefix(_PREFIX) for block_id in state if block_id.startswith(_PREFIX)]


def ticked_in(state: State) -> set[str]:
    """The ids of the questions whose answers are to be shared."""
    return set(_selected(element_of(state, SHARE)))


def draft_of(state: State) -> dict[str, Any]:
    """The part of a form's state that belongs to the questions, as it may be kept."""
    ours = [block_id for block_id in state if block_id.startswith(_PREFIX) or block_id in (SHARE, GUIDELINES)]
    return {block_id: state[block_id] for block_id in ours[: QUESTIONS_IN_FORM + 2] if element_of(state, block_id)}


def filled(
    onboarding: Onboarding,
    state: State,
    words: Words | None = None,
    carried: Sequence[GivenAnswer] = (),
    answered: Collection[str] = (),
) -> Filled:
    """Read a form's state. Errors are by block_id, and only for blocks that the person has before them.

    ``carried`` was answered elsewhere and is taken over; ``answered`` are the questions that were answered here before.
    """
    words = words or words_for()
    questions = {question.id: question for question in onboarding.questions}
    known = {one.question: one.value for one in carried}
    ticked = ticked_in(state)
    answers: list[GivenAnswer] = []
    errors: dict[str, str] = {}
    shown = questions_in(state)
    expected = [question for question in questions if question not in known][:QUESTIONS_IN_FORM]
    outdated = any(question not in shown and question not in answered for question in expected)
    here = [question for question in questions if question in shown or question in known]
    for question_id in [*here, *(q for q in shown if q not in questions)]:
        in_form = question_id in shown
        value = _value(element_of(state, _PREFIX + question_id)) if in_form else known[question_id]
        question = questions.get(question_id)
        if question is None:
            outdated = True
        elif in_form and (error := _error(question, value, words)) is not None:
            errors[_PREFIX + question_id] = error
        elif value and not fits(question, value):
            outdated = True
        if value:
            share = question is not None and question.share and question_id in ticked
            answers.append(GivenAnswer(question_id, value, share))
    version = next(iter(_selected(element_of(state, GUIDELINES))), None)
    if onboarding.guidelines is not None and GUIDELINES not in state:
        outdated = True
    elif onboarding.guidelines is not None and version is None:
        errors[GUIDELINES] = words.needs_tick
    return Filled(tuple(answers), errors, version, outdated)


def element_of(state: State, block_id: str) -> Mapping[str, Any]:
    """What stands in the one element of a block, by whatever action_id: that of a form opened before an upgrade is another."""
    block = state.get(block_id)
    found = list(block.values()) if isinstance(block, Mapping) else []
    return found[0] if found and isinstance(found[0], Mapping) else {}


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


def _error(question: Question, value: str, words: Words) -> str | None:
    if not value and not question.optional:
        return words.needs_answer
    if value and question.type == "date" and not _is_date(value):
        return words.needs_day
    return None


def fits(question: Question, value: str) -> bool:
    """Whether an answer is one that the question takes now: its type or its options may have changed meanwhile."""
    match question.type:
        case "text" | "long_text" | "date":
            return True
        case "person":
            return user_of(value) is not None
        case "yes_no":
            return value in _YES_NO
        case "choice":
            return value in question.choices
        case "choices":
            return ", ".join(chosen_of(value, question.choices, several=True)) == value


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
