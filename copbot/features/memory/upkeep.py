"""The memory keeps no more than the coordinators' files allow: where ``keep_text`` was lowered, what was kept before is forgotten.

A channel that is no longer watched keeps what it had until it is looked after again: a channel that Slack does not name for a moment, or a
slip in the file, must not cost a community its memory. What stands there is found by nobody.
"""

from datetime import datetime

from copbot.core.ports import Context
from copbot.core.roles import watched_channels

AT_ONCE = 1000
"""Texts forgotten in one transaction: events wait meanwhile."""


def plan_due(ctx: Context, _now: datetime) -> None:
    watched = {channel for community in ctx.communities() for channel in watched_channels(ctx, community)}
    with ctx.store.read() as tx:
        changed = tx.memory.to_look_over(watched)
    for channel in sorted(changed):
        more = True
        while more:
            with ctx.store.begin_in_background() as tx:
                more = tx.memory.forget_beyond(channel, AT_ONCE)


def next_due(_ctx: Context, _now: datetime) -> datetime | None:
    """Only a change of the files makes anything due."""
    return None
