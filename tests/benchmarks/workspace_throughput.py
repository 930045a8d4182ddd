"""How many messages a second the local workspace takes and tells, with one bot connected.

Run: ``python tests/benchmarks/workspace_throughput.py``. The bot is a bare Bolt app in a process of its own that hears
every message and does nothing; members write as fast as the workspace lets them. A row's figure ends when the last
event is acknowledged. The posts of the last rows come from the bot by ``chat.postMessage``, one after the other.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from slack_sdk import WebClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace

MESSAGES = 2000
POSTS = 500
ROUNDS = 3

BOT = """
import sys, threading
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient
url, bot, app_token, secret, transport = sys.argv[1:]
app = App(client=WebClient(bot, base_url=url), signing_secret=secret)
app.event("message")(lambda: None)
if transport == "socket":
    handler = SocketModeHandler(app, app_token)
    handler.connect()
    print("ready", flush=True)
    threading.Event().wait()
server = SlackAppDevelopmentServer(0, "/slack/events", app, http_server_logger_enabled=False)
print(server._server.server_port, flush=True)
server.start()
"""


@contextmanager
def connected(workspace: Workspace, transport: str) -> Iterator[None]:
    words = [workspace.api_url, workspace.bot_token, workspace.app_token, workspace.signing_secret, transport]
    bot = subprocess.Popen([sys.executable, "-c", BOT, *words], stdout=subprocess.PIPE, text=True)
    assert bot.stdout is not None
    said = bot.stdout.readline().strip()
    if transport == "http":
        workspace.request_url = f"http://127.0.0.1:{said}/slack/events"
        # A retry of a slow answer would be counted as work.
        workspace.ack_timeout = 60.0
    else:
        workspace.wait_for(lambda: workspace.connected)
        workspace.ack_timeout = 60.0
    try:
        yield
    finally:
        bot.terminate()
        bot.wait()


def per_second(count: int, act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return count / (time.perf_counter() - began)


def members_write(workspace: Workspace) -> None:
    users = [workspace.add_user(f"member{n}") for n in range(50)]
    channels = [workspace.add_channel(f"channel{n}", members=users) for n in range(5)]
    for number in range(MESSAGES):
        workspace.post(channels[number % 5], users[number % 50], f"message {number}")
    workspace.wait_for(lambda: workspace.unacknowledged == 0, timeout=120)


def bot_posts(workspace: Workspace) -> None:
    client = WebClient(workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    channel = workspace.add_channel("posts")
    for number in range(POSTS):
        client.chat_postMessage(channel=channel, text=f"post {number}")
    workspace.wait_for(lambda: workspace.unacknowledged == 0, timeout=120)


def measured(transport: str | None, count: int, act: Callable[[Workspace], None]) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        with Workspace(VirtualClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), speed=0)) as workspace:
            if transport is None:
                workspace.subscriptions = set()
                found.append(per_second(count, lambda: act(workspace)))
            else:
                with connected(workspace, transport):
                    found.append(per_second(count, lambda: act(workspace)))
    return found


def main() -> None:
    rows: list[tuple[str, str | None, int, Callable[[Workspace], None]]] = [
        ("members write, no bot", None, MESSAGES, members_write),
        ("members write, bot over Socket Mode", "socket", MESSAGES, members_write),
        ("members write, bot over signed HTTP", "http", MESSAGES, members_write),
        ("the bot posts, over Socket Mode", "socket", POSTS, bot_posts),
    ]
    print(f"{'messages per second':42} {'median':>8} {'least':>8} {'most':>8}")
    for name, transport, count, act in rows:
        found = measured(transport, count, act)
        print(f"{name:42} {statistics.median(found):8.0f} {min(found):8.0f} {max(found):8.0f}")


if __name__ == "__main__":
    main()
