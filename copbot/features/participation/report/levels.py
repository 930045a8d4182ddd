"""Levels and movement: who takes part how at the month's end, beside the end of the month before. Pure."""

from collections.abc import Mapping

from copbot.core.community import Participation
from copbot.core.report import Asked, Cell, Chart, Column, Section, Table, counted
from copbot.features.participation.levels.candidates import Stood, weeks_short
from copbot.features.participation.levels.diagnosis import FEWEST_MEMBERS, Beginning, beginning, diagnosis
from copbot.features.participation.movement.rules import Movement, movement
from copbot.features.participation.movement.rules import counted as counts_of
from copbot.features.participation.report.material import Material, MonthCounts, Seen
from copbot.features.participation.rules import LEVELS, Level

MOVEMENTS: tuple[tuple[Movement, str], ...] = (
    ("joined", "joined"),
    ("up", "rose"),
    ("held", "stayed as they were"),
    ("down", "went down"),
    ("left", "left"),
)

LABELS: dict[Level, str] = {
    "core": "Core",
    "active": "Active",
    "peripheral": "Peripheral",
    "dormant": "Dormant",
    "newcomer": "Newcomers",
}


def moved(material: Material) -> dict[int, Movement]:
    """How each person moved from the end of the month before to that of the month."""
    return movement(_levels(material.before), _levels(material.now))


def _levels(month: MonthCounts) -> dict[int, Level]:
    return {key: seen.level for key, seen in month.people.items() if seen.level is not None}


def short_of_core(people: Mapping[int, Seen], rules: Participation) -> int:
    """How many lack one active week to be in the core."""
    stood = (
        Stood(seen.user, seen.level, None, seen.active_weeks, seen.messages)
        for seen in people.values()
        if seen.level is not None
    )
    return sum(weeks_short(one, rules) for one in stood)


def young(material: Material, asked: Asked) -> Beginning | None:
    """Whether the history is too short for anybody to be in the core."""
    return beginning(material.first_us, asked.until_us, asked.zone, asked.community.participation)


def section(material: Material, asked: Asked) -> Section | None:
    levels = material.now.levels
    if not levels:
        return None
    counts = counts_of(moved(material))
    near = short_of_core(material.now.people, asked.community.participation)
    told = diagnosis(levels, near, young(material, asked))
    text = [" ".join(told)]
    if young(material, asked) is None and levels.total() >= FEWEST_MEMBERS:
        text.append("The usual shares tell how healthy a community is; they are no quota to fill.")
    tables = []
    if material.has_before:
        text.append(_movement_in_words(counts))
        tables.append(_movement_table(counts))
    return Section(
        "levels", "Levels and movement", tuple(text), charts=(_chart(material, asked),), tables=tuple(tables)
    )


def _movement_in_words(counts: Mapping[Movement, int]) -> str:
    up, down = counts.get("up", 0), counts.get("down", 0)
    if not up and not down:
        return "Nobody moved from one level to another."
    rose = counted(up, "member") if up else "nobody"
    return f"Since the month before, {rose} rose a level or more, and {f'{down:,}' if down else 'nobody'} went down."


def _movement_table(counts: Mapping[Movement, int]) -> Table:
    rows = tuple((label, counts.get(key, 0)) for key, label in MOVEMENTS)
    columns = (Column("movement", "Since the month before", "text"), Column("members", "Members"))
    return Table("movement", "Movement between levels", columns, rows)


def _chart(material: Material, asked: Asked) -> Chart:
    """The month and the one before, each parted by level."""
    shown = [(asked.month, material.now.levels)]
    if material.has_before and material.before.levels:
        shown.append((asked.month.plus(-1), material.before.levels))
    at = "So many days into" if asked.is_running else "At the end of"
    columns = (Column("month", at, "text"), *(Column(level, LABELS[level]) for level in LEVELS))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (month.key, *(levels[level] for level in LEVELS)) for month, levels in shown
    )
    total = sum(material.now.levels.values())
    told = ", ".join(f"{LABELS[level].lower()} {material.now.levels[level]:,}" for level in LEVELS)
    return Chart(
        kind="split",
        title="Members by level",
        alt=f"{asked.month.name}: of {counted(total, 'member')}, {told}.",
        table=Table("levels", "Members by level", columns, rows),
        x="month",
        ys=LEVELS,
        unit="members",
    )
