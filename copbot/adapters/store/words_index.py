"""The index of the words of stored texts: FTS5 in SQLite, ``tsvector`` in PostgreSQL. The only module that knows which.

Both hold the words of ``core.words`` and nothing of their own making: a change there wants a migration that indexes all again. The index is
no table of the models: SQLite makes tables of its own of it. It is written in the same transaction as the messages.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, Table, bindparam, event, select, text, tuple_

from copbot.adapters.store import tables
from copbot.adapters.store.pieces import pieces
from copbot.core.words import Phrase, words_of

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]

NAME = "memory_words"
"""Of the index, and what the names of its own tables begin with."""

WEIGHED = 3000
"""So many matches are weighed, the newest: a word that stands in more of them tells little."""

MATCHES = 600
"""And so many of these are worth a look, the most relevant."""

REBUILT_AT_ONCE = 2000

MERGED_AT_ONCE = 64
"""Pages of the index that one step of ``let_go`` writes: some hundredths of a second."""

Every = Literal["all", "any"]
Place = tuple[int, int]
"""A message: its channel's key and its ts."""

_CHANNEL_BITS = 12
_CHANNELS = (1 << _CHANNEL_BITS) - 1
_EPOCH_US = 1_262_304_000_000_000  # 2010, so that 64 bits reach beyond 2080


@dataclass(frozen=True)
class Change:
    """A text that came, went or was replaced. ``channel`` is the store's key; None: there is none."""

    channel: int
    ts_us: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Match:
    channel: int
    ts_us: int
    relevance: float  # above 0, to be compared within one search alone


def is_of_the_index(name: str | None) -> bool:
    """Whether a table of the database's is the index's."""
    return name is not None and name.startswith(NAME)


def create(connection: Connection) -> None:
    """Make the empty index where there is none."""
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


@event.listens_for(_message, "after_create")
def _created(_table: Table, connection: Connection, **_: Any) -> None:
    """Whoever makes the tables without the migrations has the index too."""
    create(connection)


def change(connection: Connection, changes: Iterable[Change]) -> None:
    """Bring the index up to date. What it does not hold is not taken out, what it holds is not put in twice."""
    changes = [one for one in changes if one.before != one.after]
    gone = [one for one in changes if one.before]
    come = [one for one in changes if one.after]
    if connection.dialect.name == "sqlite":
        _change_fts(connection, gone, come)
    else:
        _change_tsvector(connection, gone, come)


def rebuild(connection: Connection) -> int:
    """Index all stored texts again; how many there are."""
    count, after = 0, None
    while True:
        indexed, after = rebuild_some(connection, after)
        count += indexed
        if after is None:
            return count


def rebuild_some(connection: Connection, after: Place | None) -> tuple[int, Place | None]:
    """Some of it: first (None) the index is emptied. How many texts, and after which the next go on; None once all are there.

    What is written in between is indexed as always, and left alone here.
    """
    if after is None:
        connection.execute(text(_EMPTY[connection.dialect.name]))
    place = tuple_(_message.c.channel_id, _message.c.ts_us)
    texts = (
        select(*_message.c["channel_id", "ts_us", "text"])
        .where(_message.c.text.is_not(None))
        .order_by(_message.c.channel_id, _message.c.ts_us)
        .limit(REBUILT_AT_ONCE)
    )
    rows = connection.execute(texts if after is None else texts.where(place > tuple_(*after))).all()
    change(connection, [Change(row.channel_id, row.ts_us, None, row.text) for row in rows])
    return len(rows), (rows[-1].channel_id, rows[-1].ts_us) if rows else None


def let_go(connection: Connection, *, is_first: bool) -> bool:
    """A step of making the words of texts that were taken out illegible: until then SQLite's index marks them as gone, but holds them.
    False once it holds none. The server's index is its own business."""
    if connection.dialect.name != "sqlite":
        return False
    before = _changes(connection)
    connection.execute(_MERGE, {"pages": -MERGED_AT_ONCE if is_first else MERGED_AT_ONCE})
    return _changes(connection) - before >= _WORKED


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def search(
    connection: Connection, phrases: Sequence[Phrase], every: Every, channels: Collection[int]
) -> Sequence[Match]:
    """The newest texts in these channels (the store's keys) with all or any of these phrases, the most relevant first."""
    if not phrases or not channels:
        return ()
    if connection.dialect.name == "sqlite":
        return _search_fts(connection, phrases, every, channels)
    return _search_tsvector(connection, phrases, every, channels)


# --- SQLite: a table without content. Its rows are known by number alone, which tells the time and the channel. -------------------------


def _row_id(channel: int, ts_us: int) -> int:
    """Two channels share one only where their keys differ by a multiple of 4096 and the messages' times by nothing."""
    return ((ts_us - _EPOCH_US) << _CHANNEL_BITS) | (channel & _CHANNELS)


def _change_fts(connection: Connection, gone: Sequence[Change], come: Sequence[Change]) -> None:
    held = _held(connection, [_row_id(one.channel, one.ts_us) for one in (*gone, *come)])
    taken = [
        {"id": row, "words": " ".join(words_of(one.before or ""))}
        for one in gone
        if (row := _row_id(one.channel, one.ts_us)) in held
    ]
    if taken:
        connection.execute(_TAKE_OUT, taken)
        held -= {one["id"] for one in taken}
    put = {
        row: {"id": row, "words": " ".join(words_of(one.after or ""))}
        for one in come
        if (row := _row_id(one.channel, one.ts_us)) not in held
    }
    if put:
        connection.execute(_PUT_IN, list(put.values()))


def _held(connection: Connection, row_ids: Sequence[int]) -> set[Any]:
    """Which rows the index holds: to take out what it does not hold would break it."""
    return {row for some in pieces(row_ids) for row in connection.execute(_HELD, {"ids": some}).scalars()}


def _search_fts(
    connection: Connection, phrases: Sequence[Phrase], every: Every, channels: Collection[int]
) -> Sequence[Match]:
    joined = (" AND " if every == "all" else " OR ").join(
        '"' + " ".join(phrase.words) + '"' + ("*" if phrase.is_open else "") for phrase in phrases
    )
    by_low = {channel & _CHANNELS: channel for channel in channels}
    found = connection.execute(_FIND_FTS, {"query": joined, "channels": list(by_low)})
    return [
        Match(by_low[row.id & _CHANNELS], (row.id >> _CHANNEL_BITS) + _EPOCH_US, max(-row.rank, 1e-9)) for row in found
    ]


_TAKE_OUT = text("INSERT INTO memory_words(memory_words, rowid, words) VALUES ('delete', :id, :words)")
_MERGE = text("INSERT INTO memory_words(memory_words, rank) VALUES ('merge', :pages)")
_WORKED = 2
"""Rows that a merge which did anything changed at least (SQLite's manual, FTS5, "merge")."""
_PUT_IN = text("INSERT INTO memory_words(rowid, words) VALUES (:id, :words)")
_HELD = text("SELECT id FROM memory_words_docsize WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_FIND_FTS = text(
    "SELECT id, rank FROM (SELECT rowid AS id, bm25(memory_words) AS rank FROM memory_words WHERE memory_words MATCH :query"
    " AND (rowid & :low) IN :channels ORDER BY rowid DESC LIMIT :weighed) ORDER BY rank, id DESC LIMIT :matches"
).bindparams(bindparam("channels", expanding=True), low=_CHANNELS, weighed=WEIGHED, matches=MATCHES)

# --- PostgreSQL: a row for each text, by its place ------------------------------------------------------------------------------------


def _change_tsvector(connection: Connection, gone: Sequence[Change], come: Sequence[Change]) -> None:
    if gone:
        places = [{"channel": one.channel, "ts": one.ts_us} for one in gone]
        connection.execute(_TAKE_OUT_ROW, places)
    if come:
        rows = [{"channel": one.channel, "ts": one.ts_us, "words": _vector(words_of(one.after or ""))} for one in come]
        connection.execute(_PUT_IN_ROW, rows)


def _vector(words: Sequence[str]) -> str:
    """The words with their positions, of which PostgreSQL keeps 256 of each up to 16,383."""
    at: dict[str, list[str]] = {}
    for position, word in enumerate(words, 1):
        at.setdefault(word, []).append(str(position))
    return " ".join(f"'{word}':{','.join(positions)}" for word, positions in at.items())


def _search_tsvector(
    connection: Connection, phrases: Sequence[Phrase], every: Every, channels: Collection[int]
) -> Sequence[Match]:
    query = (" & " if every == "all" else " | ").join(
        "(" + " <-> ".join(f"'{word}'" + (":*" if phrase.is_open else "") for word in phrase.words) + ")"
        for phrase in phrases
    )
    found = connection.execute(_FIND_TSVECTOR, {"query": query, "channels": list(channels)})
    return [Match(row.channel_id, row.ts_us, max(row.relevance, 1e-9)) for row in found]


_TAKE_OUT_ROW = text("DELETE FROM memory_words WHERE channel_id = :channel AND ts_us = :ts")
_PUT_IN_ROW = text(
    "INSERT INTO memory_words(channel_id, ts_us, words) VALUES (:channel, :ts, CAST(:words AS tsvector)) ON CONFLICT DO NOTHING"
)
_FIND_TSVECTOR = text(
    "SELECT channel_id, ts_us, relevance FROM ("
    "SELECT channel_id, ts_us, ts_rank(words, CAST(:query AS tsquery), 1) AS relevance FROM memory_words"
    " WHERE words @@ CAST(:query AS tsquery) AND channel_id = ANY(:channels) ORDER BY ts_us DESC LIMIT :weighed"
    ") AS newest ORDER BY relevance DESC, ts_us DESC LIMIT :matches"
).bindparams(weighed=WEIGHED, matches=MATCHES)

_CREATE = {
    "sqlite": ("CREATE VIRTUAL TABLE IF NOT EXISTS memory_words USING fts5(words, content='', tokenize='ascii')",),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS memory_words"
        " (channel_id integer, ts_us bigint, words tsvector NOT NULL, PRIMARY KEY (channel_id, ts_us))",
        "CREATE INDEX IF NOT EXISTS ix_memory_words_words ON memory_words USING gin (words)",
    ),
}
_EMPTY = {
    "sqlite": "INSERT INTO memory_words(memory_words) VALUES ('delete-all')",
    "postgresql": "DELETE FROM memory_words",
}
