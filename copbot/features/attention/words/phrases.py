"""Which phrases there are. ``{places}`` are filled with ``str.format``. No defaults: every language has every phrase."""

from collections.abc import Mapping
from dataclasses import dataclass

from copbot.core.preferences import Mode, Subject


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several to choose from: at most 75 characters each, as Slack takes them; short ones fit a phone."""

    label: str
    means: str


@dataclass(frozen=True, kw_only=True)
class Words:
    # under each message that the bot starts
    why: str
    less: str
    off: str

    # what can be turned off, and why somebody gets it
    subjects: Mapping[Subject, Choice]
    because: Mapping[Subject, str]
    """``{community}``: its name, escaped."""
    some_community: str
    """In the place of the name of a community that is gone."""
    not_yours: str

    # how much comes at most
    at_most: str
    """``{day}``, ``{week}``: how many in 24 hours, and in 7 days."""
    nothing_comes: str
    """Where the community's own file lets nothing be sent."""
    never_between: str
    """``{start}``, ``{end}``: by the clock; ``{zone}``: its name."""
    still_comes: str

    # how many, what, when
    modes: Mapping[Mode, Choice]
    now: str
    """``{mode}``: its label; ``{means}``: what it means."""
    already_off: str
    turned_off: str
    """``{subject}``: its label."""
    all_off: str
    undo: str
    undone: str
    changed_since: str
    settings: str
    saved: str
    try_again: str

    # the form and the line on a person's own page (title and buttons of a form: at most 24 characters)
    title: str
    save: str
    cancel: str
    how_much: str
    about_what: str
    quiet: str
    communitys_hours: str
    """``{hours}``"""
    each_communitys_hours: str
    own_hours: str
    no_hours: str
    from_: str
    to: str
    pause: str
    pause_hint: str
    """``{zone}``"""
    end_pause: str
    zone: str
    """``{zone}``: the member's own."""
    zone_not_known: str
    """``{zone}``: the one that is taken instead."""
    changed_elsewhere: str
    """``{chosen}``: what they had chosen in the form that was not saved."""

    # what stands, a line each
    is_off: str
    """``{subjects}``"""
    quiet_between: str
    """``{hours}``, ``{zone}``"""
    never_quiet: str
    paused: str
    """``{day}``"""

    # mistakes
    needs_times: str
    same_times: str
    past_day: str
    far_day: str
    unreadable_day: str
    """``{given}``: what they typed, escaped; ``{example}``: a day."""
    unreadable_hours: str
    """``{given}``"""
    unknown: str
    """``{given}``, ``{command}``"""
    not_saved: str
