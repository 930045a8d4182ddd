"""The appendix for moderators: who answered, who moved, by name. Only where names were asked for. Pure."""

from copbot.core.report import Asked, Cell, Column, Section, Table
from copbot.core.time import SECOND_US
from copbot.features.participation.report.levels import LABELS, moved
from copbot.features.participation.report.material import Material
from copbot.features.participation.rules import Level

MOST_NAMES = 30


def section(material: Material, asked: Asked) -> Section | None:
    if not asked.names:
        return None
    tables = [table for table in (_answers(material), _loads(material), _moves(material)) if table.rows]
    text = "For moderators' eyes only: it names members. Do not forward it, and rank nobody in public."
    return Section("names", "By name, for moderators", (text,), tables=tuple(tables), for_moderators=True)


def _name(material: Material, key: int) -> str:
    user = material.now.people[key].user
    return material.names.get(user, user)


def _answers(material: Material) -> Table:
    columns = (
        Column("name", "Who", "text"),
        Column("answers", "Answers"),
        Column("answers_before", "Month before"),
        Column("messages", "Messages"),
    )
    most = sorted(material.now.answers.items(), key=lambda one: (-one[1], _name(material, one[0])))[:MOST_NAMES]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_name(material, key), answers, material.before.answers.get(key, 0), material.now.written.get(key, 0))
        for key, answers in most
    )
    return Table("names-answers", "Who answered others most", columns, rows)


def _loads(material: Material) -> Table:
    """What each moderator took and answered, where any of them did anything."""
    columns = (
        Column("name", "Who", "text"),
        Column("taken", "Took"),
        Column("answered", "Answered"),
        Column("median_wait", "Typical wait", "wait"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (material.names.get(load.user, load.user), load.taken, load.answered, _seconds(load.median_us))
        for load in material.loads
        if any(one.taken or one.answered for one in material.loads)
    )
    return Table("names-load", "Waiting questions that moderators took and answered", columns, rows)


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / SECOND_US


def _label(level: Level) -> str:
    """Of one person."""
    return "Newcomer" if level == "newcomer" else LABELS[level]


def _moves(material: Material) -> Table:
    now, before = material.now.people, material.before.people
    columns = (
        Column("name", "Who", "text"),
        Column("before", "Month before", "text"),
        Column("now", "Now", "text"),
        Column("active_weeks", "Active weeks"),
        Column("messages", "Messages in them"),
    )
    how = moved(material)
    shown = [key for key, way in how.items() if way in ("up", "down")]
    ordered = sorted(shown, key=lambda key: (how[key] != "up", -now[key].messages, _name(material, key)))
    rows: list[tuple[Cell, ...]] = []
    for key in ordered[: 2 * MOST_NAMES]:
        here, there = now[key].level, before[key].level
        assert here is not None  # who moved is a member at both instants
        assert there is not None
        rows.append((_name(material, key), _label(there), _label(here), now[key].active_weeks, now[key].messages))
    return Table("names-movement", "Who takes part more, who less", columns, tuple(rows))
