"""How the messages of onboarding look. What they say is the community's own, from its templates."""

from collections.abc import Sequence

from copbot.core.blocks import actions, button, sections
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention, shorten
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.records import GivenAnswer
from copbot.core.time import in_words
from copbot.features.onboarding.words import Words

OPEN = "onboarding:open"
DECLINE = "onboarding:decline"
WITHDRAW = "onboarding:withdraw"

LISTED = 20

INTRODUCTION_LIMIT = 10_000
"""Characters of an introduction. Slack documents no limit for all blocks of a message together, and refuses it from some 11,300 to
13,200 characters on (``msg_blocks_too_long``; slackapi/bolt-js, issues 2509 and 2867)."""

ASKED_SHOWN = 200

_SILENCE = {
    None: "joined",
    "open": "have not answered their questions",
    "answered": "have answered their questions, but never written",
    "posted": "have written for the first time",
    "silent": "have neither answered nor written",
}


def plain_welcome(community: str, words: Words) -> str:
    """What is said when the community's own welcome cannot be rendered. ``community`` is its name."""
    return words.plain_welcome.format(community=escape(community))


def message_with_button(text: str, community_id: str, label: str, *, primary: bool = True) -> tuple[Block, ...]:
    """A message and the one thing to do about it: open the questions. Not ``primary`` where nothing has to be done."""
    return (*sections(text), actions(button(label, OPEN, community_id, primary=primary)))


def reminder(text: str, community_id: str, label: str, decline: str) -> tuple[Block, ...]:
    """A reminder of the questions, and the way to be left in peace."""
    buttons = actions(button(label, OPEN, community_id, primary=True), button(decline, DECLINE, community_id))
    return (*sections(text), buttons)


def message(text: str) -> tuple[Block, ...]:
    return sections(text)


def questions_label(onboarding: Onboarding, words: Words, asked: int | None = None) -> str:
    """The button's label. ``asked``: how many of the questions this person is still asked; None: all of them."""
    count = len(onboarding.questions) if asked is None else asked
    if count == 0:
        return words.read_guidelines if onboarding.guidelines else words.say_hello
    return words.one_question if count == 1 else words.several_questions.format(count=count)


def asked(question: Question | None, given: GivenAnswer) -> str:
    """An answered question as a headline; one that is gone from the file by its id."""
    return f"*{escape(shorten(question.ask if question else given.question, ASKED_SHOWN))}*"


def introduction_blocks(text: str) -> tuple[Block, ...]:
    """An introduction at whatever length, as far as Slack takes one message; everything stays in the person's own answers."""
    return sections(shorten(text, INTRODUCTION_LIMIT), verbatim=True)


def thanks(
    introductions: str | None,
    words: Words,
    *,
    first: bool,
    is_outdated: bool,
    is_stale: bool = False,
    is_withdrawn: bool = False,
) -> str:
    """``introductions``: the link of the channel where the answers are shared, None when nothing is."""
    if introductions:
        introduced = words.thanks_introduced if first else words.saved_introduced
        text = introduced.format(channel=introductions)
    elif is_withdrawn:
        text = words.withdrawn_now
    else:
        text = words.thanks_kept if first else words.saved_kept
    more = [words.questions_changed] if is_outdated else []
    more += [words.both_kept] if is_stale else []
    return "\n".join([text, *more])


def silent_text(follow_up: FollowUp, users: Sequence[str], command: str = "/cop") -> str:
    """The moderators' message about newcomers, ``follow_up.after`` after they joined."""
    names = ", ".join(mention(user) for user in users[:LISTED])
    if len(users) > LISTED:
        names += f" and {len(users) - LISTED} more (`{command} newcomers` shows them)"
    ago = in_words(follow_up.after)
    if follow_up.condition is None:
        return f"Joined {ago} ago: {names}."
    kind = "" if follow_up.condition == "posted" else " A short personal hello often helps."
    return f"Joined {ago} ago, and {_SILENCE[follow_up.condition]}: {names}.{kind}"


def mistake_text(mistake: str, consequence: str) -> str:
    return f"A template needs mending: {escape(mistake)}\n{consequence}"
