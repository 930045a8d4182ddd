"""The Events API over signed HTTP, as a receiver that looks closely finds it."""

import http.server
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from copbot.workspace.delivery import Envelope
from copbot.workspace.request_url import signature, wire
from copbot.workspace.server import Workspace

Answer = tuple[int, dict[str, str], str]


@dataclass
class Receiver:
    """A plain HTTP server that notes what comes and answers as a test says."""

    url: str = ""
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answer: Callable[[str], Answer] = lambda body: (200, {}, "")

    def retries(self) -> list[tuple[str | None, str | None]]:
        return [(headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if "url_verification" in body:
                status, headers, text = challenge(body)
            else:
                made.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                status, headers, text = made.answer(body)
            with suppress(ConnectionError):  # whoever asked may have lost patience
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/slack/events"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def challenge(body: str) -> Answer:
    return 200, {"Content-Type": "text/plain"}, json.loads(body)["challenge"]


def said(workspace: Workspace, words: str = "hello") -> str:
    ada = workspace.add_user("ada")
    return workspace.post(workspace.add_channel("general", members=[ada]), ada, words)


def settled(workspace: Workspace) -> Envelope:
    workspace.wait_for(lambda: workspace.unacknowledged == 0)
    return workspace.envelopes[-1]


def test_an_events_signature_passes_slack_sdks_own_verifier(workspace: Workspace, receiver: Receiver) -> None:
    workspace.request_url = receiver.url
    said(workspace, "grüße 👋")
    assert settled(workspace).state == "acknowledged"
    [(headers, body)] = receiver.got
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "grüße 👋"
    assert receiver.retries() == [(None, None)]


def test_the_signature_is_the_one_of_slacks_documentation() -> None:
    # The worked example of docs.slack.dev, "Verifying requests from Slack".
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


def test_a_command_comes_as_a_form_and_is_answered_in_the_body(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer = lambda body: (
        200,
        {"Content-Type": "application/json"},
        json.dumps({"response_type": "in_channel", "text": "done"}),
    )
    workspace.request_url = receiver.url
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/cop", "a & b")
    settled(workspace)
    headers, body = receiver.got[0]  # the second is the event of the message that it posted
    form = dict(urllib.parse.parse_qsl(body))
    assert (form["command"], form["text"], form["user_id"]) == ("/cop", "a & b", ada)
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert [message["text"] for message in workspace.messages(channel)] == ["done"]


def test_a_press_comes_as_the_payload_of_a_form(workspace: Workspace, receiver: Receiver) -> None:
    workspace.request_url = receiver.url
    workspace.shortcut(workspace.add_user("ada"), "open_it")
    settled(workspace)
    payload = json.loads(dict(urllib.parse.parse_qsl(receiver.got[0][1]))["payload"])
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "open_it")


def test_events_come_three_times_more_and_say_why(workspace: Workspace, receiver: Receiver) -> None:
    workspace.retry_delays = (0, 0.01, 0.02)
    receiver.answer = lambda body: (500, {}, "")
    workspace.request_url = receiver.url
    said(workspace)
    assert settled(workspace).state == "lost"
    assert receiver.retries() == [(None, None), *((str(n), "http_error") for n in (1, 2, 3))]
    assert len({json.loads(body)["event_id"] for _, body in receiver.got}) == 1


def test_the_bot_may_ask_for_no_retry(workspace: Workspace, receiver: Receiver) -> None:
    workspace.retry_delays = (0, 0, 0)
    receiver.answer = lambda body: (500, {"X-Slack-No-Retry": "1"}, "")
    workspace.request_url = receiver.url
    said(workspace)
    assert settled(workspace).state == "lost"
    assert len(receiver.got) == 1


def test_a_slow_answer_is_a_failed_attempt_and_no_command_comes_twice(workspace: Workspace, receiver: Receiver) -> None:
    go_on = threading.Event()

    def late(body: str) -> Answer:
        go_on.wait(10)
        return 200, {}, ""

    receiver.answer = late
    workspace.request_url = receiver.url
    workspace.ack_timeout, workspace.retry_delays = 0.5, (0, 0, 0)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/cop")
    workspace.post(channel, ada, "hello")
    settled(workspace)
    go_on.set()
    assert "did not respond" in workspace.ephemerals(ada)[0]["text"]
    events = [
        retry for (headers, body), retry in zip(receiver.got, receiver.retries(), strict=True) if "event_id" in body
    ]
    assert events == [(None, None), *((str(n), "http_timeout") for n in (1, 2, 3))]
    assert len(receiver.got) == 5


def test_more_than_two_redirects_are_not_followed(workspace: Workspace, receiver: Receiver) -> None:
    workspace.retry_delays = ()
    receiver.answer = lambda body: (307, {"Location": receiver.url}, "")
    workspace.request_url = receiver.url
    said(workspace)
    settled(workspace)
    assert len(receiver.got) == 3


def test_a_redirect_to_another_machine_is_not_followed(workspace: Workspace, receiver: Receiver) -> None:
    workspace.retry_delays = (0,)
    receiver.answer = lambda body: (307, {"Location": "http://192.0.2.1/slack/events"}, "")
    workspace.request_url = receiver.url
    said(workspace)
    settled(workspace)
    assert receiver.retries() == [(None, None), ("1", "connection_failed")]


def test_what_happens_while_nobody_listens_is_retried_and_then_lost(workspace: Workspace, receiver: Receiver) -> None:
    workspace.request_url = receiver.url
    workspace.retry_delays = (0, 0, 0)
    workspace._request_url.url = "http://127.0.0.1:1/gone"
    said(workspace)
    envelope = settled(workspace)
    assert (envelope.state, envelope.attempts, envelope.reason) == ("lost", 4, "connection_failed")
    ada = workspace.add_user("ben")
    direct = workspace.open_dm(ada)
    workspace.command(ada, direct, "/cop")
    [told] = workspace.wait_for(lambda: workspace.ephemerals(ada))
    assert 'with the error "dispatch_failed"' in told["text"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:3000/slack/events", "http://example.org/slack/events", "ftp://localhost/", "nowhere"],
)
def test_a_request_url_is_on_this_machine(workspace: Workspace, url: str) -> None:
    with pytest.raises(ValueError, match="localhost"):
        workspace.request_url = url
    assert workspace.request_url is None


def test_a_request_url_that_does_not_take_the_challenge_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="does not answer"):
        workspace.request_url = "http://127.0.0.1:1/slack/events"
    with pytest.raises(ValueError, match="value of the challenge"):
        workspace.request_url = f"{workspace.page_url}api/api.test"
    workspace.stop()
    with pytest.raises(RuntimeError, match="start the workspace"):
        workspace.request_url = "http://127.0.0.1:1/slack/events"


def test_the_wire_form_depends_on_what_is_sent() -> None:
    assert wire(Envelope("events_api", {"a": 1})) == ("application/json", '{"a": 1}')
    assert wire(Envelope("slash_commands", {"text": "a b"}))[1] == "text=a+b"
    assert urllib.parse.unquote_plus(wire(Envelope("interactive", {"a": 1}))[1]) == 'payload={"a": 1}'
