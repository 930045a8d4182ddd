"""The watchdog over the Socket Mode connection."""

from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import FakeClock
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from copbot.adapters.socket import FIRST_PONG_S, Socket


class Session:
    """A connection as slack_sdk describes it."""

    def __init__(self, *, ponged: bool, failed_pings: int = 0) -> None:
        self.session_id = "s1"
        self.last_ping_pong_time = 1.0 if ponged else None
        self.consecutive_check_state_error_count = failed_pings
        self.open = True

    def is_active(self) -> bool:
        return self.open

    def disconnect(self) -> None:
        self.open = False


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def socket(clock: FakeClock) -> Any:
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")
    app = App(authorize=lambda: who, token_verification_enabled=False)
    socket = Socket(app, "xapp-1", "http://127.0.0.1:9/api/", clock, lambda: None)
    yield socket
    socket._handler.client.current_session = None
    socket.close()


@pytest.mark.parametrize(
    ("session", "waited_s", "kept"),
    [
        pytest.param(Session(ponged=True), 600.0, True, id="it answers"),
        pytest.param(Session(ponged=False), FIRST_PONG_S, True, id="no answer yet"),
        pytest.param(Session(ponged=False), FIRST_PONG_S + 1, False, id="never an answer"),
        pytest.param(Session(ponged=True, failed_pings=1), 600.0, False, id="a ping could not be sent"),
    ],
)
def test_a_connection_that_is_none_any_more_is_given_up(
    socket: Any, clock: FakeClock, session: Session, waited_s: float, kept: bool
) -> None:
    client: Any = SimpleNamespace(current_session=session)
    real, socket._handler.client = socket._handler.client, client
    socket.watch()
    clock.tick(waited_s)
    socket.watch()
    socket._handler.client = real
    assert session.open is kept


class Stubborn(Session):
    """A reader that takes back, once, the word that it should end, as slack_sdk's does when it starts just then."""

    def __init__(self) -> None:
        super().__init__(ponged=True)
        self.reading = Event()

    def run_until_completion(self, state: Any) -> None:
        self.reading.set()
        while not state.terminated:
            self.pause.wait(0.005)
        state.terminated = False
        while not state.terminated:
            self.pause.wait(0.005)
        self.open = False

    pause = Event()

    def close(self) -> None:
        """It goes on reading."""


def test_closing_ends_also_where_slack_sdk_would_wait_for_ever(clock: FakeClock) -> None:
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")
    app = App(authorize=lambda: who, token_verification_enabled=False)
    socket: Any = Socket(app, "xapp-1", "http://127.0.0.1:9/api/", clock, lambda: None)
    session = Stubborn()
    socket._handler.client.current_session = session
    assert session.reading.wait(5)

    closing = Thread(target=socket.close)
    closing.start()
    closing.join(5)
    ended = not closing.is_alive()
    socket._handler.client.current_session_state.terminated = True
    assert ended
    assert not session.open


def limited(times: int) -> Any:
    """apps.connections.open as Slack answers it: refused for a minute, so many times, then with an address."""
    answers = [SlackApiError("", SlackResponse(**_RATE_LIMITED))] * times  # type: ignore[arg-type]

    def open_connection(**_: Any) -> dict[str, str]:
        if answers:
            raise answers.pop()
        return {"url": "wss://there"}

    return SimpleNamespace(apps_connections_open=open_connection)


_RATE_LIMITED: dict[str, Any] = {
    "client": None,
    "http_verb": "POST",
    "api_url": "",
    "req_args": {},
    "data": {"ok": False, "error": "ratelimited"},
    "headers": {"Retry-After": "60"},
    "status_code": 429,
}


def test_slack_that_lets_nobody_connect_for_a_minute_is_waited_for(socket: Any, clock: FakeClock) -> None:
    socket._handler.client.web_client = limited(2)
    waits: list[float] = []
    socket._stopping = SimpleNamespace(wait=lambda seconds: waits.append(seconds) or clock.tick(seconds))
    assert socket._handler.client.issue_new_wss_url() == "wss://there"
    assert sum(waits) == pytest.approx(120)


@pytest.mark.parametrize("which", ["_stopping", "_closing"])
def test_a_stop_meanwhile_is_heard_at_once(socket: Any, which: str) -> None:
    socket._handler.client.web_client = limited(9)
    getattr(socket, which).set()
    with pytest.raises(SlackApiError):
        socket._handler.client.issue_new_wss_url()


def test_a_refusal_that_waiting_does_not_mend_is_raised_as_it_is(socket: Any) -> None:
    def refused(**_: Any) -> None:
        raise SlackApiError(
            "", SlackResponse(**(_RATE_LIMITED | {"status_code": 200, "data": {"error": "invalid_auth"}}))
        )

    socket._handler.client.web_client = SimpleNamespace(apps_connections_open=refused)
    with pytest.raises(SlackApiError):
        socket._handler.client.issue_new_wss_url()
