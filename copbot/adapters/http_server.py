"""The server behind HTTP mode and the paths that look: waitress, with what it lacks against slow and crowding clients.

waitress reads and writes in one thread without waiting for anybody, and hands a request on when it is whole. So a slow client holds up
nobody; it only keeps a place, of which there are ``PLACES``. What is added here: a request must be whole in time, places that are idle
are given up when it gets crowded, and those who only look (a probe, a scrape) have threads of their own, which Slack's requests cannot
use up while they wait for the database. And whoever is refused while still sending (a body that is too large) can read so: closed at
once, the connection would be reset, and the answer lost with it.
"""

import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from copbot.adapters.http_app import LOOKS
from copbot.adapters.http_requests import MOST_BYTES
from copbot.core.errors import Mistake

SLACKS_THREADS = 12
"""Requests of Slack's that are answered at once: one that waits out a busy database takes a thread for up to 2.5 s."""

LOOKING_THREADS = 2

MOST_HEADER_BYTES = 32_768

PLACES = 400
"""Connections at once; below the 1,024 open files that systems commonly allow."""

CROWDED = 300

WHOLE_WITHIN_S = 10.0
"""Seconds that a request may take to arrive. Slack itself waits 3 s for the answer."""

IDLE_S = 75
"""Seconds for which a connection that asks nothing is kept: longer than the 60 s of common balancers, which would otherwise use one
that is closed just then."""

CROWDED_IDLE_S = 2

CROWDED_WHOLE_S = 2.0
"""As ``WHOLE_WITHIN_S``, where others want in: Slack's requests and probes arrive at once, and who waits for a place gives up soon."""

LOOK_EVERY_S = 1
TURN_S = 0.2
"""Seconds after which the server looks whether it is to stop."""

FINISH_WITHIN_S = 5.0
"""Seconds that requests in hand have to be answered when the server stops; Slack gives up after 3."""


class Pools:
    """Threads for what waits for the database, and a few that never do."""

    def __init__(self) -> None:
        self._slacks, self._looking = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self._slacks.set_thread_count(SLACKS_THREADS)
        self._looking.set_thread_count(LOOKING_THREADS)

    def add_task(self, channel: Any) -> None:
        first = channel.requests[0] if channel.requests else None
        pool = self._looking if getattr(first, "path", None) in LOOKS else self._slacks
        pool.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 1) -> bool:
        ended = [pool.shutdown(cancel_pending, timeout) for pool in (self._slacks, self._looking)]
        return all(ended)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when its request is on its way."""

    close_when_flushed: bool  # waitress has it; told here for the types

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.since: float | None = self.creation_time  # one that was opened is to say something, too
        self.is_refused = False  # what else it sends is not read as requests
        self.has_its_answer = False  # which is the last one; the client may still be sending

    def received(self, data: bytes) -> bool:
        taken = bool(super().received(data))
        self.is_refused = self.is_refused or any(request.error for request in self.requests)
        if self.request is None:
            self.since = None
        elif self.since is None:
            self.since = self.last_activity
        return taken

    def readable(self) -> bool:
        return bool(self.has_its_answer or super().readable())

    def handle_read(self) -> None:
        if self.has_its_answer:
            self.recv(self.adj.recv_bytes)  # goes nowhere; at its end the connection closes
        else:
            super().handle_read()

    def handle_write(self) -> None:
        if not (self.is_refused and self.close_when_flushed):
            super().handle_write()
            return
        self.close_when_flushed = False
        super().handle_write()
        if self.total_outbufs_len:
            self.close_when_flushed = True
        elif self.connected:
            self._say_that_this_was_all()

    def _say_that_this_was_all(self) -> None:
        self.has_its_answer, self.since = True, self.last_activity
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()

    def is_over(self, now: float, *, crowded: bool) -> bool:
        """Whether this connection has had its time, at a time of the same clock."""
        if self.requests:  # it is being answered
            return False
        if self.since is not None:
            return now - self.since > (CROWDED_WHOLE_S if crowded else WHOLE_WITHIN_S)
        return bool(now - self.last_activity > (CROWDED_IDLE_S if crowded else IDLE_S))


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = Channel

    def maintenance(self, now: float) -> None:
        crowded = len(self.active_channels) > CROWDED
        for channel in self.active_channels.values():
            if channel.is_over(now, crowded=crowded):
                channel.will_close = True


def _listening(host: str, port: int) -> socket.socket:
    """A socket that is bound; to the first of the addresses that a name stands for."""
    bound: socket.socket | None = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a restart need not wait for what the one before left behind
        bound.bind(address)
    except (OSError, UnicodeError) as refused:
        if bound is not None:
            bound.close()
        why = getattr(refused, "strerror", None) or refused
        raise Mistake(
            f"COPBOT_HTTP_PORT: {host}:{port} cannot be listened on ({why}): name another port, or end what uses it"
        ) from None
    return bound


class HttpServer:
    """Serves a WSGI application from ``start`` until ``stop``, in threads of its own."""

    def __init__(self, app: Callable[..., Any], host: str, port: int) -> None:
        """Port 0 takes a free one. Raises Mistake where the address cannot be had."""
        listening = _listening(host, port)
        self._pools = Pools()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits a moment is no news
        adjustments = Adjustments(
            sockets=[listening],
            ident=None,
            connection_limit=PLACES,
            cleanup_interval=LOOK_EVERY_S,
            max_request_body_size=MOST_BYTES + 1,  # it refuses what is as large as this
            max_request_header_size=MOST_HEADER_BYTES,
            log_socket_errors=False,
        )
        self._sockets: dict[int, Any] = {}
        self._server = _Server(
            *(app, self._sockets, True, listening),
            dispatcher=self._pools,
            adj=adjustments,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
        )
        self.port = int(self._server.effective_port)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no connection and no further request, answer what is in hand, end. Within ``FINISH_WITHIN_S`` and a second."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(FINISH_WITHIN_S + 1)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._turn()
        self._server.accepting = False
        self._server.socket.close()
        self._sockets.pop(self._server._fileno, None)
        for _ in range(round(FINISH_WITHIN_S / TURN_S)):
            busy = [channel for channel in self._channels() if channel.requests or channel.total_outbufs_len]
            for channel in self._channels():
                channel.will_close = channel not in busy
                channel.close_when_flushed = channel in busy and not channel.requests
            self._turn()
            if not self._channels():
                break
        self._pools.shutdown()
        wasyncore.close_all(self._sockets, ignore_all=True)

    def _turn(self) -> None:
        wasyncore.loop(timeout=TURN_S, use_poll=True, map=self._sockets, count=1)

    def _channels(self) -> list[Channel]:
        return list(self._server.active_channels.values())
