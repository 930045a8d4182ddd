"""What the bot means to do, with the reason for each time: read from the very files and store that it works with."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.time import MICROSECOND, from_us, in_words, to_us
from copbot.features.onboarding import rules as onboarding
from copbot.features.rhythm.timetable import coming_in
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
            found += _follow_ups(tx, community, now)
    return sorted(found, key=lambda one: (one.at, one.what))[:MOST]


def _posts(ctx: Context, tx: Tx, now: datetime) -> Iterator[Coming]:
    for one in coming_in(ctx, tx, ctx.communities(), now, POSTS):
        yield Coming(one.at, f"{one.post.id} in {one.post.channel}", one.why)


def _cards(ctx: Context, tx: Tx, community: Community, now: datetime) -> Iterator[Coming]:
    care, unanswered, zone = Care(ctx, tx, community, to_us(now)), community.unanswered, ZoneInfo(community.timezone)
    if care.moderators is None:
        return
    after = in_words(unanswered.after)
    for waiting in care.without_card():
        at_us = threads.card_due_us(waiting.ts_us, unanswered)
        asked = {"member": "a question", "question": "copbot's own question", "introduction": "an introduction"}
        what = f"{asked[waiting.origin]} in #{ctx.directory.channel_name(waiting.channel)} becomes a card"
        why = f"unless somebody answers: {after} without an answer is the limit"
        yield Coming(max(from_us(at_us), now).astimezone(zone), what, why)
    for card in care.open_cards:
        reminded_us = threads.reminder_due_us(card.opened_us, card.reminders, unanswered.again)
        if reminded_us is not None and card.claimed_by is None:
            at = max(from_us(reminded_us), now).astimezone(zone)
            why = f"its card has stood for {in_words((to_us(now) - card.opened_us) * MICROSECOND)}, and nobody took it"
            yield Coming(at, "moderators are reminded of an open question", why)


def _follow_ups(tx: Tx, community: Community, now: datetime) -> Iterator[Coming]:
    if community.onboarding is None or not community.onboarding.follow_ups:
        return
    zone, follow_ups = ZoneInfo(community.timezone), community.onboarding.follow_ups
    longest = max(follow_up.after for follow_up in follow_ups)
    for journey in tx.journeys.since(community.id, to_us(now - longest)):
        person = tx.facts.person(journey.user)
        name = person.name if person and person.name else "a newcomer"
        for follow_up, step in zip(follow_ups, onboarding.step_names(follow_ups), strict=True):
            key = f"follow_up:{journey.community}:{journey.user}:{step}"
            due_us = onboarding.step_due_us(journey.started_us, follow_up)
            answered = journey.state == "answered"
            if due_us <= to_us(now) or (follow_up.condition in ("open", "silent") and answered):
                continue
            if tx.deliveries.get(key) is None:
                told = f"moderators hear of {name}" if follow_up.tell_moderators else f"a message to {name}"
                condition = f", if it is still {follow_up.condition}" if follow_up.condition else ""
                why = f"{in_words(follow_up.after)} after the welcome{condition}"
                yield Coming(from_us(due_us).astimezone(zone), told, why)
