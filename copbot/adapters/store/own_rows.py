"""What is stored about one person, as plain values: what they are shown, and given as a file, when they ask."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Table, func, literal, null, select

from copbot.adapters.store.personal_rows import PEOPLE, TABLES, about_any
from copbot.core.ports.privacy import Counted

_HIDDEN = frozenset({"id", "team_id", "told_us", "version"})
"""The store's own, which say nothing of anybody."""

_OF_OTHERS = {"moderation_case": ("shown_to",), "audit": ("detail",)}
"""What is kept beside them for other people's eyes."""

_ORDER = ("ts_us", "at_us", "started_us", "opened_us", "due_us", "asked_us", "suggested_us")


def own_rows(connection: Connection, team: int, user: str) -> dict[str, list[dict[str, Any]]]:
    channels, key = TABLES["channel"], _key(connection, team, user)
    places = {row.id: row.slack_id for row in connection.execute(select(channels.c.id, channels.c.slack_id))}
    found: dict[str, list[dict[str, Any]]] = {}
    for name in PEOPLE:
        table = TABLES[name]
        rows = connection.execute(_ordered(table).where(table.c.team_id == team, about_any(name, user, key)))
        told = [_told(table, row, user, places) for row in rows]
        if told:
            found[name] = told
    return found


def own_counts(connection: Connection, team: int, user: str, at: Mapping[str, str]) -> dict[str, Counted]:
    """0 in ``at`` stands for "never" where the column knows no other way."""
    key = _key(connection, team, user)
    found = {}
    for name in PEOPLE:
        table = TABLES[name]
        when = func.nullif(table.c[at[name]], 0) if at.get(name) else null()
        texts = func.count(func.nullif(table.c.text, "")) if name == "message" else literal(0)
        counts = select(func.count(), func.min(when), func.max(when), texts).select_from(table)
        row = connection.execute(counts.where(table.c.team_id == team, about_any(name, user, key))).one()
        if row[0]:
            found[name] = Counted(*row)
    return found


def _key(connection: Connection, team: int, user: str) -> int | None:
    users = TABLES["slack_user"]
    own = select(users.c.id).where(users.c.team_id == team, users.c.slack_id == user)
    return connection.execute(own).scalar_one_or_none()


def _ordered(table: Table) -> Any:
    by = [table.c[name] for name in _ORDER if name in table.c]
    return select(table).order_by(*by, *table.primary_key)


def _told(table: Table, row: Row[Any], user: str, places: Mapping[int, str]) -> dict[str, Any]:
    told = {}
    for column in table.columns:
        name, value = column.name, row._mapping[column.name]
        if name in _HIDDEN or name in _OF_OTHERS.get(table.name, ()):
            continue
        if name == "channel_id":
            told["channel"] = places[value]
        elif not name.endswith("_id") or name == "slack_id":
            told[name] = _not_of_others(table, name, value, user)
    return told


def _not_of_others(table: Table, name: str, value: Any, user: str) -> Any:
    """Which moderator it was that did something about the person is the moderators' own business."""
    if table.name == "audit" and name == "actor" and value != user:
        return "a moderator"
    return value
