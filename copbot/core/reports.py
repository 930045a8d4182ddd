"""Which month of which community is reported, and all features' parts put together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.feature import Feature
from copbot.core.months import Month
from copbot.core.ports import Context, Tx
from copbot.core.report import Asked, Report, counted, together
from copbot.core.time import from_us, to_us


def asked_for(
    community: Community,
    channels: Mapping[str, str],
    month: Month,
    zone: ZoneInfo,
    now: datetime,
    *,
    names: bool = False,
    is_everything: bool = False,
) -> Asked:
    """What is reported of a month: of a running one what there is of it so far, beside as much of the month before.

    ``channels``: ID -> name without ``#``.
    """
    since_us, before_us = month.start_us(zone), month.plus(-1).start_us(zone)
    until_us = min(month.end_us(zone), to_us(now))
    is_whole = until_us == month.end_us(zone)
    return Asked(
        community=community,
        channels=tuple(channels),
        month=month,
        zone=zone,
        since_us=since_us,
        until_us=until_us,
        before_us=before_us,
        before_until_us=since_us if is_whole else min(since_us, before_us + (until_us - since_us)),
        names=names,
        channel_names=dict(channels),
        is_everything=is_everything,
    )


def asked_of(ctx: Context, community: Community, month: Month) -> Asked:
    """The same of a community's discussion channels, as they are named now."""
    found = (ctx.directory.channel(reference) for reference in community.channels.discussion)
    channels = {channel: ctx.directory.channel_name(channel) for channel in found if channel is not None}
    return asked_for(community, channels, month, ZoneInfo(community.timezone), ctx.clock.now())


def report_of(ctx: Context, tx: Tx, asked: Asked, features: Sequence[Feature]) -> Report:
    """The features' parts, in their order."""
    parts = [feature.report(ctx, tx, asked) for feature in features if feature.report is not None]
    return Report(asked, _covered(asked), together(parts))


def _covered(asked: Asked) -> str:
    """The channels and days, in words."""
    last = from_us(asked.until_us - 1).astimezone(asked.zone)
    until = f"so far, until {last.day} {last:%B} {last:%H:%M}" if asked.is_running else f"1 to {last.day} {last:%B %Y}"
    return f"{until} · {counted(len(asked.channels), 'channel')} · {asked.zone.key}"
