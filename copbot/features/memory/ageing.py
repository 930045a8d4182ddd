"""The nightly clean-up: what may be kept no longer goes, whatever wrote it, and whoever left long ago is forgotten.

Each step is a short transaction, so that what is taken in meanwhile does not wait. All of them find what is due by what is stored, so a
night that was missed, a process that was killed at it, or a setting that was changed since, leave nothing behind: the next night finds it.
"""

from datetime import datetime

from copbot.core.attention.rule import WEEK_US
from copbot.core.community import Community
from copbot.core.ports import Context
from copbot.core.privacy import finish_forgetting
from copbot.core.roles import channels_of
from copbot.core.time import to_us


def clean_up(ctx: Context, community: Community, now: datetime) -> None:
    """``now`` aware. What concerns the whole workspace is done with each community's night: it finds nothing the second time."""
    finish_forgetting(ctx.store)
    _forget_who_left(ctx, now)
    before_us = to_us(now - community.privacy.keep_activity)
    sent_before_us = min(before_us, to_us(now) - WEEK_US)  # a member's budget counts what they were sent in a week
    for channel in sorted(channels_of(ctx, community)):
        more = True
        while more:
            with ctx.store.begin_in_background() as tx:
                more = tx.privacy.forget_authors(channel, before_us).more
    for place in (community.id, ""):  # and what is on record of no community in particular
        more = True
        while more:
            with ctx.store.begin_in_background() as tx:
                more = tx.privacy.forget_records(place, before_us, sent_before_us).more
    ctx.store.wipe()


def _forget_who_left(ctx: Context, now: datetime) -> None:
    """Of several communities the one that keeps people longest decides: they are members of the workspace, not of one of these."""
    waits = [community.privacy.forget_deactivated_after for community in ctx.communities()]
    with ctx.store.begin() as tx:
        tx.privacy.note_left(to_us(now))
    known = [wait for wait in waits if wait is not None]
    if not known or len(known) < len(waits):
        return
    with ctx.store.read() as tx:
        left = tx.privacy.left_before(to_us(now - max(known)))
    for user in left:
        with ctx.store.begin() as tx:
            tx.privacy.forget(user, to_us(now), "left")
    finish_forgetting(ctx.store)
