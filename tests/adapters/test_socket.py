"""The watchdog over the Socket Mode connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import FakeClock
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from copbot.adapters.socket import (
    ECHO_WITHIN_S,
    EVIDENT_WITHIN_S,
    FIRST_PONG_S,
    HEARD_WITHIN_S,
    HELLO_WITHIN_S,
    Socket,
)


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


@contextmanager
def session_of(socket: Any, session: Session) -> Iterator[Session]:
    """A Socket on this connection, which it has just found."""
    client: Any = SimpleNamespace(
        current_session=session, session_id=lambda: session.session_id, is_connected=session.is_active
    )
    real, socket._handler.client = socket._handler.client, client
    socket.watch()
    yield session
    socket._handler.client = real


@pytest.mark.parametrize(
    ("session", "greeted", "waited_s", "kept"),
    [
        pytest.param(Session(ponged=True), True, 600.0, True, id="it answers"),
        pytest.param(Session(ponged=False), True, FIRST_PONG_S, True, id="no answer yet"),
        pytest.param(Session(ponged=False), True, FIRST_PONG_S + 1, False, id="never an answer"),
        pytest.param(Session(ponged=True, failed_pings=1), True, 600.0, False, id="a ping could not be sent"),
        pytest.param(Session(ponged=True), False, HELLO_WITHIN_S, True, id="no greeting yet"),
        pytest.param(Session(ponged=True), False, HELLO_WITHIN_S + 1, False, id="never a greeting"),
    ],
)
def test_a_connection_that_is_none_any_more_is_given_up(
    socket: Any, clock: FakeClock, session: Session, greeted: bool, waited_s: float, kept: bool
) -> None:
    with session_of(socket, session):
        if greeted:
            socket._hear('{"type":"hello"}')
        clock.tick(waited_s)
        socket.watch()
    assert session.open is kept


def well(name: str = "s1") -> Session:
    session = Session(ponged=True)
    session.session_id = name
    return session


def test_a_connection_that_brings_no_word_of_the_bots_own_post_is_deaf(socket: Any, clock: FakeClock) -> None:
    with session_of(socket, well()) as session:
        socket._hear('{"type":"hello"}')
        socket._hear('{"envelope_id":"e1"}')
        # Given that its own post in a channel comes back as an event, then all is well
        socket.said("C1")
        socket._hear('{"envelope_id":"e2"}')
        clock.tick(ECHO_WITHIN_S + 1)
        socket.watch()
        assert session.open
        # When it does not come back (and that of a direct message never does), then the connection is given up
        socket.said("U1")
        socket.said("C1")
        clock.tick(ECHO_WITHIN_S)
        socket.watch()
        assert session.open
        clock.tick(1)
        socket.watch()
        assert not session.open


def test_where_slack_never_sent_an_event_its_silence_proves_nothing(socket: Any, clock: FakeClock) -> None:
    with session_of(socket, well()) as session:
        socket._hear('{"type":"hello"}')
        socket.said("C1")
        clock.tick(ECHO_WITHIN_S + 1)
        socket.watch()
        assert session.open


def test_after_a_reconnect_that_brings_nothing_the_history_tells_whether_it_is_deaf(
    socket: Any, clock: FakeClock
) -> None:
    reconnects: list[float] = []
    socket._on_reconnect = lambda: reconnects.append(clock.monotonic())
    with session_of(socket, well("s2")) as session:
        socket._hear('{"type":"hello"}')
        assert len(reconnects) == 1
        socket.missed(3)  # said while there was no connection: that proves nothing
        clock.tick(HEARD_WITHIN_S + 1)
        socket.watch()
        assert len(reconnects) == 2
        socket.missed(1)  # said while there was one
        clock.tick(EVIDENT_WITHIN_S + 1)
        socket.watch()
        assert not session.open
        assert clock.monotonic() - reconnects[0] < 30


def test_what_comes_a_moment_after_the_history_told_it_clears_the_connection(socket: Any, clock: FakeClock) -> None:
    with session_of(socket, well("s2")) as session:
        socket._hear('{"type":"hello"}')
        clock.tick(HEARD_WITHIN_S + 1)
        socket.watch()
        socket.missed(1)
        socket._hear('{"envelope_id":"e1"}')
        clock.tick(EVIDENT_WITHIN_S + 1)
        socket.watch()
        assert session.open


def test_five_minutes_of_connections_that_do_not_last_end_the_process_unless_slack_is_away(
    socket: Any, clock: FakeClock
) -> None:
    lost: list[str] = []
    answers = [False]
    socket._on_lost, socket._slack_answers = lost.append, lambda: answers[0]
    for number in range(100):  # for as long as its Web API is away too, nothing is wrong here
        with session_of(socket, well(f"a{number}")) as session:
            session.disconnect()
            clock.tick(5)
            socket.watch()
    assert lost == []
    answers[0] = True
    began = clock.monotonic()
    while not lost:
        with session_of(socket, well(f"b{clock.monotonic()}")) as session:
            clock.tick(HELLO_WITHIN_S + 1)  # nobody greets it
            socket.watch()
            assert not session.open
    assert 300 < clock.monotonic() - began < 330


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
