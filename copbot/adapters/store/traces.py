"""What still names a person anywhere in the database: found by reading every text of it, and taken out."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    RowMapping,
    String,
    Table,
    Text,
    TypeDecorator,
    and_,
    cast,
    or_,
    select,
    update,
)

from copbot.adapters.store import words_index
from copbot.adapters.store.personal_rows import NOT_SEARCHED, TABLES
from copbot.adapters.store.rollup_records import day_of
from copbot.adapters.store.rollups import RollUps
from copbot.adapters.store.words_index import Change
from copbot.core.facts import NOBODY
from copbot.core.mrkdwn import SOMEBODY, escape
from copbot.core.ports.privacy import Trace

_delivery = TABLES["delivery"]

_SPOKEN = frozenset({"text", "alt_text", "title", "value", "label", "placeholder", "description"})
"""Fields of blocks, and of what is kept as JSON, that hold what is said: a name may stand in no other."""


class Named:
    """A person's ID and name, and what takes their place. ``alias`` takes the ID's in keys, which must stay apart.

    A name of one word is looked for only in what the bot wrote: elsewhere it is as likely another person's, or a word.
    """

    def __init__(self, user: str, name: str, alias: str) -> None:
        self.user = user
        self.name = name.strip()
        self._mention = re.compile(rf"<@{re.escape(user)}(?:\|[^>]*)?>")
        self._id = re.compile(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])")
        spelled = sorted({self.name, str(escape(self.name))} - {""}, key=len, reverse=True)
        self._name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelled))})(?!\w)") if spelled else None
        self._alias = alias

    def is_told_by_name(self, table: str) -> bool:
        return bool(self.name) and (table == "delivery" or len(self.name.split()) > 1)

    def needles(self, table: str) -> Iterator[str]:
        """Of which one stands in every text that names them, and in some that do not."""
        yield self.user
        if self.is_told_by_name(table):
            for spelled in {self.name, str(escape(self.name))}:
                yield from {spelled, json.dumps(spelled)[1:-1]}

    def taken_out(self, value: Any, by_name: bool) -> Any:
        """A text, or what JSON holds, without the person."""
        if isinstance(value, str):
            if value == self.user:
                return NOBODY
            value = self._id.sub(self._alias, self._mention.sub(SOMEBODY, value))
            return self._name.sub(SOMEBODY, value) if by_name and self._name else value
        if isinstance(value, list):
            return [self.taken_out(one, by_name) for one in value if one != self.user]
        if isinstance(value, dict):
            return {
                self.taken_out(field, False): self.taken_out(
                    one, by_name and (field in _SPOKEN or not isinstance(one, str))
                )
                for field, one in value.items()
            }
        return value

    def in_key(self, value: str, by_name: bool) -> str:
        value = self._id.sub(self._alias, value)
        return self._name.sub(self._alias, value) if by_name and self._name else value


class Traces:
    """Of one person in one workspace. To search is to read everything: do it where nobody waits for a lock."""

    def __init__(self, connection: Connection, team: int, named: Named) -> None:
        self._connection = connection
        self._team = team
        self._named = named

    def found(self, most: int) -> Sequence[Trace]:
        found: list[Trace] = []
        for table in TABLES.values():
            if table.name not in NOT_SEARCHED:
                found += self._in(table, most - len(found))
            if len(found) >= most:
                break
        return found

    def take_out(self, traces: Collection[Trace]) -> int:
        """How many rows were changed: one that changed meanwhile, or went, is looked at as it stands now."""
        return sum(self._take_out(TABLES[trace.table], trace.key) for trace in traces)

    def are_on_their_way(self) -> bool:
        """Whether a message that names them is being sent at this moment."""
        sending = select(_delivery).where(_delivery.c.team_id == self._team, _delivery.c.state == "sending")
        return any(self._values(_delivery, row._mapping) for row in self._connection.execute(sending))

    def _in(self, table: Table, most: int) -> list[Trace]:
        texts, found = _texts(table), []
        sought = [
            cast(column, Text).contains(needle, autoescape=True)
            for column in texts
            for needle in self._named.needles(table.name)
        ]
        links = [column == self._key for column in _links(table)] if self._key is not None else []
        if not (sought or links):
            return []
        ours = [table.c.team_id == self._team] if "team_id" in table.c else []
        rows = self._connection.execution_options(yield_per=1000).execute(
            select(table).where(*ours, or_(*sought, *links))
        )
        for row in rows:
            if self._changed(table, row._mapping):
                found.append(
                    Trace(table.name, {column.name: row._mapping[column.name] for column in table.primary_key})
                )
            if len(found) >= most:
                rows.close()
                break
        return found

    def _changed(self, table: Table, row: RowMapping) -> dict[str, Any]:
        """The columns of a row that name the person, as they are to be."""
        if table.name == "delivery" and row["state"] == "sending":
            return {}  # known by its key until Slack's answer is recorded: a later look finds it
        return self._values(table, row)

    def _values(self, table: Table, row: RowMapping) -> dict[str, Any]:
        linked = [] if self._key is None else [c.name for c in _links(table) if row[c.name] == self._key]
        values: dict[str, Any] = dict.fromkeys(linked)
        by_name = self._named.is_told_by_name(table.name)
        for column in _texts(table):
            before = row[column.name]
            after = (
                self._named.in_key(before, by_name)
                if _is_key(column) and before
                else self._named.taken_out(before, by_name)
            )
            if after != before:
                values[column.name] = after
        return values

    def _take_out(self, table: Table, key: Mapping[str, Any]) -> int:
        here = and_(*(table.c[name] == value for name, value in key.items()))
        row = self._connection.execute(select(table).where(here)).one_or_none()
        values = {} if row is None else self._changed(table, row._mapping)
        if row is None or not values:
            return 0
        if table.name == "message" and "text" in values:
            words_index.change(self._connection, [Change(row.channel_id, row.ts_us, row.text, values["text"])])
        self._connection.execute(update(table).where(here).values(values))
        if table.name in ("message", "reaction"):
            RollUps(self._connection, self._team).refresh({row.channel_id: {day_of(row.ts_us): 1}})
        return 1

    @cached_property
    def _key(self) -> int | None:
        users = TABLES["slack_user"]
        own = select(users.c.id).where(users.c.team_id == self._team, users.c.slack_id == self._named.user)
        return self._connection.execute(own).scalar_one_or_none()


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, JSON) or is_text(column)]


def is_text(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, String)


def _links(table: Table) -> list[Column[Any]]:
    """What may refer to a person and to nobody."""
    users = TABLES["slack_user"]
    return [c for c in table.columns if c.nullable and any(link.column.table is users for link in c.foreign_keys)]


def _is_key(column: Column[Any]) -> bool:
    """Whether rows are told apart by it, or referred to."""
    if column.primary_key or column.name in _REFERENCES:
        return True
    return any(
        column.name in constraint.columns for constraint in column.table.constraints if hasattr(constraint, "columns")
    )


_REFERENCES = frozenset({"key", "updates", "thread_of", "shown_in", "pinned_as", "encloses"})
