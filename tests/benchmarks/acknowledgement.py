"""How long Slack waits for copbot's acknowledgement, every event committed first (``synchronous=FULL``).

Run: ``python tests/benchmarks/acknowledgement.py``. Pushes Socket Mode envelopes at 100 a second, twelve times what
Slack sends at most, in turn to ``copbot run`` and to a bare Bolt app over the same transport that stores nothing.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiohttp import WSMsgType, web

RATE = 100
EVENTS = 1500
ROUNDS = 3
TEAM, BOT = "T0BENCH01", "U0BENCH01"

BARE = """
import os, threading
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
client.proxy = None
app = App(client=client)
@app.event("message")
def message():
    pass
web = WebClient(base_url=os.environ["SLACK_API_URL"])
web.proxy = None
handler = SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=web)
handler.client.proxy = None
handler.connect()
threading.Event().wait()
"""


class Slack:
    """Just enough of Slack to connect to, with a stopwatch."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.sent: dict[str, float] = {}
        self.waits: list[float] = []
        self.socket: web.WebSocketResponse | None = None
        self.port = 0

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        answers = {
            "auth.test": {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BENCH01", "team": "Bench", "user": "bench"},
            "apps.connections.open": {"url": f"ws://127.0.0.1:{self.port}/link?ticket=t"},
            "conversations.list": {"channels": [{"id": "C0BENCH01", "name": "data"}]},
            "conversations.members": {"members": []},
            "users.list": {"members": []},
        }
        if method in answers:
            return web.json_response({"ok": True, **answers[method]})
        return web.json_response({"ok": False, "error": "unknown_method"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0BENCH01"}})
        self.socket = socket
        self.connected.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                sent = self.sent.pop(message.json()["envelope_id"], None)
                if sent is not None:
                    self.waits.append(time.perf_counter() - sent)
        return socket

    async def push(self, number: int, offset: int) -> None:
        assert self.socket is not None
        ts = f"{1764585000 + offset}.{number:06d}"
        event = {
            "type": "message", "channel": "C0BENCH01", "channel_type": "channel", "user": f"U0MEMBER{number % 50:02d}",
            "text": "Which key do you link on? " + "x" * 300, "ts": ts, "event_ts": ts, "team": TEAM,
        }  # fmt: skip
        body = {
            "type": "event_callback", "token": "t", "team_id": TEAM, "api_app_id": "A0BENCH01", "event": event,
            "event_id": f"Ev{offset}{number}", "event_time": 1764585000 + offset,
        }  # fmt: skip
        envelope = f"{offset}-{number}"
        self.sent[envelope] = time.perf_counter()
        await self.socket.send_json(
            {"envelope_id": envelope, "type": "events_api", "accepts_response_payload": False, "payload": body}
        )


async def measure(command: list[str], folder: Path, offset: int) -> tuple[list[float], int]:
    """Waits in seconds, and how many events were never acknowledged."""
    slack = Slack()
    app = web.Application()
    app.add_routes([web.post("/api/{method}", slack.api), web.get("/link", slack.link)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.port = runner.addresses[0][1]
    tokens = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **tokens, "SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/"},
        stderr=None if "-v" in sys.argv else subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(slack.connected.wait(), 30)
        await asyncio.sleep(1)
        start = time.perf_counter()
        for number in range(EVENTS):
            await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            await slack.push(number, offset)
        await asyncio.sleep(2)
    finally:
        process.terminate()
        process.wait(15)
        await runner.cleanup()
    return slack.waits[EVENTS // 10 :], len(slack.sent)


def percentile(waits: list[float], share: float) -> float:
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))] * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schedules").mkdir()
        (folder / "prompts").mkdir()
        (folder / "schedules/community.yaml").write_text(
            'community: {id: bench, name: Bench, timezone: UTC}\nchannels: {discussion: ["#data"], moderators: "#data"}\n'
            "roles: {coordinators: [U0MEMBER01]}\n"
        )
        (folder / "bare.py").write_text(BARE)
        commands = {
            "copbot run, each event committed": [sys.executable, "-m", "copbot", "run"],
            "bare Bolt app, nothing stored": [sys.executable, "bare.py"],
        }
        found: dict[str, list[list[float]]] = {name: [] for name in commands}
        lost = dict.fromkeys(commands, 0)
        for round_number in range(ROUNDS):
            for name, command in commands.items():
                waits, unacknowledged = asyncio.run(measure(command, folder, round_number))
                found[name].append(waits)
                lost[name] += unacknowledged
    print(f"Acknowledgement at {RATE} events a second, {ROUNDS} rounds of {EVENTS} in turn; medians of the rounds")
    print(f"{'':34} {'p50 ms':>8} {'p99 ms':>8} {'worst ms':>9} {'lost':>5}")
    p99: dict[str, float] = {}
    for name, rounds in found.items():
        p50, p99[name], worst = (
            statistics.median(percentile(waits, share) for waits in rounds) for share in (0.5, 0.99, 1.0)
        )
        print(f"{name:34} {p50:8.2f} {p99[name]:8.2f} {worst:9.2f} {lost[name]:5}")
    stored, bare = p99.values()
    print(f"p99 ratio: {stored / bare:.2f}")


if __name__ == "__main__":
    main()
