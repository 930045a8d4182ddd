"""A backup beside a bot that writes: how long it takes per GB, and how long a writer waits at worst, held against SQLite's own VACUUM INTO.

Run: ``python tests/benchmarks/backup.py [GB]`` (1 by default, about four minutes and three times as much room in the temporary folder).
"""

import select
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import quantiles

from copbot.adapters.store.backup import back_up
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sqlite_files import in_bytes

WRITES_A_SECOND = 50
"""Six times what Slack sends a workspace's app at most."""

TEXT = (
    "How do you link two registers that share no key, when names are spelled in two scripts and the dates of birth are guesses? "
    * 2
)


def fill(file: Path, size: int) -> None:
    """A database of at least so many bytes, most of them messages whose texts are kept."""
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    the_team(engine)
    engine.dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO slack_user (id, team_id, slack_id, name, is_bot, is_deleted, is_external, is_guest, "
            "updated_us, told_us) VALUES (1, 1, 'U1', 'Ana', 0, 0, 0, 0, 0, '{}')"
        )
        connection.execute(
            "INSERT INTO channel (id, team_id, slack_id, is_private, is_archived, told_us) VALUES (1, 1, 'C1', 0, 0, '{}')"
        )
        row = "INSERT INTO message (channel_id, ts_us, team_id, user_id, edited_us, is_deleted, asks_why, asks_rule, text) "
        ts_us = 1_700_000_000_000_000
        while file.stat().st_size < size:
            connection.execute("BEGIN")
            connection.executemany(
                row + "VALUES (1, ?, 1, 1, 0, 0, '', 1, ?)", ((ts_us + n, TEXT) for n in range(100_000))
            )
            connection.execute("COMMIT")
            ts_us += 100_000
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write(file: str) -> None:
    """The other process: a message a time, each committed to the disk, until its standard input ends. Prints each wait in seconds."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=2.5)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        print("ready", flush=True)
        ts_us = 1

        while not select.select([sys.stdin], [], [], 1 / WRITES_A_SECOND)[0]:
            ts_us += 1
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO message (channel_id, ts_us, team_id, user_id, edited_us, is_deleted, asks_why, asks_rule) "
                "VALUES (1, ?, 1, 1, 0, 0, '', 1)",
                (time.time_ns(),),
            )
            connection.execute("COMMIT")
            print(time.perf_counter() - began)


def while_writing(file: Path, work: Callable[[], None]) -> tuple[float, list[float]]:
    """How long something took, and the waits of a writer meanwhile."""
    with subprocess.Popen(
        [sys.executable, __file__, "--write", str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        began = time.perf_counter()
        work()
        took = time.perf_counter() - began
        told, _ = writer.communicate("\n")
    if writer.returncode:
        raise SystemExit("the writer was refused")
    return took, [float(line) for line in told.split()]


def vacuum(file: Path, target: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def main(gigabytes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "copbot.db"
        fill(file, int(gigabytes * 1e9))
        size = file.stat().st_size
        ways: dict[str, Callable[[], object]] = {
            "nothing beside it": lambda: time.sleep(15),
            "copbot backup": lambda: back_up(f"sqlite:///{file}", Path(folder) / "copy.db", lambda _share: None),
            "SQLite's VACUUM INTO, unchecked": lambda: vacuum(file, Path(folder) / "vacuum.db"),
        }
        print(f"{in_bytes(size)}, {WRITES_A_SECOND} writes a second by another process")
        print(f"{'':34}{'seconds':>9}{'s per GB':>10}{'wait p50':>11}{'p99':>10}{'worst':>10}")
        for name, work in ways.items():
            took, waits = while_writing(file, work)  # type: ignore[arg-type]
            cut = quantiles(waits, n=100)
            each = "".join(f"{seconds * 1000:>8.1f}ms" for seconds in (cut[49], cut[98], max(waits)))
            print(f"{name:34}{took:>9.1f}{took / size * 1e9:>10.1f} {each}")
            for copy in ("copy.db", "vacuum.db"):
                (Path(folder) / copy).unlink(missing_ok=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(sys.argv[2])
    else:
        main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
