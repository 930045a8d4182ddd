"""Today's files over the recorded history: what would have gone out when, to how many, and what would have been held back.

The bot itself lives through the time again, by the functions that run it, in a store that knows nothing of what comes later: each
hour is learned from what was written before. Only time is skipped in which nothing can happen.

What a replay cannot know: how people would have answered, and what moderators would have pressed. Members are those of today who had
joined by then, for who left is not recorded as a member any more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from copbot.core.community import Community
from copbot.core.ports import Context
from copbot.core.posts import EveryWhen, Post
from copbot.core.time import HOUR_US, MICROSECOND, from_us, to_us
from copbot.features.rhythm import posting
from copbot.features.rhythm.learning.evidence import learn_once
from copbot.features.rhythm.posting import Turn
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rehearsal.past import NOTHING_WRITTEN, HistoryClock, Writing
from copbot.features.rhythm.rounds import posts_of, rounds
from copbot.features.rhythm.service import next_due, plan_due
from copbot.features.rhythm.turn import SIGN_OF_LIFE

State = Literal["sent", "held back", "skipped"]

ACTIVE = timedelta(days=30)
"""Who wrote in the channel in so long a time before a post counts as active then."""

AT_ONCE = 500
HELD_BACK = ("the channel's budget for the day is spent", "too near to another post")


@dataclass(frozen=True)
class Audience:
    """A channel's writing, and when each of today's members had joined it (microseconds, ascending)."""

    writing: Writing = NOTHING_WRITTEN
    joined_us: Sequence[int] = ()


@dataclass(frozen=True)
class Replayed:
    """An occasion of a post's and what would have become of it. Instants are aware UTC; ``at`` is None when it did not go out.

    ``why``: why then, or why not. ``members`` of the channel at that moment, ``active`` of them in the ``ACTIVE`` before; ``wrote``
    in the hour after, ``fresh`` of those had not written in the half hour before (definitions: sign of life).
    """

    community: str
    post: str
    channel: str
    occasion: str
    due: datetime
    state: State
    why: str
    at: datetime | None = None
    members: int = 0
    active: int = 0
    wrote: int = 0
    fresh: int = 0

    @property
    def moment(self) -> datetime:
        return self.at or self.due


@dataclass(frozen=True)
class Replay:
    """``ctx`` stands on a ``PastStore`` and on ``clock``; ``audiences`` are by channel ID."""

    ctx: Context
    clock: HistoryClock
    audiences: Mapping[str, Audience]
    since: datetime
    until: datetime
    progress: Callable[[float], None] = field(default=lambda _share: None)

    def run(self) -> list[Replayed]:
        """Live through the time from ``since`` to ``until``; every occasion due in it, in order of time."""
        self.clock.put(self.since)
        learn_once(self.ctx.store)
        self._put_aside_what_was_before()
        now = self.since
        while now < self.until:
            self.clock.put(now)
            plan_due(self.ctx, now)
            self._send(now)
            self.progress(min(0.999, (now - self.since) / (self.until - self.since)))
            now = self._next(now)
        self.clock.put(self.until)
        found = [one for community in self.ctx.communities() for one in self._outcomes(community)]
        self.progress(1.0)
        return sorted(found, key=lambda one: (one.moment, one.community, one.post))

    def _put_aside_what_was_before(self) -> None:
        """What was due before the beginning is over, and no post finds itself new in the middle of a rhythm."""
        for turn, occasion in self._latest(self.since):
            if occasion.due < self.since:
                with self.ctx.store.begin() as tx:
                    posting.skip(turn, tx, occasion, "before the replay")

    def _latest(self, now: datetime, *, active: bool = False) -> list[tuple[Turn, Occasion]]:
        """Each post's latest occasion that has opened, if it was not dealt with; of those alone that wait for life, if so wished."""
        found = []
        with self.ctx.store.read() as tx:
            for community in self.ctx.communities():
                whole = rounds(self.ctx, tx, community, now)
                for post in posts_of(community):
                    if active and not (isinstance(post.when, EveryWhen) and post.when.at == "active"):
                        continue
                    turn = Turn(self.ctx, community, post, now)
                    occasion = next(whole.past(post, now), None)
                    if occasion is not None and tx.deliveries.get(turn.key(occasion.key)) is None:
                        found.append((turn, occasion))
        return found

    def _send(self, now: datetime) -> None:
        """Slack takes everything at once."""
        now_us = to_us(now)
        with self.ctx.store.begin() as tx:
            while ready := tx.deliveries.ready(now_us, AT_ONCE):
                for delivery in ready:
                    tx.deliveries.claim(delivery.id, "replay", now_us)
                    target = delivery.outgoing.target
                    tx.deliveries.settle(delivery.id, delivery.attempts + 1, "sent", channel=target, ts_us=now_us)

    def _next(self, now: datetime) -> datetime:
        """The next moment at which something may happen: a time that comes, or a message where a post waits for life."""
        moments = [next_due(self.ctx, now), self._next_message(now)]
        with self.ctx.store.read() as tx:
            waiting_us = tx.deliveries.next_due_us(to_us(now))
        moments.append(None if waiting_us is None else from_us(waiting_us))
        found = min((moment for moment in moments if moment is not None), default=self.until)
        return max(found, now + MICROSECOND)

    def _next_message(self, now: datetime) -> datetime | None:
        waiting = [turn.channel for turn, occasion in self._latest(now, active=True) if now < occasion.due]
        writings = [self.audiences.get(channel, Audience()).writing for channel in waiting if channel]
        found = [us for us in (writing.next_us(to_us(now)) for writing in writings) if us is not None]
        return from_us(min(found)) if found else None

    # -- what became of it

    def _outcomes(self, community: Community) -> Iterator[Replayed]:
        with self.ctx.store.read() as tx:
            whole = rounds(self.ctx, tx, community, self.until)
            for post in posts_of(community):
                turn = Turn(self.ctx, community, post, self.until)
                for occasion in whole.coming(post, self.since - MICROSECOND):
                    if occasion.opens >= self.until:
                        break
                    delivery = tx.deliveries.get(turn.key(occasion.key))
                    if delivery is None:
                        continue
                    if delivery.state == "sent" and delivery.ts_us is not None:
                        why = delivery.outgoing.why or occasion.why
                        yield self._sent(community, post, occasion, delivery.outgoing.target, delivery.ts_us, why)
                    else:
                        yield _skipped(community, post, occasion, delivery.reason)

    def _sent(
        self, community: Community, post: Post, occasion: Occasion, channel: str, at_us: int, why: str
    ) -> Replayed:
        audience = self.audiences.get(channel, Audience())
        writing = audience.writing
        wrote = writing.people(at_us + 1, at_us + HOUR_US + 1)
        before = writing.people(at_us - SIGN_OF_LIFE // MICROSECOND, at_us + 1)
        return Replayed(
            community.id,
            post.id,
            post.channel,
            occasion.key,
            occasion.due,
            "sent",
            why,
            at=from_us(at_us),
            members=sum(joined_us <= at_us for joined_us in audience.joined_us),
            active=len(writing.people(at_us - ACTIVE // MICROSECOND, at_us)),
            wrote=len(wrote),
            fresh=len(wrote - before),
        )


def _skipped(community: Community, post: Post, occasion: Occasion, reason: str) -> Replayed:
    state: State = "held back" if reason in HELD_BACK else "skipped"
    return Replayed(community.id, post.id, post.channel, occasion.key, occasion.due, state, reason)
