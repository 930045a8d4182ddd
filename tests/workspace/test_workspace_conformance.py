"""An app written only from Bolt's public documentation, over both of Slack's transports."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from conformance_app import conformance_app
from letting_go import let_go
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient

from copbot.workspace.server import Workspace


@contextmanager
def over_socket_mode(workspace: Workspace, app: App) -> Iterator[None]:
    handler = SocketModeHandler(app, workspace.app_token)
    handler.connect()
    workspace.wait_for(lambda: workspace.connected)
    yield
    let_go(workspace, handler)


@contextmanager
def over_http(workspace: Workspace, app: App) -> Iterator[None]:
    """Bolt's own development server, as ``app.start()`` runs it."""
    served = SlackAppDevelopmentServer(0, "/slack/events", app, http_server_logger_enabled=False)
    thread = threading.Thread(target=served._server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        workspace.request_url = f"http://127.0.0.1:{served._server.server_port}/slack/events"
        yield
    finally:
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        workspace.request_url = None
        served._server.shutdown()
        served._server.server_close()
        thread.join()


@pytest.fixture(
    params=[pytest.param(over_socket_mode, id="socket mode"), pytest.param(over_http, id="signed HTTP")],
)
def scene(
    request: pytest.FixtureRequest, workspace: Workspace, client: WebClient
) -> Iterator[tuple[Workspace, str, str]]:
    """The workspace with the app connected, a person and a channel."""
    connected: Callable[..., contextmanager] = request.param  # type: ignore[type-arg]
    app = conformance_app(client, workspace.signing_secret)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    with connected(workspace, app):
        yield workspace, ada, channel
        workspace.wait_for(lambda: all(envelope.state == "acknowledged" for envelope in workspace.envelopes))
    app.listener_runner.listener_executor.shutdown()
    assert {envelope.attempts for envelope in workspace.envelopes} <= {1}


Scene = tuple[Workspace, str, str]


def texts(workspace: Workspace, channel: str) -> list[str]:
    return [message["text"] for message in workspace.messages(channel)]


def test_a_greeting_is_answered_with_a_button_that_answers_too(scene: Scene) -> None:
    workspace, ada, channel = scene
    workspace.post(channel, ada, "hello there")
    workspace.wait_for(lambda: f"Hey there <@{ada}>!" in texts(workspace, channel))
    workspace.press(ada, channel, workspace.messages(channel)[-1]["ts"], "button_click")
    workspace.wait_for(lambda: f"<@{ada}> clicked the button" in texts(workspace, channel))
    [alone] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert alone["text"] == "You clicked it"


def test_a_pattern_hears_words_in_a_direct_message(scene: Scene) -> None:
    workspace, ada, _ = scene
    direct = workspace.open_dm(ada)
    workspace.post(direct, ada, "good day to you")
    workspace.wait_for(lambda: "good day, how are you?" in texts(workspace, direct))


def test_a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    workspace, ada, channel = scene
    ts = workspace.post(channel, ada, f"<@{workspace.bot_user}> are you there?")
    answered = workspace.wait_for(lambda: workspace.thread(channel, ts)[1:])
    assert [message["text"] for message in answered] == ["What's up?"]


def test_a_newcomer_is_welcomed(scene: Scene) -> None:
    workspace, _, _ = scene
    ben = workspace.join_workspace("ben")
    direct = workspace.wait_for(lambda: workspace.dm(ben))
    workspace.wait_for(lambda: any("Welcome to the team" in text for text in texts(workspace, direct)))


def test_a_reaction_brings_a_date_picker_whose_choice_is_told_to_its_person(scene: Scene) -> None:
    workspace, ada, channel = scene
    workspace.react(channel, workspace.post(channel, ada, "when?"), ada, "calendar")
    workspace.wait_for(lambda: "Pick a date for me to remind you" in texts(workspace, channel))
    asked = workspace.messages(channel)[-1]
    workspace.press(ada, channel, asked["ts"], "datepicker_remind", "2026-12-24")
    [alone] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert alone["text"] == "I'll remind you on 2026-12-24"
    assert workspace.messages(channel)[-1]["reactions"][0]["name"] == "white_check_mark"


def test_commands_answer_by_the_response_url_and_by_the_acknowledgement(scene: Scene) -> None:
    workspace, ada, channel = scene
    workspace.command(ada, channel, "/echo", "once more")
    [alone] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert alone["text"] == "once more"
    workspace.command(ada, channel, "/say", "to all")
    workspace.wait_for(lambda: texts(workspace, channel) == ["*to all*"])


def test_a_message_shortcut_knows_its_message(scene: Scene) -> None:
    workspace, ada, channel = scene
    ts = workspace.post(channel, ada, "remember this")
    workspace.message_shortcut(ada, channel, ts, "note_it")
    [alone] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert alone["text"] == "Noted: remember this"


def test_a_form_is_opened_updated_corrected_and_taken(scene: Scene) -> None:
    workspace, ada, _ = scene
    workspace.shortcut(ada, "open_modal")
    view = workspace.wait_for(lambda: workspace.view_of(ada))
    assert view["title"]["text"] == "My App"
    workspace.press_in_view(ada, "button_abc")
    workspace.wait_for(lambda: (workspace.view_of(ada) or view)["title"]["text"] == "Updated modal")
    assert workspace.submit(ada, {"dreamy_input": "peace"}) == {"input_c": "The value must be longer than 5 characters"}
    offered = workspace.suggesting(ada, "external_action", "2").result(10)
    assert [option["value"] for option in offered] == ["1-2"]
    assert workspace.submit(ada, {"dreamy_input": "world peace", "external_action": offered[0]}) == {}
    assert workspace.view_of(ada) is None
    direct = workspace.wait_for(lambda: workspace.dm(ada))
    workspace.wait_for(lambda: texts(workspace, direct) == ["Your submission of world peace was successful"])


@pytest.mark.parametrize(("words", "left"), [("push one more", 2), ("update this one", 1)])
def test_an_acknowledgement_can_push_update_and_clear(scene: Scene, words: str, left: int) -> None:
    workspace, ada, _ = scene
    workspace.shortcut(ada, "open_modal")
    workspace.wait_for(lambda: workspace.view_of(ada))
    assert workspace.submit(ada, {"dreamy_input": words}) == {}
    top = workspace.view_of(ada)
    assert top is not None
    assert top["callback_id"] == "view_2"
    assert (top["previous_view_id"] is not None) is (left == 2)
    assert workspace.submit(ada, {"dreamy_input": "enough now"}) == {}
    assert workspace.view_of(ada) is None


def test_a_form_that_is_closed_is_told(scene: Scene) -> None:
    workspace, ada, _ = scene
    workspace.shortcut(ada, "open_modal")
    workspace.wait_for(lambda: workspace.view_of(ada))
    workspace.close_view(ada)
    direct = workspace.wait_for(lambda: workspace.dm(ada))
    workspace.wait_for(lambda: texts(workspace, direct) == ["Another time, then"])


def test_the_home_tab_is_published_when_it_is_opened(scene: Scene) -> None:
    workspace, ada, _ = scene
    workspace.open_home(ada)
    home = workspace.wait_for(lambda: workspace.home_of(ada))
    assert "Welcome home" in home["blocks"][0]["text"]["text"]
