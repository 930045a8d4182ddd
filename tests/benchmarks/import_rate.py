"""How fast an export goes in, and how much memory that takes, beside the least that any import must do.

Run: python tests/benchmarks/import_rate.py [MESSAGES [PEOPLE CHANNELS DAYS]]

The baseline, in the same run and on the same files, reads them with json.loads and writes the same messages with one
sqlite3 executemany per file: no checks, no merging, no reactions, no decision on what asks. Absolute figures differ
between machines; the ratio holds.
"""

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

MESSAGES = 100_000
ROUNDS = 3
WANTED_RATE, WANTED_MIB = 20_000, 200

WORDS = (
    "data",
    "register",
    "link",
    "census",
    "survey",
    "how",
    "does",
    "anyone",
    "know",
    "the",
    "import",
    "thanks",
    "map",
)


def write_export(path: Path, messages: int, size: tuple[int, int, int] = (600, 12, 600)) -> None:
    """A synthetic export of so many people in so many channels over so many days; two in five messages are replies."""
    how_many, places, days = size
    chance = random.Random(7)
    people = [f"U{n:09}" for n in range(how_many)]
    channels = [f"channel-{n}" for n in range(places)]
    listed = [
        {"id": f"C{n:09}", "name": name, "members": people[: how_many // (n + 1) + 200]}
        for n, name in enumerate(channels)
    ]
    start, per_day = 1_700_000_000, max(1, messages // (places * days))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("users.json", "w") as file:
            for number, user in enumerate(people):
                file.write(("[" if number == 0 else ",").encode() + json.dumps(described(user)).encode())
            file.write(b"]")
        archive.writestr("channels.json", json.dumps(listed))
        written = 0
        for day in range(10**6):
            for channel in channels:
                if written >= messages:
                    return
                count = min(per_day, messages - written)
                body = a_day(chance, people, start + day * 86400, count)
                name = time.strftime("%Y-%m-%d", time.gmtime(start + day * 86400))
                archive.writestr(f"{channel}/{name}.json", json.dumps(body))
                written += count


def described(user: str) -> dict[str, object]:
    """An entry of users.json as long as Slack's own, with the addresses of seven pictures."""
    pictures = {f"image_{n}": f"https://avatars.slack-edge.com/2024-01-01/{user}_{n}.png" for n in range(7)}
    profile = {"display_name": user, "real_name": user, "title": "Statistician", "fields": {}} | pictures
    return {"id": user, "name": user.lower(), "team_id": "T000000001", "profile": profile, "tz": "UTC"}


def a_day(chance: random.Random, people: list[str], start: int, count: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    root = ""
    for n in range(count):
        user, ts = chance.choice(people), f"{start + n * 60}.{chance.randrange(10**6):06}"
        row: dict[str, object] = {
            "client_msg_id": f"{chance.getrandbits(128):032x}",
            "type": "message",
            "user": user,
            "text": " ".join(chance.choices(WORDS, k=14)) + chance.choice(["", "", "?"]),
            "ts": ts,
            "team": "T000000001",
            "user_profile": {"display_name": user.lower(), "real_name": user, "team": "T000000001"},
            "blocks": [{"type": "rich_text", "block_id": "x", "elements": [{"type": "text", "text": "…"}]}],
        }
        if root and chance.random() < 0.4:
            row["thread_ts"] = root
        else:
            root = ts
        if chance.random() < 0.2:
            row["reactions"] = [{"name": "tada", "users": [chance.choice(people)], "count": 1}]
        rows.append(row)
    return rows


def bare(export: Path, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE message (channel, ts INTEGER, user, thread, text, PRIMARY KEY (channel, ts)) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX by_user ON message (user, ts)")
    connection.execute("CREATE INDEX by_thread ON message (channel, thread, ts, user) WHERE thread IS NOT NULL")
    with zipfile.ZipFile(export) as archive, connection:
        for name in archive.namelist():
            if "/" not in name:
                continue
            rows = json.loads(archive.read(name))
            connection.executemany(
                "INSERT INTO message VALUES (?, ?, ?, ?, ?)",
                [
                    (name.split("/")[0], int(m["ts"].replace(".", "")), m["user"], m.get("thread_ts"), m["text"])
                    for m in rows
                ],
            )
    connection.close()


def whole(export: Path, database: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from histories import close, empty_store, import_from

    store = empty_store(f"sqlite:///{database}")
    import_from(store, export)
    close(store)


def measure(which: str, export: str, database: str) -> None:
    """In a process of its own: seconds of the import, and the most memory that was resident."""
    started = time.perf_counter()
    {"bare": bare, "copbot": whole}[which](Path(export), Path(database))
    seconds = time.perf_counter() - started
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    size = tuple(map(int, sys.argv[2:5])) or (600, 12, 600)
    rounds = ROUNDS if messages <= MESSAGES else 1
    best = {"bare": (float("inf"), 0.0), "copbot": (float("inf"), 0.0)}
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.zip"
        write_export(export, messages, size)
        for number in range(rounds):
            for which in best:
                database = f"{folder}/{which}{number}.db"
                run = [sys.executable, __file__, "--measure", which, str(export), database]
                seconds, mib = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
                best[which] = min(best[which], (seconds, mib))
    (base_s, base_mib), (seconds, mib) = best["bare"], best["copbot"]
    print(f"| {messages:,} messages, best of {rounds} | seconds | messages/s | x the bare time | resident MiB |")
    print("| --- | --- | --- | --- | --- |")
    print(f"| json.loads and executemany | {base_s:.2f} | {messages / base_s:,.0f} | 1 | {base_mib:.0f} |")
    print(f"| copbot import | {seconds:.2f} | {messages / seconds:,.0f} | {seconds / base_s:.1f} | {mib:.0f} |")
    met = messages / seconds >= WANTED_RATE and mib < WANTED_MIB
    print(f"Wanted: at least {WANTED_RATE:,} messages/s and less than {WANTED_MIB} MiB: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        sys.exit(main())
