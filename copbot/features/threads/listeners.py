"""Moderators' presses and commands about waiting questions, as plain values for the moderators."""

from copbot.core.interaction import ActionHandler, Answer, Call, Command, Press
from copbot.core.ports import Context, Tx
from copbot.features.threads import moderators, views


def _take(ctx: Context, tx: Tx, press: Press) -> Answer:
    return Answer(moderators.take(ctx, tx, _card_id(press.value), press.user))


def _dismiss(ctx: Context, tx: Tx, press: Press) -> Answer:
    return Answer(moderators.dismiss(ctx, tx, _card_id(press.value), press.user))


def _opened(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    """A button that is a link: Slack opens it, and only wants to hear that the press arrived."""
    return Answer()


def _unanswered(ctx: Context, tx: Tx, call: Call) -> Answer:
    return Answer(moderators.unanswered(ctx, tx, call.user, call.channel))


def _card_id(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


COMMANDS = (Command("unanswered", "moderators", "questions that wait for an answer", _unanswered, writes=False),)
ACTIONS: dict[str, ActionHandler] = {views.TAKE: _take, views.DISMISS: _dismiss, views.OPEN: _opened}
