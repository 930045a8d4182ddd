"""The workspace's own page: what it shows, what it does, and whom it lets."""

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from served import START, Bot
from slack_sdk import WebClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace
from copbot.workspace.time_control import Coming


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

    def coming(self) -> list[Coming]:
        return [Coming(START + timedelta(days=1), "weekly-question in #general", "Tue 09:00 is the best hour")]


def test_every_file_of_the_page_is_served_under_a_strict_policy(workspace: Workspace) -> None:
    folder = files("copbot.workspace").joinpath("page")
    names = [file.name for file in folder.iterdir() if file.name.endswith((".js", ".css"))]
    assert len(names) > 10
    for path in ("", "archives/C1", *(f"page/{name}" for name in names)):
        with urllib.request.urlopen(f"{workspace.page_url}{path}") as answer:
            assert answer.read()
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


def test_a_messages_menu_offers_the_apps_shortcuts_and_no_others(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("talk", members=[ada])
    ts = workspace.post(channel, ada, "hello")
    chosen = {"as": ada, "channel": channel, "ts": ts, "callback_id": "note_it"}
    assert get(workspace, f"page/state?as={ada}")["shortcuts"] == {}
    assert act(workspace, "shortcut", chosen) == (400, {"error": "the app has no such shortcut"})
    workspace.shortcuts = {"note_it": "Note it"}
    assert get(workspace, f"page/state?as={ada}")["shortcuts"] == {"note_it": "Note it"}
    assert act(workspace, "shortcut", chosen) == (200, {})
    assert act(workspace, "shortcut", chosen | {"ts": "1.000001"})[0] == 400


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
    assert [c["id"] for c in seen["channels"] if c["type"] != "im"] == [general]
    assert [(m["text"], m.get("reply_count", 0)) for m in seen["messages"]] == [("who knows?", 1), ("psst", 0)]
    opened = get(workspace, f"page/state?as={ada}&channel={general}&thread={root}")["thread"]
    assert (opened["root"]["text"], [r["text"] for r in opened["replies"]]) == ("who knows?", ["I do"])
    assert [line["text"] for line in seen["story"]] == ["Ada asks."]
    of_ben = get(workspace, f"page/state?as={ben}&channel={general}")
    assert {c["id"] for c in of_ben["channels"] if c["type"] != "im"} == {general, secret}
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


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("see https://a.example/x?y=1&z=2.", "see <https://a.example/x?y=1&amp;z=2>."),
        ("(http://a.example/@ben)", "(<http://a.example/@ben>)"),
        ("ftp://a.example", "ftp://a.example"),
    ],
)
def test_addresses_become_links_as_on_slack(workspace: Workspace, typed: str, stored: str) -> None:
    ada = workspace.add_user("ada")
    workspace.add_user("ben")
    general = workspace.add_channel("general", members=[ada])
    act(workspace, "post", {"as": ada, "channel": general, "text": typed})
    assert workspace.messages(general)[0]["text"] == stored


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


def unread(workspace: Workspace, user: str) -> dict[str, tuple[int, int]]:
    """(new, of them naming the person) by channel, where something is new."""
    listed = get(workspace, f"page/state?as={user}")["channels"]
    return {c["name"]: (c["new"], c["named"]) for c in listed if c["new"]}


def test_what_is_new_is_counted_for_each_person_until_they_have_read_it(workspace: Workspace) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    general = workspace.add_channel("general", members=[ada, ben])
    root = workspace.post(general, ada, "one")
    last = workspace.post(general, ada, f"two, <@{ben}>")
    workspace.post(general, ada, "a reply is the thread's", thread_ts=root)
    assert unread(workspace, ada) == {}
    assert unread(workspace, ben) == {"general": (2, 1)}
    act(workspace, "read", {"as": ben, "channel": general, "ts": root})
    assert unread(workspace, ben) == {"general": (1, 1)}
    act(workspace, "read", {"as": ben, "channel": general, "ts": last})
    act(workspace, "read", {"as": ben, "channel": general, "ts": root})
    assert unread(workspace, ben) == {}


def test_what_was_said_before_somebody_came_is_not_new_to_them(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", members=[ada])
    workspace.post(general, ada, "before")
    newcomer = workspace.join_workspace("cleo")
    assert unread(workspace, newcomer) == {}
    workspace.post(general, ada, "after")
    client.chat_postMessage(channel=newcomer, text="Welcome!")
    assert unread(workspace, newcomer) == {"general": (1, 0), "copbot": (1, 1)}


def test_a_thread_is_new_to_those_who_wrote_in_it(workspace: Workspace) -> None:
    ada, ben, cleo = (workspace.add_user(name) for name in ("ada", "ben", "cleo"))
    general = workspace.add_channel("general", members=[ada, ben, cleo])
    root = workspace.post(general, ada, "who knows?")
    reply = workspace.post(general, ben, "I do", thread_ts=root)

    def new(user: str) -> bool:
        return bool(get(workspace, f"page/state?as={user}&channel={general}")["messages"][0]["new_replies"])

    assert [new(user) for user in (ada, ben, cleo)] == [True, False, False]
    act(workspace, "read", {"as": ada, "channel": general, "thread_ts": root, "ts": reply})
    assert not new(ada)


def test_people_are_listed_by_role_a_few_of_each_and_found_by_letters(workspace: Workspace) -> None:
    crowd = [workspace.add_user(f"person.{n}", real_name=f"Pérson {n}") for n in range(50)]
    workspace.add_user("robot", is_bot=True)
    workspace.add_user("gone", deleted=True)
    workspace.roles = lambda: {crowd[3]: "coordinator", crowd[4]: "moderator", crowd[5]: "core"}
    workspace.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]
    newcomer = workspace.join_workspace("cleo", real_name="Cleo Tan")
    listed = get(workspace, "page/people")["groups"]
    assert [group["role"] for group in listed] == ["newcomer", "coordinator", "moderator", "core", "member"]
    assert [p["id"] for p in listed[0]["people"]] == [newcomer]
    assert (len(listed[4]["people"]), listed[4]["more"]) == (12, 35)
    [found] = get(workspace, "page/people?search=person%2049")["groups"]
    assert [p["name"] for p in found["people"]] == ["Pérson 49"]
    assert get(workspace, "page/people?search=robot")["groups"] == []


def test_a_state_names_those_who_occur_in_it_and_nobody_else(workspace: Workspace) -> None:
    ada, ben, cleo = (workspace.add_user(name) for name in ("ada", "ben", "cleo"))
    general = workspace.add_channel("general", members=[ada, ben, cleo])
    workspace.post(general, ben, "hello")
    known = get(workspace, f"page/state?as={ada}&channel={general}")["known"]
    assert ben in known
    assert cleo not in known


def test_only_who_wrote_a_message_changes_or_deletes_it(workspace: Workspace) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    general = workspace.add_channel("general", members=[ada, ben])
    ts = workspace.post(general, ada, "tpyo")
    for name in ("edit", "delete"):
        assert act(workspace, name, {"as": ben, "channel": general, "ts": ts, "text": "mine"})[0] == 400
    assert act(workspace, "edit", {"as": ada, "channel": general, "ts": ts, "text": "typo"}) == (200, {})
    assert [m["text"] for m in workspace.messages(general)] == ["typo"]
    act(workspace, "delete", {"as": ada, "channel": general, "ts": ts})
    assert workspace.messages(general) == []


def test_a_reaction_is_set_and_taken_back(workspace: Workspace) -> None:
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", members=[ada])
    ts = workspace.post(general, ada, "hello")
    act(workspace, "react", {"as": ada, "channel": general, "ts": ts, "name": "tada", "on": True})
    assert [r["name"] for r in workspace.messages(general)[0]["reactions"]] == ["tada"]
    act(workspace, "react", {"as": ada, "channel": general, "ts": ts, "name": "tada", "on": False})
    assert "reactions" not in workspace.messages(general)[0]


def test_what_comes_next_is_told_with_its_reason(workspace: Workspace, clock: VirtualClock) -> None:
    ada = workspace.add_user("ada")
    assert get(workspace, f"page/state?as={ada}")["coming"] == []
    workspace.time_control = Hands(clock)
    [coming] = get(workspace, f"page/state?as={ada}")["coming"]
    assert coming == {
        "at": "2026-11-17T09:00:00+00:00",
        "what": "weekly-question in #general",
        "why": "Tue 09:00 is the best hour",
    }
