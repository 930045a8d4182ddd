"""Presses, forms and commands of onboarding, as plain values for the service."""

from copbot.core.interaction import ActionHandler, Answer, Command, FormHandler, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.features.onboarding import form, moderators, service, views


def _open(ctx: Context, tx: Tx, press: Press) -> Answer:
    return service.open_form(ctx, tx, press.value, press.user)


def _submit(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    return service.submit(ctx, tx, submission.private_metadata, submission.user, submission.state)


COMMANDS = (
    Command("newcomers", "moderators", "who joined in the last 30 days", moderators.newcomers, writes=False),
    Command("welcome", "moderators", "welcome somebody who was not", moderators.welcome_someone, usage="@someone"),
)
ACTIONS: dict[str, ActionHandler] = {views.OPEN: _open}
FORMS: dict[str, FormHandler] = {form.CALLBACK: _submit}
