"""How many events a second several processes store together on one PostgreSQL that keeps what it commits, and how long each waits.

Run: ``python tests/benchmarks/postgresql_processes.py``. The same load (events of people writing, taken in as Slack's are, each committed
before it counts) for one process, two and four, by eight threads in all; beside them SQLite with one. Then ``copbot move``.
"""

import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import postgresql
from fakes import FakeDirectory
from large_community import make_community

from copbot.adapters.clock import SystemClock
from copbot.adapters.intake import Intake
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.templates import JinjaTemplates
from copbot.commands.moving import move
from copbot.core.ports import Context
from copbot.settings import Settings

SECONDS = 6.0
THREADS = 8
MOVED = int(os.environ.get("COPBOT_BENCH_MOVED", "1000000"))


def store_events(address: str, process: int, threads: int, waits: "multiprocessing.Queue[list[float]]") -> None:
    engine = open_engine(address)
    store = SqlStore(engine, the_team(engine))
    clock = SystemClock()
    ctx = Context(clock, store, FakeDirectory({}), JinjaTemplates(dict), lambda: (), lambda _c, _t: "")
    intake = Intake(ctx, "T1", lambda: None, lambda _reason: None, lambda _channel, _name: None)
    found: list[float] = []

    def write(thread: int) -> None:
        number, until = 0, time.perf_counter() + SECONDS
        while (began := time.perf_counter()) < until:
            number += 1
            ts = f"{1_790_000_000 + number}.{process:02}{thread:04}"
            event = {"type": "message", "channel": f"C{thread}", "user": f"U{number % 50}", "ts": ts, "text": "Hello"}
            event_id = f"Ev{process}-{thread}-{number}"
            intake.take({"team_id": "T1", "event_id": event_id, "event_time": 1_790_000_000, "event": event})
            found.append(time.perf_counter() - began)

    running = [threading.Thread(target=write, args=(number,)) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    engine.dispose()
    waits.put(found)


def measure(address: str, processes: int) -> tuple[float, float, float]:
    """Events a second, the median and the 99th percentile of the wait in milliseconds."""
    engine = open_engine(address)
    migrate(engine)
    the_team(engine)
    engine.dispose()
    context = multiprocessing.get_context("spawn")
    waits = context.Queue()
    share = THREADS // processes
    running = [context.Process(target=store_events, args=(address, n, share, waits)) for n in range(processes)]
    for one in running:
        one.start()
    found = [wait for _ in running for wait in waits.get()]
    for one in running:
        one.join()
    cut = statistics.quantiles(found, n=100)
    return len(found) / SECONDS, 1000 * cut[49], 1000 * cut[98]


def move_there(folder: Path) -> None:
    make_community(folder / "copbot.db", MOVED)._engine.dispose()
    name = postgresql.new_name()
    postgresql.make(name)
    settings = Settings(database_url=f"sqlite:///{folder}/copbot.db")
    began = time.perf_counter()
    moved = move(settings, SystemClock(), postgresql.address_of(name), lambda _share: None)
    there = time.perf_counter() - began
    print(f"| move of {moved.rows['message']:,} messages ({sum(moved.rows.values()):,} rows) | {there:.0f} s |")


def main() -> int:
    postgresql.start(durable=True)
    print("| events stored, each committed to the disk first | a second | p50 ms | p99 ms |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        cases = [("SQLite, 1 process", f"sqlite:///{folder}/a.db", 1)]
        for processes in (1, 2, 4):
            name = postgresql.new_name()
            postgresql.make(name)
            label = f"PostgreSQL, {processes} process{'es' if processes > 1 else ''}"
            cases.append((label, postgresql.address_of(name), processes))
        for label, address, processes in cases:
            a_second, median, slowest = measure(address, processes)
            print(f"| {label} | {a_second:,.0f} | {median:.1f} | {slowest:.1f} |", flush=True)
        move_there(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
