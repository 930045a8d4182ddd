"""Levels and figures in words: for Slack, and for people at a terminal."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.mrkdwn import escape
from copbot.core.time import from_us
from copbot.features.participation.figures import Document, shares
from copbot.features.participation.rules import ACTIVE, CORE, LEVELS, Standing, weeks_in
from copbot.features.participation.service import Participant

BENCHMARKS = {"core": (10, 15), "active": (15, 20)}
"""Per cent of all members in a healthy community (Wenger, McDermott and Snyder 2002)."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BARS = " ▁▂▃▄▅▆▇█"


# --- on Slack ---


def my_level(community: Community, participant: Participant | None) -> str:
    """What a member reads of themselves, and nobody else does."""
    if participant is None or not participant.user.is_member:
        return "You have not taken part here yet. Say hello in a channel, whenever it suits you."
    now = participant.standing
    answers = sum(contribution.kind == "reply" for contribution in participant.contributions)
    helped = f"You have answered others {_times(answers)}: thank you." if answers else ""
    since = f" (since {_day(now.since_us, community)})" if now.since_us is not None else ""
    return " ".join(filter(None, [f"Your level is *{now.level}*{since}.", _why(community, now), helped]))


def _why(community: Community, now: Standing) -> str:
    rules = community.participation
    weeks = weeks_in(rules.window)
    done = f"You were active in {now.active_weeks} of the last {weeks} weeks and wrote {_messages(now.messages)}."
    if now.level == "core" and now.rank_now < CORE:
        return f"{done} That is a little less than before; core stays yours for now."
    if now.level == "active" and now.rank_now < ACTIVE:
        return f"{done} That is a little less than before; active stays yours for now."
    if now.level == "dormant":
        return "We have not seen you for a while. You are welcome back at any time."
    if now.level == "newcomer":
        return f"{done} Everybody starts here, and you are warmly welcome."
    if now.level == "peripheral":
        needs = rules.active
        begins = f"active begins with {needs.active_weeks} weeks and {needs.contributions} messages"
        return f"{done} Reading along is fine; {begins}."
    return done


def levels(community: Community, counts: Counter[str]) -> str:
    """How many members stand at each level, beside the benchmark; for moderators."""
    total = sum(counts.values())
    if not total:
        return (
            f"*{escape(community.name)}*: no members are known yet. Import the history, or let people write a little."
        )
    lines = [f"*{escape(community.name)}*: {total:,} member{'' if total == 1 else 's'}"]
    parts = shares(counts)
    for level in LEVELS:
        share = 100 * (parts[level] or 0)
        lines.append(f"• {level}: {counts[level]:,} ({share:.0f} %){_beside(level, share)}")
    lines.append("The usual shares tell how healthy a community is; they are no quota to fill.")
    return "\n".join(lines)


def _beside(level: str, share: float) -> str:
    if level not in BENCHMARKS:
        return ""
    low, high = BENCHMARKS[level]
    where = "below" if share < low else "above" if share > high else "within"
    return f", {where} the usual {low}-{high} %"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"


def _day(us: int, community: Community) -> str:
    local = from_us(us).astimezone(ZoneInfo(community.timezone))
    return f"{local.day} {local:%b %Y}"


# --- at a terminal ---


def activity_table(document: Document) -> str:
    """The week as seven lines of 24 hours: the darker, the more messages."""
    lines = [_covered(document) + f"{document['messages']:,} messages by {document['members']:,} people"]
    by_hour = document["messages_by_hour_of_week"]
    most = max(by_hour)
    if not most:
        return lines[0]
    lines.append("     0     6     12    18")
    for day, name in enumerate(_DAYS):
        row = by_hour[day * 24 : day * 24 + 24]
        bars = "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in row)
        lines.append(f"{name}  {bars}  {sum(row):,}")
    busiest = by_hour.index(most)
    lines.append(f"Busiest: {_DAYS[busiest // 24]} {busiest % 24:02}:00, {most:,} messages ({document['timezone']})")
    return "\n".join(lines)


def threads_table(document: Document) -> str:
    both = (document, document["questions"])
    rows = [
        ("", ["all roots", "questions"]),
        ("roots", [f"{part['roots']:,}" for part in both]),
        ("answered", [f"{part['answered']:,}" for part in both]),
        *(
            (f"unanswered after {wait}", [f"{part['unanswered_after'][wait]:,}" for part in both])
            for wait in document["unanswered_after"]
        ),
        ("median to first answer", [_seconds(part["median_seconds_to_first_answer"]) for part in both]),
    ]
    return "\n".join(f"{name:<24}" + "".join(f"{cell:>12}" for cell in cells) for name, cells in rows)


def members_table(document: Document, most: int = 30) -> str:
    """The shares, and the members with the highest score."""
    parts = document["shares"]
    told = [f"{level} {parts[level]:.1%}" for level in LEVELS if parts[level] is not None]
    lines = ["  ".join(told) or "No members are known yet: import a history first."]
    if document["gini"] is not None:
        lines.append(
            f"Messages: Gini {document['gini']:.3f}; the most active tenth wrote {document['top_decile_share']:.0%}"
        )
    header = ("user", "level", "score", "weeks", "messages", "answers", "reactions")
    lines.append("{:<14}{:<12}{:>8}{:>7}{:>10}{:>9}{:>11}".format(*header))
    lines += [
        f"{member['user']:<14}{member['level'] or '-':<12}{member['score'] / 10:>8.1f}{member['active_weeks']:>7}"
        f"{member['messages']:>10,}{member['answers']:>9,}{member['reactions']:>11,}"
        for member in document["members"][:most]
    ]
    if len(document["members"]) > most:
        lines.append(f"… and {len(document['members']) - most:,} more; --json lists all")
    return "\n".join(lines)


def _covered(document: Document) -> str:
    since, until = document["since"], document["until"]
    end = datetime.fromisoformat(until).strftime("%Y-%m-%d %H:%M")
    begin = f"from {datetime.fromisoformat(since):%Y-%m-%d %H:%M} " if since else ""
    return f"{begin}until {end}: "


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} d"
