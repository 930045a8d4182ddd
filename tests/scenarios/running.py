"""A community on the local workspace, and ``copbot run`` as a process of its own connected to it over real sockets."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from types import TracebackType

import databases
from cradle import CRADLE, Born

from copbot.adapters.clock import SystemClock
from copbot.workspace.server import Workspace

STARTED_S = 90.0
COMMUNITY = """
    community: {id: links, name: Data Links, timezone: UTC, purpose: linking data}
    channels: {discussion: ["#data"], moderators: "#mods", introductions: "#introductions"}
    roles: {coordinators: [jess@example.org], moderators: [mod@example.org]}
    unanswered: {after: 3s, again: 1h, escalate: 2h}
"""
ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      guidelines: guidelines.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
        - {id: topics, ask: "Which topics?", type: choices, options: [Census, Registers], share: true}
      introduction: introduction.j2
"""
PROMPTS = {
    "welcome.j2": "Hello {{ member.name }}, welcome to {{ community.name }}!",
    "guidelines.j2": "Be kind.",
    "introduction.j2": "Welcome {{ member.mention }}! {% for a in answers if a.share %}{{ a.answer }} {% endfor %}",
    "question.j2": "{{ question }}",
}


@dataclass
class Community:
    """The workspace with its people and channels, and the folder that the bot runs in."""

    folder: Path
    workspace: Workspace = field(default_factory=lambda: Workspace(SystemClock()))

    def __enter__(self) -> "Community":
        self.workspace.start()
        self.workspace.retry_delays = (0, 0.5, 1)
        self.workspace.ack_timeout = 15.0  # Slack's own 3 s are measured elsewhere; here several processes share a core
        self.jess = self.workspace.add_user("jess", real_name="Jess", email="jess@example.org")
        self.mod = self.workspace.add_user("mod", real_name="Mo Derator", email="mod@example.org")
        self.ana = self.workspace.add_user("ana", real_name="Ana")
        self.ben = self.workspace.add_user("ben", real_name="Ben")
        everyone = [self.jess, self.mod, self.ana, self.ben]
        self.data = self.workspace.add_channel("data", members=everyone)
        self.introductions = self.workspace.add_channel("introductions", members=everyone)
        self.mods = self.workspace.add_channel("mods", private=True, members=[self.jess, self.mod])
        self.write("schedules/community.yaml", COMMUNITY)
        self.write("schedules/onboarding.yaml", ONBOARDING)
        for name, text in PROMPTS.items():
            self.write(f"prompts/{name}", text)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.workspace.stop()

    def write(self, name: str, text: str) -> None:
        """Write a file as editors do: whole, then put in place."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(dedent(text), encoding="utf-8")
        draft.replace(path)

    def texts(self, channel: str) -> list[str]:
        """What stands in a channel, threads left out, oldest first, the bot's and the people's."""
        return [str(message["text"]) for message in self.workspace.messages(channel) if not message.get("subtype")]

    def said(self, channel: str | None) -> list[str]:
        """What the bot said in a channel; nothing in one that is not there yet."""
        bot = self.workspace.bot_user
        if channel is None:
            return []
        return [str(message["text"]) for message in self.workspace.messages(channel) if message.get("user") == bot]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "COPBOT_"))}
        return kept | {
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "SLACK_API_URL": self.workspace.api_url,
            "PYTHONFAULTHANDLER": "1",
            "DATABASE_URL": databases.address(self.folder / "copbot.db"),
        }


def knows(community: Community, user: str) -> bool:
    """Whether the bot has learned what somebody is called: at its first start it reads the list of all after it has connected."""
    query = "SELECT name FROM slack_user WHERE slack_id = :user AND name != ''"
    return bool(databases.rows(community.folder / "copbot.db", query, user=user))


class Running:
    """``copbot run`` as a process. Leaving the ``with`` block ends it with SIGTERM, unless it has ended."""

    def __init__(self, community: Community, beside: int = 0, *, from_nothing: bool = False, **settings: str) -> None:
        """``beside`` so many others that are connected already. ``from_nothing``: as a person starts it, imports and all."""
        self.community = community
        self.settings = settings
        self.beside = beside
        self.from_nothing = from_nothing
        self.log = community.folder / ("log" if not beside else f"log{beside}")

    def __enter__(self) -> "Running":
        workspace = self.community.workspace
        workspace.wait_for(
            lambda: workspace.connected == self.beside, STARTED_S
        )  # the connection of one that was killed before
        self.process = self._started()
        try:
            workspace.wait_for(lambda: workspace.connected > self.beside or self.process.poll() is not None, STARTED_S)
            assert self.process.poll() is None, self.log.read_text()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()

    def _started(self) -> "Born | subprocess.Popen[bytes]":
        folder, environment = self.community.folder, self.community.environment() | self.settings
        if not self.from_nothing:
            return CRADLE.start(folder, environment, self.log)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "copbot", "run"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)


class Listening(Running):
    """The same in HTTP mode: ``connected`` once it listens, and the workspace has its address."""

    def __init__(self, community: Community, **settings: str) -> None:
        secret = community.workspace.signing_secret
        http = {
            "COPBOT_MODE": "http",
            "SLACK_SIGNING_SECRET": secret,
            "COPBOT_HTTP_PORT": "0",
            "COPBOT_LOG_FORMAT": "text",
        }
        super().__init__(community, **http, **settings)

    def __enter__(self) -> "Listening":
        workspace = self.community.workspace
        self.process = self._started()
        try:
            workspace.wait_for(
                lambda: "copbot is connected" in self.said() or self.process.poll() is not None, STARTED_S
            )
            assert self.process.poll() is None, self.said()
            self.url = re.findall(r"on (http://127.0.0.1:\d+)", self.said())[-1]
            workspace.request_url = f"{self.url}/slack/events"
        except BaseException:
            self.kill()
            raise
        return self

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""
