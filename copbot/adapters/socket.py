"""The Socket Mode connection, with a watchdog for what slack_sdk's own client does not notice."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from socket import IPPROTO_TCP, SHUT_RD, TCP_NODELAY, socket

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin.connection import Connection

from copbot.adapters.observing import Observer
from copbot.adapters.silence import Silence
from copbot.adapters.slack import is_loopback, translated, web_client
from copbot.core.errors import SlackUnavailable
from copbot.core.ports import Clock

log = logging.getLogger(__name__)

PING_EVERY_S = 4.0
"""slack_sdk replaces a connection four pings after the last pong: together below 30 s."""

FIRST_PONG_S = 15.0
"""Before its first pong slack_sdk never gives a connection up (measured: no reconnect in 255 s); this program does."""


RACES = (AttributeError, OSError)
"""What slack_sdk raises when its reader closes a broken connection while another thread does: it is closed either way."""


HELLO_WITHIN_S = 10.0
"""Slack greets a connection at once. One that was not greeted gets no events, although its pings are answered."""

HEARD_WITHIN_S = 20.0
"""Seconds after a reconnect without a word, after which the history is read a second time: what it then has that no event told of was
said while connected. Without that a connection that gets no events (python-slack-sdk #1701) looks like any other."""

ECHO_WITHIN_S = 15.0
"""Slack tells the bot of its own message in a channel too. Where that does not come, nothing else does."""

EVIDENT_WITHIN_S = 5.0
"""What the history told first may still come as an event for so long."""

DEAF_AGAIN_S = 300.0
"""Seconds between two connections given up for hearing nothing, unless something was heard: where Slack sends no events at all, for
none are subscribed to, another connection does not help."""

DESPAIRS_AFTER_S = 300.0
"""Seconds without a connection that lasts, while Slack's Web API answers, after which the process had better be started anew."""

CLOSE_WITHIN_S = 6.0
LOOK_EVERY_S = 0.2


class Socket:
    """Connects, keeps the connection alive and tells when it was replaced, or that the history is to be read for other reasons."""

    retries_us = 0  # what a socket that stands did not bring comes over the next one

    def __init__(
        self,
        app: App,
        app_token: str,
        base_url: str,
        clock: Clock,
        on_reconnect: Callable[[], None],
        stopping: threading.Event | None = None,
        observer: Observer | None = None,
        told: Callable[[str, str, float], None] = lambda _method, _outcome, _seconds: None,
        slack_answers: Callable[[], bool] = lambda: True,
        on_lost: Callable[[str], None] = lambda _why: None,
    ) -> None:
        """``stopping``: when set, nothing waits any more. ``told`` as in ``SlackWeb``. ``on_lost`` is told, in words, when no connection
        lasts although ``slack_answers`` in its Web API."""
        self._told = told
        self._observer = observer or Observer()
        self._slack_answers = slack_answers
        self._on_lost = on_lost
        self._silence = Silence(clock)
        self._spoken_in: str | None = None  # the session in which Slack said anything
        self._told_in: str | None = None  # the session in which an event, a press or a command came
        self._ever_told = False
        self._echo_by: float | None = None  # by when something must be heard
        self._deaf_at = float("-inf")
        self._read_twice: str | None = None
        self._unwell_since: float | None = None
        self._stopping = stopping or threading.Event()
        self._closing = threading.Event()
        self._clock = clock
        self._on_reconnect = on_reconnect
        self._handler = SocketModeHandler(
            app,
            app_token,
            logger=logging.getLogger("slack_sdk.socket"),
            web_client=web_client(app_token, base_url, []),
            ping_interval=PING_EVERY_S,
        )
        if is_loopback(base_url):
            self._handler.client.proxy = None
        self._handler.client.issue_new_wss_url = self._address  # type: ignore[method-assign]
        self._handler.client.on_message_listeners.append(self._hear)
        connect = self._handler.client.connect
        self._handler.client.connect = lambda: self._connect_promptly(connect)  # type: ignore[method-assign]
        self._session: str | None = None
        self._session_since = 0.0
        self._was_connected = True

    def connect(self) -> None:
        """Connect. Raises SlackUnavailable, or SlackGone when the app token is refused."""
        translated(self._handler.connect)
        self._session = self._read_twice = self._handler.client.session_id()  # its first reading is the start's
        self._session_since = self._clock.monotonic()
        self._silence.begins()

    def _hear(self, message: str) -> None:
        """Slack said something: greeted, sent an event, or what it is about to do."""
        session = self._handler.client.session_id()
        self._spoken_in = session
        if '"envelope_id"' in message:
            self._told_in, self._ever_told, self._echo_by = session, True, None
            self._deaf_at = float("-inf")
            self._silence.heard()

    def said(self, channel: str) -> None:
        """The bot wrote in a channel, of which Slack tells it. (Of direct messages it is told nothing: no such event is subscribed to.)"""
        if channel[:1] in "CG" and self._ever_told and self._echo_by is None:
            self._echo_by = self._clock.monotonic() + ECHO_WITHIN_S

    def missed(self, messages: int) -> None:
        """The history held so many messages that no event had told of."""
        session = self._handler.client.session_id()
        was_connected_then = (
            self._read_twice == session and self._clock.monotonic() - self._session_since > HEARD_WITHIN_S
        )
        if messages and was_connected_then and self._told_in != session:
            self._echo_by = self._clock.monotonic() + EVIDENT_WITHIN_S

    def hides_nothing(self) -> bool:
        """Whether all that Slack had to say was heard."""
        return self.is_connected() and self._silence.hides_nothing()

    def trouble(self) -> str:
        """Why nothing can be heard of Slack; empty where it can."""
        return "" if self.is_connected() else "it is not connected to Slack"

    def _address(self) -> str:
        """Where to connect. Slack tells it about once a minute: a second time sooner, after a restart or a dropped connection, it is
        waited for as long as Slack says. slack_sdk's own waiting does not hear that the program is to stop."""
        client = self._handler.client
        while True:
            began, outcome = self._clock.monotonic(), "unavailable"
            try:
                address = str(client.web_client.apps_connections_open(app_token=client.app_token)["url"])
                outcome = "ok"
                return address
            except SlackApiError as refused:
                wait_s = _wait_s(refused)
                outcome = "refused" if wait_s is None else "limited"
                if wait_s is None:
                    raise
                self._unwell_since = None  # it is waited for, as Slack says
                log.warning("Slack lets nobody connect for %.0f s", wait_s)
                if not self._waited(wait_s):
                    raise
            finally:
                self._told("apps.connections.open", outcome, self._clock.monotonic() - began)

    def _waited(self, seconds: float) -> bool:
        """Wait; False when told to stop meanwhile."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            if self._closing.is_set() or self._stopping.wait(min(left, LOOK_EVERY_S)):
                return False
        return True

    def _connect_promptly(self, connect: Callable[[], None]) -> None:
        """Connect anew, and send each acknowledgement at once.

        Left to Nagle's algorithm an acknowledgement that is once late waits for the next event for ever after: at 100 events a second
        that was measured as 10 ms in the median instead of 2.
        """
        connect()
        session = self._handler.client.current_session
        if session is not None and session.sock is not None:
            with suppress(*RACES):
                session.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)

    def is_connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def watch(self) -> None:
        """Look at the connection once: give up one that is none any more, tell of one that is new, or that history is to be read."""
        session = self._handler.client.current_session
        if session is None:
            return
        at = self._clock.monotonic()
        connected = session.is_active()
        if connected != self._was_connected:
            log.warning("connected to Slack again" if connected else "the connection to Slack is lost")
            self._was_connected = connected
        if session.session_id != self._session:
            self._session, self._session_since, self._echo_by = session.session_id, at, None
            if connected:
                self._observer.reconnected()
                self._on_reconnect()
        elif connected and (wrong := self._wrong_with(session, at)):
            self._give_up(session, *wrong)
        elif connected and self._is_worth_reading(session, at):
            self._on_reconnect()
        self._despair(session, at)

    def _wrong_with(self, session: Connection, at: float) -> tuple[str, str] | None:
        """Why a connection is to be replaced: in a word, and in words."""
        age_s = at - self._session_since
        if session.last_ping_pong_time is None and age_s > FIRST_PONG_S:
            return "silent", "the connection never answered a ping and is replaced"
        if session.consecutive_check_state_error_count > 0:
            # slack_sdk tries four pings more on a connection that was reset (measured: 24 s without events).
            return "silent", "the connection takes no ping and is replaced"
        if self._spoken_in != session.session_id and age_s > HELLO_WITHIN_S:
            return "mute", "Slack never greeted the connection, which is replaced"
        if self._echo_by is not None and at > self._echo_by and at - self._deaf_at > DEAF_AGAIN_S:
            if self._ever_told and self._deaf_at > float("-inf"):
                self._on_lost("two connections to Slack one after the other bring nothing of what happens in channels")
            self._deaf_at, self._echo_by = at, None
            return "deaf", "what happens in channels does not arrive over the connection, which is replaced"
        return None

    def _is_worth_reading(self, session: Connection, at: float) -> bool:
        """Whether the history is to be read although the connection stands: once after each reconnect that brought nothing, and after
        a long silence."""
        is_new = self._read_twice != session.session_id and at - self._session_since > HEARD_WITHIN_S
        if is_new:
            self._read_twice = session.session_id
            if self._told_in != session.session_id:
                return True
        return self._silence.wants_reading()

    def _despair(self, session: Connection, at: float) -> None:
        """After minutes without a connection that lasts, while Slack answers otherwise: whatever it is, it is in this process."""
        lasts = session.is_active() and at - self._session_since > FIRST_PONG_S and self._echo_by is None
        if lasts or not self._slack_answers():
            self._unwell_since = None
        elif self._unwell_since is None:
            self._unwell_since = at
        elif at - self._unwell_since > DESPAIRS_AFTER_S:
            self._unwell_since = None
            self._on_lost("no connection to Slack has lasted for five minutes, although its Web API answers")

    def _give_up(self, session: Connection, why: str, says: str) -> None:
        log.warning(says)
        self._observer.gave_up(why)
        with suppress(*RACES):
            session.disconnect()

    def close(self) -> None:
        """Close within a few seconds, also where slack_sdk's own closing would wait for ever: its reader, when it starts just
        then, takes back the word that it should end."""
        self._closing.set()
        client = self._handler.client
        closing = threading.Thread(target=self._close_handler, name="socket-close", daemon=True)
        closing.start()
        for _ in range(round(CLOSE_WITHIN_S / LOOK_EVERY_S)):
            closing.join(LOOK_EVERY_S)
            if not closing.is_alive():
                return
            client.current_session_state.terminated = True

    def _close_handler(self) -> None:
        with suppress(*RACES):
            self._finish_what_was_taken()
        with suppress(*RACES):
            self._stop_reading()
        with suppress(*RACES):
            self._handler.close()  # type: ignore[no-untyped-call]

    def _finish_what_was_taken(self) -> None:
        """Whoever pressed or typed something a moment ago still gets their acknowledgement; what was not begun Slack sends again."""
        client = self._handler.client
        client.closed = True
        client.message_queue.put(None)  # wakes who waits for a message
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown(wait=True)

    def _stop_reading(self) -> None:
        """slack_sdk closes a connection only once its reader has nothing to wait for, which takes up to a ping's interval. (Of a TLS
        socket only the plain one below is told: TLS itself would go on in clear.)"""
        session = self._handler.client.current_session
        if session is not None and session.sock is not None:
            socket.shutdown(session.sock, SHUT_RD)


def _wait_s(refused: SlackApiError) -> float | None:
    """The seconds after which to ask again; None where that does not help, or not for now."""

    def again() -> None:
        raise refused

    try:
        translated(again)
    except SlackUnavailable as unavailable:
        return unavailable.retry_after_s
    except Exception:  # noqa: BLE001 - whatever else it means, the caller raises it as it was
        return None
    return None
