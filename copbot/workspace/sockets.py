"""Socket Mode: connections, and envelopes that go to any one of them."""

import asyncio
import json
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from copbot.workspace.delivery import Delivery, Envelope
from copbot.workspace.truth import Json

MAX_CONNECTIONS = 10  # docs.slack.dev: using Socket Mode
MOST_IN_FLIGHT = 64  # slack_sdk's builtin client reads frame within frame: some hundred at once exhaust its stack
CONNECTION_LIFETIME_S = 18060
LINGER_NOT = struct.pack("ii", 1, 0)


def envelope_text(envelope: Envelope) -> str:
    """An envelope as it goes over the socket."""
    body: Json = {
        "envelope_id": envelope.id,
        "type": envelope.type,
        "accepts_response_payload": envelope.type != "events_api",
        "payload": envelope.payload,
    }
    if envelope.attempts > 1:
        body |= {"retry_attempt": envelope.attempts - 1, "retry_reason": envelope.reason}
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
    """The Socket Mode server's side: who is connected, and the attempts that went over a socket."""

    def __init__(self, app_id: str, delivery: Delivery, changed: Callable[[], None]) -> None:
        self._app_id = app_id
        self._delivery = delivery
        self._changed = changed
        self._connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._pending: dict[str, tuple[Envelope, asyncio.TimerHandle]] = {}
        self._room = asyncio.Event()
        self._turns = 0
        self._refusing = False

    # --- from any thread --------------------------------------------------------------------------------------------

    @property
    def connected(self) -> int:
        """How many connections stand and are not held."""
        return sum(not connection.held for connection in self._connections)

    def drop(self) -> None:
        self._delivery.in_loop(self._each, Connection.cut)

    def hold(self) -> None:
        self._delivery.in_loop(self._each, self._hold)

    def refuse(self, refusing: bool) -> None:
        """Let nobody connect (``apps.connections.open`` still answers), until told otherwise."""
        self._refusing = refusing

    def disconnect(self, reason: str) -> None:
        loop = self._delivery.loop
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._disconnect(reason), loop)

    def ticket(self) -> str:
        """A new ticket for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    # --- in the loop ------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Cut all connections."""
        for _, timer in self._pending.values():
            timer.cancel()
        self._pending.clear()
        self._room = asyncio.Event()  # an event belongs to the loop that waited for it
        self._each(Connection.cut)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self._refusing:
            return web.Response(status=503 if self._refusing else 401)
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

    async def carry(self, envelope: Envelope) -> None:
        """Make one attempt, when there is room. Without an acknowledgement in time it has failed."""
        while len(self._pending) >= MOST_IN_FLIGHT:
            self._room.clear()
            await self._room.wait()
        connection = self._choice()
        if connection is None:
            self._delivery.fail(envelope, "connection_failed")
            return
        patience = self._delivery.ack_timeout
        timer = asyncio.get_running_loop().call_later(patience, self._timed_out, envelope)
        self._pending[envelope.id] = (envelope, timer)
        with suppress(ConnectionError, TimeoutError):  # no acknowledgement will come: the timer tells
            await asyncio.wait_for(connection.ws.send_str(envelope_text(envelope)), patience)

    def _timed_out(self, envelope: Envelope) -> None:
        self._pending.pop(envelope.id, None)
        self._room.set()
        self._delivery.fail(envelope, "timeout")

    def _acknowledged(self, text: str) -> None:
        with suppress(json.JSONDecodeError):
            answer = json.loads(text)
            waiting = self._find(answer.get("envelope_id")) if isinstance(answer, dict) else None
            if waiting is not None:
                self._delivery.acknowledge(waiting, answer.get("payload"))

    def _find(self, envelope_id: object) -> Envelope | None:
        """The envelope that an answer belongs to; also one that already timed out and waits for its retry."""
        if isinstance(envelope_id, str) and envelope_id in self._pending:
            envelope, timer = self._pending.pop(envelope_id)
            timer.cancel()
            self._room.set()
            return envelope
        return self._delivery.find(envelope_id)
