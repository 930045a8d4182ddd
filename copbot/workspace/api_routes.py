"""The Web API, response_urls and the socket over HTTP, with the faults that were asked for."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from copbot.workspace.answers import Answers
from copbot.workspace.arguments import Arguments
from copbot.workspace.faults import Fault, Faults
from copbot.workspace.limits import Limits
from copbot.workspace.sockets import Sockets, reset
from copbot.workspace.truth import Json
from copbot.workspace.web_api import WebApi

CUT = 0  # the status of a call whose answer was never sent


class ApiRoutes:
    def __init__(self, api: WebApi, faults: Faults, limits: Limits, answers: Answers, sockets: Sockets) -> None:
        self._api = api
        self._limits = limits
        self._faults = faults
        self._answers = answers
        self._sockets = sockets

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.get("/api/{method}", self.call),
            web.post("/api/{method}", self.call),
            web.post("/response/{token}", self.respond),
            web.get("/link", self._sockets.serve),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        given = await _given(request)
        if given is None:
            return web.json_response({"ok": False, "error": "invalid_json"})
        arguments = Arguments(given)
        token = _token(request, given)
        fault = self._faults.take(name, _channel(given)) or self._limited(name, _channel(given))
        if fault is not None and fault.kind == "slow_after":
            answer = self._answered(name, arguments, 200, self._api.answer(name, token, arguments))
            await asyncio.sleep(fault.delay)
            return answer
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is None or fault.kind == "slow":
            return self._answered(name, arguments, 200, self._api.answer(name, token, arguments))
        return self._failed(request, name, arguments, fault, lambda: self._api.answer(name, token, arguments))

    def _limited(self, name: str, channel: str | None) -> Fault | None:
        wait = self._limits.take(name, channel)
        return Fault(name, "429", 1, wait, 0.0, "ratelimited", channel) if wait else None

    def _failed(
        self, request: web.Request, name: str, arguments: Arguments, fault: Fault, effect: Callable[[], Json]
    ) -> web.Response:
        if fault.kind == "429":
            told = {"Retry-After": str(fault.retry_after)}
            return self._answered(name, arguments, 429, {"ok": False, "error": "ratelimited"}, told)
        if fault.kind == "500":
            self._api.record(name, arguments, 500, None)
            return web.Response(status=500, text="Internal Server Error")
        if fault.kind == "error":
            return self._answered(name, arguments, 200, {"ok": False, "error": fault.error})
        self._api.record(name, arguments, CUT, effect() if fault.kind == "reset_after" else None)
        if isinstance(request.transport, asyncio.Transport):
            reset(request.transport)
        return web.Response(status=500)  # goes nowhere: the connection is cut

    def _answered(
        self, name: str, arguments: Arguments, status: int, answer: Json, headers: dict[str, str] | None = None
    ) -> web.Response:
        self._api.record(name, arguments, status, answer)
        scopes = {"X-OAuth-Scopes": ",".join(sorted(self._api.scopes))}
        return web.json_response(answer, status=status, headers=scopes | (headers or {}))

    async def respond(self, request: web.Request) -> web.StreamResponse:
        body = await _given(request)
        if body is None:
            return web.Response(status=400, text="invalid_payload")
        error = self._answers.respond(request.match_info["token"], body)
        if error is None:
            return web.Response(text="ok")
        return web.json_response({"ok": False, "error": error}, status=404 if error.endswith("_url") else 400)


async def _given(request: web.Request) -> dict[str, Any] | None:
    """The arguments from query and body; None where the JSON is none."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        if not raw:
            return given
        try:
            body = json.loads(raw)
        except json.JSONDecodeError:
            return None
        return given | body if isinstance(body, dict) else None
    if request.method == "POST":
        form = await request.post()
        given |= {key: value for key, value in form.items() if isinstance(value, str)}
    return given


def _token(request: web.Request, given: dict[str, Any]) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    in_body = given.get("token")
    return in_body if isinstance(in_body, str) else None


def _channel(given: dict[str, Any]) -> str | None:
    channel = given.get("channel")
    return channel if isinstance(channel, str) else None
