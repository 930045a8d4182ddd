"""The Web API's front: which methods there are, who may call them, what a call was and how it ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.truth import Json, Truth
from copbot.workspace.views import ViewError

Handler = Callable[[Arguments], Json]


@dataclass(frozen=True)
class Method:
    """A Web API method. ``scopes``: any one of them lets a bot call it; none: every bot may."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105  (a kind of token, not one)


@dataclass(frozen=True)
class Call:
    """A call that came in: ``status`` is HTTP's, 0 when the connection was cut, ``error`` Slack's, ``at`` by the
    clock.
    """

    method: str
    args: Json
    status: int
    error: str | None
    at: datetime
    answer: Json | None = None


class WebApi:
    def __init__(self, truth: Truth, bot_token: str, app_token: str, scopes: set[str]) -> None:
        self.calls: list[Call] = []
        self.scopes = scopes
        self._truth = truth
        self._kinds = {bot_token: "bot", app_token: "app"}
        self._methods: dict[str, Method] = {}

    def offer(self, methods: Mapping[str, Method]) -> None:
        self._methods.update(methods)

    @property
    def methods(self) -> frozenset[str]:
        return frozenset(self._methods)

    def answer(self, name: str, token: str | None, arguments: Arguments) -> Json:
        """Slack's answer to a call, ``ok: false`` included."""
        try:
            method = self._allowed(name, token)
            with self._truth.lock:
                return {"ok": True} | method.handler(arguments)
        except SlackError as refused:
            return {"ok": False, "error": refused.error} | refused.more
        except ViewError as refused:
            more = {"response_metadata": {"messages": refused.messages}} if refused.messages else {}
            return {"ok": False, "error": refused.error} | more

    def record(self, name: str, arguments: Arguments, status: int, answer: Json | None) -> None:
        error = answer.get("error") if answer else None
        call = Call(name, arguments.without_secrets(), status, error, self._truth.clock.now(), answer)
        with self._truth.lock:
            self.calls.append(call)
            self._truth.changed()

    def _allowed(self, name: str, token: str | None) -> Method:
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if method.token == "none":  # noqa: S105
            return method
        if not token:
            raise SlackError("not_authed")
        kind = self._kinds.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.token:
            raise SlackError("not_allowed_token_type")
        if method.scopes and not self.scopes.intersection(method.scopes):
            raise SlackError("missing_scope", needed=method.scopes[0], provided=",".join(sorted(self.scopes)))
        return method


def page_of(items: list[Any], cursor: str | None, limit: int) -> tuple[list[Any], Json]:
    """A page of a list and its ``response_metadata``. Raises SlackError ``invalid_cursor``."""
    start = 0
    if cursor:
        head, _, number = cursor.partition(":")
        if head != "next" or not number.isdigit():
            raise SlackError("invalid_cursor")
        start = int(number)
    end = start + limit
    return items[start:end], {"next_cursor": f"next:{end}" if end < len(items) else ""}
