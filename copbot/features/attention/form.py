"""The form of a member's settings. Its blocks are named by the version that it shows: Slack keeps what somebody chose in a block of the
same name, and what stands now would not be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from copbot.core.blocks import actions, button, context, field, modal, option, section
from copbot.core.community import NIGHT
from copbot.core.delivery import Block
from copbot.core.interaction import Submission
from copbot.core.mrkdwn import day
from copbot.core.preferences import MODES, SUBJECTS, Preferences
from copbot.core.time import Hours, from_us
from copbot.features.attention.choices import (
    hours_of,
    is_ahead,
    is_too_far,
    mode_of,
    pause_until_us,
    paused_day,
    shown_hours,
)
from copbot.features.attention.own_settings import Own
from copbot.features.attention.views import RESUME, at_most

FORM = "attention:settings"

OWN_HOURS = "own"


@dataclass(frozen=True)
class Chosen:
    """What was chosen in a form; or its mistakes, by block."""

    preferences: Preferences
    mistakes: Mapping[str, str]


class Unreadable(Exception):
    """No form of ours: forged, or of another version of the program."""


def view(own: Own, *, notice: str = "") -> dict[str, Any]:
    """``notice`` stands at its top."""
    words, at = own.words, own.preferences.version
    blocks = [*([section(notice)] if notice else []), context(at_most(own)), *_paused(own)]
    blocks.append(field(_name("mode", at), words.how_much, _modes(own)))
    blocks.append(field(_name("subjects", at), words.about_what, _subjects(own), optional=True))
    blocks.append(field(_name("quiet", at), words.quiet, _quiet(own)))
    hours = _shown_hours(own)
    for which, label, clock in (("from", words.from_, hours.start), ("to", words.to, hours.end)):
        picker = {"type": "timepicker", "initial_time": f"{clock:%H:%M}"}
        blocks.append(field(_name(which, at), label, picker, optional=True))
    pause = {"type": "datepicker"}
    if (until := paused_day(own.preferences, own.now, own.zone)) is not None:
        pause["initial_date"] = until.isoformat()
    hint = words.pause_hint.format(zone=own.zone.key)
    blocks.append(field(_name("pause", at), words.pause, pause, hint=hint, optional=True))
    zone = words.zone if own.is_zone_known else words.zone_not_known
    blocks.append(context(zone.format(zone=own.zone.key)))
    return modal(FORM, words.title, words.save, str(at), blocks, words.cancel)


def version_of(sent: Submission) -> int:
    """Of the settings that the form showed. Raises Unreadable."""
    if not (sent.private_metadata.isascii() and sent.private_metadata.isdigit() and len(sent.private_metadata) < 10):
        raise Unreadable
    return int(sent.private_metadata)


def chosen(sent: Submission, own: Own) -> Chosen:
    """What a form asks for, in the place of what it showed. All of it comes from outside. Raises Unreadable."""
    at = version_of(sent)
    mode = mode_of(sent.chosen(_name("mode", at)))
    wanted = _ticked(sent, _name("subjects", at))
    quiet = sent.chosen(_name("quiet", at))
    if mode is None or not wanted <= SUBJECTS.keys() or quiet not in ("community", "none", OWN_HOURS):
        raise Unreadable
    asked = replace(own.preferences, mode=mode, off=frozenset(one for one in SUBJECTS if one not in wanted))
    asked, mistakes = _with_hours(sent, own, asked, quiet, at)
    asked, more = _with_pause(sent, own, asked, at)
    return Chosen(asked, mistakes | more)


def _name(block: str, version: int) -> str:
    return f"{block}:{version}"


def _modes(own: Own) -> Block:
    options = {mode: option(own.words.modes[mode].label, mode, own.words.modes[mode].means) for mode in MODES}
    return {
        "type": "radio_buttons",
        "options": list(options.values()),
        "initial_option": options[own.preferences.mode],
    }


def _subjects(own: Own) -> Block:
    options = {s: option(own.words.subjects[s].label, s, own.words.subjects[s].means) for s in SUBJECTS}
    element: Block = {"type": "checkboxes", "options": list(options.values())}
    if ticked := [one for subject, one in options.items() if subject not in own.preferences.off]:
        element["initial_options"] = ticked
    return element


def _quiet(own: Own) -> Block:
    words = own.words
    options = {
        "community": option(_communitys(own), "community"),
        OWN_HOURS: option(words.own_hours, OWN_HOURS),
        "none": option(words.no_hours, "none"),
    }
    return {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[_quiet_choice(own.preferences)],
    }


def _quiet_choice(preferences: Preferences) -> str:
    return OWN_HOURS if isinstance(preferences.quiet, Hours) else preferences.quiet or "none"


def _communitys(own: Own) -> str:
    if len(own.communitys_hours) > 1:
        return own.words.each_communitys_hours
    hours = own.communitys_hours[0]
    return own.words.communitys_hours.format(hours=own.words.no_hours.lower() if hours is None else shown_hours(hours))


def _shown_hours(own: Own) -> Hours:
    """Which times stand in the pickers: their own, else a proposal."""
    if isinstance(own.preferences.quiet, Hours):
        return own.preferences.quiet
    return own.communitys_hours[0] or NIGHT


def _paused(own: Own) -> list[Block]:
    """A pause is ended by a button: not every Slack can empty a day that was chosen."""
    if paused_day(own.preferences, own.now, own.zone) is None or own.preferences.paused_until_us is None:
        return []
    said = own.words.paused.format(day=day(from_us(own.preferences.paused_until_us)))
    return [section(f":double_vertical_bar: {said}"), actions(button(own.words.end_pause, RESUME))]


def _ticked(sent: Submission, block: str) -> set[str]:
    options = sent.element(block).get("selected_options") or []
    if not isinstance(options, list) or not all(isinstance(one, Mapping) for one in options):
        raise Unreadable
    return {str(one.get("value")) for one in options}


def _with_hours(
    sent: Submission, own: Own, asked: Preferences, quiet: str, at: int
) -> tuple[Preferences, dict[str, str]]:
    """Whoever changes only the times means their own hours, whatever stands above them."""
    start, end = (_picked(sent, _name(which, at), "selected_time") for which in ("from", "to"))
    before = _shown_hours(own)
    touched = (start, end) != (f"{before.start:%H:%M}", f"{before.end:%H:%M}") and bool(start and end)
    if quiet != OWN_HOURS and not (touched and quiet == _quiet_choice(own.preferences)):
        return replace(asked, quiet="community" if quiet == "community" else None), {}
    missing = {_name(name, at): own.words.needs_times for name, it in (("from", start), ("to", end)) if not it}
    if missing:
        return asked, missing
    if start == end:
        return asked, {_name("to", at): own.words.same_times}
    try:
        return replace(asked, quiet=hours_of(f"{start}-{end}")), {}
    except ValueError:
        raise Unreadable from None


def _with_pause(sent: Submission, own: Own, asked: Preferences, at: int) -> tuple[Preferences, dict[str, str]]:
    given = _picked(sent, _name("pause", at), "selected_date")
    if not given:
        return replace(asked, paused_until_us=None), {}
    try:
        until = date.fromisoformat(given)
    except ValueError:
        raise Unreadable from None
    if until == paused_day(own.preferences, own.now, own.zone):
        return asked, {}
    if not is_ahead(until, own.now, own.zone):
        return asked, {_name("pause", at): own.words.past_day}
    if is_too_far(until, own.now, own.zone):
        return asked, {_name("pause", at): own.words.far_day}
    return replace(asked, paused_until_us=pause_until_us(until, own.zone)), {}


def _picked(sent: Submission, block: str, key: str) -> str:
    value = sent.element(block).get(key)
    return value if isinstance(value, str) else ""
