"""The real Bolt app: committed before acknowledged, each thing once, each person only what they may."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scene import Scene
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from sqlalchemy import text

from copbot.adapters.bolt import Interactions, build_app
from copbot.adapters.intake import Intake
from copbot.adapters.interactions import shortcut_of, submission_of
from copbot.core.delivery import Outgoing
from copbot.core.errors import SlackRefused
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command, Press, Shortcut, Submission
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us, us_to_ts

TEAM = "T0000001"
TS = "1764585000.000100"


@dataclass
class Wall:
    """What the people saw."""

    views: list[dict[str, Any]] = field(default_factory=list)
    ephemerals: list[tuple[str, str]] = field(default_factory=list)
    refuse: bool = False

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        if self.refuse:
            raise SlackRefused("expired_trigger_id")
        self.views.append(view)

    def ephemeral(self, channel: str, user: str, text: str, blocks: Any) -> None:
        self.ephemerals.append((user, text))


@dataclass
class Edge:
    scene: Scene
    app: App
    wall: Wall
    pressed: list[str]
    gone: list[str]
    named: list[tuple[str, str]]
    at_home: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def receive(self, body: dict[str, Any]) -> int:
        return int(self.app.dispatch(BoltRequest(mode="socket_mode", body=body)).status)

    def receive_for(self, body: dict[str, Any]) -> tuple[int, str]:
        response = self.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        return int(response.status), str(response.body)

    def count(self, table: str) -> int:
        with self.scene.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    scene = Scene(tmp_path)
    wall, pressed, gone, named = Wall(), [], [], []
    at_home: list[str] = []
    done: list[str] = []

    def press(_ctx: Context, _tx: Tx, press: Press) -> Answer:
        if press.value == "break":
            raise RuntimeError("this must not reach anybody")
        pressed.append(press.value)
        return Answer(view={"type": "modal"}) if press.value == "open" else Answer(f"pressed {press.value}")

    def form(_ctx: Context, _tx: Tx, submission: Submission) -> Answer:
        value = submission.state["b"]["a"]["value"]
        return Answer(errors={"b": "please write something"}) if not value else Answer()

    def greet(_ctx: Context, _tx: Tx, call: Call) -> Answer:
        return Answer(f"hello {call.argument}")

    feature = Feature(
        "sample",
        commands=(
            Command("greet", "everyone", "say hello", greet, writes=False),
            Command(
                "count", "everyone", "count", lambda _c, _t, _call: (pressed.append("counted"), Answer("counted"))[1]
            ),
            Command("tidy", "moderators", "tidy up", greet),
        ),
        actions={"sample:press": press, "page:": press},
        forms={"sample:form": form},
        shortcuts={"note_it": lambda _c, _t, chosen: shortcut_answer(pressed, chosen)},
        drafts={"draft:": lambda _c, _t, press: press_draft(pressed, press)},
    )
    note = lambda channel, name: named.append((channel, name))  # noqa: E731
    intake = Intake(scene.ctx, TEAM, lambda: None, gone.append, note, at_home.append)
    app = build_app(
        client=WebClient(token="xoxb-test", base_url="http://127.0.0.1:1/"),
        identity={"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"},
        intake=intake,
        interactions=Interactions(scene.ctx, [feature], wall, lambda: None, done.append, on_home=at_home.append),
    )
    yield Edge(scene, app, wall, pressed, gone, named, at_home, done)
    scene.close()


def shortcut_answer(pressed: list[str], chosen: Shortcut) -> Answer:
    pressed.append(f"{chosen.user} on {chosen.author} {chosen.channel} {chosen.message_us} of {chosen.root_us}")
    if chosen.channel == "CVIEW":
        return Answer(view={"type": "modal"})
    return Answer("noted")


def press_draft(pressed: list[str], press: Press) -> Answer:
    if press.value == "break":
        raise RuntimeError("no room")
    pressed.append(f"{press.value} at {press.at_us}")
    return Answer()


def event(event_id: str = "Ev1", team: str = TEAM, **inner: Any) -> dict[str, Any]:
    message = {
        "type": "message",
        "channel": "CDATA",
        "channel_type": "channel",
        "user": "UANA",
        "ts": TS,
        "text": "Hello",
    }
    return {
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A1",
        "event_id": event_id,
        "event_time": 1764585000,
        "event": {**message, "event_ts": TS, **inner},
    }


def command(words: str, user: str = "UANA", trigger: str = "t1") -> dict[str, Any]:
    return {
        "command": "/cop", "text": words, "user_id": user, "channel_id": "CDATA", "team_id": TEAM, "trigger_id": trigger,
    }  # fmt: skip


def press_body(value: str, trigger: str = "t1", action_id: str = "sample:press") -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "UANA"},
        "channel": {"id": "CDATA"},
        "trigger_id": trigger,
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }


def form_body(value: str, view_id: str = "V1") -> dict[str, Any]:
    view = {
        "id": view_id, "hash": "h", "type": "modal", "callback_id": "sample:form", "private_metadata": "",
        "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": value}}}},
    }  # fmt: skip
    return {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "UANA"}, "trigger_id": "t", "view": view}


def test_an_event_is_stored_before_it_is_acknowledged_and_a_repeat_changes_nothing(edge: Edge) -> None:
    assert edge.receive(event()) == 200
    assert edge.count("message") == 1
    assert edge.receive(event()) == 200
    assert (edge.count("message"), edge.count("inbox")) == (1, 1)


def test_what_cannot_be_stored_is_not_acknowledged_so_that_slack_sends_it_again(edge: Edge) -> None:
    with edge.scene.engine.begin() as connection:
        connection.execute(text("ALTER TABLE message RENAME TO elsewhere"))
    assert edge.receive(event()) == 500
    assert edge.count("inbox") == 0, "the event and its facts stand or fall together"

    with edge.scene.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO message"))
    assert edge.receive(event()) == 200
    assert edge.count("message") == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(event(team="T0000002"), id="another workspace's"),
        pytest.param(event(bot_id="B1"), id="a bot's message"),
        pytest.param(event(ts="yesterday"), id="malformed"),
        pytest.param(event(type=["message"]), id="its type is no word"),
        pytest.param(event(user="U\ud800"), id="an id that is no text"),
        pytest.param(event(type="user_change", user={"id": None}), id="somebody without an id"),
        pytest.param({**event(ts="yesterday"), "event_time": "noon"}, id="a time that is no number"),
        pytest.param({**event(), "event_id": None}, id="without its id"),
        pytest.param(event(type="emoji_changed"), id="of no interest"),
    ],
)
def test_what_is_no_fact_is_acknowledged_and_leaves_no_trace(edge: Edge, body: dict[str, Any]) -> None:
    assert edge.receive(body) == 200
    assert (edge.count("message"), edge.count("inbox")) == (0, 0)


def test_a_join_waits_to_be_decided_on(edge: Edge) -> None:
    edge.receive(event(type="team_join", user={"id": "UNEW", "profile": {}}))
    with edge.scene.store.read() as tx:
        happening = tx.inbox.next()
    assert happening is not None
    assert (happening.kind, happening.user) == ("joined_workspace", "UNEW")


def test_a_renamed_channel_is_known_by_its_new_name_at_once(edge: Edge) -> None:
    edge.receive(event(type="channel_rename", channel={"id": "CDATA", "name": "linking"}))
    assert edge.named == [("CDATA", "linking")]


@pytest.mark.parametrize(
    ("kind", "described", "gone"),
    [
        pytest.param("app_uninstalled", {}, True, id="uninstalled"),
        pytest.param("tokens_revoked", {"tokens": {"oauth": [], "bot": ["UBOT"]}}, True, id="the bot's token"),
        pytest.param("tokens_revoked", {}, True, id="tokens not named"),
        pytest.param("tokens_revoked", {"tokens": {"oauth": ["UANA"], "bot": []}}, False, id="a person's token"),
    ],
)
def test_being_uninstalled_ends_the_program(edge: Edge, kind: str, described: dict[str, Any], gone: bool) -> None:
    assert edge.receive(event(type=kind, **described)) == 200
    assert edge.gone == ([kind] if gone else [])


def test_a_command_is_answered_to_the_person_alone(edge: Edge) -> None:
    assert edge.receive(command("greet you there")) == 200
    assert edge.wall.ephemerals == [("UANA", "hello you there")]


def test_a_command_that_writes_takes_effect_once(edge: Edge) -> None:
    edge.receive(command("count", trigger="t1"))
    edge.receive(command("count", trigger="t1"))
    assert edge.pressed == ["counted"]
    edge.receive(command("count", trigger="t2"))
    assert edge.pressed == ["counted", "counted"]


@pytest.mark.parametrize(
    ("words", "user", "says"),
    [
        ("", "UANA", "Here is what you can do"),
        ("help", "UMOD", "/cop tidy"),
        ("gret", "UANA", "Did you mean `/cop greet`?"),
        ("<!channel>", "UANA", "I don't know `&lt;!channel&gt;`"),
        ("tidy", "UANA", "Moderators can do this. `/cop help` shows"),
        ("tidy now", "UMOD", "hello now"),
        ("tidy now", "UJESS", "hello now"),
        ("GREET you", "UANA", "hello you"),
        ("greet\u00a0you\nthere", "UANA", "hello you\nthere"),  # a phone's hard space
    ],
)
def test_each_person_gets_what_they_may_have(edge: Edge, words: str, user: str, says: str) -> None:
    edge.receive(command(words, user))
    assert says in edge.wall.ephemerals[-1][1]


def test_help_shows_only_what_this_person_can_do(edge: Edge) -> None:
    edge.receive(command("help", "UANA"))
    assert "tidy" not in edge.wall.ephemerals[-1][1]


def test_a_press_takes_effect_once_and_its_answer_reaches_the_person(edge: Edge) -> None:
    edge.receive(press_body("a"))
    edge.receive(press_body("a"))
    assert edge.pressed == ["a"]
    assert edge.wall.ephemerals == [("UANA", "pressed a")]


def test_a_press_can_open_a_form(edge: Edge) -> None:
    edge.receive(press_body("open"))
    assert edge.wall.views == [{"type": "modal"}]


def test_an_answer_that_comes_too_late_for_slack_costs_nothing_but_another_press(edge: Edge) -> None:
    edge.wall.refuse = True
    assert edge.receive(press_body("open")) == 200


def test_a_form_that_came_too_late_is_told_in_a_kind_line(edge: Edge) -> None:
    edge.wall.refuse = True
    edge.receive(press_body("open"))
    (told,) = edge.wall.ephemerals
    assert "press once more" in told[1]


HOME = {"id": "V0", "type": "home", "callback_id": "", "state": {"values": {}}}


def test_a_press_on_the_home_tab_opens_a_form_and_says_words_in_one(edge: Edge) -> None:
    edge.receive(press_body("open") | {"view": HOME})
    assert edge.wall.views == [{"type": "modal"}]
    edge.receive(press_body("a", trigger="t2") | {"view": HOME})
    assert "pressed a" in str(edge.wall.views[-1])
    assert edge.wall.ephemerals == []
    assert edge.at_home == ["UANA", "UANA"], "the page may be another now"
    assert edge.done == []


def test_who_types_a_command_or_presses_elsewhere_may_have_another_home_now(edge: Edge) -> None:
    edge.receive(command("count"))
    edge.receive(press_body("a", trigger="t2"))
    assert (edge.done, edge.at_home) == (["UANA", "UANA"], [])


@pytest.mark.parametrize(("tab", "shown"), [("home", ["UANA"]), ("messages", []), (None, [])])
def test_opening_the_home_tab_asks_for_it_and_leaves_no_trace(edge: Edge, tab: str | None, shown: list[str]) -> None:
    assert edge.receive(event(type="app_home_opened", tab=tab)) == 200
    assert edge.at_home == shown
    assert edge.count("inbox") == 0


def test_what_is_typed_is_kept_each_time_in_silence(edge: Edge) -> None:
    for value in ("L", "Le"):
        body = press_body(value, action_id="draft:goal")
        body["actions"][0]["action_ts"] = "1764585000.000100"
        assert edge.receive(body) == 200
    assert edge.pressed == ["L at 1764585000000100", "Le at 1764585000000100"]
    assert edge.count("inbox") == 0
    assert edge.done == []


def test_a_draft_that_cannot_be_kept_costs_the_person_nothing(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    assert edge.receive(press_body("break", action_id="draft:goal")) == 200
    assert edge.wall.ephemerals == []
    assert "a draft was not kept" in caplog.text


def test_actions_may_share_a_handler_by_their_prefix(edge: Edge) -> None:
    edge.receive(press_body("2", action_id="page:next"))
    assert edge.pressed == ["2"]


def test_a_press_that_nobody_knows_is_acknowledged(edge: Edge) -> None:
    assert edge.receive(press_body("a", action_id="of:last:year")) == 200
    assert edge.pressed == []


def test_an_error_of_ours_is_told_kindly_with_a_number_that_the_log_explains(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    assert edge.receive(press_body("break")) == 200
    (_, told) = edge.wall.ephemerals[-1]
    assert "Sorry" in told
    assert "must not reach" not in told
    number = told.rsplit(" ", 1)[1].rstrip(".")
    assert number in caplog.text


def test_a_press_that_failed_can_be_tried_again(edge: Edge) -> None:
    edge.receive(press_body("break", trigger="t9"))
    assert edge.count("inbox") == 0


def test_a_form_with_mistakes_comes_back_and_is_taken_when_mended(edge: Edge) -> None:
    status, body = edge.receive_for(form_body(""))
    assert status == 200
    assert '"errors": {"b": "please write something"}' in body
    assert edge.receive_for(form_body("words")) == (200, "")


def shortcut_body(
    callback_id: str = "note_it", trigger: str = "t1", channel: str = "CDATA", **message: Any
) -> dict[str, Any]:
    return {
        "type": "message_action", "team": {"id": TEAM}, "user": {"id": "UANA"}, "callback_id": callback_id, "trigger_id": trigger,
        "channel": {"id": channel, "name": "data"}, "message_ts": TS,
        "message": {"type": "message", "user": "UBEN", "ts": TS, "text": "Hello", **message},
    }  # fmt: skip


def test_a_message_shortcut_knows_its_message_and_is_handled_once(edge: Edge) -> None:
    assert edge.receive(shortcut_body()) == 200
    assert edge.receive(shortcut_body()) == 200
    assert edge.pressed == ["UANA on UBEN CDATA 1764585000000100 of 1764585000000100"]
    assert edge.wall.ephemerals == [("UANA", "noted")]
    assert edge.done == ["UANA", "UANA"]


def test_a_message_shortcut_opens_a_form(edge: Edge) -> None:
    edge.receive(shortcut_body(channel="CVIEW"))
    assert edge.wall.views == [{"type": "modal"}]


@pytest.mark.parametrize(
    ("message", "author", "root_us"),
    [
        pytest.param({}, "UBEN", 1764585000000100, id="a root"),
        pytest.param({"thread_ts": TS}, "UBEN", 1764585000000100, id="a root that has replies"),
        pytest.param({"thread_ts": "1764584000.000000"}, "UBEN", 1764584000000000, id="a reply"),
        pytest.param({"bot_id": "B1"}, None, 1764585000000100, id="an app's"),
        pytest.param({"user": None}, None, 1764585000000100, id="nobody's"),
        pytest.param({"subtype": "channel_join"}, None, 1764585000000100, id="a notice of Slack's"),
        pytest.param({"thread_ts": "x"}, "UBEN", 1764585000000100, id="a thread that is none"),
    ],
)
def test_whose_message_and_which_thread(message: dict[str, Any], author: str | None, root_us: int) -> None:
    chosen = shortcut_of(shortcut_body(**message))
    assert chosen is not None
    assert (chosen.author, chosen.root_us) == (author, root_us)


@pytest.mark.parametrize(
    "body", [{}, {"message": None}, {"message": {"ts": TS}}, {"channel": {"id": "C1"}, "message": []}]
)
def test_a_shortcut_without_a_message_is_none(body: dict[str, Any]) -> None:
    assert shortcut_of(body) is None


@pytest.mark.parametrize("kind", ["view_closed", "shortcut", "message_action", "block_suggestion"])
def test_what_nobody_listens_to_is_acknowledged_rather_than_sent_again_and_again(edge: Edge, kind: str) -> None:
    view = {"id": "V", "callback_id": "c", "type": "modal", "state": {"values": {}}}
    body = {
        "type": kind, "team": {"id": TEAM}, "user": {"id": "UANA"}, "callback_id": "c", "action_id": "a", "view": view,
    }  # fmt: skip
    assert edge.receive(body) == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "invented_next_year"}, id="a type of the future"),
        pytest.param({"type": "workflow_step_edit", "callback_id": "c"}, id="a type of the past"),
        pytest.param({"type": "app_rate_limited", "team_id": TEAM}, id="a notice about deliveries"),
        pytest.param({"type": "block_actions", "actions": []}, id="a press of nothing"),
        pytest.param({"type": "block_actions"}, id="a press without actions"),
        pytest.param({}, id="nothing at all"),
    ],
)
def test_what_is_of_no_known_kind_is_acknowledged_and_leaves_no_trace(
    edge: Edge, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert edge.receive({"team": {"id": TEAM}, "user": {"id": "UANA"}, **body}) == 200
    assert edge.pressed == []
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("action_id", "is_answer"),
    [
        pytest.param("sample:press", True, id="an answer"),
        pytest.param("attention:why", False, id="a word on the message"),
    ],
)
def test_a_press_in_a_message_of_the_bots_is_noted_as_its_answer(edge: Edge, action_id: str, is_answer: bool) -> None:
    with edge.scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("k", "ask", "UANA", "Would you know?", to_us(edge.scene.now), community="data"))
    edge.scene.send()
    delivery = edge.scene.delivery("k")
    assert delivery is not None
    assert delivery.ts_us is not None
    body = press_body("one", action_id=action_id)
    edge.receive(body | {"channel": {"id": "UANA"}, "container": {"message_ts": us_to_ts(delivery.ts_us)}})
    with edge.scene.store.read() as tx:
        (told,) = tx.ledger.told(("ask",), 0, delivery.ts_us + 1)
    assert (told.answered_us is not None) is is_answer


@pytest.mark.parametrize("state", [None, [], "x", {"values": None}, {"values": "x"}, {"values": []}])
def test_a_form_without_a_readable_state_is_an_empty_one(state: Any) -> None:
    assert submission_of({"view": {"callback_id": "c", "state": state}}).state == {}


def test_asked_back_into_a_channel_the_bot_reads_what_was_said_without_it(edge: Edge) -> None:
    edge.scene.says("UANA", "hi")
    backs: list[str] = []
    intake = Intake(
        *(edge.scene.ctx, TEAM, lambda: None, lambda _why: None, lambda _channel, _name: None),
        on_back=lambda: backs.append("back"),
        own_user="U0BOT",
    )
    for number, kind in enumerate(("member_left_channel", "member_joined_channel", "member_joined_channel")):
        intake.take(event(f"Ev{number}", type=kind, user="U0BOT" if number < 2 else "UBEN", channel_type="C"))
    assert backs == ["back"]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        pytest.param(None, [], id="they come"),
        pytest.param(SlackRefused("missing_scope"), ["may not send files yet"], id="without the permission"),
        pytest.param(ZeroDivisionError("a secret"), ["Sorry"], id="an error of ours"),
    ],
)
def test_files_follow_an_answer_or_the_person_is_told_why_not(
    edge: Edge, failure: Exception | None, told: list[str]
) -> None:
    followed: list[tuple[str, str]] = []

    def enclose(user: str, encloses: str) -> None:
        followed.append((user, encloses))
        if failure is not None:
            raise failure

    report = Command(
        "report", "everyone", "a report", lambda *_: Answer("It follows.", encloses="data-2026-10"), "", False
    )
    feature = Feature("sample", commands=(report,))
    with ThreadPoolExecutor(1) as listeners:  # leaving it, all is done
        app = build_app(
            client=WebClient(token="xoxb-test", base_url="http://127.0.0.1:1/"),
            identity={"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"},
            intake=Intake(edge.scene.ctx, TEAM, lambda: None, edge.gone.append, lambda _channel, _name: None),
            interactions=Interactions(edge.scene.ctx, [feature], edge.wall, lambda: None, enclose=enclose),
            listeners=listeners,
        )
        assert app.dispatch(BoltRequest(mode="socket_mode", body=command("report"))).status == 200
    assert followed == [("UANA", "data-2026-10")]
    first, *others = [text for _, text in edge.wall.ephemerals]
    assert first == "It follows."
    assert [expected in text for expected, text in zip(told, others, strict=True)] == [True] * len(told)
    assert "secret" not in str(others)
