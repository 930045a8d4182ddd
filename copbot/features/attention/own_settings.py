"""A member's settings with what holds around them, and the one way in which they change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core import attention
from copbot.core.attention.quiet_hours import zone_of
from copbot.core.belonging import own_communities
from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.ports.attention import OptOut
from copbot.core.preferences import Preferences
from copbot.core.records import Person
from copbot.core.time import Hours, to_us
from copbot.features.attention.choices import opted_out
from copbot.features.attention.words import Words, words_to

TRIES = 3
"""Times that a change is made again on what another window saved in the same instant."""


@dataclass(frozen=True)
class Own:
    """``is_zone_known``: Slack tells the member's zone; else ``zone`` is the community's. ``day`` and ``week``: how many messages may
    come at most, by the most generous of their communities, for each of them counts those of all."""

    preferences: Preferences
    words: Words
    now: datetime
    zone: ZoneInfo
    is_zone_known: bool
    day: int
    week: int
    communitys_hours: Sequence[Hours | None]  # each that there is, once
    command: str

    def hours(self) -> Hours | None:
        """The quiet hours that hold: their own, or the community's; None for none, and where each community has its own."""
        if self.preferences.quiet != "community":
            return self.preferences.quiet
        return self.communitys_hours[0] if len(self.communitys_hours) == 1 else None


def own_settings(ctx: Context, tx: Tx, user: str, community: str | None = None) -> Own:
    """``community``: the ID of the one whose message it is about, whose limits then are told."""
    person = tx.facts.person(user) or Person(user)
    mine = own_communities(ctx, tx, user) or ctx.communities()
    found = [one for one in mine if one.id == community] or list(mine)
    return Own(
        tx.preferences.of(user),
        words_to(ctx, tx, user, community),
        ctx.clock.now(),
        *_zone(person, found),
        day=max((one.attention.member_day for one in found), default=0),
        week=max((one.attention.member_week for one in found), default=0),
        communitys_hours=list(dict.fromkeys(one.attention.quiet for one in found)) or [None],
        command=ctx.command,
    )


def _zone(person: Person, communities: Sequence[Community]) -> tuple[ZoneInfo, bool]:
    otherwise = communities[0].timezone if communities else "UTC"
    zone = zone_of(person.timezone, otherwise)
    return zone, zone.key == person.timezone


def change(
    ctx: Context, tx: Tx, user: str, step: Callable[[Preferences], Preferences], community: str | None = None
) -> tuple[Preferences, Preferences] | None:
    """Take a step from what stands, whatever that is by now: what stood, and what stands. None where others were always faster."""
    for _ in range(TRIES):
        before = tx.preferences.of(user)
        after = step(before)
        if after == before:
            return before, before
        kept = keep(ctx, tx, before, after, community)
        if kept is not None:
            return before, kept
    return None


def put_back(ctx: Context, tx: Tx, stands: Preferences, before: Preferences) -> Preferences | None:
    """Undo the latest change: what it asked for less is counted no more, nor is the way back. None where ``stands`` stands no more."""
    tx.ledger.take_back_opt_outs(stands.user, opted_out(before, stands))
    return _saved(ctx, tx, before, ctx.clock.now())


def keep(
    ctx: Context, tx: Tx, before: Preferences, after: Preferences, community: str | None = None
) -> Preferences | None:
    """Have new settings hold from now on, for what is queued already too. None, and nothing changes, where ``before`` stands no more.

    What is wanted no more is counted, without who. ``community``: under whose message it was pressed.
    """
    now = ctx.clock.now()
    kept = _saved(ctx, tx, after, now)
    if kept is not None:
        for what in opted_out(before, after):
            tx.ledger.note_opt_out(OptOut(what, to_us(now), community))
    return kept


def _saved(ctx: Context, tx: Tx, after: Preferences, now: datetime) -> Preferences | None:
    if not tx.preferences.save(after, to_us(now)):
        return None
    attention.changed(ctx, tx, after.user, now)
    return replace(after, version=after.version + 1)
