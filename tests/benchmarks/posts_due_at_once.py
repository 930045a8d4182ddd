"""How long 1,000 posts in 50 channels take that are due within one minute, within Slack's limits, budgets off.

Run: ``python tests/benchmarks/posts_due_at_once.py`` (about ten minutes). ``copbot run`` as a process against the local workspace with
Slack's rate limits on; beside it a bare loop over the same posts in order, which waits as it is told and keeps no record.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from copbot.adapters.clock import SystemClock
from copbot.workspace.server import Workspace

POSTS, CHANNELS, SPREAD_S = 1000, 50, 60
TIMEOUT_S = 900
COMMUNITY = """
community: {id: busy, name: Busy, timezone: UTC}
channels: {discussion: ["#room-0"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
attention: {channel: {day: 100000}}
"""


def village() -> Workspace:
    workspace = Workspace(SystemClock())
    workspace.start()
    jess = workspace.add_user("jess", real_name="Jess", email="jess@example.org")
    for name in ["mods", *(f"room-{number}" for number in range(CHANNELS))]:
        workspace.add_channel(name, members=[jess])
    return workspace


def posted(workspace: Workspace) -> dict[int, float]:
    """When each post stood on Slack (seconds since the epoch), by its number; each counted once or this fails."""
    found: dict[int, float] = {}
    for number in range(CHANNELS):
        for message in workspace.messages(workspace.channel_id(f"room-{number}")):
            if str(message.get("text", "")).startswith("post "):
                key = int(str(message["text"]).split()[1])
                assert key not in found, f"post {key} stands twice"
                found[key] = float(str(message["ts"]))
    return found


def refused(workspace: Workspace) -> int:
    return sum(call.status == 429 for call in workspace.calls)


def delays(workspace: Workspace, due: dict[int, float]) -> list[float]:
    found = posted(workspace)
    return sorted(found[number] - due[number] for number in due)


def with_copbot() -> tuple[list[float], int]:
    workspace = village()
    with tempfile.TemporaryDirectory() as folder:
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=15)
        moments = [first + timedelta(seconds=number * SPREAD_S // POSTS) for number in range(POSTS)]
        schedules = Path(folder) / "schedules"
        schedules.mkdir()
        (Path(folder) / "prompts").mkdir()
        (schedules / "community.yaml").write_text(COMMUNITY)
        lines = [
            f'  - {{id: p{number}, channel: "#room-{number % CHANNELS}", text: "post {number}", late: 1d, '
            f'when: {{date: "{moment:%Y-%m-%d %H:%M:%S}"}}}}'
            for number, moment in enumerate(moments)
        ]
        (schedules / "posts.yaml").write_text("\n".join(["posts:", *lines]) + "\n")
        workspace.limits = True
        environment = os.environ | {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "copbot", "run"], cwd=folder, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            workspace.wait_for(lambda: len(posted(workspace)) == POSTS, timeout=TIMEOUT_S)
        finally:
            process.terminate()
            process.wait(timeout=30)
    due = {number: moment.timestamp() for number, moment in enumerate(moments)}
    result = delays(workspace, due), refused(workspace)
    workspace.stop()
    return result


def bare() -> tuple[list[float], int]:
    workspace = village()
    workspace.limits = True
    start = time.time()
    due = {number: start + number * SPREAD_S // POSTS for number in range(POSTS)}
    lanes = [threading.Lock() for _ in range(CHANNELS)]

    def lane(channel: int) -> None:
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        client.proxy = None
        client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=1000)]
        name = workspace.channel_id(f"room-{channel}")
        with lanes[channel]:
            for number in range(channel, POSTS, CHANNELS):
                time.sleep(max(0.0, due[number] - time.time()))
                client.chat_postMessage(channel=name, text=f"post {number}")

    with ThreadPoolExecutor(CHANNELS) as pool:
        list(pool.map(lane, range(CHANNELS)))
    result = delays(workspace, due), refused(workspace)
    workspace.stop()
    return result


def main() -> None:
    print(f"{'':28}{'first s':>10}{'median s':>10}{'worst s':>10}{'told to wait':>14}")
    rows = {"copbot run": with_copbot(), "bare loop, no record": bare()}
    for name, (waits, told) in rows.items():
        print(f"{name:28}{waits[0]:>10.1f}{statistics.median(waits):>10.1f}{waits[-1]:>10.1f}{told:>14}")
    ratio = rows["copbot run"][0][-1] / rows["bare loop, no record"][0][-1]
    print(
        f"{POSTS} posts in {CHANNELS} channels due within {SPREAD_S} s, each once; worst wait {ratio:.2f} times the bare loop's"
    )


if __name__ == "__main__":
    main()
