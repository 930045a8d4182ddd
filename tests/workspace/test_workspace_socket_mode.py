"""Socket Mode as an unmodified Bolt app with slack_sdk's own client finds it."""

import gc
import threading
import time
from typing import Any

import pytest
from served import Bot
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


BUTTON = {"type": "button", "action_id": "begin", "value": "journey:7", "text": text("Begin")}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "questions",
    "private_metadata": "7",
    "title": text("Questions"),
    "submit": text("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": "goal",
            "label": text("Goal"),
            "element": {"type": "plain_text_input", "action_id": "goal_text", "initial_value": "learn"},
        },
        {
            "type": "input",
            "block_id": "topics",
            "label": text("Topics"),
            "element": {
                "type": "checkboxes",
                "action_id": "topics_chosen",
                "options": [{"text": text(name), "value": name.lower()} for name in ("Census", "Surveys")],
            },
        },
    ],
}


def settled(workspace: Workspace) -> None:
    workspace.wait_for(lambda: workspace.unacknowledged == 0)


def test_what_happens_reaches_the_bot_in_order_and_in_slacks_shapes(workspace: Workspace, connected: Bot) -> None:
    ada = workspace.add_user("ada")
    general, away = (
        workspace.add_channel("general", members=[ada]),
        workspace.add_channel("away", members=[ada], bot=False),
    )
    ben = workspace.join_workspace("ben", tz="Africa/Lagos")
    root = workspace.post(general, ada, "who knows?")
    workspace.post(general, ben, "I do", thread_ts=root)
    workspace.react(general, root, ben, "eyes")
    workspace.edit(general, root, "who knows it?")
    workspace.delete(general, root)
    workspace.post(away, ada, "the bot is not here")
    workspace.leave_channel(general, ben)
    settled(workspace)
    connected.events.sort(key=lambda body: body["event"]["event_ts"])
    shapes = [(e["event"]["type"], e["event"].get("subtype")) for e in connected.events]
    assert sorted(shapes, key=str) == sorted(
        [
            ("team_join", None),
            ("message", "channel_join"),
            ("member_joined_channel", None),
            ("message", None),
            ("message", None),
            ("reaction_added", None),
            ("message", "message_changed"),
            ("message", "message_deleted"),
            ("message", "channel_leave"),
            ("member_left_channel", None),
        ],
        key=str,
    )
    [joined] = connected.of("team_join")
    assert (joined["user"]["id"], joined["user"]["tz"]) == (ben, "Africa/Lagos")
    reply = next(e for e in connected.of("message") if e.get("text") == "I do")
    assert (reply["thread_ts"], reply["parent_user_id"], reply["channel_type"]) == (root, ada, "channel")
    [changed] = [e for e in connected.of("message") if e.get("subtype") == "message_changed"]
    assert changed["previous_message"]["text"] == "who knows?"
    assert changed["message"]["text"] == "who knows it?"
    assert len({body["event_id"] for body in connected.events}) == len(connected.events)


def test_envelopes_go_out_in_the_order_of_what_happened(workspace: Workspace, connected: Bot) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    said = [workspace.post(channel, ada, str(n)) for n in range(20)]
    settled(workspace)
    assert [envelope.payload["event"]["ts"] for envelope in workspace.envelopes] == said


def test_a_command_is_answered_to_its_person_alone(workspace: Workspace, bot: Bot) -> None:
    bot.app.command("/cop")(lambda ack, command: ack(f"{command['user_name']} asked for {command['text']}"))
    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/cop", "status")
    answers = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert [answer["text"] for answer in answers] == ["ada asked for status"]
    assert workspace.messages(channel) == []


def test_a_command_that_nobody_answers_says_so_to_the_person(workspace: Workspace, connected: Bot) -> None:
    workspace.ack_timeout = 0.05
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/unknown")
    [answer] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert answer["user"] == "USLACKBOT"
    assert "did not respond" in answer["text"]


def test_a_button_opens_a_form_whose_mistakes_come_back_before_it_is_taken(workspace: Workspace, bot: Bot) -> None:
    taken: list[dict[str, Any]] = []

    @bot.app.action("begin")
    def begin(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        taken.append(body["actions"][0])
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bot.app.view("questions")
    def questions(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["goal"]["goal_text"]["value"] == "learn":
            ack(response_action="errors", errors={"goal": "Tell a little more"})
        else:
            taken.append(values)
            ack()

    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    posted = bot.app.client.chat_postMessage(channel=ada, text="hi", blocks=[{"type": "actions", "elements": [BUTTON]}])
    workspace.press(ada, posted["channel"], posted["ts"], "begin")
    view = workspace.wait_for(lambda: workspace.view_of(ada))
    assert (view["callback_id"], view["private_metadata"]) == ("questions", "7")
    assert taken[0]["value"] == "journey:7"
    assert workspace.submit(ada, {}) == {"topics": "Please complete this required field."}
    assert workspace.submit(ada, {"topics": ["census"]}) == {"goal": "Tell a little more"}
    assert workspace.view_of(ada) is not None
    assert workspace.submit(ada, {"goal": "link registers", "topics_chosen": ["Census", "surveys"]}) == {}
    assert workspace.view_of(ada) is None
    assert taken[1]["goal"]["goal_text"] == {"type": "plain_text_input", "value": "link registers"}
    assert [o["value"] for o in taken[1]["topics"]["topics_chosen"]["selected_options"]] == ["census", "surveys"]


def test_a_forged_value_is_sent_as_forged(workspace: Workspace, bot: Bot) -> None:
    pressed: list[str] = []

    @bot.app.action("begin")
    def begin(ack: Any, action: dict[str, Any]) -> None:
        pressed.append(action["value"])
        ack()

    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    posted = bot.app.client.chat_postMessage(channel=ada, text="hi", blocks=[{"type": "actions", "elements": [BUTTON]}])
    workspace.press(ada, posted["channel"], posted["ts"], "begin", value="journey:8")
    workspace.wait_for(lambda: pressed)
    assert pressed == ["journey:8"]
    with pytest.raises(LookupError, match="no_such_action"):
        workspace.press(ada, posted["channel"], posted["ts"], "no_such_action")


def test_a_response_url_mends_the_ephemeral_message_it_came_from_and_ends_after_five_uses(
    workspace: Workspace, bot: Bot
) -> None:
    outcomes: list[int] = []

    @bot.app.command("/cop")
    def ask(ack: Any) -> None:
        ack(text="sure?", blocks=[{"type": "actions", "elements": [BUTTON]}])

    @bot.app.action("begin")
    def begin(ack: Any, respond: Any) -> None:
        ack()
        outcomes.extend(respond(text=f"done {n}", replace_original=True).status_code for n in range(6))

    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/cop")
    workspace.wait_for(lambda: workspace.ephemerals(ada))
    workspace.press_ephemeral(ada, "last", "begin")
    workspace.wait_for(lambda: len(outcomes) == 6)
    assert outcomes == [200, 200, 200, 200, 200, 404]
    assert [e["text"] for e in workspace.ephemerals(ada)] == ["done 4"]


def test_a_trigger_opens_one_view_and_only_in_time(workspace: Workspace, bot: Bot) -> None:
    errors: list[str] = []

    @bot.app.action("begin")
    def begin(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        for _ in range(2):
            answer = client.api_call("views.open", json={"trigger_id": body["trigger_id"], "view": FORM})
            errors.append(answer.get("error", "ok"))

    bot.app.client.retry_handlers.clear()
    bot.app.error(lambda error: errors.append(error.response["error"]))
    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    posted = bot.app.client.chat_postMessage(channel=ada, text="hi", blocks=[{"type": "actions", "elements": [BUTTON]}])
    workspace.press(ada, posted["channel"], posted["ts"], "begin")
    workspace.wait_for(lambda: len(errors) == 2)
    workspace.trigger_lifetime = -1.0
    workspace.press(ada, posted["channel"], posted["ts"], "begin")
    workspace.wait_for(lambda: len(errors) == 3)
    assert errors == ["ok", "exchanged_trigger_id", "expired_trigger_id"]


def test_an_event_that_is_not_acknowledged_comes_three_times_more(workspace: Workspace, bot: Bot) -> None:
    workspace.ack_timeout, workspace.retry_delays = 0.05, (0, 0.02, 0.04)
    arrived: list[tuple[str, str | None]] = []
    assert bot.handler is not None

    def deaf(_: Any, request: Any) -> None:
        arrived.append((request.payload["event_id"], request.retry_attempt))

    bot.handler.client.socket_mode_request_listeners = [deaf]
    bot.handler.connect()
    workspace.wait_for(lambda: workspace.connected)
    workspace.add_channel("general")
    workspace.join_workspace("ben", tz="UTC", is_restricted=True)
    workspace.wait_for(lambda: all(e.state == "lost" for e in workspace.envelopes) and len(arrived) % 4 == 0)
    per_event: dict[str, list[str | None]] = {}
    for event_id, attempt in arrived:
        per_event.setdefault(event_id, []).append(attempt)
    assert len(per_event) == 3  # team_join, the join's message, member_joined_channel
    assert {tuple(sorted(a or 0 for a in attempts)) for attempts in per_event.values()} == {(0, 1, 2, 3)}


def test_what_happened_while_nobody_was_connected_comes_by_retry(workspace: Workspace, bot: Bot) -> None:
    workspace.retry_delays = (0, 1, 20)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.post(channel, ada, "is anybody there?")
    assert bot.handler is not None
    bot.handler.connect()
    workspace.wait_for(lambda: bot.of("message"))
    settled(workspace)
    assert len(bot.of("message")) == 1


def test_an_event_asked_to_be_doubled_comes_twice_under_one_id(workspace: Workspace, connected: Bot) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.faults.duplicate_next_event()
    workspace.post(channel, ada, "once")
    workspace.post(channel, ada, "again")
    settled(workspace)
    workspace.wait_for(lambda: len(connected.events) == 3)
    ids = [body["event_id"] for body in connected.events if body["event"]["text"] == "once"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_a_client_told_to_disconnect_comes_back(workspace: Workspace, connected: Bot, reason: str) -> None:
    opened = [call for call in workspace.calls if call.method == "apps.connections.open"]
    workspace.faults.disconnect(reason)
    workspace.wait_for(
        lambda: (
            len([c for c in workspace.calls if c.method == "apps.connections.open"]) > len(opened)
            and workspace.connected
        )
    )
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.post(channel, ada, "are you back?")
    workspace.wait_for(lambda: connected.of("message"))


def test_dropped_sockets_are_gone_at_once(workspace: Workspace, connected: Bot) -> None:
    workspace.faults.drop_sockets()
    workspace.wait_for(lambda: not workspace.connected)


def test_a_held_socket_stays_open_but_answers_nothing(workspace: Workspace, connected: Bot) -> None:
    workspace.ack_timeout, workspace.retry_delays = 0.05, (0, 0, 0)
    workspace.faults.hold_sockets()
    workspace.wait_for(lambda: not workspace.connected)
    assert connected.handler is not None
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.post(channel, ada, "this is heard, but its acknowledgement is not")
    workspace.wait_for(lambda: workspace.envelopes[-1].state == "lost")
    assert connected.handler.client.is_connected()
    workspace.wait_for(lambda: len(connected.of("message")) == 4)


def test_waiting_for_what_never_comes_tells_what_was_there(workspace: Workspace) -> None:
    ada = workspace.add_user("ada")
    workspace.post(workspace.add_channel("general", members=[ada]), ada, "only this")
    began = time.perf_counter()
    with pytest.raises(TimeoutError, match="only this"):
        workspace.wait_for(lambda: None, timeout=0.2)
    assert time.perf_counter() - began < 5


def test_nothing_is_left_running_after_a_stop(clock: VirtualClock) -> None:
    before = set(threading.enumerate())
    with Workspace(clock) as workspace:
        client = SocketModeClient(
            workspace.app_token, web_client=WebClient(workspace.bot_token, base_url=workspace.api_url)
        )
        client.connect()
        workspace.wait_for(lambda: workspace.connected)
        client.auto_reconnect_enabled = False
    client.close()
    client.message_workers.shutdown()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
    gc.collect()  # an unclosed socket or loop would warn now, and a warning is an error
    assert set(threading.enumerate()) <= before


def test_a_thousand_events_at_once_do_not_break_slack_sdks_reader(workspace: Workspace, connected: Bot) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    for number in range(1000):
        workspace.post(channel, ada, str(number))
    workspace.wait_for(lambda: workspace.unacknowledged == 0, timeout=30)
    assert {envelope.attempts for envelope in workspace.envelopes} == {1}
    assert len(connected.of("message")) == 1000
