"""Asking for a story: in private, once in a while, and again after 30 and 90 days, for value shows up later.

Asked is whoever wrote in a watched channel that something was used or helped (``core.worth``), where the file says ``stories: on``.
"""

from datetime import datetime
from typing import Literal

from copbot.core import attention
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.ports import Context, Tx
from copbot.core.records import Happening, Person
from copbot.core.roles import watched_channels
from copbot.core.time import from_us, to_us
from copbot.core.voices import STORY_STEPS, Story
from copbot.features.voices.stories import rules, views
from copbot.features.voices.words import words_for


def follow(ctx: Context, tx: Tx, happening: Happening) -> None:
    """Somebody said that something helped: ask them, if they may be asked."""
    if happening.kind != "told_of_worth" or happening.channel is None:
        return
    now = ctx.clock.now()
    for community in ctx.communities():
        if not community.stories or happening.channel not in watched_channels(ctx, community):
            continue
        person = tx.facts.person(happening.user) or Person(happening.user)
        before = tx.stories.of(community.id, person.user)
        if rules.may_be_asked(person, before, happening.at_us, to_us(now)):
            story = tx.stories.ask(community.id, person.user, happening.channel, happening.at_us, to_us(now))
            if story is not None:
                _ask(ctx, tx, community, story, 0, now)
        return


def plan_due(ctx: Context, now: datetime) -> None:
    """Ask again those for whom 30 or 90 days have passed."""
    for community in ctx.communities():
        if not community.stories:
            continue
        with ctx.store.read() as tx:
            due = _due(tx, community, to_us(now))
        for story, step in due:
            with ctx.store.begin() as tx:
                _ask(ctx, tx, community, story, step, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When the next of those who were asked is to be asked again."""
    moments: list[int] = []
    now_us = to_us(now)
    with ctx.store.read() as tx:
        for community in ctx.communities():
            for step in STORY_STEPS[1:] if community.stories else ():
                _, until_us = rules.asked_between(now_us, step)
                coming = tx.stories.to_ask_again(community.id, until_us + 1, now_us)
                moments += [rules.step_due_us(story, step) for story in coming]
    return from_us(min(moments)) if moments else None


def _due(tx: Tx, community: Community, now_us: int) -> list[tuple[Story, int]]:
    found: list[tuple[Story, int]] = []
    for step in STORY_STEPS[1:]:
        asked = tx.stories.to_ask_again(community.id, *rules.asked_between(now_us, step))
        known = tx.deliveries.known([key_of(story, step) for story in asked])
        found += [(story, step) for story in asked if key_of(story, step) not in known]
    return found


def _ask(ctx: Context, tx: Tx, community: Community, story: Story, step: int, now: datetime) -> None:
    person = tx.facts.person(story.user) or Person(story.user)
    expires_us = rules.expires_us(to_us(now))
    due = attention.free_at(tx, community, person, now, "story", expires=from_us(expires_us))
    words = words_for(person.locale, community.language)
    text = views.question(story, step, ctx.permalink(story.channel, story.ts_us), tx.stories.told(story.id), words)
    outgoing = Outgoing(
        key=key_of(story, step),
        kind="story",
        target=story.user,
        text=text,
        blocks=views.question_blocks(text, story, step, words),
        community=community.id,
        due_us=to_us(now if due is None else due),
        wanted_us=to_us(now),
        expires_us=expires_us,
    )
    tx.deliveries.plan(outgoing)
    if due is None or to_us(due) >= expires_us:
        tx.deliveries.cancel(outgoing.key, "no room in their attention")


def key_of(story: Story, step: int | Literal[""]) -> str:
    """Of the question at a step; how all of them begin for ""."""
    return f"story:{story.community}:{story.id}:{step}"
