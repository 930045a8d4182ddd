"""How soon a bot is ready that has ten million messages stored, and what a scrape of its metrics costs then.

Run: ``python tests/benchmarks/start_at_scale.py [MESSAGES]`` (some minutes, and 2 GB of disk). ``copbot run`` is started as a person
starts it, imports and all, against the local workspace, with the database in the page cache and out of it. It is ready when ``/readyz``
says so: the schema looked at, connected, and what was missed read.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from textwrap import dedent

sys.path.insert(0, str(Path(__file__).parent.parent))

import large_community
from large_community import CHANNELS, DAY_US, DAYS, make_community

from copbot.adapters.clock import SystemClock
from copbot.core.time import to_us
from copbot.workspace.server import Workspace

MESSAGES = 10_000_000
ROUNDS = 5
PORT = 3117
COMMUNITY = """
    community: {id: large, name: Large, timezone: UTC}
    channels: {discussion: ["#channel-0", "#channel-1", "#channel-2"], moderators: "#mods"}
    roles: {coordinators: [jess@example.org]}
"""
POSTS = """
    posts:
      - id: weekly
        channel: "#channel-0"
        when: {every: week, at: best, on: [tue, wed], between: "08:00-18:00", otherwise: "wed 10:00"}
        text: "Which register did you link?"
"""


def stored(database: Path, messages: int, workspace: Workspace) -> None:
    """So many messages up to today, all rolled up, in the channels that the workspace has."""
    today_us = to_us(SystemClock().now()) // DAY_US * DAY_US
    large_community.END_US, large_community.START_US = today_us, today_us - DAYS * DAY_US
    store = make_community(database, messages)
    while True:
        with store.begin() as tx:
            if tx.rollups.fill() is None:
                break
    names = {f"channel-{n}": f"C{n:06}" for n in range(CHANNELS)}
    with store.begin() as tx:
        for channel in workspace.channels():
            if channel["name"] in names:
                told = {"new": channel["id"], "old": names[channel["name"]]}
                tx._connection.exec_driver_sql("UPDATE channel SET slack_id = :new WHERE slack_id = :old", told)


def looked(path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def started(folder: Path, environment: dict[str, str]) -> tuple[float, float, list[float]]:
    """Seconds until it answered, until it was ready, and of each scrape after that."""
    began = time.perf_counter()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "copbot", "run"], cwd=folder, env=environment, stderr=log)
    try:
        while looked("/healthz") != 200:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.005)
        answered = time.perf_counter() - began
        while looked("/readyz") != 200:
            time.sleep(0.005)
        ready = time.perf_counter() - began
        scrapes = []
        for _ in range(20):
            at = time.perf_counter()
            assert looked("/metrics") == 200
            scrapes.append(time.perf_counter() - at)
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    return answered, ready, scrapes


def forgotten_by_the_cache(database: Path) -> None:
    """As after the machine's own start: nothing of the file is in memory."""
    file = os.open(database, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as name, Workspace(SystemClock()) as workspace:
        folder = Path(name)
        jess = workspace.add_user("jess", real_name="Jess", email="jess@example.org")
        for channel in ("channel-0", "channel-1", "channel-2", "mods"):
            workspace.add_channel(channel, members=[jess])
        (folder / "schedules").mkdir()
        (folder / "schedules/community.yaml").write_text(dedent(COMMUNITY))
        (folder / "schedules/posts.yaml").write_text(dedent(POSTS))
        database = folder / "copbot.db"
        stored(database, messages, workspace)
        environment = os.environ | {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
            "COPBOT_HTTP_PORT": str(PORT),
        }
        print(f"{messages:,} messages, {database.stat().st_size / 2**20:,.0f} MiB")
        for what in ("in the page cache", "not in the page cache"):
            figures = []
            for _ in range(ROUNDS):
                if what.startswith("not"):
                    forgotten_by_the_cache(database)
                figures.append(started(folder, environment))
            ready = sorted(ready for _, ready, _ in figures)
            scrapes = sorted(each for *_, scraped in figures for each in scraped)
            print(
                f"{what}: answers after {statistics.median(a for a, *_ in figures):.2f} s, ready after "
                f"{statistics.median(ready):.2f} s ({ready[0]:.2f} to {ready[-1]:.2f}); a scrape "
                f"{statistics.median(scrapes) * 1000:.1f} ms, at worst {scrapes[-1] * 1000:.0f} ms",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
