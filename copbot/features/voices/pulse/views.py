"""How a pulse survey looks: the invitation, the form, and what the coordinators read of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copbot.core.blocks import actions, button, context, plain, section, sections
from copbot.core.delivery import Block
from copbot.core.interaction import Submission
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.small_groups import FEWEST_SHOWN, shown_of
from copbot.core.voices import SCALE, PulseQuestion, PulseResult, PulseRound, mean
from copbot.features.voices.words import Words

ANSWER, DECLINE = "voices:pulse_answer", "voices:pulse_decline"
PROMISE = "voices:pulse_promise"
FORM, PROMISE_FORM = "voices:pulse", "voices:pulse_promise"
VALUE = "value"

TEXT_LIMIT = 1000
ACTION_LIMIT = 300
_TITLE, _LABEL, _OPTION = 24, 2000, 75
_TEXTS_SHOWN = 12
_TEXT_SHOWN = 200


# --- for members ---


def invitation(community: str, pulse_round: PulseRound, day: str, action: str, words: Words) -> str:
    """``community`` is its name, ``day`` until when, ``action`` what was promised after the round before ("" for nothing)."""
    count = len(pulse_round.questions)
    questions = words.one_question if count == 1 else words.some_questions.format(count=count)
    asked = words.pulse_invitation.format(community=escape(community), questions=questions, day=day)
    return f"{asked}\n{words.pulse_action_before.format(action=escape(action))}" if action else asked


def invitation_blocks(text: str, pulse_round: int, words: Words) -> tuple[Block, ...]:
    value = str(pulse_round)
    return (
        section(text, verbatim=True),
        actions(button(words.pulse_answer, ANSWER, value, primary=True), button(words.no_thanks, DECLINE, value)),
    )


def form(pulse_round: PulseRound, words: Words) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": str(pulse_round.id),
        "title": plain(words.pulse_title, _TITLE),
        "submit": plain(words.send, _TITLE),
        "close": plain(words.later, _TITLE),
        "blocks": [*(_input(question, words) for question in pulse_round.questions), context(words.pulse_anonymous)],
    }


def _input(question: PulseQuestion, words: Words) -> Block:
    element: Block
    if question.type == "text":
        element = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": TEXT_LIMIT}
    else:
        labels = _scale(words) if question.type == "scale" else {option: option for option in question.options}
        options = [{"text": plain(label, _OPTION), "value": str(n)} for n, label in enumerate(labels.values())]
        element = {"type": "radio_buttons", "action_id": VALUE, "options": options}
    return {
        "type": "input",
        "block_id": question.id,
        "optional": True,
        "label": plain(question.ask, _LABEL),
        "element": element,
    }


def _scale(words: Words) -> dict[str, str]:
    ends = {SCALE[0]: words.scale_low, SCALE[-1]: words.scale_high}
    return {value: f"{value} ({ends[value]})" if value in ends else value for value in SCALE}


def answers_in(submission: Submission, questions: Sequence[PulseQuestion]) -> dict[str, str]:
    """What was filled in, by question. Values come from outside: what the form did not offer is left out."""
    found: dict[str, str] = {}
    for question in questions:
        state = submission.state.get(question.id, {}).get(VALUE, {})
        if question.type == "text":
            written = state.get("value")
            value = written.strip()[:TEXT_LIMIT] if isinstance(written, str) else ""
        else:
            value = _chosen(state, SCALE if question.type == "scale" else question.options)
        if value:
            found[question.id] = value
    return found


def _chosen(state: Mapping[str, Any], options: Sequence[str]) -> str:
    option = state.get("selected_option")
    number = option.get("value") if isinstance(option, dict) else None
    if (
        isinstance(number, str)
        and number.isascii()
        and number.isdigit()
        and len(number) < 3
        and int(number) < len(options)
    ):
        return options[int(number)]
    return ""


# --- for coordinators ---


def result_text(community: str, result: PulseResult) -> str:
    """What came of a round. ``community`` is its name."""
    asked = result.round.asked or 0
    if result.answers < FEWEST_SHOWN:
        few = f"Results are shown from {FEWEST_SHOWN} answers on, so that nobody can be made out: there are none this time."
        return f"The pulse of *{escape(community)}* has closed.\n{few}"
    took_part = f"{result.answers} of {asked} answered" if asked else f"{result.answers} answered"
    head = f"The pulse of *{escape(community)}* has closed: {took_part}."
    return "\n".join([head, *(_of(question, result) for question in result.round.questions)])


def _of(question: PulseQuestion, result: PulseResult) -> str:
    label = f"*{escape(question.ask)}*"
    if question.type == "text":
        texts = result.texts.get(question.id)
        if texts is None:
            return f"{label}\nFewer than {FEWEST_SHOWN} wrote something."
        more = [f"…and {len(texts) - _TEXTS_SHOWN} more in the thread."] if len(texts) > _TEXTS_SHOWN else []
        return "\n".join([label, *(f"• {_short(text)}" for text in texts[:_TEXTS_SHOWN]), *more])
    counts = result.counts.get(question.id)
    if counts is None:
        return f"{label}\nFewer than {FEWEST_SHOWN} answered this."
    if question.type == "scale":
        return f"{label}\n{mean(counts):.1f} of 5 ({sum(counts.values())} answers)"
    shown, is_more = shown_of(counts, question.options)
    told = [f"{escape(option)}: {count}" for option, count in shown.items()]
    rest = f"the others fewer than {FEWEST_SHOWN} each" if shown else f"fewer than {FEWEST_SHOWN} for each"
    return f"{label}\n" + ", ".join([*told, rest] if is_more else told)


def rest_of_texts(result: PulseResult) -> Iterator[str]:
    """What was written, whole, as messages of a thread: of each question of which the result shows only a part."""
    for question in result.round.questions:
        texts = result.texts.get(question.id) or ()
        if len(texts) <= _TEXTS_SHOWN and all(len(_line(text)) <= _TEXT_SHOWN for text in texts):
            continue
        message = f"*{escape(question.ask)}*"
        for text in texts:
            line = f"• {escape(_line(text))}"
            if len(message) + len(line) >= MESSAGE_LIMIT:
                yield message
                message = line
            else:
                message = f"{message}\n{line}"
        yield message


def _short(text: str) -> str:
    return escape(shorten(_line(text), _TEXT_SHOWN))


def _line(text: str) -> str:
    return " ".join(text.split())


def result_blocks(text: str, pulse_round: PulseRound, answers: int) -> tuple[Block, ...]:
    """The result, and the one thing to do about it: to say what follows."""
    if answers < FEWEST_SHOWN:
        return sections(text, verbatim=True)
    if pulse_round.action:
        return (
            *sections(text, verbatim=True),
            context(f"What will be done: {escape(pulse_round.action)}"),
            actions(_promise(pulse_round)),
        )
    ask = section(
        "What is the *one thing* that you will do about it? It stands in the report and in the next invitation."
    )
    return (*sections(text, verbatim=True), ask, actions(_promise(pulse_round)))


def _promise(pulse_round: PulseRound) -> Block:
    label = "Change it" if pulse_round.action else "Write it down"
    return button(label, PROMISE, str(pulse_round.id), primary=not pulse_round.action)


def reminder_text(community: str) -> str:
    return (
        f"What will you do about the pulse of *{escape(community)}*? Those who answered would like to know: "
        "one line under the result is enough."
    )


def promise_form(pulse_round: PulseRound) -> dict[str, Any]:
    box: Block = {"type": "plain_text_input", "action_id": VALUE, "max_length": ACTION_LIMIT}
    return {
        "type": "modal",
        "callback_id": PROMISE_FORM,
        "private_metadata": str(pulse_round.id),
        "title": plain("What will be done", _TITLE),
        "submit": plain("Save", _TITLE),
        "close": plain("Not now", _TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": VALUE,
                "label": plain("One thing that you will do about it", _LABEL),
                "hint": plain("Members read it in the next invitation.", _LABEL),
                "element": box | ({"initial_value": pulse_round.action} if pulse_round.action else {}),
            }
        ],
    }
