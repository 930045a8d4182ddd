"""Which phrases there are. ``{places}`` are filled with ``str.format``. No defaults: every language has every phrase."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    # the welcome, and its buttons (Slack shows at most 75 characters of a button)
    plain_welcome: str
    """When the community's own welcome cannot be rendered. ``{community}``: its name, escaped."""
    one_question: str
    several_questions: str
    read_guidelines: str
    say_hello: str
    change_answers: str

    # the form (title, submit and close: at most 24 characters)
    send: str
    later: str
    choose: str
    yes: str
    no: str
    share_in: str
    """``{channel}``: the name without #."""
    share_hint: str
    shared_mark: str
    """Under a question whose answer is shared."""
    known_already: str
    """Before a list of what was answered in another community."""
    kept_as_typed: str
    guidelines: str
    accept_guidelines: str
    needs_answer: str
    needs_day: str
    needs_tick: str

    # after sending
    thanks_introduced: str
    """``{channel}``: the link of the introductions channel."""
    thanks_kept: str
    saved_introduced: str
    saved_kept: str
    questions_changed: str
    both_kept: str
    """The form had been opened before the latest answers were given, on another device say."""
    declined: str
    declined_before: str
    withdrawn_now: str
    nothing_to_withdraw: str

    # a person's own page
    answers_here: str
    not_answered_yet: str
    begun: str
    shared_here: str
    """What the sign before an answer means. ``{channel}``: the link of the introductions channel."""
    withdraw: str
    declined_here: str

    # where an answer leads
    route: str
    """``{topic}``: the chosen option, escaped; ``{places}``: the channels' links."""
    route_without_channel: str
    route_people: str
    """Follows a route. ``{people}``: one or two people, joined with ``both``."""
    route_reading: str
    """Follows a route. ``{link}``: a link with the thread's first words."""
    both: str
    """``{first}`` and ``{second}``."""
    a_thread: str
    """What the link to a thread is called whose words are not known."""

    # reminders, the question after a month (a button's text: at most 75 characters; the form's title: 24)
    no_thanks: str
    partly: str
    not_yet: str
    outcome_title: str
    outcome_said: str
    """``{verdict}``: yes, partly or not_yet."""
    outcome_ask: str
    outcome_read_by: str
    outcome_noted: str
    """Below the question that was answered. ``{verdict}`` again."""
    outcome_unknown: str
    """To a press that no question of ours belongs to."""

    # those who brought others
    bronze: str
    silver: str
    gold: str
    referral_thanks: str
    """To the inviter, where the community has no template for it. ``{name}``, ``{count}``, ``{level}``, ``{community}``."""
    referral_announcement: str
    """The same for all. ``{member}``: a mention."""
    referrals_one: str
    """In what one may see about oneself."""
    referrals_some: str
    """``{count}``: two or more."""
    referrals_level: str
    """Follows it. ``{level}``: reached."""
    referrals_next: str
    """Follows it. ``{more}`` people are missing to ``{level}``."""

    # kind lines
    not_yours: str
    closed: str
    withdrawn: str
    """Stands in the introductions channel, in the community's language."""
