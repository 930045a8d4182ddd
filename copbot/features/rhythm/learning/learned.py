"""All that is known of when to post in one channel: for `copbot when`, `/cop when`, and its picture."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.time import from_us, to_us
from copbot.features.rhythm.learning.best_hour import Best, Evidence, best_slot, explanation, figures, shortfall
from copbot.features.rhythm.learning.evidence import evidence_of, read_course, read_evidence
from copbot.features.rhythm.learning.histogram import DAY, MEMORY
from copbot.features.rhythm.learning.replies import WITHIN, Replies, replies_by_slot, summary
from copbot.features.rhythm.learning.working_hours import WorkingHours, working_hours

ANSWERS_FROM = timedelta(days=365)
"""How far back the answers to copbot's own posts are counted."""


CLEARLY = 1.02
"""How far a slot's figure must be above the standing one's to be worth a word."""


@dataclass(frozen=True)
class Learned:
    """``end``: the day before whose beginning all this was learned; ``is_old``: it is the end of a history that stopped long ago.
    ``ahead``: a slot with a higher figure than the best time that stands, where there is one.
    """

    channel: str
    name: str
    zone: str
    end: date
    is_old: bool
    evidence: Evidence
    best: Best | None
    ahead: Best | None
    working: WorkingHours | None
    replies: Replies

    @property
    def table(self) -> list[list[float]]:
        """People expected to write in the hour from each slot, by weekday and hour."""
        return figures(self.evidence)

    @property
    def why(self) -> str:
        """The best time with its evidence, or why none is known, on one line."""
        if self.best is not None:
            return explanation(self.best, self.evidence)
        return f"not known yet: {shortfall(self.evidence)}"

    @property
    def doubt(self) -> str:
        """Which slot looks better than the one that stands, on one line; empty where none does."""
        if self.ahead is None:
            return ""
        slot = f"{self.ahead.day:%a} {self.ahead.hour:%H:%M}"
        return f"{slot} looks better now ({self.ahead.lift:.1f} times), but not surely: the time moves when it stays ahead."

    def as_json(self) -> dict[str, Any]:
        """As ``copbot when --json`` shows it; weekdays from Monday, 0, and 168 hours of the week from Monday 00:00."""
        best, basis = self.best, self.evidence.basis
        return {
            "channel": self.channel,
            "name": self.name,
            "timezone": self.zone,
            "until": self.end.isoformat(),
            "learned": best is not None,
            "why": self.why,
            "best": None
            if best is None
            else {"weekday": best.day.weekday(), "hour": best.hour.hour, "lift": round(best.lift, 3)},
            "ahead": None
            if self.ahead is None
            else {"weekday": self.ahead.day.weekday(), "hour": self.ahead.hour.hour, "lift": round(self.ahead.lift, 3)},
            "evidence": {
                "basis": None if basis is None else "channel" if basis is self.evidence.channel else "community",
                "messages": (basis or self.evidence.channel).messages,
                "members": None if basis is None else basis.members,
                "weeks": (basis or self.evidence.channel).weeks,
            },
            "expected_members_by_hour_of_week": [round(figure, 4) for day in self.table for figure in day],
            "working_hours": None if self.working is None else _working_json(self.working),
            "replies": {
                "summary": summary(self.replies),
                "slots": [vars(slot) for slot in self.replies.slots],
                "told_apart": [[vars(better), vars(worse)] for better, worse in self.replies.told_apart],
            },
        }


def _working_json(working: WorkingHours) -> dict[str, Any]:
    return {
        "zones": [{"timezone": name, "members": count} for name, count in working.zones],
        "left_out": working.left_out,
        "share_by_hour_of_week": [round(share, 3) for day in working.share for share in day],
    }


def learned_in(ctx: Context, tx: Tx, community: Community, channel: str) -> Learned:
    """What a running bot knows of one of its channels."""
    zone, now = ZoneInfo(community.timezone), ctx.clock.now()
    evidence = read_evidence(ctx, tx, community, channel, now)
    name = ctx.directory.channel_name(channel)
    return _learned(tx, zone, channel, name, now.astimezone(zone).date(), evidence, now)


def learned_from(
    tx: Tx, zone: ZoneInfo, channel: str, name: str, discussion: Collection[str], now: datetime
) -> Learned:
    """The same from a stored history alone, with or without a community; of one that ended long ago, as of its end."""
    span = tx.presence.span_us({channel})
    today = now.astimezone(zone).date()
    last = from_us(span[1]).astimezone(zone).date() if span else today
    is_old = last < today - MEMORY
    end = last + DAY if is_old else today
    course = read_course(tx, zone, channel, discussion)
    evidence = evidence_of(tx, zone, course, channel, discussion, end)
    return _learned(tx, zone, channel, name, end, evidence, now, is_old=is_old)


def _learned(
    tx: Tx,
    zone: ZoneInfo,
    channel: str,
    name: str,
    end: date,
    evidence: Evidence,
    now: datetime,
    *,
    is_old: bool = False,
) -> Learned:
    monday = end - end.weekday() * DAY
    slots = [(monday + number * DAY, time(hour)) for number in range(7) for hour in range(24)]
    since, until = (datetime.combine(day, time(), zone) for day in (end - MEMORY, end))
    zones = tx.presence.zones({channel}, to_us(since), to_us(until))
    return Learned(
        channel=channel,
        name=name,
        zone=zone.key,
        end=end,
        is_old=is_old,
        evidence=evidence,
        best=(best := best_slot(evidence, slots)),
        ahead=_ahead(evidence, slots, best),
        working=working_hours(zones, zone, monday),
        replies=read_replies(tx, zone, channel, now),
    )


def _ahead(evidence: Evidence, slots: list[tuple[date, time]], best: Best | None) -> Best | None:
    if best is None:
        return None
    table = figures(evidence)
    expected = [table[day.weekday()][hour.hour] for day, hour in slots]
    top = expected.index(max(expected))
    lift = expected[top] * len(expected) / sum(expected)
    return Best(*slots[top], lift) if lift > best.lift * CLEARLY else None


def read_replies(tx: Tx, zone: ZoneInfo, channel: str, now: datetime) -> Replies:
    """How many different people replied, within two days, to each of copbot's posts in a channel that are as old."""
    since, until_us = now - ANSWERS_FROM, to_us(now - WITHIN)
    sent = [
        post.ts_us
        for post in tx.deliveries.posted(("question", "post"), to_us(since))
        if post.channel == channel and post.ts_us <= until_us
    ]
    counts = tx.presence.repliers([(channel, ts_us) for ts_us in sent], WITHIN // timedelta(microseconds=1))
    local = [from_us(ts_us).astimezone(zone) for ts_us in sent]
    return replies_by_slot(
        [(moment.weekday(), moment.hour, people) for moment, people in zip(local, counts, strict=True)]
    )
