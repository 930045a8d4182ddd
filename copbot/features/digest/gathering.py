"""What there is to tell of a community at one moment, read once for all members whose digest is due then."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.digest import Entry
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context, Tx
from copbot.core.ports.digest import Talk
from copbot.core.posts import DateWhen, Milestone, Post
from copbot.core.time import from_us, to_us
from copbot.features.digest.selection import Gathered, Place, waits

KNOWERS_SOUGHT = 12
"""Questions for which it is looked up who answered questions like them: the latest, for each is a search."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")

ALIKE = 5
"""Questions like it that are looked at."""


def discussion_of(ctx: Context, community: Community) -> list[str]:
    """The IDs of a community's discussion channels that exist, in the order of the file."""
    found = map(ctx.directory.channel, community.channels.discussion)
    return list(dict.fromkeys(filter(None, found)))


def gathered(
    ctx: Context, tx: Tx, community: Community, channels: Collection[str], since_us: int, now: datetime, ahead_us: int
) -> Gathered:
    """What was written in ``channels`` from ``since_us`` on, and what comes within ``ahead_us``."""
    now_us = to_us(now)
    talks = _with_names(tx, tx.digests.talks(channels, since_us, now_us + 1))
    posted = tx.deliveries.posted(("question",), since_us)
    carded = tx.threads.carded(community.id, since_us)
    settled = frozenset(place for place, card in carded.items() if card.settled_us is not None)
    return Gathered(
        talks=talks,
        link=ctx.permalink,
        asked={(one.channel, one.ts_us): one.text for one in posted if one.channel in channels},
        settled=settled,
        knowers=_knowers(tx, channels, [talk for talk in talks if waits(talk, settled)]),
        coming=coming(ctx, tx, community, now, from_us(now_us + ahead_us)),
    )


def coming(ctx: Context, tx: Tx, community: Community, now: datetime, until: datetime) -> list[Entry]:
    """What has a date after ``now`` and up to ``until``: posts that come once, and milestones, in order of time. Neither what is paused
    nor what is done."""
    paused = {control.post: control.paused for control in tx.controls.all() if control.community == community.id}
    planned = [
        *(_Planned.of_post(community, post) for post in community.posts if not paused.get(post.id, post.paused)),
        *(_Planned.of_milestone(community, milestone) for milestone in community.milestones if not milestone.done),
    ]
    return sorted(
        (one.entry(ctx) for one in planned if one is not None and now < one.at <= until),
        key=lambda entry: (entry.at_us or 0, entry.title),
    )


@dataclass(frozen=True)
class _Planned:
    """Something with a date. ``channel`` is the coordinators' reference."""

    title: str
    at: datetime
    channel: str
    link: str | None = None

    @classmethod
    def of_post(cls, community: Community, post: Post) -> "_Planned | None":
        if not isinstance(post.when, DateWhen):
            return None
        at = post.when.local.replace(tzinfo=ZoneInfo(community.timezone))
        return cls(post.name if post.title else _in_words(post.id), at, post.channel)

    @classmethod
    def of_milestone(cls, community: Community, milestone: Milestone) -> "_Planned":
        at = datetime.combine(milestone.date, milestone.at, ZoneInfo(community.timezone))
        return cls(milestone.name, at, milestone.channel or community.channels.discussion[0], milestone.link)

    def entry(self, ctx: Context) -> Entry:
        channel = ctx.directory.channel(self.channel)
        return Entry("coming", self.title, self.link, channel=channel, at_us=to_us(self.at))


def _with_names(tx: Tx, talks: Sequence[Talk]) -> list[Talk]:
    """With the names of those who are mentioned, as far as they are known."""
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        user = match[1]
        if user not in names:
            person = tx.facts.person(user)
            names[user] = person.name if person else ""
        return f"<@{user}|{escape(names[user])}>" if names[user] else match[0]

    return [replace(talk, text=_MENTION.sub(named, talk.text)) if talk.text else talk for talk in talks]


def _in_words(name: str) -> str:
    """An id of the files as people would say it: ``webinar-call`` is a Webinar call."""
    return name.replace("-", " ").replace("_", " ").strip().capitalize()


def _knowers(tx: Tx, channels: Collection[str], questions: Sequence[Talk]) -> dict[Place, frozenset[str]]:
    found: dict[Place, frozenset[str]] = {}
    for talk in questions[:KNOWERS_SOUGHT]:
        if talk.text:
            alike = tx.memory.alike(talk.text, channels, talk.ts_us, ALIKE)
            people = frozenset(user for one in alike for user in one.answerers)
            found[talk.channel, talk.ts_us] = people - {talk.author or ""}
    return found
