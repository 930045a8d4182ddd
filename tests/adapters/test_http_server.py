"""The server over real sockets: large, slow and crowding clients hold nobody up, and a stop answers what is in hand."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from copbot.adapters import http_server
from copbot.adapters.http_requests import MOST_BYTES
from copbot.adapters.http_server import (
    CROWDED_IDLE_S,
    CROWDED_WHOLE_S,
    IDLE_S,
    SLACKS_THREADS,
    WHOLE_WITHIN_S,
    Channel,
    HttpServer,
)
from copbot.core.errors import Mistake


@dataclass
class Desk:
    """An application whose slow path waits until it is let go."""

    go: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __call__(self, environ: dict[str, Any], respond: Callable[..., object]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/slow":
            self.waiting.release()
            self.go.wait(30)
        answer = f"{len(body)} bytes".encode()
        respond("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk) -> Iterator[HttpServer]:
    server = HttpServer(desk, "127.0.0.1", 0)
    server.start()
    yield server
    desk.go.set()
    server.stop()


def asked(server: HttpServer, method: str = "GET", path: str = "/healthz", **given: Any) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, **given)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def raw(server: HttpServer, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    client.sendall(sent)
    return client


def test_a_body_is_taken_whole_in_either_form(server: HttpServer) -> None:
    assert asked(server, "POST", "/x", body=b"x" * MOST_BYTES) == (200, f"{MOST_BYTES} bytes")
    pieces = (b"x" * 1000 for _ in range(20))
    assert asked(server, "POST", "/x", body=pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}) == (
        200,
        "20000 bytes",
    )


def test_ten_megabytes_are_refused_as_soon_as_they_are_announced(server: HttpServer) -> None:
    with raw(server, b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n") as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_ten_megabytes_without_a_length_are_refused_when_they_are_too_many(server: HttpServer) -> None:
    with raw(server, b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") as client:
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(MOST_BYTES // 0x10000 + 1):
            client.sendall(piece)
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_who_sends_all_of_ten_megabytes_first_reads_the_refusal_too(server: HttpServer) -> None:
    for in_pieces in (False, True):
        body: Any = (b"x" * 100_000 for _ in range(100)) if in_pieces else b"x" * 10_000_000
        assert asked(server, "POST", "/x", body=body, encode_chunked=in_pieces)[0] == 413
    assert asked(server)[0] == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS to a plain port"),
        pytest.param(b"POST /x HTTP/1.1\r\nContent-Length: nine\r\n\r\n", id="a length that is none"),
        pytest.param(
            b"POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="pieces of no size"
        ),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"x" * 40_000 + b"\r\n\r\n", id="headers without end"),
    ],
)
def test_what_is_no_http_is_refused_and_the_next_is_answered(server: HttpServer, nonsense: bytes) -> None:
    with raw(server, nonsense) as client:
        assert client.recv(1000).startswith((b"HTTP/1.0 4", b"HTTP/1.1 4"))
    assert asked(server)[0] == 200


def test_whoever_looks_is_answered_while_every_request_of_slacks_waits(server: HttpServer, desk: Desk) -> None:
    slow = [
        raw(server, b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") for _ in range(SLACKS_THREADS + 5)
    ]
    for _ in range(SLACKS_THREADS):
        assert desk.waiting.acquire(timeout=30)
    assert asked(server)[0] == 200
    desk.go.set()
    for client in slow:
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
        client.close()


def test_many_that_never_finish_their_request_hold_up_nobody(server: HttpServer) -> None:
    slow = [raw(server, b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx") for _ in range(60)]
    assert asked(server, "POST", "/x", body=b"whole") == (200, "5 bytes")
    for client in slow:
        client.close()


def channel(**state: Any) -> Channel:
    """A connection in a state, without its socket."""
    made = Channel.__new__(Channel)
    made.__dict__.update({"requests": [], "since": None, "last_activity": 100.0} | state)
    return made


@pytest.mark.parametrize(
    ("state", "after_s", "crowded", "over"),
    [
        pytest.param({"since": 100.0}, WHOLE_WITHIN_S, False, False, id="its request may still come"),
        pytest.param({"since": 100.0}, WHOLE_WITHIN_S + 1, False, True, id="it had time enough"),
        pytest.param({"since": 100.0, "last_activity": 110.0}, WHOLE_WITHIN_S + 1, False, True, id="a byte at a time"),
        pytest.param({"since": 100.0}, CROWDED_WHOLE_S, True, False, id="it may come, where others want in"),
        pytest.param(
            {"since": 100.0}, CROWDED_WHOLE_S + 1, True, True, id="others want in, and its request does not come"
        ),
        pytest.param({}, IDLE_S, False, False, id="idle, as a balancer keeps it"),
        pytest.param({}, IDLE_S + 1, False, True, id="idle for long"),
        pytest.param({}, CROWDED_IDLE_S + 1, True, True, id="idle where others want in"),
        pytest.param(
            {"has_its_answer": True, "since": 100.0}, WHOLE_WITHIN_S + 1, False, True, id="refused, and still sending"
        ),
        pytest.param({"requests": ["one"], "since": 100.0}, 1000, True, False, id="it is being answered"),
    ],
)
def test_a_connection_is_kept_as_long_as_it_is_of_use(
    state: dict[str, Any], after_s: float, crowded: bool, over: bool
) -> None:
    assert channel(**state).is_over(100.0 + after_s, crowded=crowded) is over


def test_a_request_that_comes_byte_by_byte_loses_its_place(server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "WHOLE_WITHIN_S", 0.0)
    with raw(server, b"POST /x HTTP/1.1\r\n") as client:
        assert client.recv(1000) == b""


def test_a_stop_answers_what_is_in_hand_and_takes_nothing_more(server: HttpServer, desk: Desk) -> None:
    with raw(server, b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nhere") as client:
        assert desk.waiting.acquire(timeout=30)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        refused = threading.Event()
        while not refused.is_set():
            try:
                socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
            except OSError:
                refused.set()
        desk.go.set()
        with client.makefile("rb") as answer:  # until the server closes
            assert answer.read().endswith(b"4 bytes")
        stopping.join(30)
    assert not server.is_alive()


def test_an_address_that_is_taken_is_told_in_a_line(server: HttpServer, desk: Desk) -> None:
    with pytest.raises(Mistake, match=r"^COPBOT_HTTP_PORT: 127\.0\.0\.1:\d+ cannot be listened on \(.*in use"):
        HttpServer(desk, "127.0.0.1", server.port)
    with pytest.raises(Mistake, match="cannot be listened on"):
        HttpServer(desk, "no.such.host.invalid", 0)
