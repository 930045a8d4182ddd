"""Whether a bot that runs for long needs more and more memory: the events of a busy week, over signed HTTP, and what people press.

Run: ``python tests/benchmarks/memory_over_a_week.py [MESSAGES A DAY]`` (some minutes). ``copbot run`` is a process of its own; its
resident memory is what its own ``/metrics`` says. The week's events come as fast as they are acknowledged; its clock is the machine's.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from random import Random
from textwrap import dedent

from copbot.adapters.clock import SystemClock
from copbot.workspace.server import Workspace

DAYS, A_DAY, MEMBERS, CHANNELS = 7, 9_000, 500, 5
PORT = 3118
SEED = 7
COMMUNITY = """
    community: {id: week, name: Week, timezone: UTC}
    channels: {discussion: ["#c0", "#c1", "#c2", "#c3", "#c4"], introductions: "#hello", moderators: "#mods"}
    roles: {coordinators: [jess@example.org]}
"""
ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
"""


def looked(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=30) as answer:
        return str(answer.read().decode())


def resident_mib() -> float:
    found = re.search(r"^process_resident_memory_bytes (\S+)", looked("/metrics"), re.MULTILINE)
    assert found is not None
    return float(found[1]) / 2**20


def a_day(
    workspace: Workspace, people: list[str], channels: list[str], messages: int, chance: Random, day: int
) -> None:
    roots: list[tuple[str, str]] = []
    for number in range(messages):
        who = people[int(chance.paretovariate(1.2)) % len(people)]
        if roots and chance.random() < 0.45:
            channel, root = chance.choice(roots[-50:])
            ts = workspace.post(channel, who, f"I had that too, {number}", thread_ts=root)
        else:
            channel = chance.choice(channels)
            ts = workspace.post(
                channel, who, f"How do you link the {number}th register?" if number % 3 else "Good morning"
            )
            roots.append((channel, ts))
        if chance.random() < 0.1:
            workspace.react(channel, ts, chance.choice(people), "eyes")
        if number % 200 == 0:
            workspace.command(who, channel, "/cop", chance.choice(["me", "help", "find register"]))
            workspace.open_home(who)
        if number % 64 == 0:
            workspace.wait_for(lambda: workspace.unacknowledged < 64)
    for number in range(10):
        workspace.join_workspace(f"new{day}-{number}", real_name=f"New {day} {number}")
    workspace.wait_for(lambda: workspace.unacknowledged == 0)


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else A_DAY
    chance = Random(SEED)
    with tempfile.TemporaryDirectory() as name, Workspace(SystemClock()) as workspace:
        folder = Path(name)
        workspace.ack_timeout = 15.0
        jess = workspace.add_user("jess", real_name="Jess", email="jess@example.org")
        people = [workspace.add_user(f"member{n}", real_name=f"Member {n}") for n in range(MEMBERS)]
        channels = [workspace.add_channel(f"c{n}", members=[jess, *people]) for n in range(CHANNELS)]
        for channel in ("hello", "mods"):
            workspace.add_channel(channel, members=[jess])
        for folder_name, file, text in (
            ("schedules", "community.yaml", COMMUNITY),
            ("schedules", "onboarding.yaml", ONBOARDING),
            ("prompts", "welcome.j2", "Hello {{ member.name }}!"),
            ("prompts", "introduction.j2", "Welcome {{ member.mention }}!"),
        ):
            (folder / folder_name).mkdir(exist_ok=True)
            (folder / folder_name / file).write_text(dedent(text))
        environment = os.environ | {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": workspace.api_url,
            "COPBOT_MODE": "http",
            "COPBOT_HTTP_PORT": str(PORT),
        }
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "copbot", "run"], cwd=folder, env=environment, stderr=log)
        try:
            while b"copbot is connected" not in (folder / "log").read_bytes():
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
            workspace.request_url = f"http://127.0.0.1:{PORT}/slack/events"
            print(f"{'day':>4} {'messages':>9} {'seconds':>8} {'MiB':>6} {'threads':>8} {'files':>6}")
            began = time.monotonic()
            for day in range(DAYS):
                a_day(workspace, people, channels, messages, chance, day)
                threads = len(list(Path(f"/proc/{process.pid}/task").iterdir()))
                files = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
                seconds = time.monotonic() - began
                print(
                    f"{day + 1:>4} {messages * (day + 1):>9,} {seconds:>8.0f} {resident_mib():>6.0f} {threads:>8} {files:>6}",
                    flush=True,
                )
        finally:
            process.send_signal(signal.SIGTERM)
            print(f"stopped with exit code {process.wait(30)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
