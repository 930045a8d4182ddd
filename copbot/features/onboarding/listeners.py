"""Presses, forms and commands of onboarding, as plain values for the service."""

from copbot.core.interaction import ActionHandler, Answer, Command, FormHandler, Press, Submission, Who
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us
from copbot.features.onboarding import answers, form, own, views
from copbot.features.onboarding.month import service as outcome
from copbot.features.onboarding.month import views as outcome_views
from copbot.features.onboarding.newcomer import moderators
from copbot.features.onboarding.newcomer import service as newcomers
from copbot.features.onboarding.newcomer import views as newcomer_views


def _open(ctx: Context, tx: Tx, press: Press) -> Answer:
    return answers.open_form(ctx, tx, press.value, press.user)


def _decline(ctx: Context, tx: Tx, press: Press) -> Answer:
    return own.decline(ctx, tx, press.value, press.user)


def _withdraw(ctx: Context, tx: Tx, press: Press) -> Answer:
    return own.take_back(ctx, tx, press.value, press.user)


def _submit(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    community, edition = form.opened_on(submission.private_metadata)
    return answers.submit(ctx, tx, community, submission.user, submission.state, edition)


def _typed(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Something was typed or ticked in the form: all that stands in it now is kept."""
    community, _ = form.opened_on(press.private_metadata)
    answers.keep_draft(tx, community, press.user, press.state, press.at_us or to_us(ctx.clock.now()))
    return Answer()


def _closed(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The form was closed unsent. Slack tells nothing of what stood in it (an empty ``state``), which is why ``_typed`` keeps it all
    along; where it does tell, that is the latest."""
    community, _ = form.opened_on(submission.private_metadata)
    answers.keep_draft(tx, community, submission.user, submission.state, to_us(ctx.clock.now()))
    return Answer()


COMMANDS = (
    Command(
        "newcomers", "moderators", "who joined of late, where each stands, who waits", newcomers.newcomers, writes=False
    ),
    Command(
        "welcome",
        "moderators",
        "welcome people who were here before me",
        moderators.welcome_someone,
        usage="@someone",
        example="@ana",
    ),
)
ACTIONS: dict[str, ActionHandler] = {views.OPEN: _open, views.DECLINE: _decline, views.WITHDRAW: _withdraw}
ACTIONS |= {newcomer_views.BACK: newcomers.turn, newcomer_views.NEXT: newcomers.turn}
ACTIONS |= {outcome_views.PRESSED + verdict: outcome.pressed for verdict in outcome_views.VERDICTS}
DRAFTS: dict[str, ActionHandler] = {form.DRAFT: _typed}
CLOSED: dict[str, FormHandler] = {form.CALLBACK: _closed}
FORMS: dict[str, FormHandler] = {form.CALLBACK: _submit, outcome_views.CALLBACK: outcome.line_sent}
GUARDED: dict[str, Who] = {newcomer_views.BACK: "moderators", newcomer_views.NEXT: "moderators"}
