"""Which posts will go out in the coming days, on which channel's budget, and which would be held back: for ``copbot plan`` and
``/cop schedule``."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

from copbot.core.attention import channels as channel_attention
from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.features.rhythm import posting
from copbot.features.rhythm.rehearsal.preview import Met, way
from copbot.features.rhythm.rounds import posts_of, rounds

Outcome = Literal["goes out", "held back", "skipped", "paused"]


@dataclass(frozen=True)
class PlannedPost:
    """An occasion and what would become of it as things stand. ``at`` is local to its community; with ``active`` it may go out from
    ``opens`` on. ``used``: of the ``allowed`` posts of that day in the channel, this one counted; None where it has no budget."""

    post: Post
    channel: str | None  # its ID, where it is known
    opens: datetime
    at: datetime
    outcome: Outcome
    why: str
    used: int | None = None
    allowed: int | None = None


def planned(
    ctx: Context, tx: Tx, community: Community, now: datetime, until: datetime, most: int
) -> Iterator[PlannedPost]:
    """The occasions due in ``[now, until]`` in order of time, ``most`` of them. Nothing is recorded."""
    used: Counter[tuple[str, date]] = Counter()
    along = way(ctx, tx, community, rounds(ctx, tx, community, now), posts_of(community), now, until, in_words=False)
    for met, _ in islice(along, most):
        at = (met.turn.now if met.is_posted else met.occasion.due).astimezone(met.turn.zone)
        one = _as_decided(met, at)
        if one.channel is None or (allowed := posting.budget(met.turn)) is None:
            yield one
            continue
        day = one.channel, at.date()
        used[day] += met.is_posted
        recorded = channel_attention.got_today(tx, one.channel, met.turn.now, met.turn.zone)
        yield PlannedPost(*(one.post, one.channel, one.opens, at, one.outcome, one.why), recorded + used[day], allowed)


def _as_decided(met: Met, at: datetime) -> PlannedPost:
    turn, occasion = met.turn, met.occasion
    outcome, why = _outcome(met)
    opens = min(at, occasion.opens.astimezone(turn.zone)) if occasion.opens != occasion.due else at
    return PlannedPost(turn.post, turn.channel, opens, at, outcome, why)


def _outcome(met: Met) -> tuple[Outcome, str]:
    match met.verdict.what:
        case "post":
            return "goes out", met.occasion.why
        case "paused" | "wait":
            return "paused", "it is paused"
        case "holiday":
            return "skipped", f"holiday: {met.occasion.holiday}"
        case "late":
            return "skipped", "it would be too late"
        case "crowded":
            return "held back", "too near to another post"
        case "budget":
            return "held back", "the channel's budget for the day is spent"
