"""Each member's digest: made when its hour has come, planned once, or noted as empty.

What a member set, where they are and what they may read is asked when it is made, and the rule of attention decides when it goes out.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core import attention
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.digest import WEEKLY, DigestRules, Entry
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import escape, readable, shorten
from copbot.core.ports import Context, Tx
from copbot.core.ports.digest import LookedAt
from copbot.core.preferences import Preferences
from copbot.core.records import Person
from copbot.core.roles import looked_after_in
from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.digest import rules, views
from copbot.features.digest.gathering import discussion_of, gathered
from copbot.features.digest.schedule import Week, weeks_now
from copbot.features.digest.selection import Gathered, entries
from copbot.features.digest.words import words_for

AT_ONCE = 5
"""Digests made in one transaction: meanwhile no event can be taken in."""

PASS = 100
"""Digests made in one pass, so that a post that is due meanwhile need not wait for thousands."""

HELD_LIMIT = 160
"""Characters of what was held back."""

HELD_US = 62 * DAY_US
"""So long what joined a digest waits for one that is sent: the months of a long pause, or of digests that found no room."""

KEPT = timedelta(days=10)
"""From the beginning of its week, more or less: by then each was sent, or is of no use any more."""

FORGOTTEN = "What this digest said is kept no longer."


@dataclass(frozen=True)
class Making:
    """One community's digests, made in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now: datetime
    gathered: Gathered

    @property
    def now_us(self) -> int:
        return to_us(self.now)

    @property
    def rules(self) -> DigestRules:
        return self.community.digest or WEEKLY

    @property
    def floor_us(self) -> int:
        """Nobody is told of what was before this."""
        return self.now_us - rules.LOOKED_BACK * rules.SPAN_US[self.rules.every]

    @cached_property
    def channels(self) -> list[str]:
        return discussion_of(self.ctx, self.community)

    def entries(self, user: str, signs: Mapping[str, int]) -> list[Entry]:
        """What a member did not see since the last digest that they were sent. ``signs``: when they were last seen in each channel."""
        visible = self.tx.memory.visible(user, self.channels)
        told_us = self.tx.ledger.last_digest(user, self.community.id) or 0
        floor_us = max(self.floor_us, told_us)
        since_us = {channel: max(floor_us, signs.get(channel, 0)) for channel in visible}
        return entries(self.gathered, user, since_us, self._held(user, max(told_us, self.now_us - HELD_US)))

    def signs(self, users: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        return self.tx.digests.signs_of_life(users, self.channels, self.floor_us)

    def name(self, user: str | None) -> str:
        """What somebody is called; "" where nobody knows."""
        if user is None:
            return ""
        if user not in self._names:
            person = self.tx.facts.person(user)
            self._names[user] = person.name if person else ""
        return self._names[user]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {}

    def _held(self, user: str, since_us: int) -> list[Entry]:
        """What was to come by itself and joined the digest, of this community or of none."""
        held = attention.for_digest(self.tx, user, from_us(since_us))
        mine = [one for one in held if one.community in (None, self.community.id) and one.text.strip()]
        return [
            Entry("held", shorten(next(iter(readable(one.text).strip().splitlines())), HELD_LIMIT), one.link)
            for one in mine
        ]

    def text(self, person: Person, found: Sequence[Entry]) -> str:
        """By the community's template, else in the bot's own words."""
        words = words_for(person.locale, self.community.language)
        if self._has_template(person):
            values = views.template_values(person, found, words, self.name)
            try:
                return self.ctx.templates.render(self.community, self.rules.prompt, values, person.locale)
            except Mistake as mistake:
                self._tell_of(str(mistake))
        return views.text(self.community, found, words, self.name)

    def _has_template(self, person: Person) -> bool:
        try:
            self.ctx.templates.version(self.community, self.rules.prompt, person.locale)
        except Mistake:
            return False
        return True

    def _tell_of(self, mistake: str) -> None:
        text = f"{escape(shorten(mistake, 300))}\nThe digests went out in my own words."
        key = f"mistake:{self.community.id}:{hashlib.sha256(mistake.encode()).hexdigest()[:16]}"
        for one, target in looked_after_in(self.ctx, self.community, key).items():
            notice = Outgoing(one, "notice", target, text, self.now_us, community=self.community.id)
            self.tx.deliveries.plan(notice)


def making(ctx: Context, tx: Tx, community: Community, now: datetime) -> Making:
    """What there is to tell of a community, read once."""
    digest = community.digest or WEEKLY
    span_us = rules.SPAN_US[digest.every]
    since_us = to_us(now) - rules.LOOKED_BACK * span_us
    found = gathered(ctx, tx, community, discussion_of(ctx, community), since_us, now, span_us)
    return Making(ctx, tx, community, now, found)


def wants_digest(preferences: Preferences, now_us: int) -> bool:
    """Whether a member's settings allow one now. Who paused is not told afterwards of what they paused for."""
    is_paused = preferences.paused_until_us is not None and preferences.paused_until_us > now_us
    return preferences.mode != "off" and "digest" not in preferences.off and not is_paused


# --- steps --------------------------------------------------------------------------------------------------------


def plan_due(ctx: Context, now: datetime) -> None:
    """Make the digests whose hour has come, each once."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            ready = [
                (week, user) for week in weeks_now(ctx, tx, community, now) for user in week.ready(to_us(now))[:PASS]
            ]
            if not ready:
                continue
            found = making(ctx, tx, community, now).gathered
        for start in range(0, len(ready), AT_ONCE):
            some = ready[start : start + AT_ONCE]
            with ctx.store.begin() as tx:
                _make(Making(ctx, tx, community, now, found), some)
            for week, user in some:
                week.done.add(user)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When the next digest's hour comes, or another week into sight."""
    moments: list[datetime] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            weeks = list(weeks_now(ctx, tx, community, now))
            found = (week.next_us(to_us(now)) for week in weeks)
            moments += [from_us(us) for us in found if us is not None]
            if community.digest is not None:
                moments.append(rules.next_look_at(now, ZoneInfo(community.timezone)))
    return min(moments, default=None)


def prepare(ctx: Context, now: datetime) -> None:
    """Work out beforehand when the digests of a week are due."""
    with ctx.store.read() as tx:
        for community in ctx.communities():
            for _ in weeks_now(ctx, tx, community, now):
                pass


def nightly(ctx: Context, community: Community, now: datetime) -> None:
    """Forget what the digests said that are some days old: they hold the words of others, who may delete theirs."""
    old = now.astimezone(ZoneInfo(community.timezone)) - KEPT
    monday = old.date() - timedelta(days=old.weekday())
    with ctx.store.begin() as tx:
        tx.deliveries.unsay(rules.key_of(community.id, monday, ""), FORGOTTEN)


def _make(making: Making, ready: Sequence[tuple[Week, str]]) -> None:
    """Decide on these by what is true in this transaction."""
    users = [user for _, user in ready]
    looked = making.tx.digests.looked_at(making.community.id, users)
    preferences, signs = making.tx.preferences.of_many(users), making.signs(users)
    for week, user in ready:
        before = looked.get(user)
        person = making.tx.facts.person(user)
        has_it = before is not None and before.period >= rules.week_named(week.monday)
        if has_it or person is None or not _is_member(making, person):
            continue
        if wants_digest(preferences[user], making.now_us):
            _plan(making, person, week.monday, making.entries(user, signs[user]))


def _is_member(making: Making, person: Person) -> bool:
    if person.is_bot or person.is_deleted or person.is_external:
        return False
    return bool(making.tx.facts.member_since(person.user, making.channels))


def _plan(making: Making, person: Person, monday: date, found: Sequence[Entry]) -> None:
    looked = LookedAt(rules.week_named(monday), making.now_us)
    making.tx.digests.note(making.community.id, person.user, looked, len(found))
    if not found:
        return
    text = making.text(person, found)
    making.tx.deliveries.plan(
        Outgoing(
            key=rules.key_of(making.community.id, monday, person.user),
            kind="digest",
            target=person.user,
            text=text,
            blocks=views.blocks(text),
            community=making.community.id,
            due_us=making.now_us,
            why="their own hour, from when they write",
        )
    )
