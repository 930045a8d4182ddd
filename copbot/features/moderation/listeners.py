"""Reports and steps as plain values for those who decide what follows."""

from copbot.core.interaction import ActionHandler, Answer, FormHandler, Press, ShortcutHandler, Who
from copbot.core.ports import Context, Tx
from copbot.features.moderation import reporting, steps, views
from copbot.features.moderation.rules import ORDER


def _opened(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    """A button that is a link: Slack opens it, and only wants to hear that the press arrived."""
    return Answer()


SHORTCUTS: dict[str, ShortcutHandler] = {"moderation_report": reporting.ask}
ACTIONS: dict[str, ActionHandler] = {views.OPEN: _opened} | {f"{views.STEP}:{one}": steps.pressed for one in ORDER}
FORMS: dict[str, FormHandler] = {views.REPORT_FORM: reporting.sent_in, views.STEP_FORM: steps.confirmed}
GUARDED: dict[str, Who] = dict.fromkeys((*(f"{views.STEP}:{one}" for one in ORDER), views.STEP_FORM), "moderators")
