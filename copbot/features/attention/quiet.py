"""``/cop quiet``: the form, or, typed in a word, a change at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import escape, shorten
from copbot.core.ports import Context, Tx
from copbot.core.preferences import Preferences
from copbot.features.attention import form, views
from copbot.features.attention.choices import hours_of, is_ahead, is_too_far, mode_of, pause_until_us, resumed
from copbot.features.attention.own_settings import Own, change, own_settings

SHOWN = 40
"""Characters of what somebody typed that are shown again."""

Step = Callable[[Preferences], Preferences]


def quiet(ctx: Context, tx: Tx, call: Call) -> Answer:
    own = own_settings(ctx, tx, call.user)
    if not call.argument:
        return Answer(view=form.view(own))
    step = _step(own, *call.argument.lower().partition(" ")[::2])
    if isinstance(step, str):
        return Answer(step)
    changed = change(ctx, tx, call.user, step)
    own = own_settings(ctx, tx, call.user)
    return Answer(own.words.try_again) if changed is None else views.changed(own, changed[0], views.standing(own))


def _step(own: Own, word: str, rest: str) -> Step | str:
    """What was typed, as a change; or what is wrong with it."""
    rest = rest.strip()
    mode = mode_of(word)
    if mode is not None and not rest:
        return lambda stands: replace(stands, mode=mode)
    if word == "on" and not rest:
        return resumed
    if word == "until":
        return _until(own, rest)
    if word == "hours":
        return _hours(own, rest)
    return own.words.unknown.format(given=_given(f"{word} {rest}".strip()), command=own.command)


def _until(own: Own, typed: str) -> Step | str:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        example = own.now.astimezone(own.zone).date() + timedelta(weeks=2)
        return own.words.unreadable_day.format(given=_given(typed), example=example.isoformat())
    if not is_ahead(day, own.now, own.zone):
        return own.words.past_day
    if is_too_far(day, own.now, own.zone):
        return own.words.far_day
    return lambda stands: replace(stands, paused_until_us=pause_until_us(day, own.zone))


def _hours(own: Own, typed: str) -> Step | str:
    try:
        hours = hours_of(typed)
    except ValueError:
        return own.words.unreadable_hours.format(given=_given(typed))
    return lambda stands: replace(stands, quiet=hours)


def _given(typed: str) -> str:
    return escape(shorten(typed.replace("`", "'"), SHOWN)) or " "


SUMMARY = "how much I may write to you, about what, and when"
COMMANDS = (Command("quiet", "everyone", SUMMARY, quiet, "[light|off|until DAY|…]", example="until 2026-12-24"),)
