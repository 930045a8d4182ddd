"""The steps of the rhythm: gather through the ports, ask the rules, record. Everything here may run twice; the
second changes nothing.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.delivery import Kind, Outgoing
from copbot.core.errors import Mistake, SlackRefused, SlackUnavailable
from copbot.core.mrkdwn import MESSAGE_LIMIT, channel_link, shorten
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.core.time import from_us, to_us
from copbot.features.rhythm import views
from copbot.features.rhythm.evidence import chooser
from copbot.features.rhythm.recurrence import LOOK_BACK, Occasion, coming, earlier_keys, past
from copbot.features.rhythm.rules import (
    Missed,
    fits_budget,
    identity,
    is_news,
    midnight,
    next_question,
    post_due,
)

POST_KINDS: tuple[Kind, ...] = ("question", "post")
MOST_MISSED = 30


@dataclass(frozen=True)
class Turn:
    """A post whose turn may have come: what each step needs."""

    ctx: Context
    community: Community
    post: Post
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    def key(self, occasion: str) -> str:
        """The delivery's key: it names the occasion, so that nothing is said twice."""
        return f"post:{self.community.id}:{self.post.id}:{occasion}"


def plan_due(ctx: Context, now: datetime) -> None:
    """Record every post that is due at ``now``, and what was skipped. One failing post does not stop the others."""
    for community in ctx.communities():
        for post in community.posts:
            with suppress(SlackUnavailable, SlackRefused):  # asked again at the next step
                _plan(Turn(ctx, community, post, now))


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When a post may become due next: when its time comes or, for ``active``, when its window opens or ends."""
    moments: list[datetime] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            choose = chooser(ctx, tx, community, now)
            for post in community.posts:
                if not post.paused:
                    occasion = next(coming(post, ZoneInfo(community.timezone), now, choose), None)
                    if occasion is not None:
                        moments.append(occasion.opens if occasion.opens > now else occasion.due)
    return min(moments, default=None)


def _plan(turn: Turn) -> None:
    ctx, post, now = turn.ctx, turn.post, turn.now
    with ctx.store.read() as tx:
        choose = chooser(ctx, tx, turn.community, now)
        occasion = next(past(post, turn.zone, now, now - LOOK_BACK, choose), None)
        if occasion is None or tx.deliveries.get(turn.key(occasion.key)) is not None:
            return
        channel = ctx.directory.channel(post.channel)
        last_us = tx.facts.last_message_us(channel) if channel and occasion.opens < occasion.due else None
        verdict = post_due(post, occasion, now, None if last_us is None else from_us(last_us))
        if verdict == "wait":
            return
        missed = _missed(turn, tx, occasion)
        question = next_question(post.questions, tx.questions.used(turn.community.id, post.id))
    if verdict == "paused":
        _skip(turn, occasion, channel or post.channel, "paused", "")
    elif verdict == "late":
        _skip_late(turn, occasion, channel or post.channel, missed)
    elif channel is None:
        _tell(turn, f"notice:no-channel:{turn.community.id}:{post.id}:{post.channel}", views.no_channel(post))
    else:
        _write(turn, occasion, channel, question, missed)


def _missed(turn: Turn, tx: Tx, occasion: Occasion) -> Missed:
    """How many occasions before one were never recorded, back to one that was. A post without any is new here."""
    for count, key in enumerate(islice(earlier_keys(turn.post, turn.zone, occasion), MOST_MISSED)):
        if tx.deliveries.get(turn.key(key)) is not None:
            return Missed(count, in_force=True)
    return Missed(0, in_force=False)


def _write(turn: Turn, occasion: Occasion, channel: str, question: str | None, missed: Missed) -> None:
    """Render first, outside of any transaction; then record the post together with the question it uses up."""
    ctx, community, post = turn.ctx, turn.community, turn.post
    try:
        text = _text(turn, occasion, channel, question)
    except Mistake as mistake:
        _skip(turn, occasion, channel, f"not written: {mistake}", views.not_written(post, str(mistake)))
        return
    discussion = {ctx.directory.channel(name) for name in community.channels.discussion}
    late_note = f"{post.id} was due {occasion.due.astimezone(turn.zone):%Y-%m-%d %H:%M}"
    notices = _notices(turn, _notice_key(turn, occasion), views.missed(post, missed.earlier)) if missed.earlier else []
    with ctx.store.begin() as tx:
        since = midnight(turn.now, turn.zone)
        today = tx.deliveries.count(target=channel, kinds=POST_KINDS, since_us=to_us(since))
        fits = fits_budget(community, channel in discussion, today)
        if fits and tx.deliveries.plan(_outgoing(turn, occasion, channel, text, late_note)):
            if question is not None:
                tx.questions.use(community.id, post.id, identity(question), occasion.key, to_us(turn.now))
            for notice in notices:
                tx.deliveries.plan(notice)
    if not fits:
        local = occasion.due.astimezone(turn.zone)
        told = views.held_back(post, local, community.attention.channel_day)
        _skip(turn, occasion, channel, "the channel's budget for the day is spent", told)


def _text(turn: Turn, occasion: Occasion, channel: str, question: str | None) -> str:
    """What a post says. Raises Mistake when its template cannot be rendered or says nothing.

    A post with questions and neither ``prompt`` nor ``text`` says the question as it is.
    """
    ctx, community, post = turn.ctx, turn.community, turn.post
    values: dict[str, Any] = {
        "question": question,
        "channel": channel_link(channel),
        "post": post.id,
        "occurrence": max(occasion.opens, min(turn.now, occasion.due)).astimezone(turn.zone).replace(tzinfo=None),
    }
    if post.prompt is not None:
        text = ctx.templates.render(community, post.prompt, values)
    else:
        try:
            text = ctx.templates.render_text(
                community, post.text if post.text is not None else "{{ question }}", values
            )
        except Mistake as mistake:
            raise Mistake(f"{post.source}: {mistake}") from None
    if not text.strip():
        raise Mistake(f"{post.source}: it says nothing today")
    return shorten(text, MESSAGE_LIMIT)


def _outgoing(turn: Turn, occasion: Occasion, channel: str, text: str, late_note: str = "") -> Outgoing:
    due_us = to_us(min(occasion.due, turn.now))
    return Outgoing(
        key=turn.key(occasion.key),
        kind="question" if turn.post.questions else "post",
        target=channel,
        text=text,
        due_us=due_us,
        community=turn.community.id,
        expires_us=to_us(occasion.due + turn.post.late),
        late_note=late_note,
    )


def _skip_late(turn: Turn, occasion: Occasion, target: str, missed: Missed) -> None:
    text = ""
    if is_news(turn.post, occasion, missed, turn.now):
        text = views.late(turn.post, occasion.due.astimezone(turn.zone), missed.earlier)
    _skip(turn, occasion, target, "too late" if text else "before this post was known here", text)


def _skip(turn: Turn, occasion: Occasion, target: str, reason: str, told: str) -> None:
    """Record that an occasion is over, and with it what those who look after it are told, if anything."""
    outgoing = _outgoing(turn, occasion, target, "")
    notices = _notices(turn, _notice_key(turn, occasion), told) if told else []
    with turn.ctx.store.begin() as tx:
        if tx.deliveries.plan(outgoing):
            tx.deliveries.cancel(outgoing.key, reason)
            for notice in notices:
                tx.deliveries.plan(notice)


def _tell(turn: Turn, key: str, text: str) -> None:
    """Plan a notice, once per key."""
    notices = _notices(turn, key, text)
    with turn.ctx.store.read() as tx:
        new = [notice for notice in notices if tx.deliveries.get(notice.key) is None]
    if new:
        with turn.ctx.store.begin() as tx:
            for notice in new:
                tx.deliveries.plan(notice)


def _notices(turn: Turn, key: str, text: str) -> list[Outgoing]:
    """A notice for the moderators' channel, or for each coordinator where there is none."""
    directory, community = turn.ctx.directory, turn.community
    moderators = community.channels.moderators
    channel = directory.channel(moderators) if moderators else None
    if channel is not None:
        targets = {key: channel}
    else:
        targets = {f"{key}:{person}": person for person in sorted(directory.people(community.roles.coordinators))}
    said = shorten(text, MESSAGE_LIMIT)
    now_us = to_us(turn.now)
    return [Outgoing(name, "notice", target, said, now_us, community=community.id) for name, target in targets.items()]


def _notice_key(turn: Turn, occasion: Occasion) -> str:
    return f"notice:{turn.key(occasion.key)}"
