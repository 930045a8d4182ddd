"""The Events API, slash commands and interactivity over signed HTTP: requests as Slack makes them to a Request URL.

Source: docs.slack.dev, "Verifying requests from Slack" and "The Events API".
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from contextlib import suppress
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp

from copbot.workspace.delivery import Delivery, Envelope
from copbot.workspace.truth import Json

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
MOST_REDIRECTS = 2
REDIRECTS = (301, 302, 303, 307, 308)
MOST_AT_ONCE = 16  # Bolt's development server answers one request after the other
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class TooManyRedirects(Exception):
    """Slack follows two."""


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's ``X-Slack-Signature`` of a raw body: version v0, HMAC-SHA256, hexadecimal."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def wire(envelope: Envelope) -> tuple[str, str]:
    """(content type, body) of an envelope: events as JSON, commands as a form, the rest as a form's ``payload``."""
    if envelope.type == "events_api":
        return "application/json", json.dumps(envelope.payload)
    fields = envelope.payload if envelope.type == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields)


class RequestUrl:
    """Posts to the bot's Request URL. ``url`` None means that the bot is in Socket Mode."""

    def __init__(self, signing_secret: str, delivery: Delivery) -> None:
        self.url: str | None = None
        self.signing_secret = signing_secret
        self._delivery = delivery
        self._session: aiohttp.ClientSession | None = None
        self._posts: set[asyncio.Task[None]] = set()

    # --- setting it -------------------------------------------------------------------------------------------------

    def set(self, url: str | None) -> None:
        """Use a URL after it answered Slack's challenge, or none. Called from any thread but the loop's.

        Raises ValueError for a URL that is not on this machine or that does not answer the challenge, RuntimeError
        while the workspace is not served.
        """
        if url is None:
            self.url = None
            return
        if not _on_this_machine(url):
            raise ValueError(f"{url}: a Request URL of this workspace is http:// on 127.0.0.1 or localhost")
        loop = self._delivery.loop
        if loop is None:
            raise RuntimeError("start the workspace before you set its Request URL: it will be asked at once")
        asyncio.run_coroutine_threadsafe(self._verify(url), loop).result(self._delivery.ack_timeout + 5.0)
        self.url = url

    async def _verify(self, url: str) -> None:
        challenge = secrets.token_urlsafe(32)
        asked = {"token": "workspace", "challenge": challenge, "type": "url_verification"}
        try:
            status, kind, text, _ = await self._post(url, "application/json", json.dumps(asked), {})
        except (aiohttp.ClientError, TooManyRedirects, TimeoutError) as failure:
            raise ValueError(f"{url} does not answer: {failure or 'timed out'}") from failure
        if status != 200 or _challenge_in(kind, text) != challenge:
            raise ValueError(f"{url} did not respond with the value of the challenge parameter (HTTP {status})")

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def carry(self, envelope: Envelope) -> None:
        """Make one attempt, beside the others: Slack does not wait for one answer before it asks the next."""
        while len(self._posts) >= MOST_AT_ONCE:
            await asyncio.wait(self._posts, return_when=asyncio.FIRST_COMPLETED)
        post = asyncio.ensure_future(self._attempt(envelope))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def _attempt(self, envelope: Envelope) -> None:
        if self.url is None:
            self._delivery.fail(envelope, "connection_failed")
            return
        headers: dict[str, str] = {}
        if envelope.attempts > 1:
            headers = {"X-Slack-Retry-Num": str(envelope.attempts - 1), "X-Slack-Retry-Reason": envelope.reason}
        try:
            status, kind, text, no_retry = await self._post(self.url, *wire(envelope), headers)
        except TimeoutError:
            self._delivery.fail(envelope, "http_timeout")
        except TooManyRedirects:
            self._delivery.fail(envelope, "too_many_redirects")
        except aiohttp.ClientConnectionError:
            self._delivery.fail(envelope, "connection_failed")
        except aiohttp.ClientError:
            self._delivery.fail(envelope, "unknown_error")
        else:
            if 200 <= status < 300:
                self._delivery.acknowledge(envelope, _answer_in(kind, text))
            else:
                self._delivery.fail(envelope, "http_error", retry=not no_retry)

    async def _post(self, url: str, kind: str, body: str, headers: dict[str, str]) -> tuple[int, str, str, bool]:
        """Status, content type, text, and whether the bot wants no retry. Redirects are followed on this machine."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        patience = aiohttp.ClientTimeout(total=self._delivery.ack_timeout)
        signed = self._signed(body) | {"Content-Type": kind, "User-Agent": AGENT} | headers
        for _ in range(MOST_REDIRECTS + 1):
            if not _on_this_machine(url):
                raise aiohttp.ClientConnectionError(f"{url} is not on this machine")
            async with self._session.post(
                url, data=body.encode(), headers=signed, timeout=patience, allow_redirects=False
            ) as answer:
                if answer.status not in REDIRECTS:
                    no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
                    return answer.status, answer.content_type, await answer.text(), no_retry
                url = urljoin(url, answer.headers.get("Location", ""))
        raise TooManyRedirects

    def _signed(self, body: str) -> dict[str, str]:
        # The receiver holds this against the machine's own clock, also where the workspace's calendar is moved.
        timestamp = str(int(time.time()))  # noqa: TID251
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.signing_secret, timestamp, body),
        }

    async def close(self) -> None:
        for post in list(self._posts):
            post.cancel()
        if self._session is not None:
            await self._session.close()
            self._session = None


def _answer_in(kind: str, text: str) -> Json | str | None:
    """What an answer's body says: an object where it is JSON, else its words."""
    if not text:
        return None
    if kind == "application/json":
        with suppress(json.JSONDecodeError):
            found = json.loads(text)
            return found if isinstance(found, dict) else None
    return text


def _challenge_in(kind: str, text: str) -> str:
    answer = _answer_in(kind, text)
    if isinstance(answer, dict):
        return str(answer.get("challenge"))
    return (answer or "").removeprefix("challenge=").strip()


def _on_this_machine(url: str) -> bool:
    return urlsplit(url).scheme == "http" and urlsplit(url).hostname in LOOPBACK_NAMES
