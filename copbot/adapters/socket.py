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


CLOSE_WITHIN_S = 6.0
LOOK_EVERY_S = 0.2


class Socket:
    """Connects, keeps the connection alive and tells when it was replaced. ``stopping``: when set, nothing waits any more."""

    def __init__(
        self,
        app: App,
        app_token: str,
        base_url: str,
        clock: Clock,
        on_reconnect: Callable[[], None],
        stopping: threading.Event | None = None,
    ) -> None:
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
        connect = self._handler.client.connect
        self._handler.client.connect = lambda: self._connect_promptly(connect)  # type: ignore[method-assign]
        self._session: str | None = None
        self._session_since = 0.0
        self._was_connected = True

    def connect(self) -> None:
        """Connect. Raises SlackUnavailable, or SlackGone when the app token is refused."""
        translated(self._handler.connect)
        self._session = self._handler.client.session_id()
        self._session_since = self._clock.monotonic()

    def _address(self) -> str:
        """Where to connect. Slack tells it about once a minute: a second time sooner, after a restart or a dropped connection, it is
        waited for as long as Slack says. slack_sdk's own waiting does not hear that the program is to stop."""
        client = self._handler.client
        while True:
            try:
                return str(client.web_client.apps_connections_open(app_token=client.app_token)["url"])
            except SlackApiError as refused:
                wait_s = _wait_s(refused)
                if wait_s is None:
                    raise
                log.warning("Slack lets nobody connect for %.0f s", wait_s)
                if not self._waited(wait_s):
                    raise

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
        """Look at the connection once: give up one that never answered, tell of one that is new."""
        client = self._handler.client
        session = client.current_session
        if session is None:
            return
        at = self._clock.monotonic()
        connected = session.is_active()
        if connected != self._was_connected:
            log.warning("connected to Slack again" if connected else "the connection to Slack is lost")
            self._was_connected = connected
        if session.session_id != self._session:
            self._session, self._session_since = session.session_id, at
            if connected:
                self._on_reconnect()
        elif connected and session.last_ping_pong_time is None and at - self._session_since > FIRST_PONG_S:
            self._give_up(session, "the connection never answered a ping and is replaced")
        elif connected and session.consecutive_check_state_error_count > 0:
            # slack_sdk tries four pings more on a connection that was reset (measured: 24 s without events).
            self._give_up(session, "the connection takes no ping and is replaced")

    def _give_up(self, session: Connection, why: str) -> None:
        log.warning(why)
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
