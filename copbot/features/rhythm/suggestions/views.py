"""How suggested questions look: the member's form, the moderators' cards and lists, what the member hears."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from copbot.core.blocks import actions, button, context, plain, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape, mention, shorten
from copbot.core.posts import Post
from copbot.core.records import Suggestion
from copbot.features.rhythm.suggestions.rules import LONGEST, MOST_WAITING, Objection

APPROVE, EDIT, DECLINE = "suggestion:approve", "suggestion:edit", "suggestion:decline"
REMOVE, PAGE = "suggestion:remove", "suggestion:page"
NEW_FORM, EDIT_FORM, DECLINE_FORM = "suggestion:new", "suggestion:edited", "suggestion:declined"

COMMUNITY, QUESTION, CREDIT, POST, REASON, VALUE = "community", "question", "credit", "post", "reason", "value"
BOX_LIMIT = 3000
REASON_LIMIT = 500
OPTIONS = 100
OPTION_LIMIT = 75
A_PAGE = 5

GONE = "I no longer know this suggestion."
NOWHERE = (
    "There is no post with questions yet in which it could be asked. Coordinators add one with `questions:` to the"
    " files in `schedules/`."
)


@dataclass(frozen=True)
class Place:
    """Where a suggestion would be asked: a post of the community's and its channel's ID, where Slack has it."""

    post: Post
    channel: str | None

    @property
    def link(self) -> str:
        return channel_link(self.channel) if self.channel else escape(self.post.channel)

    @property
    def label(self) -> str:
        return f"{self.post.id} in {self.post.channel}"


@dataclass(frozen=True)
class Shown:
    """A suggestion with what can be told of it now. ``place`` None: no post asks questions any more."""

    suggestion: Suggestion
    place: Place | None
    before: int = 0  # questions that are asked sooner
    waited: str = ""
    community: str = ""  # its name, where several are shown together
    reason: str = ""


# --- the member -----------------------------------------------------------------------------------------------------


def refused(objection: Objection, question: str, command: str) -> str:
    """Why a question was not taken, kindly."""
    match objection:
        case "no words":
            return "Please write the question in words."
        case "long":
            return (
                f"That has {len(question):,} characters. Please ask it in at most {LONGEST}, so that it can be read"
                " on a phone."
            )
        case "in the rotation":
            return f"That one is in the rotation already: good minds think alike. Another? `{command} suggest QUESTION`"
        case "waiting":
            return "Somebody else suggested just that, and the moderators have it before them. Thank you all the same!"
        case "yours waits":
            return (
                "You suggested that one already. The moderators have it before them, and I will tell you what they say."
            )
        case "was declined":
            return "The moderators looked at that one before and left it out. Would you put it another way?"
        case "too many":
            return f"{MOST_WAITING} questions of yours wait for the moderators. Give them a little time, then suggest more."


def thanks(suggestion: Suggestion) -> str:
    named = "" if suggestion.is_named else " Your name will not be mentioned."
    return f"Thank you! The moderators will look at your question, and I will tell you what they say.{named}"


def thanks_form(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Thank you", 24),
        "close": plain("Close", 24),
        "blocks": [section(thanks(suggestion)), _plainly(suggestion.question)],
    }


def form(communities: Sequence[Community], question: str, channel: str) -> dict[str, Any]:
    """The form in which a question is suggested; which community is asked where there are several."""
    blocks: list[Block] = []
    if len(communities) > 1:
        options = [_option(community.name, community.id) for community in communities[:OPTIONS]]
        menu = {"type": "static_select", "action_id": VALUE, "options": options, "initial_option": options[0]}
        blocks.append(
            {"type": "input", "block_id": COMMUNITY, "label": plain("For which community?", 2000), "element": menu}
        )
    named = _option("Say that it was my idea when it is asked", "named")
    blocks += [
        _question_box("Which question should everybody be asked?", question, "The moderators see it first. "),
        {
            "type": "input",
            "block_id": CREDIT,
            "optional": True,
            "label": plain("Credit", 2000),
            "element": {"type": "checkboxes", "action_id": VALUE, "options": [named], "initial_options": [named]},
        },
    ]
    known = {"channel": channel} | ({"community": communities[0].id} if len(communities) == 1 else {})
    return {
        "type": "modal",
        "callback_id": NEW_FORM,
        "private_metadata": json.dumps(known),
        "title": plain("Suggest a question", 24),
        "submit": plain("Suggest", 24),
        "close": plain("Cancel", 24),
        "blocks": blocks,
    }


def _question_box(label: str, question: str, hint: str = "") -> Block:
    box: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": BOX_LIMIT}
    if question:
        box["initial_value"] = question[:BOX_LIMIT]
    hint += f"At most {LONGEST} characters, so that it can be read on a phone."
    return {
        "type": "input",
        "block_id": QUESTION,
        "label": plain(label, 2000),
        "hint": plain(hint, 2000),
        "element": box,
    }


def approved_message(suggestion: Suggestion, place: Place, *, reworded: bool) -> str:
    how = ", a little reworded" if reworded else ""
    return (
        f":tada: Thank you! The moderators liked your question{how}, and it will be asked in {place.link}.\n"
        + _quoted(suggestion.question)
    )


def declined_message(suggestion: Suggestion, reason: str, command: str) -> str:
    said = f"They say: {escape(reason)}\n" if reason else ""
    return (
        "Thank you for suggesting a question. The moderators will not ask this one.\n"
        + _quoted(suggestion.question)
        + f"\n{said}Another one is always welcome: `{command} suggest`"
    )


# --- the moderators -------------------------------------------------------------------------------------------------


def card_text(shown: Shown) -> str:
    """What the notification of a card says."""
    return _headline(shown)


def card_blocks(shown: Shown) -> tuple[Block, ...]:
    waiting = shown.suggestion.state == "waiting"
    buttons = [actions(*_buttons(str(shown.suggestion.id)))] if waiting else []
    told = [context(_what_follows(shown))] if waiting else _reason(shown)
    return section(_headline(shown), verbatim=True), _plainly(shown.suggestion.question), *told, *buttons


def _headline(shown: Shown) -> str:
    one = shown.suggestion
    who, by = mention(one.user), mention(one.decided_by) if one.decided_by else "somebody"
    place = f" *{escape(shown.place.post.id)}* in {shown.place.link}" if shown.place else " the rotation"
    match one.state:
        case "waiting":
            return f":bulb: {who} suggests a question"
        case "approved":
            return f":white_check_mark: {by} approved {who}'s question: it joins{place}"
        case "declined":
            return f":heavy_minus_sign: {by} declined {who}'s question"
        case "removed":
            return f":heavy_minus_sign: {by} took {who}'s question out of the rotation"


def _reason(shown: Shown) -> list[Block]:
    return [context(f"Told why: {escape(shown.reason)}")] if shown.reason else []


def _what_follows(shown: Shown) -> str:
    if shown.place is None:
        return ":warning: No post asks questions at present, so there is nothing that it could join."
    sooner = "it is asked next" if not shown.before else f"{shown.before} are asked sooner"
    credit = "with their name" if shown.suggestion.is_named else "without their name, as they wish"
    return f"Approved, it joins *{escape(shown.place.post.id)}* in {shown.place.link} {credit}; {sooner}."


def _buttons(value: str) -> list[Block]:
    return [
        button("Approve", APPROVE, value, primary=True),
        button("Edit", EDIT, value),
        button("Decline", DECLINE, value),
    ]


def edit_form(suggestion: Suggestion, places: Sequence[Place], chosen: Place) -> dict[str, Any]:
    """The question to be reworded, and the post that it joins where there are several."""
    blocks: list[Block] = [_question_box("The question, as it will be asked", suggestion.question)]
    if len(places) > 1:
        options = [_option(place.label, place.post.id) for place in places[:OPTIONS]]
        first = _option(chosen.label, chosen.post.id)
        menu: Block = {"type": "static_select", "action_id": VALUE, "options": options}
        menu["initial_option"] = first if first in options else options[0]
        blocks.append({"type": "input", "block_id": POST, "label": plain("Asked by", 2000), "element": menu})
    return _decision(EDIT_FORM, "Edit and approve", "Approve", suggestion, blocks)


def decline_form(suggestion: Suggestion) -> dict[str, Any]:
    box = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": REASON_LIMIT}
    reason = {
        "type": "input",
        "block_id": REASON,
        "optional": True,
        "label": plain("A short reason, if you like", 2000),
        "hint": plain("The member reads it in a direct message, with your thanks.", 2000),
        "element": box,
    }
    return _decision(DECLINE_FORM, "Decline", "Decline", suggestion, [_plainly(suggestion.question), reason])


def _decision(
    callback: str, title: str, submit: str, suggestion: Suggestion, blocks: Sequence[Block]
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": str(suggestion.id),
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "blocks": list(blocks),
    }


def settled(suggestion: Suggestion) -> str:
    """What a moderator hears who comes second."""
    by = mention(suggestion.decided_by) if suggestion.decided_by else "Somebody"
    return f"{by} has decided on this one already: it is {suggestion.state}."


# --- the list -------------------------------------------------------------------------------------------------------


def listing(page: Sequence[Shown], state: str, start: int, waiting: int, approved: int, note: str) -> tuple[Block, ...]:
    """A page of the suggestions that wait, or of those in the rotation, with what to press. ``note``: what was just done."""
    total = waiting if state == "waiting" else approved
    blocks: list[Block] = [section(f"{note}\n{_title(state, total)}".strip())]
    for one in page:
        value = f"{one.suggestion.id}:{state}:{start}"
        blocks += [{"type": "divider"}, _plainly(one.suggestion.question), context(_line(one))]
        what = _buttons(value) if state == "waiting" else [button("Take out", REMOVE, value)]
        blocks.append(actions(*what))
    turns = _turns(state, start, len(page), total, approved, waiting)
    return (*blocks, *([actions(*turns)] if turns else []))


def _title(state: str, total: int) -> str:
    if state == "waiting":
        if not total:
            return "No suggested question waits."
        return f"*{total} suggested {'question waits' if total == 1 else 'questions wait'}*, the oldest first"
    return f"*{total} suggested {'question is' if total == 1 else 'questions are'} in the rotation*"


def _line(one: Shown) -> str:
    parts = [f"from {mention(one.suggestion.user)}, {one.waited} ago", escape(one.community)]
    if one.place is not None:
        parts.append(f"for *{escape(one.place.post.id)}* in {one.place.link}")
    elif one.suggestion.state == "approved":
        parts.append(f":warning: its post {escape(one.suggestion.post or '')} asks no questions any more")
    return " · ".join(part for part in parts if part)


def _turns(state: str, start: int, shown: int, total: int, approved: int, waiting: int) -> list[Block]:
    turns = []
    if start > 0:
        turns.append(button("Back", PAGE, f"{state}:{max(0, start - A_PAGE)}"))
    if start + shown < total:
        turns.append(button(f"Next {min(A_PAGE, total - start - shown)}", PAGE, f"{state}:{start + shown}"))
    if state == "waiting" and approved:
        turns.append(button(f"In the rotation ({approved})", PAGE, "approved:0"))
    if state == "approved":
        turns.append(button(f"Those that wait ({waiting})", PAGE, "waiting:0"))
    return [turn | {"action_id": f"{PAGE}:{number}"} for number, turn in enumerate(turns)]


def _plainly(question: str) -> Block:
    """A person's words, shown as written: nothing in them is markup."""
    return {"type": "section", "text": plain(question, 3000) | {"emoji": False}}


def _quoted(question: str) -> str:
    return f"> {escape(shorten(question, 3000))}"


def _option(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION_LIMIT), "value": value[:150]}
