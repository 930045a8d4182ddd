"""The coming posts, each with its time and why that time: for ``copbot check``, ``/cop schedule``, and whoever
wants to see ahead.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.features.rhythm.posting import moderators_words, place_of
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rounds import Rounds, posts_of, rounds, rounds_without_history

LOOKED_AT = 60
"""Occasions of one post that are looked through for those to show: some may have been used up ahead of their time."""


@dataclass(frozen=True)
class Coming:
    """A post that comes. ``at`` is local to its community; with ``active`` it may go out from ``opens`` on.

    ``skipped``: why it will not go out then (a holiday); empty for one that will.
    """

    community: str
    post: Post
    opens: datetime
    at: datetime
    why: str
    skipped: str = ""

    def __str__(self) -> str:
        why = f"skipped, {self.skipped}" if self.skipped else self.why
        return f"{self.when}  {self.post.name} in {self.post.channel}: {why}"

    @property
    def when(self) -> str:
        """The local time in words and numbers: ``Tue 17 Nov 2026 10:00``."""
        if self.opens == self.at:
            return f"{self.at:%a} {self.at.day} {self.at:%b %Y %H:%M}"
        end = f"{self.at:%H:%M}" if self.at.date() == self.opens.date() else f"{self.at:%a %H:%M}"
        return f"{self.opens:%a} {self.opens.day} {self.opens:%b %Y %H:%M}-{end}"

    def as_json(self) -> dict[str, Any]:
        """As ``copbot check --json`` shows it; times with their offset from UTC. ``skipped`` stands there only for what is."""
        found = {
            "community": self.community,
            "post": self.post.id,
            "channel": self.post.channel,
            "opens": self.opens.isoformat(),
            "at": self.at.isoformat(),
            "why": self.why,
            "source": self.post.source,
        }
        return found | ({"skipped": self.skipped} if self.skipped else {})


def _no_holiday(_country: str, _day: date) -> str | None:
    return None


def coming_posts(
    communities: Sequence[Community],
    now: datetime,
    count: int,
    ctx: Context | None = None,
    holidays: Callable[[str, date], str | None] = _no_holiday,
) -> list[Coming]:
    """The next ``count`` posts of all the communities, in order of time. Without a context there is no history to
    learn from, and ``holidays`` names the public ones.
    """
    if ctx is not None:
        with ctx.store.read() as tx:
            return coming_in(ctx, tx, communities, now, count)
    rows = []
    for community in communities:
        found = rounds_without_history(community, holidays)
        rows += [_of(community, post, now, found) for post in posts_of(community) if not post.paused]
    return _first(rows, count)


def coming_in(ctx: Context, tx: Tx, communities: Sequence[Community], now: datetime, count: int) -> list[Coming]:
    """The same inside a transaction: without what moderators paused, and without what they posted ahead of its time."""
    rows = []
    for community in communities:
        found, words = rounds(ctx, tx, community, now), moderators_words(tx, community)
        going = (p for p in posts_of(community) if not (words[p.id].paused if p.id in words else p.paused))
        rows += [coming_of(tx, community, post, now, found) for post in going]
    return _first(rows, count)


def coming_of(tx: Tx, community: Community, post: Post, now: datetime, found: Rounds) -> Iterator[Coming]:
    """What comes of one post."""
    place = place_of(community, post)

    def is_used_up(occasion: Occasion) -> bool:
        return tx.deliveries.get(f"{place}:{occasion.key}") is not None

    return _of(community, post, now, found, is_used_up)


def _first(rows: Sequence[Iterator[Coming]], count: int) -> list[Coming]:
    return list(islice(merge(*rows, key=lambda one: (one.at, one.community, one.post.id)), count))


def _of(
    community: Community,
    post: Post,
    now: datetime,
    found: Rounds,
    is_used_up: Callable[[Occasion], bool] = lambda _occasion: False,
) -> Iterator[Coming]:
    zone = ZoneInfo(community.timezone)
    for occasion in islice(found.coming(post, now), LOOKED_AT):
        if not is_used_up(occasion):
            opens, due = occasion.opens.astimezone(zone), occasion.due.astimezone(zone)
            skipped = f"holiday: {occasion.holiday}" if occasion.holiday else ""
            yield Coming(community.id, post, opens, due, occasion.why, skipped)
