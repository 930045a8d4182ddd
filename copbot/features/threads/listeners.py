"""What people press, type and send about waiting questions, and who deals with it."""

from copbot.core.interaction import ActionHandler, Answer, Command, FormHandler, Press, Who
from copbot.core.ports import Context, Tx
from copbot.features.threads import forms, moderators, submissions, views
from copbot.features.threads.asking import message
from copbot.features.threads.asking import service as asking
from copbot.features.threads.queue import service as queue
from copbot.features.threads.queue import views as queue_views


def _opened(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    """A button that is a link: Slack opens it, and only wants to hear that the press arrived."""
    return Answer()


COMMANDS = (
    Command(
        "unanswered",
        "moderators",
        "questions that wait for an answer",
        queue.unanswered,
        "[#channel] [mine|all]",
        writes=False,
        example="mine",
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    views.TAKE: moderators.take,
    views.ASK: moderators.ask,
    views.ANSWERED: moderators.answered,
    views.MORE: moderators.choose,
    views.DISMISS: moderators.dismiss,
    views.REOPEN: moderators.bring_back,
    views.OPEN: _opened,
    queue_views.BACK: queue.turn,
    queue_views.NEXT: queue.turn,
    message.WILL_ANSWER: asking.will_answer,
    message.NOT_ME: asking.not_me,
}

FORMS: dict[str, FormHandler] = {
    forms.ASK_FORM: submissions.asked,
    forms.SNOOZE_FORM: submissions.snoozed,
    forms.ANSWERED_FORM: submissions.was_answered,
}

OF_EVERYONE = (views.OPEN, message.WILL_ANSWER, message.NOT_ME)
GUARDED: dict[str, Who] = {name: "moderators" for name in (*ACTIONS, *FORMS) if name not in OF_EVERYONE}
"""What moderators do. A question that somebody was asked is theirs to answer, whoever they are."""
