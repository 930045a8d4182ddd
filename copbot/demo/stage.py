"""What the story is played on: a workspace, a database and the bot, all of it temporary and on one movable clock."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
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
from copbot.adapters.files import Loaded
from copbot.adapters.files.reading import load
from copbot.adapters.manifest import MESSAGE_SHORTCUTS
from copbot.adapters.store.sql import SqlStore
from copbot.bot import Bot
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.posts import EveryWhen
from copbot.core.pump import Next
from copbot.core.time import to_us
from copbot.demo.coming import what_comes
from copbot.demo.fitting import fit, groups_named
from copbot.demo.roles import roles_in
from copbot.demo.time_control import Clockwork, DemoTime
from copbot.features.history.service import Imported, import_history
from copbot.settings import Settings
from copbot.stores import learning, open_store
from copbot.wiring import build
from copbot.workspace.example import write_example_export
from copbot.workspace.life import Life, Places, populate
from copbot.workspace.server import Workspace

T = TypeVar("T")
Json = dict[str, Any]

WAIT_S = 60.0
"""Real seconds in which whatever the story waits for must have happened."""

LOOK_AGAIN_S = 0.002

PASSES = 3
"""What is due may lead to something that is due at once; more often it has to wait for time to pass."""

LONGEST_HORIZON = timedelta(hours=12)

NEWCOMERS_A_WEEK = 0.01
"""Of those who are there, but one at least: a community that grows by half in a year."""

COMMAND = "/cop"


class Stopped(Exception):
    """Somebody ended the demo in the middle of the story."""


class TakenOver(Exception):
    """Somebody moved time by themselves, or took the tour: the story gives way."""


@dataclass(frozen=True)
class Stage:
    """The running demo. ``community`` is the one that the story is about."""

    clock: VirtualClock
    time: DemoTime
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
    life: Life | None

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
        """Give the person who watches time to read. Raises Stopped, and TakenOver when they moved time themselves."""
        if self.stopping.wait(self.pause_s * times):
            raise Stopped
        if self.time.taken_over.is_set():
            raise TakenOver

    def later(self, minutes: float) -> None:
        """Let a little time pass."""
        self.go_to(self.clock.now() + timedelta(minutes=minutes))

    def go_to(self, instant: datetime) -> None:
        """Move time on through everything that happens on the way."""
        self.time.through(instant)

    def settle(self) -> None:
        """Wait until the bot has dealt with everything up to now."""
        settle(self.bot, self.store, self.workspace, self.stopping)


def settle(bot: Bot, store: SqlStore, workspace: Workspace, stopping: threading.Event) -> Next | None:
    """Wait until the bot has decided on all that is due now, and all of it was said; what it will do next.

    Raises TimeoutError, Stopped.
    """
    for _ in range(PASSES):
        heard_of_everything(workspace)
        said = len(workspace.calls)
        if not bot.decided_within(WAIT_S):
            raise TimeoutError("the bot does not decide on anything any more")
        _wait(workspace, stopping, lambda: _all_said(store, workspace), "the bot does not say what it has to say")
        # What was said meanwhile, such as a question, may have to be looked after later.
        due = bot.next_due() if len(workspace.calls) > said else bot.next_after_pass
        if due is None or due.at > workspace.clock.now():
            break
    return due


def heard_of_everything(workspace: Workspace) -> None:
    """Wait until the bot has acknowledged every event. Raises TimeoutError."""
    workspace.wait_for(lambda: not workspace.unacknowledged, WAIT_S)


def _all_said(store: SqlStore, workspace: Workspace) -> bool:
    with store.read() as tx:
        waiting = [*tx.deliveries.open(), *tx.deliveries.ready(to_us(workspace.clock.now()), 1)]
    return not waiting and not workspace.unacknowledged


def _wait(workspace: Workspace, stopping: threading.Event, done: Callable[[], bool], complaint: str) -> None:
    """Look again and again within ``WAIT_S``: what happens in the bot's own store wakes nobody here."""
    deadline = workspace.clock.monotonic() + WAIT_S
    while not done():
        if workspace.clock.monotonic() > deadline:
            raise TimeoutError(complaint)
        if stopping.wait(LOOK_AGAIN_S):
            raise Stopped


def example_files(kind: str) -> Path:
    """The example community's ``schedules`` or ``prompts``: inside an installed package, or at the project's root."""
    package = Path(str(files("copbot")))
    inside = package / "example" / kind
    return inside if inside.is_dir() else package.parent / kind


def monday_morning(community: Community, now: datetime) -> datetime:
    """09:00 on the Monday of the week of ``now``, by the community's clocks: the story needs the weekdays after it."""
    local = now.astimezone(ZoneInfo(community.timezone))
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time(9), ZoneInfo(community.timezone))


def _horizon(communities: Iterable[Community]) -> timedelta:
    """For how long people may act before the bot is asked what follows: none of its rules comes sooner after a message."""
    posts = [post for community in communities for post in community.posts]
    if any(isinstance(post.when, EveryWhen) and post.when.at == "active" for post in posts):
        return timedelta(0)  # such a post goes out at the first sign of life
    if any(community.stories for community in communities):
        return timedelta(0)  # whoever says that something helped is asked at once
    return min([LONGEST_HORIZON, *(community.unanswered.after / 2 for community in communities)])


def places_of(workspace: Workspace, community: Community) -> Places | None:
    """Where the community's people meet; None when the workspace lacks their first channel."""
    ids = {c["id"]: c["id"] for c in workspace.channels()} | {f"#{c['name']}": c["id"] for c in workspace.channels()}
    discussion = tuple(ids[reference] for reference in community.channels.discussion if reference in ids)
    if not discussion:
        return None
    introductions, moderators = community.channels.introductions or "", community.channels.moderators or ""
    return Places(discussion, ids.get(introductions), ids.get(moderators), ZoneInfo(community.timezone))


@contextmanager
def open_stage(
    *,
    port: int,
    schedules: Path | None,
    prompts: Path | None,
    pause_s: float,
    stopping: threading.Event,
    alive: bool = False,
    start: datetime | None = None,
    members: int = 0,
) -> Iterator[Stage]:
    """Set everything up and take it all away again. Raises Mistake for wrong files and for a port that is taken.

    ``alive``: the members live on while time is moved; ``members``: so many of them at least. ``start`` is this week's
    Monday unless given.
    """
    schedules_dir = schedules or example_files("schedules")
    prompts_dir = prompts or _beside(schedules) or example_files("prompts")
    loaded = _loaded(schedules_dir, prompts_dir)
    communities = loaded.communities
    start = start or monday_morning(communities[0], SystemClock().now())
    clock = VirtualClock(start, speed=0.0)  # DemoTime moves it
    with (
        TemporaryDirectory(prefix="copbot-demo-") as scratch,
        _served(Workspace(clock, port=port, team_name=communities[0].name)) as workspace,
    ):
        export = Path(scratch) / "export"
        write_example_export(export, start)
        populate(export, members)
        fitted = fit(export, communities)
        workspace.load_export(export)
        workspace.shortcuts = {callback_id: name for callback_id, (name, _) in MESSAGE_SHORTCUTS.items()}
        workspace.limits = False  # where a week passes in a minute, nobody counts messages by the second
        living = [user["id"] for user in workspace.users() if not user["is_bot"] and not user["deleted"]]
        for group in groups_named(communities):
            workspace.add_usergroup(group, living[:2])
        settings = _settings(workspace, Path(scratch), schedules_dir, prompts_dir)
        with open_store(settings) as store:
            with open_export(export) as history:
                imported = import_history(store, history)
            bot = build(settings, clock, stopping, spacing_s=0.0)
            with _running(bot), learning(settings, clock, loaded) as (ctx, _):
                workspace.roles = roles_in(workspace, communities[0], ctx)
                life = _life(workspace, communities[0], start) if alive else None
                clockwork = Clockwork(
                    clock,
                    bot.next_due,
                    lambda: settle(bot, store, workspace, stopping),
                    lambda: heard_of_everything(workspace),
                    life,
                    _horizon(communities),
                )
                demo_time = DemoTime(
                    clock,
                    clockwork,
                    lambda: what_comes(ctx) if ctx else (),
                    lambda: sum(call.method.startswith("chat.") for call in workspace.calls),
                    lambda stuck: workspace.tell(f"Time stands still: {stuck}"),
                )
                workspace.time_control = demo_time
                workspace.roles = roles_in(workspace, communities[0], ctx)
                with _ticking(demo_time):
                    yield Stage(
                        clock=clock,
                        time=demo_time,
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
                        life=life,
                    )


def _life(workspace: Workspace, community: Community, start: datetime) -> Life | None:
    places = places_of(workspace, community)
    if places is None:
        return None
    living = sum(not user["is_bot"] and not user["deleted"] for user in workspace.users())
    return Life(
        workspace,
        places,
        start,
        newcomers_a_week=max(1.0, NEWCOMERS_A_WEEK * living),
        excluded=workspace.played,
    )


@contextmanager
def _ticking(demo_time: DemoTime) -> Iterator[None]:
    demo_time.start()
    try:
        yield
    finally:
        demo_time.stop()


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


def _loaded(schedules: Path, prompts: Path) -> Loaded:
    loaded = load(schedules, prompts)
    if loaded.problems:
        more = f" ({len(loaded.problems) - 1} more: `copbot check` shows all)" if len(loaded.problems) > 1 else ""
        raise Mistake(f"{loaded.problems[0]}{more}")
    return loaded


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
