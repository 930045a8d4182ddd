"""Socket Mode: connections, envelopes, acknowledgements, and Slack's retries.

Everything but ``send`` and the faults runs in the workspace's event loop. All delays are real seconds: the bot's
patience is real too, even where the workspace's calendar is moved.
"""

import asyncio
import json
import secrets
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from aiohttp import WSMsgType, web

from copbot.workspace.truth import Json

REMEMBERED = 10_000
MAX_CONNECTIONS = 10  # docs.slack.dev: using Socket Mode
CONNECTION_LIFETIME_S = 18060
LINGER_NOT = struct.pack("ii", 1, 0)

EnvelopeType = Literal["events_api", "interactive", "slash_commands"]
Finished = Callable[[bool, Json | str | None], None]


def _nobody(acknowledged: bool, payload: Json | str | None) -> None:
    """An envelope whose end nobody waits for."""


@dataclass
class Envelope:
    """Something for the bot. ``finished(acknowledged, payload)`` is called once, in the event loop's thread."""

    type: EnvelopeType
    payload: Json
    retries: int = 0
    finished: Finished = _nobody
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    attempts: int = 0
    reason: str = ""
    state: Literal["waiting", "acknowledged", "lost"] = "waiting"

    def text(self) -> str:
        body: Json = {
            "envelope_id": self.id,
            "type": self.type,
            "accepts_response_payload": self.type != "events_api",
            "payload": self.payload,
        }
        if self.attempts > 1:
            body |= {"retry_attempt": self.attempts - 1, "retry_reason": self.reason}
        return json.dumps(body)


@dataclass(eq=False)
class Connection:
    ws: web.WebSocketResponse
    transport: asyncio.Transport
    held: bool = False

    def cut(self) -> None:
        """Reset the connection as a failing network would, without a close frame."""
        reset(self.transport)


def reset(transport: asyncio.Transport) -> None:
    """Abort a connection so that the other side sees a reset at once."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()


class Sockets:
    """The Socket Mode server's side. ``retry_delays`` are the waits before the first, second and third retry."""

    def __init__(self, app_id: str, changed: Callable[[], None]) -> None:
        self.ack_timeout = 3.0
        self.retry_delays: tuple[float, ...] = (0, 60, 300)
        self.envelopes: deque[Envelope] = deque(maxlen=REMEMBERED)
        self._app_id = app_id
        self._changed = changed
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Queue[Envelope] = asyncio.Queue()
        self._open: dict[str, Envelope] = {}
        self._connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._pending: dict[str, tuple[Envelope, asyncio.TimerHandle]] = {}
        self._turns = 0
        self._duplicate_next = False

    # --- from any thread --------------------------------------------------------------------------------------------

    @property
    def connected(self) -> int:
        """How many connections stand and are not held."""
        return sum(not connection.held for connection in self._connections)

    @property
    def waiting(self) -> int:
        """How many envelopes are neither acknowledged nor given up."""
        with self._lock:
            return len(self._open)

    def send(self, envelope: Envelope) -> None:
        """Deliver in the order of the calls. Without a running server the envelope is lost."""
        with self._lock:
            running = self._loop is not None
            copies = [envelope]
            if self._duplicate_next and envelope.type == "events_api":
                self._duplicate_next = False
                again = replace(envelope, id=secrets.token_hex(16), attempts=1, reason="timeout", finished=_nobody)
                copies.append(again)
            self.envelopes.extend(copies)
            if running:
                self._open |= {each.id: each for each in copies}
        for each in copies:
            if running:
                self._in_loop(self._enqueue, each)
            else:
                self._finish(each, "lost", None)

    def drop(self) -> None:
        self._in_loop(self._each, Connection.cut)

    def hold(self) -> None:
        self._in_loop(self._each, self._hold)

    def duplicate_next(self) -> None:
        with self._lock:
            self._duplicate_next = True

    def disconnect(self, reason: str) -> None:
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(self._disconnect(reason), self._loop)

    def _in_loop(self, act: Callable[..., object], *arguments: object) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between: the workspace is gone
                loop.call_soon_threadsafe(act, *arguments)

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Send what is queued, one after the other, until cancelled."""
        self._queue = asyncio.Queue()
        with self._lock:
            self._loop = asyncio.get_running_loop()
        while True:
            await self._attempt(await self._queue.get())

    def close(self) -> None:
        """Cut all connections and forget what waits."""
        with self._lock:
            self._loop = None
        for _, timer in self._pending.values():
            timer.cancel()
        self._pending.clear()
        self._each(Connection.cut)
        for envelope in list(self._open.values()):
            self._finish(envelope, "lost", None)

    def _enqueue(self, envelope: Envelope) -> None:
        self._queue.put_nowait(envelope)

    def ticket(self) -> str:
        """A new ticket for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(timeout=1.0)
        await ws.prepare(request)
        if request.transport is None:
            return ws
        connection = Connection(ws, request.transport)
        if len(self._connections) >= MAX_CONNECTIONS:
            await self._part(connection, "too_many_websockets")
            return ws
        self._connections.append(connection)
        try:
            await ws.send_json(self._hello())
            self._changed()
            async for message in ws:
                if message.type == WSMsgType.TEXT and not connection.held:
                    self._acknowledged(message.data)
        except ConnectionError:
            pass  # the client is gone; the list below says so
        finally:
            self._connections.remove(connection)
            self._changed()
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "copbot-workspace", "approximate_connection_time": CONNECTION_LIFETIME_S},
        }

    def _each(self, act: Callable[[Connection], object]) -> None:
        for connection in list(self._connections):
            act(connection)

    @staticmethod
    def _hold(connection: Connection) -> None:
        connection.held = True
        connection.transport.pause_reading()

    async def _disconnect(self, reason: str) -> None:
        for connection in list(self._connections):
            if not connection.held:
                with suppress(ConnectionError):
                    await self._part(connection, reason)

    async def _part(self, connection: Connection, reason: str) -> None:
        await connection.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        await connection.ws.close()

    def _choice(self) -> Connection | None:
        """Any one of the connections gets a payload; a held one only where there is no other."""
        live = [c for c in self._connections if not c.held and not c.ws.closed] or self._connections
        if not live:
            return None
        self._turns += 1
        return live[self._turns % len(live)]

    async def _attempt(self, envelope: Envelope) -> None:
        if envelope.state != "waiting":
            return
        envelope.attempts += 1
        connection = self._choice()
        if connection is None:
            self._failed(envelope, "connection_failed")
            return
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self.ack_timeout, self._timed_out, envelope)
        self._pending[envelope.id] = (envelope, timer)
        with suppress(ConnectionError, TimeoutError):  # no acknowledgement will come: the timer tells
            await asyncio.wait_for(connection.ws.send_str(envelope.text()), self.ack_timeout)

    def _timed_out(self, envelope: Envelope) -> None:
        self._pending.pop(envelope.id, None)
        self._failed(envelope, "timeout")

    def _failed(self, envelope: Envelope, reason: str) -> None:
        if envelope.attempts > min(envelope.retries, len(self.retry_delays)):
            self._finish(envelope, "lost", None)
            return
        envelope.reason = reason
        delay = self.retry_delays[envelope.attempts - 1]
        asyncio.get_running_loop().call_later(delay, self._enqueue, envelope)

    def _acknowledged(self, text: str) -> None:
        with suppress(json.JSONDecodeError):
            answer = json.loads(text)
            waiting = self._find(answer.get("envelope_id")) if isinstance(answer, dict) else None
            if waiting is not None:
                self._finish(waiting, "acknowledged", answer.get("payload"))

    def _find(self, envelope_id: object) -> Envelope | None:
        """The envelope that an answer belongs to; also one that already timed out and waits for its retry."""
        if isinstance(envelope_id, str) and envelope_id in self._pending:
            envelope, timer = self._pending.pop(envelope_id)
            timer.cancel()
            return envelope
        return self._open.get(envelope_id) if isinstance(envelope_id, str) else None

    def _finish(self, envelope: Envelope, state: Literal["acknowledged", "lost"], payload: Json | str | None) -> None:
        with self._lock:
            self._open.pop(envelope.id, None)
        envelope.state = state
        envelope.finished(state == "acknowledged", payload)
        self._changed()
