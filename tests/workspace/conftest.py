"""A served workspace, and an unmodified Bolt app connected to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from letting_go import let_go
from served import START, Bot
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START, speed=0)


@pytest.fixture
def workspace(clock: VirtualClock) -> Iterator[Workspace]:
    with Workspace(clock) as served:
        yield served


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """Without any retry handler, as the bot posts."""
    return WebClient(workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])


@pytest.fixture
def bot(workspace: Workspace, client: WebClient) -> Iterator[Bot]:
    app = App(client=client, raise_error_for_unhandled_request=False)
    made = Bot(app)

    @app.use
    def note(body: dict[str, Any], next: Any) -> None:  # noqa: A002  (Bolt's name for it)
        if "event" in body:
            made.events.append(body)
        next()

    for kind in (
        "message",
        "team_join",
        "member_joined_channel",
        "member_left_channel",
        "reaction_added",
        "user_change",
    ):
        app.event(kind)(lambda: None)
    made.handler = SocketModeHandler(app, workspace.app_token)
    yield made
    let_go(workspace, made.handler)
    app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def connected(workspace: Workspace, bot: Bot) -> Bot:
    assert bot.handler is not None
    bot.handler.connect()
    workspace.wait_for(lambda: workspace.connected)
    return bot
