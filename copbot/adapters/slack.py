"""Slack's Web API behind the Slack port: each call with the retry policy that fits what repeating it would do."""

import json
import logging
import re
import socket
import ssl
import threading
import urllib.error
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlparse

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from copbot.core.delivery import EVENT_TYPE, REQUEST_TIMEOUT_S
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.time import ts_to_us, us_to_ts

log = logging.getLogger(__name__)

GONE = frozenset(
    {
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_authed",
        "app_uninstalled",
        "team_disabled",
    }
)
PASSING = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"})
"""Refusals for now: Slack certainly did nothing."""
AMBIGUOUS = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack says itself that some of the operation may have succeeded."""

WRITING = ("chat.post", "chat.update", "views.", "conversations.open")

PAGE = 200
Result = TypeVar("Result")
_ERROR = re.compile(r"[a-z0-9_]+")  # anything else is no answer of Slack's but of something on the way


def web_client(token: str | None, base_url: str, retry_handlers: list[RetryHandler]) -> WebClient:
    """A Web API client. A proxy from the environment is not asked for addresses on this machine."""
    client = WebClient(token=token, base_url=base_url, timeout=int(REQUEST_TIMEOUT_S), retry_handlers=retry_handlers)
    if is_loopback(base_url):
        client.proxy = None
    return client


def is_loopback(url: str) -> bool:
    return urlparse(url).hostname in {"127.0.0.1", "localhost", "::1"}


class Patience(RateLimitErrorRetryHandler):
    """Waits as long as Slack tells, but not when the program is to stop: slack_sdk's own sleeps through that."""

    def __init__(self, stopping: threading.Event, on_limit: Callable[[str], None] = lambda _method: None) -> None:
        """``on_limit`` is told the method that Slack limits."""
        super().__init__(max_retry_count=3)
        self._stopping = stopping
        self._on_limit = on_limit

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> None:
        self._on_limit(request.url.rsplit("/", 1)[-1].split("?")[0])
        self._stopping.wait(_retry_after(response.headers if response else {}))
        state.next_attempt_requested = True
        state.increment_current_attempt()


class SlackWeb:
    """The Slack port on slack_sdk. Posts are never retried here: after a lost answer a second request would post twice."""

    def __init__(
        self,
        token: str,
        base_url: str,
        stopping: threading.Event | None = None,
        told: Callable[[str, str, float], None] = lambda _method, _outcome, _seconds: None,
        monotonic: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """``stopping``: when set, nothing waits out a rate limit any more. ``told``: of each call its method, its outcome as
        ``Observer.called`` has them, and how long it took by ``monotonic``."""
        self._told = told
        self._monotonic = monotonic
        self.once = web_client(token, base_url, [])
        patience = Patience(stopping or threading.Event(), lambda method: told(method, "limited", 0.0))
        self.reading = web_client(token, base_url, [ConnectionErrorRetryHandler(), patience])

    # -- saying

    def post(
        self,
        channel: str,
        text: str,
        blocks: Sequence[dict[str, Any]],
        thread_ts: str | None,
        metadata: dict[str, Any],
    ) -> tuple[str, int]:
        answer = self._call(
            self.once,
            "chat.postMessage",
            _present(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return str(answer.get("channel") or channel), ts_to_us(answer.get("ts"))

    def update(
        self, channel: str, ts: str, text: str, blocks: Sequence[dict[str, Any]], metadata: dict[str, Any]
    ) -> None:
        self._call(
            self.once,
            "chat.update",
            # An empty list takes away the blocks of before; leaving it out would keep them.
            {"channel": channel, "ts": ts, "text": text, "blocks": list(blocks), "metadata": metadata},
        )

    def pin(self, channel: str, ts: str) -> None:
        self._unless("already_pinned", "pins.add", {"channel": channel, "timestamp": ts})

    def unpin(self, channel: str, ts: str) -> None:
        self._unless("no_pin", "pins.remove", {"channel": channel, "timestamp": ts})

    def _unless(self, done: str, method: str, arguments: dict[str, Any]) -> None:
        """A call that changes nothing the second time: ``done`` is Slack's word for that."""
        try:
            self._call(self.once, method, arguments)
        except SlackRefused as refused:
            if refused.error != done:
                raise

    def open_dm(self, user: str) -> str:
        return str(self._call(self.once, "conversations.open", {"users": user})["channel"]["id"])

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        self._call(self.once, "views.open", {"trigger_id": trigger_id, "view": view})

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        self._call(self.once, "views.update", {"view_id": view_id, "view": view})

    def publish_view(self, user: str, view: dict[str, Any]) -> None:
        """Show a person their Home tab."""
        self._call(self.once, "views.publish", {"user_id": user, "view": view})

    def ephemeral(self, channel: str, user: str, text: str, blocks: Sequence[dict[str, Any]]) -> None:
        self._call(
            self.once,
            "chat.postEphemeral",
            _present(channel=channel, user=user, text=text, blocks=list(blocks) or None),
        )

    # -- reading

    def auth(self) -> dict[str, Any]:
        """Who this token is: ``team_id``, ``team``, ``user_id``, ``bot_id``."""
        return self._call(self.reading, "auth.test", {})

    def ping(self) -> None:
        """Ask the least there is, once. Raises SlackUnavailable while Slack cannot be reached."""
        self._call(self.once, "auth.test", {})

    def introduction(self) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The same, with the headers of Slack's answer by their names in small letters: its clock, and the scopes that were given."""
        answer = translated(lambda: self.once.api_call("auth.test"))
        return dict(answer.data), {name.lower(): value for name, value in answer.headers.items()}  # type: ignore[arg-type]

    def permalink(self, channel: str, ts: str) -> str | None:
        try:
            return str(
                self._call(self.reading, "chat.getPermalink", {"channel": channel, "message_ts": ts})["permalink"]
            )
        except (SlackRefused, SlackUnavailable, KeyError):
            return None

    def share(self, channel: str, text: str, files: Sequence[tuple[str, str]]) -> None:
        listed = json.dumps([{"id": file, "title": title} for file, title in files])
        arguments = _present(files=listed, channel_id=channel, initial_comment=text or None)
        self._call(self.once, "files.completeUploadExternal", arguments)

    def find_delivery(
        self, channel: str, key: str, oldest_us: int, thread_ts: str | None, file: str | None = None
    ) -> int | None:
        # Without patience: whoever sends waits for no rate limit, but sends something else meanwhile.
        for message in self.history(channel, oldest_us, thread_ts=thread_ts, patient=False):
            marked = message.get("metadata") or {}
            if marked.get("event_type") == EVENT_TYPE and (marked.get("event_payload") or {}).get("delivery") == key:
                return ts_to_us(message["ts"])
            if file is not None and any(each.get("name") == file for each in message.get("files") or ()):
                return ts_to_us(message["ts"])
        return None

    def history(
        self, channel: str, oldest_us: int, *, thread_ts: str | None = None, patient: bool = True
    ) -> Iterator[dict[str, Any]]:
        """Messages of a channel, or of a thread, from an instant on, with their metadata. ``patient``: waits out rate limits."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments = _present(
            channel=channel, ts=thread_ts, oldest=us_to_ts(max(0, oldest_us)), include_all_metadata=True
        )
        yield from self.pages(method, "messages", arguments, self.reading if patient else self.once)

    def latest(self, channel: str) -> list[dict[str, Any]]:
        """A channel's latest messages outside of threads, the newest first, asked once."""
        return list(self._call(self.once, "conversations.history", {"channel": channel, "limit": 15})["messages"])

    def channels(self) -> Iterator[dict[str, Any]]:
        yield from self.pages(
            "conversations.list", "channels", {"types": "public_channel,private_channel", "exclude_archived": False}
        )

    def members(self, channel: str) -> Iterator[str]:
        yield from self.pages("conversations.members", "members", {"channel": channel})

    def users(self, *, patient: bool = True) -> Iterator[dict[str, Any]]:
        """Everybody, with their language: so that hardly anybody has to be asked for one by one."""
        yield from self.pages("users.list", "members", {"include_locale": True}, self.reading if patient else self.once)

    def user(self, user: str) -> dict[str, Any]:
        """A user as Slack knows them now, asked once: a burst of joins must not wait for the rate limit here."""
        return dict(self._call(self.once, "users.info", {"user": user, "include_locale": True})["user"])

    def user_by_email(self, email: str) -> str | None:
        try:
            return str(self._call(self.reading, "users.lookupByEmail", {"email": email})["user"]["id"])
        except SlackRefused as refused:
            if refused.error == "users_not_found":
                return None
            raise

    def group_members(self, group: str) -> list[str]:
        return list(self._call(self.reading, "usergroups.users.list", {"usergroup": group})["users"])

    def groups(self) -> list[dict[str, Any]]:
        return list(self._call(self.reading, "usergroups.list", {})["usergroups"])

    def pages(self, method: str, key: str, arguments: dict[str, Any], client: WebClient | None = None) -> Iterator[Any]:
        """All items of a paginated method; the end is where Slack gives no cursor, never a short page."""
        cursor = ""
        while True:
            answer = self._call(
                client or self.reading, method, _present(**arguments, limit=PAGE, cursor=cursor or None)
            )
            yield from answer.get(key) or []
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Any other method, once."""
        return self._call(self.once, method, arguments)

    def _call(self, client: WebClient, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        # Slack reads JSON bodies in writing methods only; the reading ones take form fields.
        writes = method.startswith(WRITING)
        body: dict[str, Any] = {"json": arguments} if writes else {"params": arguments}
        outcome, began = "ok", self._monotonic()
        try:
            return translated(lambda: dict(client.api_call(method, **body).data))  # type: ignore[arg-type]
        except SlackUnavailable as unavailable:
            unavailable.method = method
            outcome = "unavailable" if unavailable.retry_after_s is None else "limited"
            raise
        except SlackRefused:
            outcome = "refused"
            raise
        except SlackGone:
            outcome = "gone"
            raise
        finally:
            self._told(method, outcome, self._monotonic() - began)


def translated(call: Callable[[], Result]) -> Result:
    """Run a call of slack_sdk's and raise the errors of ``core.errors`` instead of its own."""
    try:
        return call()
    except SlackApiError as refused:
        raise _meaning(refused) from None
    except urllib.error.URLError as unreachable:
        # Nothing was sent when the name was not found, the connection refused or TLS not agreed.
        definite = isinstance(
            unreachable.reason, ConnectionRefusedError | ssl.SSLCertVerificationError | socket.gaierror
        )
        raise SlackUnavailable(f"network: {type(unreachable.reason).__name__}", definite=definite) from None
    except (OSError, HTTPException) as broken:
        raise SlackUnavailable(f"network: {type(broken).__name__}") from None


def _meaning(refused: SlackApiError) -> Exception:
    response: Any = refused.response
    status = int(getattr(response, "status_code", 0) or 0)
    data = getattr(response, "data", response)
    error = str(data.get("error", "")) if isinstance(data, dict) else ""
    headers = getattr(response, "headers", None) or {}
    if status == 429 or error in PASSING:
        return SlackUnavailable(error or "429", retry_after_s=_retry_after(headers), definite=True)
    if status >= 500 or error in AMBIGUOUS or not _ERROR.fullmatch(error):
        return SlackUnavailable(error if error in AMBIGUOUS else f"HTTP {status}")
    if error in GONE:
        return SlackGone(error)
    return SlackRefused(error, needed=str(data.get("needed", "")))


def _retry_after(headers: Any) -> float:
    for name, value in dict(headers).items():
        if name.lower() == "retry-after":
            first = value[0] if isinstance(value, list) else value
            try:
                return max(0.0, float(first))
            except (TypeError, ValueError):
                break
    return 1.0


def _present(**arguments: Any) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}
