"""Presses, the form and the command of a member's settings. Each concerns the person who pressed, and nobody else."""

from dataclasses import replace

from copbot.core.attention.terms import SUBJECT_OF
from copbot.core.blocks import section
from copbot.core.delivery import Delivery
from copbot.core.interaction import ActionHandler, Answer, FormHandler, Press, Submission
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context, Tx
from copbot.core.preferences import Preferences, Subject
from copbot.features.attention import form, views
from copbot.features.attention.choices import less, read, resumed, without
from copbot.features.attention.own_settings import Own, change, keep, own_settings, put_back
from copbot.features.attention.words import words_to


def why(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Why the person got a message, what comes at most, and one button to the settings."""
    found = _message(tx, press)
    if found is None:
        return _not_yours(ctx, tx, press)
    delivery, subject = found
    own = own_settings(ctx, tx, press.user, delivery.outgoing.community)
    name = next((one.name for one in ctx.communities() if one.id == delivery.outgoing.community), None)
    community = escape(name) if name else own.words.some_community
    because = [own.words.because[subject].format(community=community)]
    if delivery.outgoing.why:
        because.append(escape(delivery.outgoing.why))
    return views.why(own, because)


def step_down(ctx: Context, tx: Tx, press: Press) -> Answer:
    found = _message(tx, press)
    if found is None:
        return _not_yours(ctx, tx, press)
    community = found[0].outgoing.community
    changed = change(ctx, tx, press.user, less, community)
    own = own_settings(ctx, tx, press.user, community)
    return Answer(own.words.try_again) if changed is None else views.stepped_down(own, changed[0])


def turn_off(ctx: Context, tx: Tx, press: Press) -> Answer:
    found = _message(tx, press)
    if found is None:
        return _not_yours(ctx, tx, press)
    (delivery, subject) = found
    community = delivery.outgoing.community
    changed = change(ctx, tx, press.user, lambda stands: without(stands, subject), community)
    own = own_settings(ctx, tx, press.user, community)
    return Answer(own.words.try_again) if changed is None else views.turned_off(own, changed[0], subject)


def all_off(ctx: Context, tx: Tx, press: Press) -> Answer:
    changed = change(ctx, tx, press.user, lambda stands: replace(stands, mode="off"))
    own = own_settings(ctx, tx, press.user)
    if changed is None:
        return Answer(own.words.try_again)
    return views.changed(own, changed[0], [views.now(own)], replaces=True)


def undo(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Put back what stood before, unless something was changed since."""
    before = read(press.value, press.user)
    own = own_settings(ctx, tx, press.user)
    if before is None or before.version != own.preferences.version:
        return views.stands(own, own.words.changed_since, replaces=True)
    if put_back(ctx, tx, own.preferences, before) is None:
        return Answer(own.words.try_again)
    return views.stands(own_settings(ctx, tx, press.user), own.words.undone, replaces=True)


def settings(ctx: Context, tx: Tx, press: Press) -> Answer:
    return Answer(view=form.view(own_settings(ctx, tx, press.user)))


def resume(ctx: Context, tx: Tx, press: Press) -> Answer:
    """End the pause, in the form."""
    if change(ctx, tx, press.user, resumed) is None:
        return Answer(words_to(ctx, tx, press.user).try_again)
    return Answer(view=form.view(own_settings(ctx, tx, press.user)))


def save(ctx: Context, tx: Tx, sent: Submission) -> Answer:
    """Keep what a form says. Whoever saved something else since it was opened is shown what stands, and what they had chosen here."""
    own = own_settings(ctx, tx, sent.user)
    try:
        chosen = form.chosen(sent, own)
        is_stale = form.version_of(sent) != own.preferences.version
    except form.Unreadable:
        return Answer(own.words.not_saved.format(command=ctx.command))
    if is_stale:
        return _changed_elsewhere(own, chosen.preferences)
    if chosen.mistakes:
        return Answer(errors=dict(chosen.mistakes))
    if chosen.preferences == own.preferences:
        return Answer()
    if keep(ctx, tx, own.preferences, chosen.preferences) is None:
        return _changed_elsewhere(own_settings(ctx, tx, sent.user), chosen.preferences)
    own = own_settings(ctx, tx, sent.user)
    return Answer("\n".join([own.words.saved, *views.standing(own)]))


def _changed_elsewhere(own: Own, chosen: Preferences) -> Answer:
    notice = own.words.changed_elsewhere.format(chosen=" ".join(views.standing(own, chosen)))
    return Answer(view=form.view(own, notice=notice))


def _message(tx: Tx, press: Press) -> tuple[Delivery, Subject] | None:
    """The message under which was pressed, and what it is about; None where it was not written to who presses."""
    delivery = tx.deliveries.get(press.value)
    if delivery is None or delivery.outgoing.target != press.user:
        return None
    subject = SUBJECT_OF.get(delivery.outgoing.kind)
    return None if subject is None else (delivery, subject)


def _not_yours(ctx: Context, tx: Tx, press: Press) -> Answer:
    said = words_to(ctx, tx, press.user).not_yours
    return Answer(said, (section(said),))


ACTIONS: dict[str, ActionHandler] = {
    views.WHY: why,
    views.LESS: step_down,
    views.OFF: turn_off,
    views.ALL_OFF: all_off,
    views.UNDO: undo,
    views.SETTINGS: settings,
    views.RESUME: resume,
}
FORMS: dict[str, FormHandler] = {form.FORM: save}
