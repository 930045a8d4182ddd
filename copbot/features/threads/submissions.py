"""The moderators' forms, sent in. What stands in them is a claim: the role, the card and the person are looked at again."""

from datetime import date

from copbot.core.interaction import Answer, Submission
from copbot.core.ports import Context, Tx
from copbot.features.threads import changes, forms
from copbot.features.threads.asking import service as asking
from copbot.features.threads.moderators import at_hand, opened, snooze
from copbot.features.threads.snoozing import wakes_us
from copbot.features.threads.subjects import subject_of
from copbot.features.threads.thanking import thank

A_BOT = "That is a bot. Please leave it empty if nobody is to be thanked."


def asked(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """Whom to ask: somebody else goes before the one suggested, who is chosen already when the form opens."""
    found = at_hand(ctx, tx, subject_of(submission.private_metadata), submission.user)
    if isinstance(found, str):
        return Answer(found)
    care, card = found
    anyone, suggested = _person(submission, forms.ANYONE), submission.chosen(forms.SUGGESTED)
    user = anyone or suggested
    field = forms.ANYONE if anyone or forms.SUGGESTED not in submission.state else forms.SUGGESTED
    refused = asking.objection(care, card, user, submission.user) if user else "Please choose somebody."
    if refused:
        return Answer(errors={field: refused})
    return Answer(asking.ask(care, opened(care, card), user, submission.user))


def snoozed(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """Until a date."""
    found = at_hand(ctx, tx, subject_of(submission.private_metadata), submission.user)
    if isinstance(found, str):
        return Answer(found)
    care, card = found
    today = ctx.clock.now().astimezone(care.zone).date()
    day = _date(submission, forms.UNTIL)
    if day is None or not today < day <= today + forms.LONGEST_SNOOZE:
        return Answer(errors={forms.UNTIL: "Please choose a day from tomorrow on, within a year."})
    snooze(care, card, wakes_us(day, ctx.clock.now(), care.working_in(card.channel)), submission.user)
    return Answer()


def was_answered(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """A moderator says that a question was answered, and perhaps by whom."""
    found = at_hand(ctx, tx, subject_of(submission.private_metadata), submission.user)
    if isinstance(found, str):
        return Answer(found)
    care, card = found
    who = _person(submission, forms.WHO) or None
    person = tx.facts.person(who) if who else None
    if person is not None and person.is_bot:
        return Answer(errors={forms.WHO: A_BOT})
    settled = changes.settle(care, opened(care, card), "answered", submission.user, who)
    if who is not None:
        thank(care, settled, who, submission.user)
    return Answer()


def _person(submission: Submission, block: str) -> str:
    value = submission.element(block).get("selected_user")
    return value if isinstance(value, str) else ""


def _date(submission: Submission, block: str) -> date | None:
    try:
        return date.fromisoformat(str(submission.element(block).get("selected_date")))
    except ValueError:
        return None
