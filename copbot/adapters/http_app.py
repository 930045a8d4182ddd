"""What is answered over HTTP: Slack's requests on one path, and on three others how the bot is. A thin WSGI application."""

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qs

from slack_bolt import App, BoltRequest, BoltResponse

from copbot.adapters.http_requests import MOST_BYTES, Refusal, payload_of
from copbot.adapters.observing import Observer
from copbot.core.ports import Clock

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"
"""One address for events, commands and interactivity."""

LOOKS = ("/healthz", "/readyz", "/metrics")
"""Paths that only look, and never wait for Slack's requests."""

STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Respond = Callable[[str, Headers], object]


class Looked(Protocol):
    """How the bot is, a line each; nothing where all is well."""

    def troubles_of_life(self) -> list[str]: ...
    def troubles_of_service(self, *, only_intake: bool = False) -> list[str]: ...
    def remarks(self) -> list[str]: ...


class SlacksDoor:
    """Takes Slack's requests once a bot is there to take them in. ``heard`` is told of each that was Slack's: whether it was a retry."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._app: App | None = None
        self.heard: Callable[[bool], None] = lambda _again: None

    def open(self, app: App) -> None:
        self._app = app

    def trouble(self) -> str:
        """Why nothing is taken in, in words; empty while it is."""
        return "" if self._app is not None else "Slack's requests are not taken in"

    def shut(self) -> None:
        """Take nothing more in: Slack sends it again, to whoever is there then."""
        self._app = None

    def answer(self, headers: dict[str, str], body: bytes) -> BoltResponse | Refusal:
        app = self._app
        if app is None:
            return Refusal(503, "nobody is here yet to take it in")
        payload = payload_of(self._secret, headers, body, self._clock.now().timestamp())
        if isinstance(payload, Refusal):
            return payload
        self.heard("x-slack-retry-num" in headers)
        try:
            # As one that came over the socket: it is checked and parsed, and from here on both ways are the same.
            request = BoltRequest(mode="socket_mode", body=payload, headers=_slacks(headers))
        except Exception:  # noqa: BLE001 - Bolt trips over whatever shape Slack never sends
            return Refusal(400, "the body is of no shape of Slack's")
        return app.dispatch(request)


def _slacks(headers: dict[str, str]) -> dict[str, str | Sequence[str]]:
    return {name: value for name, value in headers.items() if name.startswith("x-slack-retry-")}


class HttpApp:
    """The WSGI application. ``door`` None: only the three paths that look."""

    def __init__(
        self, looked: Looked, exposed: Callable[[], tuple[str, bytes]], observer: Observer, door: SlacksDoor | None
    ) -> None:
        """``exposed`` gives the content type and the text of the metrics."""
        self._looked = looked
        self._exposed = exposed
        self._observer = observer
        self._door = door

    def __call__(self, environ: Environ, respond: Respond) -> Iterable[bytes]:
        path, method = str(environ.get("PATH_INFO", "")), str(environ.get("REQUEST_METHOD", ""))
        try:
            status, headers, body = self._answer(environ, path, method)
        except Exception:
            log.exception("a request over HTTP failed, error %s", secrets.token_hex(3))
            status, headers, body = 500, [], b"that did not work; the log tells why\n"
        self._observer.answered(path if path in (*LOOKS, SLACK_PATH) else "other", status)
        respond(STATUS.get(status, f"{status} Other"), [*headers, ("Content-Length", str(len(body)))])
        return [] if method == "HEAD" else [body]

    def _answer(self, environ: Environ, path: str, method: str) -> tuple[int, Headers, bytes]:
        if path == SLACK_PATH and self._door is not None:
            return self._from_slack(self._door, environ) if method == "POST" else _wrong_method("POST")
        if path not in LOOKS:
            return _plain(404, "there is nothing here")
        if method not in ("GET", "HEAD"):
            return _wrong_method("GET, HEAD")
        if path == "/metrics":
            kind, text = self._exposed()
            return 200, [("Content-Type", kind), ("Cache-Control", "no-store")], text
        if path == "/healthz":
            return _told("alive", 500, self._looked.troubles_of_life(), [])
        only_intake = parse_qs(str(environ.get("QUERY_STRING", ""))).get("only") == ["intake"]
        troubles = self._looked.troubles_of_service(only_intake=only_intake)
        return _told("ready", 503, troubles, self._looked.remarks())

    def _from_slack(self, door: SlacksDoor, environ: Environ) -> tuple[int, Headers, bytes]:
        body = environ["wsgi.input"].read(MOST_BYTES + 1)
        answer = door.answer(_headers(environ), body)
        if isinstance(answer, Refusal):
            # What was sent stays out of the log: nobody knows who wrote it.
            log.info("a request was refused with %s: %s", answer.status, answer.says)
            return _plain(answer.status, answer.says)
        return _from_bolt(answer)


def _headers(environ: Environ) -> dict[str, str]:
    """The request's headers by their names in small letters, as far as anybody here asks for them."""
    found = {name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name[:5] == "HTTP_"}
    return found | {"content-type": str(environ.get("CONTENT_TYPE", ""))}


def _from_bolt(answer: BoltResponse) -> tuple[int, Headers, bytes]:
    headers = [(name, value) for name, values in answer.headers.items() for value in values]
    return int(answer.status), headers, str(answer.body or "").encode()


def _plain(status: int, says: str) -> tuple[int, Headers, bytes]:
    return status, [("Content-Type", "text/plain; charset=utf-8")], f"{says}\n".encode()


def _wrong_method(allowed: str) -> tuple[int, Headers, bytes]:
    status, headers, body = _plain(405, f"use {allowed}")
    return status, [*headers, ("Allow", allowed)], body


def _told(well: str, else_status: int, troubles: list[str], remarks: list[str]) -> tuple[int, Headers, bytes]:
    head = f"not {well}" if troubles else well
    lines = [head, *(f"- {line}" for line in troubles), *(f"(remark: {line})" for line in remarks)]
    status, headers, body = _plain(else_status if troubles else 200, "\n".join(lines))
    return status, [*headers, ("Cache-Control", "no-store")], body
