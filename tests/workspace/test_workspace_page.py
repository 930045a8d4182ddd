"""The workspace's own page: what it shows, what it does, and whom it lets."""

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import START, Bot
from slack_sdk import WebClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace


def get(workspace: Workspace, path: str) -> Any:
    with urllib.request.urlopen(f"{workspace.page_url}{path}") as answer:
        return json.load(answer)


def act(workspace: Workspace, name: str, body: Any, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"{workspace.page_url}page/{name}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"} | {key.replace("_", "-"): value for key, value in headers.items()},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            text = refused.read().decode()
        return refused.code, json.loads(text) if text.startswith("{") else text


class Hands:
    """A hold on time that the tests look at."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock

    def now(self) -> datetime:
        return self.clock.now()

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)

    def next(self) -> str:
        self.clock.advance(timedelta(hours=5))
        return "The weekly question goes out"

    def set_speed(self, speed: float) -> None:
        self.clock.set_speed(speed)

    @property
    def speed(self) -> float:
        return self.clock.speed


def test_every_file_of_the_page_is_served_under_a_strict_policy(workspace: Workspace) -> None:
    for path in ("", "page/page.css", "page/page.js", "page/blocks.js", "page/form.js"):
        with urllib.request.urlopen(f"{workspace.page_url}{path}") as answer:
            assert answer.read()
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


def test_a_person_sees_their_channels_threads_and_what_only_they_may_see(
    workspace: Workspace, client: WebClient
) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    general = workspace.add_channel("general", members=[ada, ben])
    secret = workspace.add_channel("secret", private=True, members=[ben])
    root = workspace.post(general, ada, "who knows?")
    workspace.post(general, ben, "I do", thread_ts=root)
    client.chat_postEphemeral(channel=general, user=ada, text="psst")
    workspace.tell("Ada asks.")
    seen = get(workspace, f"page/state?as={ada}&channel={general}")
    assert [c["id"] for c in seen["channels"]] == [general]
    assert [(m["text"], [r["text"] for r in m["replies"]]) for m in seen["messages"]] == [
        ("who knows?", ["I do"]),
        ("psst", []),
    ]
    assert [line["text"] for line in seen["story"]] == ["Ada asks."]
    of_ben = get(workspace, f"page/state?as={ben}&channel={general}")
    assert {c["id"] for c in of_ben["channels"]} == {general, secret}
    assert [m["text"] for m in of_ben["messages"]] == ["who knows?"]


def test_a_link_to_an_old_message_shows_what_was_around_it(workspace: Workspace) -> None:
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", members=[ada])
    stamps = [workspace.post(general, ada, str(n)) for n in range(200)]
    latest = get(workspace, f"page/state?as={ada}&channel={general}")["messages"]
    assert [m["ts"] for m in latest] == stamps[-60:]
    around = get(workspace, f"page/state?as={ada}&channel={general}&around={stamps[50]}")["messages"]
    assert stamps[50] in [m["ts"] for m in around]
    assert len(around) == 60


def test_typed_text_is_escaped_and_names_become_references(workspace: Workspace) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    general = workspace.add_channel("general", members=[ada, ben])
    status, _ = act(
        workspace, "post", {"as": ada, "channel": general, "text": "@ben <b>&</b> <!channel> #general a@ben.org"}
    )
    assert status == 200
    assert workspace.messages(general)[0]["text"] == (
        f"<@{ben}> &lt;b&gt;&amp;&lt;/b&gt; &lt;!channel&gt; <#{general}|general> a@ben.org"
    )


def test_a_command_a_press_and_a_form_work_from_the_page(workspace: Workspace, bot: Bot) -> None:
    view = {
        "type": "modal",
        "callback_id": "f",
        "title": {"type": "plain_text", "text": "T"},
        "submit": {"type": "plain_text", "text": "S"},
        "blocks": [
            {
                "type": "input",
                "block_id": "goal",
                "label": {"type": "plain_text", "text": "Goal"},
                "element": {"type": "plain_text_input", "action_id": "goal_text"},
            }
        ],
    }
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    bot.app.command("/cop")(lambda ack: ack(text="press", blocks=[{"type": "actions", "elements": [button]}]))

    @bot.app.action("go")
    def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    bot.app.view("f")(lambda ack: ack())
    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", members=[ada])
    act(workspace, "post", {"as": ada, "channel": general, "text": "/cop help"})
    workspace.wait_for(lambda: workspace.ephemerals(ada))
    [shown] = get(workspace, f"page/state?as={ada}&channel={general}")["messages"]
    act(workspace, "press", {"as": ada, "ephemeral": shown["index"], "action_id": "go"})
    workspace.wait_for(lambda: workspace.view_of(ada))
    assert get(workspace, f"page/state?as={ada}")["view"]["callback_id"] == "f"
    status, said = act(workspace, "submit", {"as": ada, "values": {"goal_text": ""}})
    assert (status, list(said["errors"])) == (200, ["goal"])
    assert act(workspace, "submit", {"as": ada, "values": {"goal_text": "learn"}}) == (200, {"errors": {}})
    assert workspace.view_of(ada) is None


def test_a_newcomer_can_be_invited_and_join_a_channel(workspace: Workspace) -> None:
    workspace.add_channel("general")
    random = workspace.add_channel("random", bot=False)
    _, said = act(workspace, "newcomer", {"as": "", "name": "Cleo Tan", "tz": "Asia/Singapore"})
    newcomer = next(u for u in workspace.users() if u["id"] == said["user"])
    assert (newcomer["name"], newcomer["real_name"], newcomer["tz"]) == ("cleo.tan", "Cleo Tan", "Asia/Singapore")
    act(workspace, "join", {"as": said["user"], "channel": random})
    assert all(said["user"] in c["members"] for c in workspace.channels())


def test_time_is_moved_only_where_there_is_a_hold_on_it(workspace: Workspace, clock: VirtualClock) -> None:
    ada = workspace.add_user("ada")
    status, said = act(workspace, "clock", {"as": ada, "advance": 3600})
    assert (status, said) == (400, {"error": "time cannot be moved here"})
    workspace.time_control = Hands(clock)
    act(workspace, "clock", {"as": ada, "advance": 3600})
    assert clock.now() == START + timedelta(hours=1)
    assert act(workspace, "clock", {"as": ada, "next": True}) == (200, {"said": "The weekly question goes out"})
    act(workspace, "clock", {"as": ada, "advance": -7200})
    assert clock.now() == START + timedelta(hours=6)
    act(workspace, "clock", {"as": ada, "speed": 60})
    assert get(workspace, f"page/state?as={ada}")["clock"]["speed"] == 60


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, id="another port"),
        pytest.param({"Origin": "null"}, id="no origin"),
        pytest.param({"Sec_Fetch_Site": "cross-site"}, id="cross-site"),
        pytest.param({"Content_Type": "text/plain"}, id="a form could send it"),
    ],
)
def test_only_the_pages_own_requests_do_anything(workspace: Workspace, headers: dict[str, str]) -> None:
    status, _ = act(workspace, "newcomer", {"as": "", "name": "Mallory"}, **headers)
    assert status == 403
    assert "mallory" not in [user["name"] for user in workspace.users()]


def test_the_pages_own_origin_is_let_in(workspace: Workspace) -> None:
    own = workspace.page_url.rstrip("/")
    assert act(workspace, "newcomer", {"as": "", "name": "Cleo"}, Origin=own, Sec_Fetch_Site="same-origin")[0] == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("post", {"as": "U404", "channel": "C404", "text": "x"}),
        ("post", {"as": "U404"}),
        ("post", ["no object"]),
        ("press", {"as": "U404", "ephemeral": 3, "action_id": "a"}),
        ("submit", {"as": "U404", "values": {}}),
        ("newcomer", {"as": "", "name": "  "}),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(workspace: Workspace, name: str, body: Any) -> None:
    status, said = act(workspace, name, body)
    assert status == 400
    assert said["error"]


def test_the_stream_tells_of_every_change(workspace: Workspace) -> None:
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", members=[ada])
    with urllib.request.urlopen(f"{workspace.page_url}page/stream", timeout=10) as stream:
        first = int(stream.readline().removeprefix(b"data: "))
        stream.readline()
        workspace.post(general, ada, "something new")
        assert int(stream.readline().removeprefix(b"data: ")) > first


def test_the_page_begins_where_something_was_said_last(workspace: Workspace) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    workspace.add_channel("empty", private=True, members=[ada])
    lively = workspace.add_channel("lively", members=[ada, ben])
    elsewhere = workspace.add_channel("elsewhere", members=[ben])
    workspace.post(lively, ada, "here")
    workspace.post(elsewhere, ben, "later, but not where ada is")
    assert get(workspace, f"page/state?as={ada}")["channel"]["id"] == lively
