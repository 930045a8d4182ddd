"""``stats activity``: when members write."""

from zoneinfo import ZoneInfo

from copbot.core.ports.figure import BucketCounts
from copbot.features.participation.figures.document import Document, iso
from copbot.features.participation.figures.hours import EPOCH_HOUR, WEEK_HOURS, hours_between

__all__ = ["activity_document", "hours_between"]


def activity_document(
    counts: BucketCounts, first_hour: int, zone: ZoneInfo, since_us: int | None, until_us: int
) -> Document:
    """From the counts of each hour of ``hours_between``, of which the first has the number ``first_hour``."""
    by_hour = [0] * WEEK_HOURS
    members_by_hour = [0] * WEEK_HOURS
    for number, (messages, members) in enumerate(zip(counts.messages_in, counts.members_in, strict=True)):
        hour = (first_hour + number + EPOCH_HOUR) % WEEK_HOURS
        by_hour[hour] += messages
        members_by_hour[hour] += members
    return {
        "timezone": zone.key,
        "since": iso(since_us, zone),
        "until": iso(until_us, zone),
        "messages": counts.messages,
        "members": counts.members,
        "messages_by_hour_of_week": by_hour,
        "members_by_hour_of_week": members_by_hour,
    }
