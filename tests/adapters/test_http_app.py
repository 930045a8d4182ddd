"""Over HTTP: Slack's requests lead where those of the socket do, nobody else's lead anywhere, and whoever looks is answered."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scene import Scene
from slack_sdk import WebClient
from sqlalchemy import text

from copbot.adapters.bolt import Interactions, build_app
from copbot.adapters.http_app import SLACK_PATH, HttpApp, SlacksDoor
from copbot.adapters.http_requests import signature_of
from copbot.adapters.intake import Intake
from copbot.adapters.metrics import Metrics
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Submission
from copbot.core.ports import Context, Tx

TEAM, SECRET = "T0000001", "sshh"


@dataclass
class Looks:
    life: list[str] = field(default_factory=list)
    service: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def troubles_of_life(self) -> list[str]:
        return self.life

    def troubles_of_service(self, *, only_intake: bool = False) -> list[str]:
        return [] if only_intake else self.service

    def remarks(self) -> list[str]:
        return self.said


@dataclass
class Site:
    scene: Scene
    app: HttpApp
    door: SlacksDoor
    looks: Looks
    metrics: Metrics
    heard: list[bool] = field(default_factory=list)

    def ask(self, path: str, method: str = "GET", query: str = "") -> tuple[int, dict[str, str], str]:
        return self._called({"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query}, b"")

    def send(self, body: bytes | dict[str, Any], kind: str = "application/json", **headers: str) -> tuple[int, str]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = str(round(self.scene.now.timestamp()))
        signed = {"X_SLACK_REQUEST_TIMESTAMP": at, "X_SLACK_SIGNATURE": signature_of(SECRET, at, raw)}
        environ = {f"HTTP_{name}": value for name, value in (signed | headers).items()}
        environ |= {"PATH_INFO": SLACK_PATH, "REQUEST_METHOD": "POST", "CONTENT_TYPE": kind}
        status, _, answer = self._called(environ, raw)
        return status, answer

    def _called(self, environ: dict[str, Any], body: bytes) -> tuple[int, dict[str, str], str]:
        seen: list[Any] = []
        given = environ | {"wsgi.input": io.BytesIO(body)}
        answer = b"".join(self.app(given, lambda status, headers: seen.extend((status, headers))))
        return int(seen[0].split()[0]), dict(seen[1]), answer.decode()

    def count(self, table: str) -> int:
        with self.scene.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def refuse_empty(_ctx: Context, _tx: Tx, submission: Submission) -> Answer:
    return Answer() if submission.state["b"]["a"]["value"] else Answer(errors={"b": "please write something"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    scene = Scene(tmp_path_factory.mktemp("site"))
    metrics = Metrics(scene.clock.monotonic, "http", "sqlite")
    looks = Looks()
    door = SlacksDoor(SECRET, scene.clock)
    bolt = build_app(
        client=WebClient(token="xoxb-test", base_url="http://127.0.0.1:1/"),
        identity={"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"},
        intake=Intake(scene.ctx, TEAM, lambda: None, lambda _: None, lambda _a, _b: None, count=metrics.took_in),
        interactions=Interactions(
            scene.ctx,
            [Feature("sample", forms={"sample:form": refuse_empty})],
            None,
            lambda: None,  # type: ignore[arg-type]
        ),
        observer=metrics,
        monotonic=scene.clock.monotonic,
    )
    site = Site(scene, HttpApp(looks, metrics.exposed, metrics, door), door, looks, metrics)
    door.open(bolt)
    door.heard = site.heard.append
    yield site
    scene.close()


def event(number: int, said: str = "hello") -> dict[str, Any]:
    inner = {"type": "message", "channel": "CDATA", "channel_type": "channel", "user": "UANA", "text": said}
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"Ev{number}",
        "event_time": 1_763_283_600,
        "event": inner | {"ts": f"1763283600.{number:06}"},
    }


def test_slacks_challenge_is_answered(site: Site) -> None:
    status, answer = site.send({"type": "url_verification", "challenge": "c-1", "token": "x"})
    assert (status, json.loads(answer)) == (200, {"challenge": "c-1"})


def test_an_event_is_stored_before_the_answer_and_a_true_copy_of_it_once(site: Site) -> None:
    before = site.count("message")
    site.heard.clear()
    assert site.send(event(1)) == (200, "")
    assert site.count("message") == before + 1
    assert site.send(event(1), X_SLACK_RETRY_NUM="1", X_SLACK_RETRY_REASON="http_timeout") == (200, "")
    assert site.count("message") == before + 1
    assert site.heard == [False, True]


def test_a_form_with_a_mistake_comes_back_with_words(site: Site) -> None:
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "sample:form",
        "hash": "h",
        "state": {"values": {"b": {"a": {"value": ""}}}},
    }
    payload = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "UANA"}, "view": view}
    status, answer = site.send(
        urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
    )
    assert (status, json.loads(answer)["errors"]) == (200, {"b": "please write something"})


@pytest.mark.parametrize(
    ("changed", "kind", "expected"),
    [
        pytest.param({"X_SLACK_SIGNATURE": "v0=0"}, "application/json", 401, id="forged"),
        pytest.param({"X_SLACK_REQUEST_TIMESTAMP": "soon"}, "application/json", 401, id="at no time"),
        pytest.param({}, "text/html", 400, id="of another kind"),
    ],
)
def test_what_is_not_slacks_leaves_no_trace(
    site: Site, caplog: pytest.LogCaptureFixture, changed: dict[str, str], kind: str, expected: int
) -> None:
    before = site.count("inbox"), list(site.heard)
    with caplog.at_level(logging.DEBUG):
        status, answer = site.send(event(2, "a secret of ours"), kind, **changed)
    assert status == expected
    assert (site.count("inbox"), site.heard) == before
    assert "secret of ours" not in caplog.text + answer
    assert SECRET not in caplog.text


def test_before_the_bot_is_there_slack_is_asked_to_come_again(site: Site) -> None:
    app, site.door._app = site.door._app, None
    assert site.send(event(3))[0] == 503
    assert app is not None
    site.door.open(app)
    assert site.send(event(3))[0] == 200


@pytest.mark.sqlite("a connection of its driver is made to refuse writing")
def test_an_event_that_cannot_be_stored_is_not_acknowledged(site: Site) -> None:
    before = site.count("message")
    connection = site.scene.engine.raw_connection()
    connection.cursor().execute("PRAGMA query_only = ON")
    connection.close()  # back to the others, of which it is the only one
    status, _ = site.send(event(4))
    site.scene.engine.dispose()
    assert status == 500
    assert site.count("message") == before
    assert site.send(event(4))[0] == 200
    assert site.count("message") == before + 1


NAMES = [
    *(
        "type",
        "event",
        "team_id",
        "authorizations",
        "team",
        "user",
        "enterprise",
        "actions",
        "view",
        "command",
        "event_id",
    ),
    *(
        "ts",
        "channel",
        "item",
        "message",
        "is_enterprise_install",
        "enterprise_id",
        "user_id",
        "state",
        "text",
        "container",
    ),
    *(
        "callback_id",
        "action_id",
        "ssl_check",
        "challenge",
        "bot_id",
        "event_time",
        "trigger_id",
        "response_url",
        "payload",
    ),
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 10**12) | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda some: (
        st.lists(some, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            some,
            max_size=5,
        )
    ),
    max_leaves=12,
)
KINDS = [
    "event_callback",
    "block_actions",
    "view_submission",
    "view_closed",
    "message_action",
    "shortcut",
    "url_verification",
    "x",
]


@given(kind=st.sampled_from(KINDS), event_type=st.sampled_from(["message", "team_join", "reaction_added"]), rest=ODD)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_shape_that_is_signed_is_answered_with_500(site: Site, kind: str, event_type: str, rest: Any) -> None:
    odd = rest if isinstance(rest, dict) else {"event": rest}
    inner = {"type": event_type} | (odd["event"] if isinstance(odd.get("event"), dict) else {})
    status, _ = site.send({**odd, "type": kind, "event": inner, "team_id": TEAM, "event_id": "EvOdd"})
    assert status in (200, 400, 404)


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        ("/healthz", "GET", 200),
        ("/healthz", "HEAD", 200),
        ("/healthz", "POST", 405),
        ("/readyz", "GET", 200),
        ("/metrics", "GET", 200),
        ("/metrics", "DELETE", 405),
        (SLACK_PATH, "GET", 405),
        (SLACK_PATH + "/", "POST", 404),
        ("/", "GET", 404),
        ("/healthz/../metrics", "GET", 404),
        ("", "", 404),
    ],
)
def test_each_path_takes_its_methods(site: Site, path: str, method: str, expected: int) -> None:
    status, headers, _ = site.ask(path, method)
    assert status == expected
    assert ("Allow" in headers) == (expected == 405)


def test_in_socket_mode_nothing_of_slacks_is_taken_over_http(site: Site) -> None:
    app = HttpApp(site.looks, site.metrics.exposed, site.metrics, None)
    assert Site(site.scene, app, site.door, site.looks, site.metrics).send(event(5))[0] == 404


def test_who_is_not_well_says_why_in_a_line_each(site: Site) -> None:
    site.looks.life = ["threads have died: pump"]
    site.looks.service = ["the database cannot be written (disk full)", "it is not connected to Slack"]
    site.looks.said = ["the coordinators' files have 2 mistakes"]
    assert site.ask("/healthz")[::2] == (500, "not alive\n- threads have died: pump\n")
    status, _, said = site.ask("/readyz")
    assert status == 503
    assert said.splitlines() == [
        "not ready",
        "- the database cannot be written (disk full)",
        "- it is not connected to Slack",
        "(remark: the coordinators' files have 2 mistakes)",
    ]
    # Whoever only asks whether events can be stored is not put off by what else is wrong
    assert site.ask("/readyz", query="only=intake")[0] == 200
    site.looks.life, site.looks.service, site.looks.said = [], [], []
