"""Activity over the month and the year, and the week by the hour. Pure."""

from copbot.core.report import Asked, Cell, Chart, Column, Section, Table, counted
from copbot.features.participation.report.material import Material
from copbot.features.participation.report.phrases import end_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEAST_FOR_A_WEEK = 30
"""Messages below which a heatmap shows who happened to be there rather than when people are."""


def section(material: Material, asked: Asked) -> Section:
    charts = [_days(material, asked), _months(material, asked)]
    text = []
    if material.week_messages >= LEAST_FOR_A_WEEK:
        charts.append(_week(material, asked))
        text += _busiest_in_words(material, asked)
    return Section("activity", "Activity", tuple(text), charts=tuple(charts))


def _days(material: Material, asked: Asked) -> Chart:
    now = material.now
    columns = (
        Column("date", "Day", "text"),
        Column("messages", "Messages"),
        Column("questions", "Questions"),
        Column("joined", "Joined"),
    )
    rows = tuple(
        (day.isoformat(), messages, questions, joined)
        for day, messages, questions, joined in zip(now.days, now.messages, now.questions, now.joined, strict=True)
    )
    table = Table("days", f"{asked.month.name} by day", columns, rows)
    weekend = tuple(number for number, day in enumerate(now.days) if day.weekday() >= 5)
    most = max(range(len(rows)), key=lambda number: now.messages[number])
    day = now.days[most]
    told = f"Most on {WEEKDAYS[day.weekday()]} {day.day}: {counted(now.messages[most], 'message')}."
    return Chart(
        kind="columns",
        title="Messages by day; weekends paler",
        alt=f"Messages on each day of {asked.month.name}. {told}",
        table=table,
        x="date",
        ys=("messages",),
        unit="messages",
        marked=weekend,
    )


def _months(material: Material, asked: Asked) -> Chart:
    columns = (Column("month", "Month", "text"), Column("people", "People who wrote"), Column("messages", "Messages"))
    told = [entry for entry in material.months if _begun(material, entry[0].end_us(asked.zone))]
    rows = tuple((month.key, people, messages) for month, messages, people in told)
    low, high = min(row[1] for row in rows), max(row[1] for row in rows)
    return Chart(
        kind="columns",
        title="People who wrote, by month",
        alt=f"People who wrote in each of {counted(len(rows), 'month')}: between {low:,} and {counted(high, 'person', 'people')}.",
        table=Table("months", "Month by month", columns, rows),
        x="month",
        ys=("people",),
        unit="people",
        marked=tuple(range(len(rows) - 1)),
    )


def _begun(material: Material, end_us: int) -> bool:
    """Months before the first message that is stored are not shown as months in which nobody wrote."""
    return material.first_us is None or material.first_us < end_us


def busiest(material: Material) -> tuple[int, int]:
    """The weekday (0 is Monday) and hour in which most people write."""
    return max(
        ((day, hour) for day in range(7) for hour in range(24)), key=lambda slot: material.week[slot[0]][slot[1]]
    )


def _busiest_in_words(material: Material, asked: Asked) -> list[str]:
    """Nothing where not even one person is there in the busiest hour: it is busiest by chance."""
    day, hour = busiest(material)
    people = material.week[day][hour]
    if people < 1:
        return []
    return [
        f"The busiest hour of the week is {WEEKDAYS[day]}, {hour:02}:00 to {(hour + 1) % 24:02}:00 ({asked.zone.key}), when "
        f"{people:.1f} people write on average, {_over(material)} to {end_of(asked)}."
    ]


def _over(material: Material) -> str:
    return "over the week" if material.weeks == 1 else f"over the {material.weeks} weeks"


def _week(material: Material, asked: Asked) -> Chart:
    hours = tuple(f"{hour:02}" for hour in range(24))
    columns = (Column("weekday", "Weekday", "text"), *(Column(hour, hour, "number") for hour in hours))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (WEEKDAYS[day], *(round(people, 3) for people in material.week[day])) for day in range(7)
    )
    day, hour = busiest(material)
    return Chart(
        kind="week",
        title=f"When people write ({asked.zone.key})",
        alt=(
            f"A heatmap of the week: how many different people wrote in each hour, on average {_over(material)} to {end_of(asked)}. "
            f"Most on {WEEKDAYS[day]} at {hour:02}:00: {material.week[day][hour]:.1f}."
        ),
        table=Table("week", f"People who wrote in the hour, on average {_over(material)}", columns, rows),
        x="weekday",
        ys=hours,
        unit="people in the hour",
    )
