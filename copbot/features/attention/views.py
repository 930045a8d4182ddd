"""What members see of their settings: the small row under a message, answers to it, a line on their own page."""

from collections.abc import Sequence
from dataclasses import replace

from copbot.core.blocks import actions, button, section
from copbot.core.delivery import Block
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import day
from copbot.core.preferences import Preferences, Subject
from copbot.core.time import Hours, from_us
from copbot.features.attention.choices import is_paused, shown_hours, written
from copbot.features.attention.own_settings import Own
from copbot.features.attention.words import Words

WHY, LESS, OFF = "attention:why", "attention:less", "attention:off"
ALL_OFF, UNDO, SETTINGS, RESUME = "attention:all_off", "attention:undo", "attention:settings", "attention:resume"
ROW = "attention"
"""The ``block_id`` of the row under a message."""


def row(key: str, words: Words) -> Block:
    """``key``: of the message that it stands under."""
    buttons = [button(words.why, WHY, key), button(words.less, LESS, key), button(words.off, OFF, key)]
    return actions(*buttons) | {"block_id": ROW}


def why(own: Own, because: Sequence[str]) -> Answer:
    """``because``: why it came, a line each."""
    lines = [*because, at_most(own)]
    return _answer("\n".join(lines), button(own.words.settings, SETTINGS))


def at_most(own: Own) -> str:
    """How much comes at most, and when never."""
    if not own.day or not own.week:
        return own.words.nothing_comes
    said = own.words.at_most.format(day=own.day, week=own.week)
    hours = own.hours()
    if hours is None or hours.start == hours.end:
        return said
    between = own.words.never_between.format(start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}", zone=own.zone.key)
    return f"{said} {between}"


def stepped_down(own: Own, before: Preferences) -> Answer:
    """After *less*. ``own`` holds what stands now."""
    if own.preferences == before:
        return _answer(own.words.already_off, button(own.words.settings, SETTINGS))
    return changed(own, before, [now(own)])


def turned_off(own: Own, before: Preferences, subject: Subject) -> Answer:
    said = own.words.turned_off.format(subject=own.words.subjects[subject].label)
    return changed(own, before, [said], button(own.words.all_off, ALL_OFF))


def now(own: Own) -> str:
    choice = own.words.modes[own.preferences.mode]
    said = own.words.now.format(mode=choice.label, means=choice.means)
    return f"{said} {own.words.still_comes}" if own.preferences.mode == "off" else said


def changed(own: Own, before: Preferences, lines: Sequence[str], *more: Block, replaces: bool = False) -> Answer:
    """What changed, with the way back to ``before``."""
    back = written(replace(before, version=own.preferences.version))
    undo = [button(own.words.undo, UNDO, back)] if own.preferences != before else []
    return _answer("\n".join(lines), *undo, *more, button(own.words.settings, SETTINGS), replaces=replaces)


def stands(own: Own, first: str, *, replaces: bool = False) -> Answer:
    """A sentence, and all that stands now."""
    return _answer("\n".join([first, *standing(own)]), button(own.words.settings, SETTINGS), replaces=replaces)


def standing(own: Own, preferences: Preferences | None = None) -> list[str]:
    """The settings in words, a line each; those that stand, or others."""
    words, shown = own.words, own.preferences if preferences is None else preferences
    choice = words.modes[shown.mode]
    lines = [f"*{choice.label}*: {choice.means}."]
    if shown.off and shown.mode != "off":
        labels = [choice.label for subject, choice in words.subjects.items() if subject in shown.off]
        lines.append(words.is_off.format(subjects=", ".join(labels)))
    if shown.paused_until_us is not None and is_paused(shown, own.now):
        lines.append(words.paused.format(day=day(from_us(shown.paused_until_us))))
    elif shown.mode != "off":
        lines.append(_quiet(own, shown))
    return lines


def page(own: Own) -> tuple[Block, ...]:
    """The settings on a person's own page, with the button that opens them: all in one block, for it is read on a phone."""
    said = section(" ".join(standing(own)))
    said["accessory"] = button(own.words.settings, SETTINGS)
    return (said,)


def _quiet(own: Own, shown: Preferences) -> str:
    if shown.quiet == "community" and len(own.communitys_hours) > 1:
        return f"{own.words.quiet}: {own.words.each_communitys_hours}."
    hours = own.communitys_hours[0] if shown.quiet == "community" else shown.quiet
    if not isinstance(hours, Hours) or hours.start == hours.end:
        return own.words.never_quiet
    return own.words.quiet_between.format(hours=shown_hours(hours), zone=own.zone.key)


def _answer(text: str, *buttons: Block, replaces: bool = False) -> Answer:
    return Answer(text, (section(text), actions(*buttons)), replaces=replaces)
