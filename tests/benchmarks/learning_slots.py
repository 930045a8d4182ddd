"""Learning all slots of 300 channels from a million messages (or ten) over three years: seconds, memory, and what the database takes.

Synthetic: people write in bursts, in hours and weekdays of their channel's own. The bare baseline is SQLite's own count of the messages
by channel and hour, without people, zones or anything learned from it. Seconds are the process's own, of CPU.

Run: python tests/benchmarks/learning_slots.py [MESSAGES] [CHANNELS]
"""

import os
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from histories import empty_store

from copbot.adapters.store.sql import SqlStore
from copbot.features.rhythm.learning.best_hour import best_slot
from copbot.features.rhythm.learning.evidence import evidence_of, read_courses

MESSAGES, CHANNELS = 1_000_000, 300
PEOPLE = 100_000
END = date(2026, 11, 16)
DAYS = 3 * 365
ZONE = ZoneInfo("Europe/Berlin")
WANTED_RATIO, WANTED_S_A_CHANNEL = 20.0, 0.1
"""At most so many times the bare count, and so long for each channel's 156 Mondays."""


def bursts(messages: int, channels: int) -> Iterator[tuple[int, int, int]]:
    """(channel, ts in microseconds, person), about two and a half messages in a row by each."""
    chance = random.Random(1)
    first_us = int(datetime.combine(END - timedelta(days=DAYS), clock_time(), UTC).timestamp()) * 1_000_000
    made = 0
    while made < messages:
        channel = (
            min(channels, 1 + int(chance.paretovariate(0.6))) if chance.random() < 0.5 else chance.randint(1, channels)
        )
        day, hour = chance.randrange(DAYS), int(chance.gauss(8 + channel % 9, 4)) % 24
        second_us, person = (
            (day * 24 + hour) * 3_600_000_000 + chance.randrange(2_400_000_000),
            chance.randint(1, PEOPLE),
        )
        for number in range(min(messages - made, 1 + int(chance.expovariate(0.6)))):
            yield channel, first_us + second_us + number * 60_000_000 + made % 50_000_000, person
            made += 1


def fill(path: Path, messages: int, channels: int) -> SqlStore:
    store = empty_store(f"sqlite:///{path}")
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA synchronous=OFF")
    plain.executemany(
        "INSERT INTO channel (id, team_id, slack_id, name, is_private, is_archived, told_us) VALUES (?, 1, ?, ?, 0, 0, '{}')",
        ((n, f"C{n}", f"channel-{n}") for n in range(1, channels + 1)),
    )
    plain.executemany(
        "INSERT INTO slack_user (id, team_id, slack_id, name, is_bot, is_deleted, is_external, is_guest, updated_us, told_us)"
        " VALUES (?, 1, ?, '', ?, 0, 0, 0, 0, '{}')",
        ((n, f"U{n}", n % 1000 == 0) for n in range(1, PEOPLE + 1)),
    )
    plain.executemany(
        "INSERT OR IGNORE INTO message (channel_id, ts_us, team_id, user_id, edited_us, is_deleted, asks_why, asks_rule)"
        " VALUES (?, ?, 1, ?, 0, 0, '', 0)",
        bursts(messages, channels),
    )
    plain.commit()
    plain.close()
    return store


def bare(path: Path) -> float:
    plain, began = sqlite3.connect(path), time.process_time()
    plain.execute("SELECT channel_id, ts_us / 3600000000, count(*) FROM message GROUP BY 1, 2").fetchall()
    plain.close()
    return time.process_time() - began


def resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def learn(store: SqlStore, channels: list[str]) -> int:
    """The best slot of each channel's week, leaning on all of them together as one community."""
    week = [(END + timedelta(days=day), clock_time(hour)) for day in range(7) for hour in range(24)]
    found = 0
    with store.read() as tx:
        for channel, course in read_courses(tx, ZONE, channels):
            evidence = evidence_of(tx, ZONE, course, channel, channels, END)
            found += best_slot(evidence, week) is not None
    return found


def main(messages: int, channels: int) -> int:
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        path = Path(folder) / "copbot.db"
        began = time.monotonic()
        store = fill(path, messages, channels)
        size_mib = path.stat().st_size / 2**20
        print(
            f"{messages:,} messages in {channels} channels, {size_mib:.0f} MiB, made in {time.monotonic() - began:.0f} s"
        )
        bare(path)  # into the page cache
        before_mib, baseline_s = resident_mib(), bare(path)
        began = time.process_time()
        found = learn(store, [f"C{number}" for number in range(1, channels + 1)])
        seconds = time.process_time() - began
        store._engine.dispose()
    ratio = seconds / baseline_s
    print(f"{'bare count by channel and hour':<36} {baseline_s:>7.1f} s")
    print(
        f"{'all slots learned':<36} {seconds:>7.1f} s  {ratio:.1f} times, {seconds / channels * 1000:.0f} ms a channel"
    )
    print(f"{found} of {channels} channels have a best hour; peak memory {before_mib:.0f} -> {resident_mib():.0f} MiB")
    wanted_s = WANTED_RATIO * baseline_s + WANTED_S_A_CHANNEL * channels
    if seconds > wanted_s:
        print(f"not so: at most {wanted_s:.1f} s are wanted")
    return 1 if seconds > wanted_s else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, [*sys.argv[1:], *(MESSAGES, CHANNELS)[len(sys.argv) - 1 :]])))
