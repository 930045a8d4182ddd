"""What the story is played on: a workspace, a database and the bot, all of it temporary and on one movable clock."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from copbot.adapters.clock import SystemClock, VirtualClock
from copbot.adapters.export import open_export
from copbot.adapters.files.reading import load
from copbot.adapters.store.sql import SqlStore
from copbot.bot import Bot
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.time import to_us
from copbot.demo.fitting import fit, groups_named
from copbot.demo.time_control import DemoTime
from copbot.features.history.service import Imported, import_history
from copbot.settings import Settings
from copbot.wiring import build, open_store
from copbot.workspace.example import write_example_export
from copbot.workspace.server import Workspace

T = TypeVar("T")
Json = dict[str, Any]

WAIT_S = 20.0
"""Real seconds in which whatever the story waits for must have happened."""

HOPS = 300
"""More stops than a week can have on the way to a moment of the story."""

COMMAND = "/cop"


class Stopped(Exception):
    """Somebody ended the demo in the middle of the story."""


@dataclass(frozen=True)
class Stage:
    """The running demo. ``community`` is the one that the story is about."""

    clock: VirtualClock
    workspace: Workspace
    bot: Bot
    store: SqlStore
    community: Community
    export: Path
    imported: Imported
    is_example: bool
    fitted: tuple[str, ...]
    stopping: threading.Event
    pause_s: float  # real seconds between two things that happen, 0 for no pause

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    def channel(self, reference: str | None) -> str | None:
        """The ID of a channel as the files name it; None when there is none."""
        if reference is None:
            return None
        name = reference.removeprefix("#")
        return next((c["id"] for c in self.workspace.channels() if reference == c["id"] or name == c["name"]), None)

    def wait_for(self, predicate: Callable[[], T | None]) -> T:
        """Wait for something to be there on Slack's side.

        Raises TimeoutError that tells what was there instead, Stopped when somebody ended the demo meanwhile.
        """

        def look() -> T | None:
            if self.stopping.is_set():
                raise Stopped
            return predicate()

        found = self.workspace.wait_for(look, WAIT_S)
        assert found is not None
        return found

    def pause(self, times: float = 1.0) -> None:
        """Give the person who watches time to read. Raises Stopped."""
        if self.stopping.wait(self.pause_s * times):
            raise Stopped

    def later(self, minutes: float) -> None:
        """Let a little time pass in which nothing is due."""
        self.clock.advance(timedelta(minutes=minutes))

    def go_to(self, instant: datetime) -> None:
        """Move time on, stopping wherever something becomes due on the way."""
        for _ in range(HOPS):
            due = self.bot.next_due()
            if due is None or due.at >= instant:
                break
            self.hop(due.at)
        self.clock.move_to(max(instant, self.clock.now()))

    def hop(self, instant: datetime) -> None:
        """Move to a moment at which something is due and let the bot deal with it."""
        self.clock.move_to(max(instant, self.clock.now()))
        self.settle()
        self.pause(0.2)

    def settle(self) -> None:
        """Wait until the bot has dealt with everything up to now."""
        if not self.bot.decided_within(WAIT_S):
            raise TimeoutError("the bot does not decide on anything any more")
        self.wait_for(self._has_caught_up)

    def _has_caught_up(self) -> bool:
        now = self.clock.now()
        due = self.bot.next_due()
        with self.store.read() as tx:
            waiting = [*tx.deliveries.open(), *tx.deliveries.ready(to_us(now), 1)]
        return (due is None or due.at > now) and not waiting and not self.workspace.unacknowledged


def example_files(kind: str) -> Path:
    """The example community's ``schedules`` or ``prompts``: inside an installed package, or at the project's root."""
    package = Path(str(files("copbot")))
    inside = package / "example" / kind
    return inside if inside.is_dir() else package.parent / kind


def monday_morning(community: Community, now: datetime) -> datetime:
    """09:00 on the Monday of the week of ``now``, by the community's clocks: the story needs the weekdays after it."""
    local = now.astimezone(ZoneInfo(community.timezone))
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time(9), ZoneInfo(community.timezone))


@contextmanager
def open_stage(
    *, port: int, schedules: Path | None, prompts: Path | None, pause_s: float, stopping: threading.Event
) -> Iterator[Stage]:
    """Set everything up and take it all away again. Raises Mistake for wrong files and for a port that is taken."""
    schedules_dir = schedules or example_files("schedules")
    prompts_dir = prompts or _beside(schedules) or example_files("prompts")
    communities = _communities(schedules_dir, prompts_dir)
    start = monday_morning(communities[0], SystemClock().now())
    clock = VirtualClock(start, speed=1.0 if pause_s else 0.0)  # told without pauses, the story moves the clock alone
    with (
        TemporaryDirectory(prefix="copbot-demo-") as scratch,
        _served(Workspace(clock, port=port, team_name=communities[0].name)) as workspace,
    ):
        export = Path(scratch) / "export"
        write_example_export(export, start)
        fitted = fit(export, communities)
        workspace.load_export(export)
        members = [user["id"] for user in workspace.users() if not user["is_bot"] and not user["deleted"]]
        for group in groups_named(communities):
            workspace.add_usergroup(group, members[:2])
        settings = _settings(workspace, Path(scratch), schedules_dir, prompts_dir)
        with open_store(settings) as store:
            with open_export(export) as history:
                imported = import_history(store, history)
            bot = build(settings, clock, stopping)
            workspace.time_control = DemoTime(clock, bot.next_due)
            with _running(bot):
                yield Stage(
                    clock=clock,
                    workspace=workspace,
                    bot=bot,
                    store=store,
                    community=communities[0],
                    export=export,
                    imported=imported,
                    is_example=schedules is None,
                    fitted=tuple(fitted),
                    stopping=stopping,
                    pause_s=pause_s,
                )


@contextmanager
def _running(bot: Bot) -> Iterator[None]:
    try:
        bot.start()
        yield
    finally:
        bot.stop()


@contextmanager
def _served(workspace: Workspace) -> Iterator[Workspace]:
    try:
        workspace.start()
    except OSError as taken:
        reason = os.strerror(taken.errno).lower() if taken.errno else str(taken)
        raise Mistake(
            f"--port: {workspace.page_url} cannot be served ({reason}): choose another, such as --port 0"
        ) from None
    try:
        yield workspace
    finally:
        workspace.stop()


def _beside(schedules: Path | None) -> Path | None:
    """The ``prompts`` that stand beside somebody's own schedules."""
    beside = schedules.absolute().parent / "prompts" if schedules else None
    return beside if beside and beside.is_dir() else None


def _communities(schedules: Path, prompts: Path) -> tuple[Community, ...]:
    loaded = load(schedules, prompts)
    if loaded.problems:
        more = f" ({len(loaded.problems) - 1} more: `copbot check` shows all)" if len(loaded.problems) > 1 else ""
        raise Mistake(f"{loaded.problems[0]}{more}")
    return loaded.communities


def _settings(workspace: Workspace, scratch: Path, schedules: Path, prompts: Path) -> Settings:
    """Settings of the demo's own: nothing of the environment reaches it."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(workspace.bot_token),
        slack_app_token=SecretStr(workspace.app_token),
        slack_signing_secret=None,
        slack_api_url=workspace.api_url,
        database_url=f"sqlite:///{scratch / 'demo.db'}",
        copbot_mode="socket",
        copbot_http_host="127.0.0.1",
        copbot_http_port=3000,
        copbot_schedules_dir=schedules,
        copbot_prompts_dir=prompts,
        copbot_command=COMMAND,
        copbot_log_level="warning",
        copbot_log_format="text",
    )
