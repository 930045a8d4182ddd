"""Reports for tests: a small one of every kind of chart, with names that try to do harm."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from copbot.core.community import Channels, Community
from copbot.core.months import Month
from copbot.core.report import Asked, Chart, Column, KeyFigure, Part, Report, Section, Table
from copbot.core.reports import asked_for

NASTY = "<script>alert(1)</script> & $x_1$"
RIGHT_TO_LEFT = "بيانات التعداد"
JAPANESE = "データ統合"
COMMUNITY = Community(id="data", name=f"Data {JAPANESE} <3", timezone="UTC", channels=Channels(discussion=("#data",)))
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ASKED = asked_for(COMMUNITY, {"CDATA": "data"}, Month(2026, 10), ZoneInfo("UTC"), NOW)

HOURS = tuple(f"{hour:02}" for hour in range(24))
TEXT, COUNT = "text", "count"


def _table(name: str, first: str, keys: dict[str, str], *rows: tuple[object, ...]) -> Table:
    columns = (Column(first, first.capitalize(), "text"), *(Column(key, key, shown) for key, shown in keys.items()))  # type: ignore[arg-type]
    return Table(name, f"Table of {name}", columns, rows)  # type: ignore[arg-type]


def charts() -> tuple[Chart, ...]:
    """One of each kind."""
    days = [(f"2026-10-{day:02}", day * 3 % 7) for day in range(1, 32)]
    months = [(f"2026-{month:02}", month) for month in range(1, 11)]
    week = [
        (name, *((day * hour) % 5 / 4 for hour in range(24)))
        for day, name in enumerate(("Monday", "Tuesday", "Sunday"))
    ]
    shares = {"share": "share", "low": "share", "high": "share"}
    levels = {"core": COUNT, "active": COUNT, "peripheral": COUNT, "dormant": COUNT, "newcomer": COUNT}
    ranges = [
        ("all channels", 0.5, 0.4, 0.6),
        (f"#{NASTY}", None, None, None),
        (RIGHT_TO_LEFT, 0.0, 0.0, 0.3),
        (JAPANESE, 1.0, 0.7, 1.0),
    ]
    return (
        Chart(
            "columns",
            "Days",
            "Messages by day",
            _table("days", "date", {"messages": COUNT}, *days),
            "date",
            ("messages",),
            "messages",
            (2, 3),
        ),
        Chart(
            "columns",
            "Months",
            "People by month",
            _table("months", "month", {"people": COUNT}, *months),
            "month",
            ("people",),
            "people",
        ),
        Chart(
            "week",
            "Week",
            "A heatmap",
            _table("week", "weekday", dict.fromkeys(HOURS, "number"), *week),
            "weekday",
            HOURS,
            "people",
        ),
        Chart(
            "split",
            "Levels",
            "Two bars",
            _table("levels", "month", levels, ("2026-10", 4, 9, 20, 12, 3), ("2026-09", 0, 0, 0, 0, 0)),
            "month",
            tuple(levels),
        ),
        Chart(
            "steps",
            NASTY,
            NASTY,
            _table("steps", "step", {"people": COUNT}, ("Joined", 9), (NASTY, 4), (RIGHT_TO_LEFT, 0)),
            "step",
            ("people",),
        ),
        Chart(
            "ranges",
            "Ranges",
            "Shares",
            _table("ranges", "channel", shares, *ranges),
            "channel",
            ("share", "low", "high"),
        ),
        Chart(
            "trend",
            "Trend",
            "Over time",
            _table("trend", "month", shares, *((f"2026-0{n}", n / 10, n / 20, n / 9) for n in range(1, 7))),
            "month",
            ("share", "low", "high"),
        ),
    )


def figures() -> tuple[KeyFigure, ...]:
    return (
        KeyFigure("messages", "Messages", 412, 380, "count", "up", False, "days"),
        KeyFigure("answered_24h", "Answered", 0.774194, 0.5, "share", "up", True, "shares", "24 of 31", 0.602, 0.886),
        KeyFigure("median_wait", "Typical wait", None, None, "wait", "unknown", None, "waits"),
    )


def report(asked: Asked = ASKED) -> Report:
    sections = (
        Section(
            "all",
            "All kinds",
            (f"Said by {NASTY}",),
            figures()[1:2],
            charts(),
            (_table("plain", "what", {"count": COUNT}, (NASTY, 1), ("=SUM(A1)", 2)),),
        ),
        Section("stories", "Stories", quotes=(f"{NASTY}\nsecond line", RIGHT_TO_LEFT)),
    )
    return Report(
        asked, "1 to 31 October 2026", Part(sections, ("One sentence.", f"Another {NASTY}"), figures(), ("A note.",))
    )
