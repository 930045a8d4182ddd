"""The figures of a large community beside DuckDB on the same facts.

Run: python tests/benchmarks/figures_at_scale.py [MESSAGES [DATABASE]]   (needs the extra `bench`)

Members are a hundredth of the messages, channels 300, years three. With a DATABASE the community is made there once and kept for the next
run. DuckDB gets the facts in a file of its own, sorted by channel and time, and may use all cores; its answers are compared with copbot's
where SQL can give them (levels it cannot). Each time is the best of some runs after a first, so both read from warm caches; copbot's holds
everything from opening the store to the finished document. Absolute figures differ between machines; the ratios hold.
"""

import gc
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))
from large_community import CHANNELS, END_US, make_community, members_of

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.rollups import RollUps
from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Participation
from copbot.core.facts import MessageSeen
from copbot.core.records import Scope
from copbot.core.time import DAY_US
from copbot.features.participation import service
from copbot.features.participation.service import Period

MESSAGES = 1_000_000
RUNS = 3
WANTED_S, WANTED_TIMES = 2.0, 3.0
WINDOWS = {"3 years": None, "90 days": END_US - 90 * DAY_US}
EVENTS = 300

Query = Callable[[duckdb.DuckDBPyConnection, int | None], Any]


# --- DuckDB ---


def facts_for_duckdb(database: Path, target: Path) -> None:
    source, connection = sqlite3.connect(database), duckdb.connect(str(target))
    for table, columns in (
        ("message", "channel_id, ts_us, user_id, coalesce(thread_us, 0) AS thread_us, coalesce(asks, 0) AS asks"),
        ("reaction", "channel_id, ts_us, user_id, item_user_id"),
        ("slack_user", "id, coalesce(joined_us, 0) AS joined_us"),
    ):
        rows = source.execute(f"SELECT {columns} FROM {table}")
        names = [column[0] for column in rows.description]
        connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} BIGINT' for name in names)})")
        for part in _parts(rows):
            columns_of = dict(zip(names, map(list, zip(*part, strict=True)), strict=True))
            arrays = {name: _array(values) for name, values in columns_of.items()}
            connection.execute(f"INSERT INTO {table} SELECT * FROM arrays")
            del arrays
    connection.close()


def _parts(rows: sqlite3.Cursor) -> Iterator[list[Any]]:
    while part := rows.fetchmany(500_000):
        yield part


def _array(values: list[int]) -> Any:
    import numpy as np

    return np.array(values, np.int64)


def _since(column: str, since_us: int | None) -> str:
    return "true" if since_us is None else f"{column} >= {since_us}"


def duck_activity(db: duckdb.DuckDBPyConnection, since_us: int | None) -> Any:
    m = f"(SELECT user_id, ts_us // 3600000000 AS hour FROM message WHERE {_since('ts_us', since_us)})"
    total = db.execute(f"SELECT count(*), count(DISTINCT user_id) FROM {m}").fetchone()
    by_hour = db.execute(f"SELECT (hour + 72) % 168 AS how, count(*) FROM {m} GROUP BY how").fetchall()
    members = db.execute(
        f"SELECT (hour + 72) % 168 AS how, count(*) FROM (SELECT DISTINCT hour, user_id FROM {m}) GROUP BY how"
    ).fetchall()
    return total, dict(by_hour), dict(members)


def duck_threads(db: duckdb.DuckDBPyConnection, since_us: int | None) -> Any:
    roots = f"""WITH answer AS (
        SELECT r.channel_id, r.thread_us, min(r.ts_us) AS at FROM message r JOIN message m
        ON m.channel_id = r.channel_id AND m.ts_us = r.thread_us
        WHERE r.thread_us > 0 AND {_since("r.thread_us", since_us)} AND r.user_id <> m.user_id GROUP BY ALL)
        SELECT m.ts_us, m.asks, a.at - m.ts_us AS delay FROM message m LEFT JOIN answer a
        ON a.channel_id = m.channel_id AND a.thread_us = m.ts_us
        WHERE m.thread_us = 0 AND {_since("m.ts_us", since_us)}"""
    waits = ", ".join(
        f"count(*) FILTER ({END_US} - ts_us >= {days * DAY_US} AND (delay IS NULL OR delay > {days * DAY_US}))"
        for days in (1, 2, 7)
    )
    one = f"SELECT count(*), count(delay), {waits}, median(delay) FROM root"
    return db.execute(f"WITH root AS ({roots}) {one} UNION ALL {one} WHERE asks = 1").fetchall()


def duck_members(db: duckdb.DuckDBPyConnection, since_us: int | None) -> Any:
    """What levels and scores are made of: contributions of each person by kind, and by week."""
    kinds = f"""SELECT m.user_id, count(*) FILTER (m.thread_us = 0), count(*) FILTER (m.thread_us > 0 AND h.user_id = m.user_id),
        count(*) FILTER (m.thread_us > 0 AND h.user_id <> m.user_id) FROM message m LEFT JOIN message h
        ON h.channel_id = m.channel_id AND h.ts_us = m.thread_us WHERE {_since("m.ts_us", since_us)} GROUP BY ALL"""
    weeks = """SELECT user_id, (ts_us - 345600000000) // 604800000000 AS week, sum(is_message), max(ts_us) FROM (
        SELECT user_id, ts_us, 1 AS is_message FROM message UNION ALL SELECT user_id, ts_us, 0 FROM reaction) GROUP BY ALL"""
    reactions = f"SELECT user_id, count(*) FROM reaction WHERE {_since('ts_us', since_us)} GROUP BY ALL"
    return [len(db.execute(query).fetchnumpy()["user_id"]) for query in (kinds, weeks, reactions)]


def duck_retention(db: duckdb.DuckDBPyConnection, since_us: int | None) -> Any:
    active = f"""SELECT DISTINCT user_id, year(t) * 12 + month(t) AS month FROM (
        SELECT user_id, make_timestamp(ts_us) AS t FROM message WHERE {_since("ts_us", since_us)})"""
    return db.execute(
        f"""WITH a AS ({active}) SELECT a.month, count(*), count(b.user_id) FROM a LEFT JOIN a b
        ON b.user_id = a.user_id AND b.month = a.month + 1 GROUP BY a.month ORDER BY a.month"""
    ).fetchall()


def duck_newcomers(db: duckdb.DuckDBPyConnection, since_us: int | None) -> Any:
    joined = """SELECT u.id, CASE WHEN u.joined_us > 0 THEN u.joined_us ELSE f.first END AS "at" FROM slack_user u
        LEFT JOIN (SELECT user_id, min(ts_us) AS first FROM message GROUP BY user_id) f ON f.user_id = u.id"""
    wrote = f"""SELECT j.id, j."at", count(m.ts_us) FILTER (m.ts_us - j."at" <= {7 * DAY_US}) AS w7, count(m.ts_us) AS w30
        FROM j LEFT JOIN message m ON m.user_id = j.id AND m.ts_us >= j."at" AND m.ts_us - j."at" <= {30 * DAY_US}
        WHERE j."at" IS NOT NULL AND {_since('j."at"', since_us)} GROUP BY ALL"""
    return db.execute(
        f"""WITH j AS ({joined}), w AS ({wrote}) SELECT year(t) * 12 + month(t) AS m, count(*), count(*) FILTER (w7 >= 1),
        count(*) FILTER (w30 >= 1), count(*) FILTER (w30 >= 2)
        FROM (SELECT make_timestamp("at") AS t, w7, w30 FROM w) GROUP BY m ORDER BY m"""
    ).fetchall()


# --- copbot ---


def ours(path: Path, document: Callable[..., Any], since_us: int | None) -> Any:
    engine = open_engine(f"sqlite:///{path}")
    try:
        with SqlStore(engine, 1).read() as tx:
            gc.disable()  # as the command does
            return document(tx.figures, Period(Scope(since_us, END_US), ZoneInfo("UTC")))
    finally:
        gc.enable()
        engine.dispose()


def weekly_evaluation(figures: Any, period: Period) -> Any:
    return list(service.participants(figures, period, Participation()))


def same(name: str, document: Any, found: Any) -> bool | None:
    """Whether both give the same figures; None where DuckDB only does a part of the work."""
    if name == "activity":
        (messages, members), by_hour, members_by_hour = found
        lists = [[counts.get(hour, 0) for hour in range(168)] for counts in (by_hour, members_by_hour)]
        totals = (document["messages"], document["members"]) == (messages, members)
        return totals and [document["messages_by_hour_of_week"], document["members_by_hour_of_week"]] == lists
    if name == "threads":
        mine = [
            (part["roots"], part["answered"], *part["unanswered_after"].values())
            for part in (document, document["questions"])
        ]
        return mine == [tuple(row[:5]) for row in found]
    if name == "retention":
        return [(month["active"], month["returned"]) for month in document["months"]] == [row[1:] for row in found]
    if name == "newcomers":
        keys = ("joined", "posted_7d", "posted_30d", "posted_again_30d")
        return [tuple(month[key] for key in keys) for month in document["months"]] == [row[1:] for row in found]
    return None


COMMANDS: dict[str, tuple[Callable[..., Any], Query]] = {
    "activity": (service.stats_activity, duck_activity),
    "threads": (service.stats_threads, duck_threads),
    "members": (service.stats_members, duck_members),
    "retention": (service.stats_retention, duck_retention),
    "newcomers": (service.stats_newcomers, duck_newcomers),
}


class Spent(NamedTuple):
    """Seconds by the clock on the wall, and of both processors: on a busy machine only these can be compared."""

    wall: float
    processor: float


def best(call: Callable[[], Any]) -> tuple[Spent, Any]:
    call()
    times = []
    for _ in range(RUNS):
        began, used = time.perf_counter(), time.process_time()
        found = call()
        times.append(Spent(time.perf_counter() - began, time.process_time() - used))
    return min(times), found


def compare_commands(database: Path, duck: Path) -> bool:
    db, met = duckdb.connect(str(duck), read_only=True), True
    print("| figure | window | copbot s | DuckDB s | ratio | processor s: copbot | DuckDB | ratio | same |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (document, query) in COMMANDS.items():
        for window, since_us in WINDOWS.items():
            copbot, mine = best(lambda document=document, since_us=since_us: ours(database, document, since_us))
            duckdb_s, found = best(lambda query=query, since_us=since_us: query(db, since_us))
            is_same = same(name, mine, found)
            told = [f"{one:.2f} | {other:.2f} | {one / other:.1f}" for one, other in zip(copbot, duckdb_s, strict=True)]
            answer = {True: "yes", False: "NO", None: "-"}[is_same]
            print(f"| {name} | {window} | {' | '.join(told)} | {answer} |", flush=True)
            met &= is_same is not False and copbot.wall <= WANTED_S
            met &= since_us is None or copbot.wall <= WANTED_TIMES * duckdb_s.wall or name == "members"
    spent, _ = best(lambda: ours(database, weekly_evaluation, None))
    print(
        f"| weekly evaluation (levels of all) | 3 years | {spent.wall:.2f} | - | - | {spent.processor:.2f} | - | - | - |"
    )
    return met and spent.wall <= WANTED_S


# --- disk and writing ---


def size_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (
            connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def write_cost(path: Path) -> tuple[float, float]:
    """Milliseconds of an event's transaction without roll-ups and with them, on the busiest channel, taken in turns."""
    store = SqlStore(open_engine(f"sqlite:///{path}"), 1)
    refresh, spent = RollUps.refresh, {False: [], True: []}
    for number in range(EVENTS):
        for with_rollups in (False, True):
            RollUps.refresh = refresh if with_rollups else lambda self, days: None  # type: ignore[method-assign]
            fact = MessageSeen(
                "C000000", END_US + 1000 * number + with_rollups, f"U{number % 20:08}", None, "who knows?"
            )
            began = time.perf_counter()
            with store.begin() as tx:
                tx.facts.record([fact])
            spent[with_rollups].append(time.perf_counter() - began)
    RollUps.refresh = refresh  # type: ignore[method-assign]
    with store.begin() as tx:
        tx._connection.exec_driver_sql(f"DELETE FROM message WHERE ts_us >= {END_US}")
        tx._connection.exec_driver_sql(f"DELETE FROM day_rollup WHERE day >= {END_US // DAY_US}")
    store._engine.dispose()
    return tuple(1000 * sorted(times)[len(times) // 2] for times in spent.values())  # type: ignore[return-value]


def roll_up(store: SqlStore) -> tuple[float, float]:
    """Seconds that it took, and the longest that the write lock was held."""
    began, longest = time.perf_counter(), 0.0
    while True:
        step = time.perf_counter()
        with store.begin() as tx:
            filled = tx.rollups.fill()
        longest = max(longest, time.perf_counter() - step)
        if filled is None:
            return time.perf_counter() - began, longest


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as folder:
        database = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "community.db"
        duck, notes = database.with_suffix(".duckdb"), database.with_suffix(".json")
        if not notes.exists():
            store = make_community(database, messages)
            before = size_of(database)
            seconds, longest_s = roll_up(store)
            store._engine.dispose()
            after = size_of(database)
            facts_for_duckdb(database, duck)
            notes.write_text(json.dumps([before, after, seconds, longest_s]))
        before, after, seconds, longest_s = json.loads(notes.read_text())
        with sqlite3.connect(database) as connection:
            stored = connection.execute("SELECT count(*) FROM message").fetchone()[0]
        print(f"{stored:,} messages, {members_of(messages):,} members, {CHANNELS} channels, three years\n")
        met = compare_commands(database, duck)
        without_ms, with_ms = write_cost(database)
        mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"\n| what | |\n| --- | --- |\n| bytes a message on disk, with all indexes | {before / stored:.0f} |\n"
            f"| and for the roll-ups | {(after - before) / stored:.1f} |\n"
            f"| an event's transaction without roll-ups, median | {without_ms:.2f} ms |\n"
            f"| with roll-ups | {with_ms:.2f} ms, {with_ms / without_ms:.2f} times |\n"
            f"| working all roll-ups out from the facts | {seconds:.0f} s, {stored / seconds:,.0f} messages a second |\n"
            f"| the longest that this held the write lock | {longest_s:.2f} s |\n"
            f"| resident, DuckDB's share included | {mib:.0f} MiB |"
        )
    print(
        f"Wanted: the same figures, each within {WANTED_S:.0f} s, 90 days within {WANTED_TIMES:.0f} times DuckDB: "
        f"{'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
