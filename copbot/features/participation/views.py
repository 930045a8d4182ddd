"""Figures in words, for people at a terminal."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from types import MappingProxyType

from copbot.core.cells import cell
from copbot.core.intervals import wilson
from copbot.core.report import counted, per_cent
from copbot.features.participation.figures import Document
from copbot.features.participation.rules import LEVELS

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_MEMBERS = 30
_BARS = " ▁▂▃▄▅▆▇█"


def activity_table(document: Document) -> str:
    """The week as seven lines of 24 hours: the darker, the more messages."""
    lines = [_covered(document) + _by_people(document)]
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
    lines.append(
        f"Busiest: {_DAYS[busiest // 24]} {busiest % 24:02}:00, {counted(most, 'message')} ({document['timezone']})"
    )
    return "\n".join(lines)


def threads_table(document: Document) -> str:
    both = (document, document["questions"])
    rows = [
        ("", ["all roots", "questions"]),
        ("roots", [f"{part['roots']:,}" for part in both]),
        ("answered", [f"{part['answered']:,}" for part in both]),
        ("  of all", [_share(part["answered"], part["roots"]) for part in both]),
        *(
            (f"unanswered after {wait}", [f"{part['unanswered_after'][wait]:,}" for part in both])
            for wait in document["unanswered_after"]
        ),
        ("median to first answer", [_seconds(part["median_seconds_to_first_answer"]) for part in both]),
    ]
    return "\n".join(f"{name:<24}" + "".join(f"{shown:>17}" for shown in cells) for name, cells in rows)


def members_table(document: Document, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The shares, and the members with the highest score. ``names``: of those who are shown, as far as they are known."""
    counts = Counter(member["level"] for member in document["members"] if member["level"])
    lines = ["No members are known yet: import a history first."]
    if counts:
        shares = [f"{level:<12}{counts[level]:>7,}  {_share(counts[level], counts.total())}" for level in LEVELS]
        lines = [counted(counts.total(), "member"), *shares]
    if document["gini"] is not None:
        lines.append(_spread(document))
    header = ("level", "score", "weeks", "messages", "answers", "reactions")
    lines.append("{:<14}{:<24}{:<12}{:>8}{:>7}{:>10}{:>9}{:>11}".format("user", "name", *header))
    lines += [
        f"{cell(member['user'], 13)} {cell(names.get(member['user'], ''), 23)} {member['level'] or '-':<12}"
        f"{member['score'] / 10:>8.1f}{member['active_weeks']:>7}"
        f"{member['messages']:>10,}{member['answers']:>9,}{member['reactions']:>11,}"
        for member in document["members"][:MOST_MEMBERS]
    ]
    if len(document["members"]) > MOST_MEMBERS:
        lines.append(f"… and {len(document['members']) - MOST_MEMBERS:,} more; --json lists all")
    return "\n".join(lines)


def _spread(document: Document) -> str:
    """Such as ``Messages: Gini 0.512; the most active tenth (3 of 22 people) wrote 41 % (180 of 440).``"""
    written = sorted((member["messages"] for member in document["members"] if member["messages"]), reverse=True)
    tenth = written[: ceil(len(written) / 10)]
    wrote = f"wrote {per_cent(document['top_decile_share'])} ({sum(tenth):,} of {sum(written):,})"
    people = f"{len(tenth):,} of {counted(len(written), 'person', 'people')}"
    return f"Messages: Gini {document['gini']:.3f}; the most active tenth ({people}) {wrote}."


def retention_table(document: Document, last_month: str) -> str:
    """``last_month``: the one in which the period ends, such as ``2026-10``. Who came back after it is not known yet."""
    if not document["months"]:
        return "Nobody wrote in this time."
    lines = [f"{'month':<10}{'wrote':>8}{'next month too':>16}"]
    for month in document["months"]:
        open_end = month["month"] == last_month
        told = "not over yet" if open_end else _share(month["returned"], month["active"])
        returned = "" if open_end else f"{month['returned']:,}"
        lines.append(f"{month['month']:<10}{month['active']:>8,}{returned:>16}  {told}".rstrip())
    rolling = document["rolling"]
    previous, returned = rolling["previous"], rolling["returned"]
    if previous:
        told = f"{returned:,} wrote in the last 30: {_share(returned, previous)}."
        lines.append(f"Of the {previous:,} who wrote in the 30 days before the last 30, {told}")
    else:
        lines.append("Nobody wrote in the 30 days before the last 30.")
    return "\n".join(lines)


def newcomers_table(document: Document) -> str:
    if not document["months"]:
        return "Nobody joined in this time."
    columns = (
        *(("posted_7d", "in 7 days"), ("posted_30d", "in 30 days"), ("posted_again_30d", "twice in 30")),
        ("answered_onboarding", "answered welcome"),
    )
    lines = [f"{'month':<10}{'joined':>8}" + "".join(f"{title:>25}" for _, title in columns)]
    for month in document["months"]:
        cells = [f"{month[key]:,}  {_share(month[key], month['joined'])}" for key, _ in columns]
        lines.append(f"{month['month']:<10}{month['joined']:>8,}" + "".join(f"{shown:>25}" for shown in cells))
    lines.append("How many wrote within 7 and 30 days of joining, and twice, with the share and its 95 % interval.")
    return "\n".join(lines)


def _share(part: int, total: int) -> str:
    """Such as ``62 % (60-64 %)``, with the 95 % interval; ``-`` where there is nothing to divide by."""
    interval = wilson(part, total)
    if interval is None:
        return "-"
    low, high = interval
    return f"{per_cent(part / total)} ({100 * low:.0f}-{100 * high:.0f} %)"


def _by_people(document: Document) -> str:
    return f"{counted(document['messages'], 'message')} by {counted(document['members'], 'person', 'people')}"


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
