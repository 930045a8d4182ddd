"""What the bot means to do, with the reason for each time: read from the very files and store that it works with."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.time import MICROSECOND, from_us, in_words, to_us
from copbot.features.onboarding.follow_up.outline import TO_WHOM
from copbot.features.onboarding.follow_up.steps import coming as coming_steps
from copbot.features.onboarding.service import reception_of
from copbot.features.participation.brief import service as brief
from copbot.features.participation.report import monthly
from copbot.features.rhythm.timetable import coming_in
from copbot.features.threads import reminding
from copbot.features.threads import rules as threads
from copbot.features.threads.care import Care
from copbot.workspace.time_control import Coming

POSTS, MOST = 8, 20


def what_comes(ctx: Context) -> Sequence[Coming]:
    """The coming posts, questions that will become cards, reminders and follow-ups of all communities, soonest first."""
    now = ctx.clock.now()
    with ctx.store.read() as tx:
        found = [*_posts(ctx, tx, now)]
        for community in ctx.communities():
            found += _cards(ctx, tx, community, now)
            found += _follow_ups(ctx, tx, community, now)
    found += _reports(ctx, now)
    return sorted(found, key=lambda one: (one.at, one.what))[:MOST]


def _posts(ctx: Context, tx: Tx, now: datetime) -> Iterator[Coming]:
    for one in coming_in(ctx, tx, ctx.communities(), now, POSTS):
        yield Coming(one.at, f"{one.post.id} in {one.post.channel}", one.why)


def _cards(ctx: Context, tx: Tx, community: Community, now: datetime) -> Iterator[Coming]:
    care, zone = Care(ctx, tx, community, to_us(now)), ZoneInfo(community.timezone)
    if care.moderators is None:
        return
    for waiting in care.without_card():
        unanswered = care.rules_in(waiting.channel)
        after = in_words(unanswered.after) + (" of working hours" if unanswered.hours else "")
        due_us = threads.card_due_us(waiting.ts_us, unanswered, care.working_in(waiting.channel))
        at_us = care.acts_us(waiting.channel, due_us)
        asked = {"member": "a question", "question": "copbot's own question", "introduction": "an introduction"}
        what = f"{asked[waiting.origin]} in #{ctx.directory.channel_name(waiting.channel)} becomes a card"
        why = f"unless somebody answers: {after} without an answer is the limit"
        yield Coming(max(from_us(at_us), now).astimezone(zone), what, why)
    for card in care.open_cards:
        if card.snoozed_until_us is not None:
            at = max(from_us(card.snoozed_until_us), now).astimezone(zone)
            yield Coming(at, "a card that rests comes back", "a moderator put it off until then")
    for due_us, card in reminding.reminders(care):
        at = max(from_us(care.acts_us(card.channel, due_us)), now).astimezone(zone)
        why = f"its card has stood for {in_words((to_us(now) - card.opened_us) * MICROSECOND)}, and nobody took it"
        yield Coming(at, "moderators are reminded of an open question", why)


def _reports(ctx: Context, now: datetime) -> Iterator[Coming]:
    zone = ZoneInfo(ctx.communities()[0].timezone)
    week, month = brief.next_due(ctx, now), monthly.next_due(ctx, now)
    if week is not None:
        yield Coming(
            week.astimezone(zone), "the week in a few lines, to the moderators", "unless there is nothing to tell"
        )
    if month is not None:
        why = "on the first working day of a month, on the month before"
        yield Coming(month.astimezone(zone), "the report, to the coordinators", why)


def _follow_ups(ctx: Context, tx: Tx, community: Community, now: datetime) -> Iterator[Coming]:
    reception = reception_of(ctx, tx, community.id, now)
    zone = ZoneInfo(community.timezone)
    for at, step in [] if reception is None else coming_steps(reception):
        follow_up, name = step.follow_up, step.person.name or "a newcomer"
        told = f"moderators hear of {name}" if follow_up.tell_moderators else f"a message to {name}"
        condition = f", to {TO_WHOM[follow_up.condition]}" if follow_up.condition else ""
        hours = "" if follow_up.tell_moderators else ", at their own hours"
        yield Coming(at.astimezone(zone), told, f"{in_words(follow_up.after)} after the welcome{hours}{condition}")
