"""What those who look into a case do about it: remind, warn, close. Each press is checked by who the person is now.

The bot sends nothing by itself: what the person reads is shown first, word for word, and sent by a moderator's second press. It is no
message of the bot's own accord, so it costs none of the member's attention; but it waits for the end of their quiet hours.
"""

from typing import cast

from copbot.core.attention import awake_at
from copbot.core.delivery import Outgoing
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.mrkdwn import channel_link, day, escape, mention
from copbot.core.ports import Context, Tx
from copbot.core.ports.case import CaseAction, Step
from copbot.core.records import Person
from copbot.core.refusal import Refusal
from copbot.core.time import from_us, to_us
from copbot.features.moderation import views
from copbot.features.moderation.docket import Docket, docket_of
from copbot.features.moderation.letters import Letter, letter
from copbot.features.moderation.people import may_see
from copbot.features.moderation.rules import ORDER
from copbot.features.moderation.words import words_for

NOT_FOR_YOU = "This is for those who look into cases."
GONE = "I no longer look after this case: its community is not in the files any more."
CLOSED = "This case is closed already."
TOO_SOON = "A warning comes after a reminder that has reached them. The reminder is still on its way."
LEFT = "They have left the workspace: nothing would reach them. You can close the case."


def pressed(ctx: Context, tx: Tx, press: Press) -> Answer:
    """A button of a case's card: the form that shows what would be sent, or asks for the note; "No action" closes at once."""
    action = cast(CaseAction, press.action_id.removeprefix(f"{views.STEP}:"))
    docket, refusal = _for_this_person(ctx, tx, press.value, press.user, action)
    if docket is None:
        return Answer(refusal)
    if action == "no_action":
        return Answer(_close(docket, press.user, action))
    words = "" if action == "noted" else _letter(docket, cast(Letter, action))
    return Answer(view=views.step_form(docket.shown(), action, f"{docket.case.id} {action}", words))


def confirmed(ctx: Context, tx: Tx, form: Submission) -> Answer:
    """The form sent in. Somebody else may have been faster."""
    number, _, named = form.private_metadata.partition(" ")
    action = cast(CaseAction, named)
    docket, refusal = _for_this_person(ctx, tx, number, form.user, action)
    if docket is None:
        return Answer(refusal)
    if action == "noted":
        note = form.written(views.NOTE).strip()
        if not note:
            return Answer(errors={views.NOTE: "A few words, for whoever reads this in half a year."})
        return Answer(_close(docket, form.user, action, note[: views.LINE_LIMIT]))
    return Answer(_write(docket, form.user, cast(Letter, action)))


def _for_this_person(ctx: Context, tx: Tx, number: str, user: str, action: CaseAction) -> tuple[Docket | None, str]:
    """The case, if this person may take this step now; else the one line that says why not."""
    case_id = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None
    docket = docket_of(ctx, tx, case_id, to_us(ctx.clock.now()))
    if docket is None or action not in ORDER:
        return None, GONE
    if not may_see(ctx, tx, docket.community, docket.case, user):
        return None, Refusal(NOT_FOR_YOU, docket.community.id)
    if docket.case.state == "closed":
        return None, f"{CLOSED} {_last(docket)}".strip()
    if action not in docket.offered:
        return None, _why_not(docket, action)
    return docket, ""


def _why_not(docket: Docket, action: CaseAction) -> str:
    done = next((step for step in docket.steps if step.action == action), None)
    if done is not None:
        return f"{mention(done.actor)} {views.DONE[action]} already."
    if not docket.can_write:
        return LEFT
    if action == "warned":
        return TOO_SOON
    return f"This goes another way by now. {_last(docket)}".strip()


def _last(docket: Docket) -> str:
    """What was done last."""
    step = next((step for step in reversed(docket.steps) if step.action != "reopened"), None)
    return "" if step is None else f"{mention(step.actor)} {views.DONE[step.action]}."


def _letter(docket: Docket, kind: Letter) -> str:
    return letter(docket.ctx, docket.community, docket.case, docket.reports, docket.author, kind)


def _write(docket: Docket, actor: str, kind: Letter) -> str:
    """Send the reminder or the warning, outside their quiet hours."""
    case = docket.case
    due_us = _outside_quiet_us(docket, docket.author)
    docket.tx.deliveries.plan(
        Outgoing(
            key=letter_key(case.id, kind),
            kind="moderation",
            target=case.author,
            text=_letter(docket, kind),
            community=docket.community.id,
            due_us=due_us,
        )
    )
    _note(docket, actor, kind)
    docket.after(**({"reminder": "due"} if kind == "reminded" else {}))
    what = "The reminder" if kind == "reminded" else "The warning"
    if due_us > docket.now_us:
        return f"{what} goes out once their quiet hours are over. Thank you."
    return f"{what} is on its way. Thank you."


def letter_key(case: int, kind: Letter) -> str:
    return f"case:{case}:{kind}"


def _close(docket: Docket, actor: str, action: CaseAction, note: str = "") -> str:
    _note(docket, actor, action, note)
    docket.after(state="closed", closed_us=docket.now_us)
    _tell_reporters(docket)
    return "The case is closed. Thank you for looking into it."


def _note(docket: Docket, actor: str, action: CaseAction, note: str = "") -> None:
    """Into the case's record, and into that of what moderators did: there without a word of anybody's."""
    docket.tx.cases.step(docket.case.id, Step(actor, action, docket.now_us, note))
    said = {"no_action": "closed without action", "noted": "closed with a note"}.get(action, action)
    docket.tx.audit.note(
        docket.community.id, actor, said, docket.case.author, docket.now_us, detail=f"case {docket.case.id}"
    )


def _tell_reporters(docket: Docket) -> None:
    """One line to each who wanted it, the same however the case ended; of one that was open again, to those who reported since."""
    case = docket.case
    for report in docket.reports:
        person = docket.tx.facts.person(report.reporter)
        if not report.wants_news or (person is not None and person.is_deleted):
            continue
        words = words_for(None if person is None else person.locale, docket.community.language)
        docket.tx.deliveries.plan(
            Outgoing(
                key=f"case:{case.id}:closed:{report.reporter}",
                kind="answer",
                target=report.reporter,
                text=words.closed.format(
                    community=escape(docket.community.name),
                    channel=channel_link(case.channel),
                    date=day(from_us(report.at_us)),
                ),
                community=docket.community.id,
                due_us=_outside_quiet_us(docket, person),
            )
        )


def _outside_quiet_us(docket: Docket, person: Person | None) -> int:
    if person is None:
        return docket.now_us
    return to_us(awake_at(docket.tx, docket.community, person, from_us(docket.now_us)))
