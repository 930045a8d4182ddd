"""The coming posts, each with its time and why that time: for ``copbot check``, ``/cop schedule``, and whoever
wants to see ahead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.features.rhythm.evidence import chooser, without_history
from copbot.features.rhythm.recurrence import Choose, coming


@dataclass(frozen=True)
class Coming:
    """A post that comes. ``at`` is local to its community; with ``active`` it may go out from ``opens`` on."""

    community: str
    post: Post
    opens: datetime
    at: datetime
    why: str

    def __str__(self) -> str:
        return f"{self.when}  {self.post.id} in {self.post.channel}: {self.why}"

    @property
    def when(self) -> str:
        """The local time in words and numbers: ``Tue 17 Nov 2026 10:00``."""
        if self.opens == self.at:
            return f"{self.at:%a} {self.at.day} {self.at:%b %Y %H:%M}"
        end = f"{self.at:%H:%M}" if self.at.date() == self.opens.date() else f"{self.at:%a %H:%M}"
        return f"{self.opens:%a} {self.opens.day} {self.opens:%b %Y %H:%M}-{end}"

    def as_json(self) -> dict[str, Any]:
        """As ``copbot check --json`` shows it; times with their offset from UTC."""
        return {
            "community": self.community,
            "post": self.post.id,
            "channel": self.post.channel,
            "opens": self.opens.isoformat(),
            "at": self.at.isoformat(),
            "why": self.why,
            "source": self.post.source,
        }


def coming_posts(
    communities: Sequence[Community], now: datetime, count: int, ctx: Context | None = None
) -> list[Coming]:
    """The next ``count`` posts of all the communities, in order of time. Without a context there is no history to
    learn from.
    """
    if ctx is None:
        return _first(communities, now, count, [without_history] * len(communities))
    with ctx.store.read() as tx:
        return coming_in(ctx, tx, communities, now, count)


def coming_in(ctx: Context, tx: Tx, communities: Sequence[Community], now: datetime, count: int) -> list[Coming]:
    """The same inside a transaction."""
    return _first(communities, now, count, [chooser(ctx, tx, community, now) for community in communities])


def _first(communities: Sequence[Community], now: datetime, count: int, choices: Sequence[Choose]) -> list[Coming]:
    rows = [
        _of(community, post, now, count, choose)
        for community, choose in zip(communities, choices, strict=True)
        for post in community.posts
        if not post.paused
    ]
    return list(islice(merge(*rows, key=lambda one: (one.at, one.community, one.post.id)), count))


def _of(community: Community, post: Post, now: datetime, count: int, choose: Choose) -> Iterator[Coming]:
    zone = ZoneInfo(community.timezone)
    for occasion in islice(coming(post, zone, now, choose), count):
        yield Coming(community.id, post, occasion.opens.astimezone(zone), occasion.due.astimezone(zone), occasion.why)
