"""How reports, cases and the steps about them look. Moderators read English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.blocks import actions, button, context, field, modal, option, section, sections
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape, mention, readable, shorten
from copbot.core.ports.case import Case, CaseAction, Report, Step
from copbot.core.time import from_us
from copbot.features.moderation.words import Words

OPEN, STEP = "moderation:open", "moderation:step"
REPORT_FORM, STEP_FORM = "moderation:reported", "moderation:stepped"
REASON, LINE, WISHES, NOTE = "reason", "line", "wishes", "note"
NAMED, NEWS = "named", "news"

ELSEWHERE = "Others look into this case now."
"""In the place of a card, with somebody who may no longer see it."""

LINE_LIMIT = 500
QUOTE_LIMIT = 500
REPORTS_SHOWN = 10
STEPS_SHOWN = 10

LABELS: dict[CaseAction, str] = {
    "reminded": "Remind them privately",
    "warned": "Warn them",
    "no_action": "No action",
    "noted": "Close with a note",
}
DONE: dict[CaseAction, str] = {
    "reminded": "sent the private reminder",
    "warned": "sent the warning",
    "no_action": "closed it without any action",
    "noted": "closed it",
    "reopened": "It was reported again, and is open again",
}


@dataclass(frozen=True)
class Shown:
    """A case with all that its card tells. ``text`` is the message's as Slack gave it, where it is kept."""

    case: Case
    reports: Sequence[Report]
    steps: Sequence[Step]
    earlier: Sequence[Case]
    offered: Sequence[CaseAction]
    zone: ZoneInfo
    link: str | None
    text: str | None = None
    has_left: bool = False


def report_form(
    words: Words, metadata: str, community: str, author: str, reasons: Sequence[str], *, by_coordinators: bool
) -> dict[str, Any]:
    seen_by = words.seen_by_coordinators if by_coordinators else words.seen_by_moderators
    choice: Block = {"type": "radio_buttons", "options": [option(reason, reason) for reason in reasons]}
    line: Block = {"type": "plain_text_input", "multiline": True, "max_length": LINE_LIMIT}
    wishes = [option(words.news, NEWS), option(words.named, NAMED)]
    boxes: Block = {"type": "checkboxes", "options": wishes, "initial_options": wishes[:1]}
    blocks = [
        section(seen_by.format(community=escape(community), author=mention(author)), verbatim=True),
        field(REASON, words.what, choice),
        field(LINE, words.line, line, hint=words.line_hint, optional=True),
        field(WISHES, words.wishes, boxes, optional=True),
    ]
    return modal(REPORT_FORM, words.title, words.send, metadata, blocks, close=words.cancel)


def step_form(shown: Shown, action: CaseAction, metadata: str, letter: str = "") -> dict[str, Any]:
    """What would be sent, word for word; or the note with which a case is closed."""
    if action == "noted":
        line: Block = {"type": "plain_text_input", "multiline": True, "max_length": LINE_LIMIT}
        hint = "For those who look into cases: it stands in the record, and nowhere else."
        blocks = [section(headline(shown), verbatim=True), field(NOTE, "What was done, or why not?", line, hint=hint)]
        return modal(STEP_FORM, "Close the case", "Close", metadata, blocks)
    who = mention(shown.case.author)
    intro = section(f"{who} gets this as a direct message from me, signed by nobody:", verbatim=True)
    note = context("Their answer to me is read by nobody: if you want to talk, write to them yourself.")
    title = "Private reminder" if action == "reminded" else "Warning"
    return modal(STEP_FORM, title, "Send", metadata, [intro, {"type": "divider"}, *sections(letter)[:20], note])


def card_text(shown: Shown) -> str:
    """What a notification of the card says: no name and no word of the message."""
    if shown.case.state == "closed":
        return f"Closed: the case of a message in {channel_link(shown.case.channel)}"
    return f"A message in {channel_link(shown.case.channel)} was reported"


def card_blocks(shown: Shown) -> tuple[Block, ...]:
    parts: list[Block] = [section(headline(shown), verbatim=True)]
    if shown.case.state == "open" and shown.text and not shown.case.is_gone:
        parts.append(section(_quote(shown.text), verbatim=True))
    parts.append(section("\n".join(_report_lines(shown.reports)), verbatim=True))
    parts += [context(line) for line in (*_before(shown), *_history(shown))]
    buttons = _buttons(shown)
    return (*parts, actions(*buttons)) if buttons else tuple(parts)


def headline(shown: Shown) -> str:
    case = shown.case
    mark = ":triangular_flag_on_post: *Reported*" if case.state == "open" else ":white_check_mark: *Closed*"
    gone = " It was *deleted* since." if case.is_gone else ""
    left = " They have *left* the workspace." if shown.has_left else ""
    written = f"{from_us(case.ts_us).astimezone(shown.zone):%a %d %b, %H:%M}"
    return f"{mark}: a message of {mention(case.author)} in {channel_link(case.channel)}, {written}.{gone}{left}"


def _report_lines(reports: Sequence[Report]) -> list[str]:
    """Who reported stands there only where they agreed to it."""
    lines = []
    for report in reports[:REPORTS_SHOWN]:
        who = mention(report.reporter) if report.is_named else "somebody who prefers not to be named"
        lines.append(f"• *{_plain(report.reason)}* Told by {who}.")
        if report.line:
            lines.append(f"> {_plain(report.line)}")
    if len(reports) > REPORTS_SHOWN:
        lines.append(f"…and {len(reports) - REPORTS_SHOWN} more reports.")
    return lines


def _before(shown: Shown) -> list[str]:
    if not shown.earlier:
        return []
    reminded = sum(one.reminder == "sent" for one in shown.earlier)
    cases = "one other case" if len(shown.earlier) == 1 else f"{len(shown.earlier)} other cases"
    told = f", with a reminder in {reminded}" if reminded else ", without a reminder"
    return [f"About the same person within a year: {cases}{told}."]


def _history(shown: Shown) -> list[str]:
    lines = [_step_line(step, shown.zone) for step in shown.steps[-STEPS_SHOWN:]]
    if shown.case.reminder == "due":
        lines.append("The reminder has not reached them yet. Nothing is sent in their quiet hours.")
    if shown.case.reminder == "failed":
        lines.append("The reminder could not be delivered.")
    return lines


def _step_line(step: Step, zone: ZoneInfo) -> str:
    when = _when(from_us(step.at_us), zone)
    if step.action == "reopened":
        return f"{DONE[step.action]}: {when}"
    note = f": {_plain(step.note)}" if step.note else ""
    return f"{mention(step.actor)} {DONE[step.action]}, {when}{note}"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %H:%M}"


def _buttons(shown: Shown) -> list[Block]:
    """In the same order for everyone. Closing without any action is asked once more: a thumb slips."""
    if shown.case.state == "closed":
        return []
    buttons = [] if shown.link is None or shown.case.is_gone else [button("Open the message", OPEN, url=shown.link)]
    for action in shown.offered:
        one = button(LABELS[action], f"{STEP}:{action}", str(shown.case.id))
        if action == "no_action":
            one["confirm"] = {
                "title": {"type": "plain_text", "text": "No action?"},
                "text": {
                    "type": "plain_text",
                    "text": "The case is closed. Whoever wanted to hear of it is told that you looked into it.",
                },
                "confirm": {"type": "plain_text", "text": "Close it"},
                "deny": {"type": "plain_text", "text": "Not yet"},
            }
        buttons.append(one)
    return buttons


def _plain(words: str) -> str:
    """Somebody's words on one line, shown as they are: no star of theirs ends the bold type."""
    return escape(" ".join(words.split())).replace("*", "∗")


def _quote(text: str) -> str:
    lines = [line.strip() for line in readable(text).splitlines() if line.strip()]
    short = shorten(escape("\n".join(lines[:6])), QUOTE_LIMIT)
    return "\n".join(f"> {line}" for line in short.splitlines())
