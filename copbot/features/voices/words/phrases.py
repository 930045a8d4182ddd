"""Which phrases there are. ``{places}`` are filled with ``str.format``. No defaults: every language has every phrase."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    # shared by the forms (title, submit and close: at most 24 characters)
    send: str
    later: str
    no_thanks: str
    closed: str
    """A button of something that is over, or of a community that is gone."""

    # pulse
    pulse_invitation: str
    """``{community}``: its name, escaped; ``{day}``: until when; ``{questions}``: how many, in words."""
    one_question: str
    some_questions: str
    """``{count}``"""
    pulse_action_before: str
    """``{action}``: what the coordinators said they would do after the round before, escaped."""
    pulse_answer: str
    pulse_title: str
    pulse_anonymous: str
    pulse_thanks: str
    pulse_declined: str
    pulse_taken: str
    pulse_nothing: str
    scale_low: str
    scale_high: str
    useful: str
    more: str

    # stories
    story_question: str
    """``{channel}``: a link to the channel; ``{message}``: a link to the message."""
    story_again: str
    """``{when}``: one_month or three_months; ``{told}``: what they told, quoted."""
    story_later_again: str
    """The first question once more, after it was put off. ``{channel}``, ``{message}`` as above; ``{when}``."""
    one_month: str
    three_months: str
    this_message: str
    tell: str
    in_a_month: str
    nothing_new: str
    story_title: str
    story_text: str
    story_text_again: str
    story_saved: str
    story_saved_hint: str
    story_consent: str
    consent_named: str
    consent_unnamed: str
    consent_none: str
    story_kept: str
    """``{seen}``: one of the next three."""
    seen_named: str
    seen_unnamed: str
    seen_none: str
    change: str
    delete: str
    story_put_off: str
    story_declined: str
    story_nothing_new: str
    story_deleted: str
    story_not_yours: str
    my_stories: str
