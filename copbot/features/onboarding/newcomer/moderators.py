"""``welcome @someone``: a moderator has those welcomed who were here before the bot was.

History that is imported or read welcomes nobody, for a hundred old members would wonder; a moderator chooses whom it suits.
"""

from collections.abc import Sequence

from copbot.core.interaction import Answer, Call
from copbot.core.mrkdwn import escape, mention, people_in, shorten
from copbot.core.onboarding import may_be_welcomed
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.time import MICROSECOND, in_words
from copbot.features.onboarding.newcomer.service import NO_ONBOARDING, receptions
from copbot.features.onboarding.service import Reception, welcome

MOST_AT_ONCE = 10


def welcome_someone(ctx: Context, tx: Tx, call: Call) -> Answer:
    """Welcome one or several. Nobody is welcomed twice; what became of each is told in a line."""
    mine = receptions(ctx, tx, call.user, None)
    if mine is None:
        return Answer(MODERATORS_ONLY)
    people, words = people_in(call.argument)
    rest = words.split()
    named = [one for one in mine if one.community.id in rest]
    rest = [word for word in rest if word not in {one.community.id for one in named}]
    if not people or rest:
        return Answer(_whom(ctx, rest))
    meant = named or receptions(ctx, tx, call.user, call.channel) or []
    if len(meant) != 1:
        return Answer(_which(ctx, meant or mine))
    if len(people) > MOST_AT_ONCE:
        return Answer(f"That is a crowd: I welcome {MOST_AT_ONCE} at a time, and so far none of these.")
    return Answer("\n".join(_welcomed(meant[0], call.user, user) for user in people))


def _welcomed(reception: Reception, moderator: str, user: str) -> str:
    who = mention(user)
    person = reception.tx.facts.person(user)
    if person is None:
        return f"I do not know {who} yet. Once they have joined a channel that I am in, try again."
    if not may_be_welcomed(person, reception.onboarding.welcomes):
        return _not_welcomed(person)
    if not welcome(reception, person):
        return _before(reception, user)
    reception.tx.audit.note(reception.community.id, moderator, "welcomed", user, reception.now_us)
    return f"I am writing to {who}. Thank you for thinking of them!"


def _not_welcomed(person: Person) -> str:
    who = mention(person.user)
    if person.is_bot:
        return f"{who} is an app like me, and would not know what to answer."
    if person.is_deleted:
        return f"{who} has left this workspace: nothing would reach them."
    if person.is_untracked:
        return f"{who} asked me to keep nothing of them, so I do not write to them by myself."
    if person.is_external:
        return f"{who} belongs to another organisation, and your files say that I do not write to those."
    kind = "a guest here" if person.is_guest else "a member here"
    return f"{who} is {kind}, and your files say that I do not write to those (`welcomes:`)."


def _before(reception: Reception, user: str) -> str:
    journey = reception.tx.journeys.get(reception.community.id, user)
    if journey is None:
        return f"{mention(user)} was welcomed before, and nobody is asked twice."
    ago = in_words((reception.now_us - journey.started_us) * MICROSECOND)
    declined = " They said no thanks, and that is that." if journey.state == "declined" else ""
    return f"{mention(user)} was welcomed {ago} ago, and nobody is asked twice.{declined}"


def _whom(ctx: Context, rest: Sequence[str]) -> str:
    """How to say whom. A name that was typed without being picked is a word like any other, of which there may be several."""
    how = f"Write `{ctx.command} welcome @name`: type the @ and pick the person from the list that Slack opens."
    if not rest:
        return f"Whom shall I welcome? {how}"
    return f"I cannot tell who `{escape(shorten(' '.join(rest), 60))}` is. {how}"


def _which(ctx: Context, mine: Sequence[Reception]) -> str:
    if not mine:
        return NO_ONBOARDING
    names = " or ".join(f"`{one.community.id}`" for one in mine)
    return f"To which community? Add {names}: `{ctx.command} welcome @name {mine[0].community.id}`."
