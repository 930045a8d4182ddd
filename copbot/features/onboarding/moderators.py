"""What moderators ask about newcomers, and do for them."""

import re

from copbot.core.interaction import Answer, Call
from copbot.core.mrkdwn import escape, mention
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for
from copbot.core.time import DAY_US, MICROSECOND, in_words, to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.service import Reception, reception_of, welcome

REFUSED = "Moderators can do this."

RECENT_DAYS = 30

_SOMEONE = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def _receptions(ctx: Context, tx: Tx, call: Call) -> list[Reception] | None:
    """The communities with onboarding that this person moderates; None for somebody who moderates none."""
    communities = communities_for(ctx, call.user, "moderators", call.channel)
    if not communities:
        return None
    found = (reception_of(ctx, tx, community.id, ctx.clock.now()) for community in communities)
    return [reception for reception in found if reception is not None]


def newcomers(ctx: Context, tx: Tx, call: Call) -> Answer:
    """Who joined in the last 30 days, and where each stands."""
    receptions = _receptions(ctx, tx, call)
    if receptions is None:
        return Answer(REFUSED)
    if not receptions:
        return Answer("No community of yours welcomes newcomers: its files have no `onboarding:`.")
    return Answer("\n\n".join(_recent(reception) for reception in receptions))


def _recent(reception: Reception) -> str:
    journeys = reception.tx.journeys.since(reception.community.id, reception.now_us - RECENT_DAYS * DAY_US)
    watched = reception.watched()
    listed = [
        views.Newcomer(
            user=journey.user,
            joined=in_words((reception.now_us - journey.started_us) * MICROSECOND),
            answered=journey.state == "answered",
            posted=reception.tx.facts.has_posted(journey.user, watched, since_us=journey.started_us),
        )
        for journey in reversed(journeys)
    ]
    return views.newcomers_text(reception.community.name, listed)


def welcome_someone(ctx: Context, tx: Tx, call: Call) -> Answer:
    """Welcome somebody who was not: one who came before the bot did, say. Nobody is welcomed twice."""
    receptions = _receptions(ctx, tx, call)
    if receptions is None:
        return Answer(REFUSED)
    someone = _SOMEONE.fullmatch(call.argument.strip())
    if someone is None:
        return Answer(
            f"Whom shall I welcome? Write `{ctx.command} welcome @name` and pick the person from Slack's list."
        )
    if len(receptions) != 1:
        return Answer(_which(ctx, receptions))
    person = tx.facts.person(someone[1])
    if person is None:
        return Answer("I do not know this person yet. Once they have joined a channel that I am in, try again.")
    if not rules.may_be_welcomed(person):
        return Answer(f"I welcome people of this organisation only, and {mention(person.user)} is not one of them.")
    if welcome(receptions[0], person):
        return Answer(f"I have written to {mention(person.user)}. Thank you for thinking of them!")
    when = receptions[0].tx.journeys.get(receptions[0].community.id, person.user)
    ago = in_words((to_us(ctx.clock.now()) - when.started_us) * MICROSECOND) if when else "a while"
    return Answer(f"{mention(person.user)} was welcomed {ago} ago, and nobody is asked twice.")


def _which(ctx: Context, receptions: list[Reception]) -> str:
    if not receptions:
        return "No community of yours welcomes newcomers: its files have no `onboarding:`."
    names = ", ".join(escape(reception.community.name) for reception in receptions)
    return f"To which community: {names}? Write `{ctx.command} welcome @name` in one of its channels."
