"""Requests from outside: whether one is Slack's, and what it says. Pure; nothing is parsed before the signature is right.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack. slack_sdk's own check raises ValueError for a time that is
no number, which Bolt answers with 500 (measured with slack_bolt 1.30), and Bolt parses before it checks.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1_000_000
"""Bytes of a body. Slack's largest, a form's view with all its state, stay below a third of it (a view has 250 kB at most)."""

FRESH_S = 300
"""Seconds for which a signature holds, before and after its time."""

MOST_FIELDS = 100

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

WORDS = ("type", "command", "callback_id", "action_id", "block_id", "subtype", "trigger_id", "response_url")
OBJECTS = ("event", "view", "container", "state")
LISTS = ("actions", "authorizations")
"""Fields of these names, where they stand, are text, objects and lists of objects."""

_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")

Payload = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """The HTTP status that a request gets, and a few words for whoever looks into it; nothing of what the request said."""

    status: int
    says: str


def payload_of(secret: str, headers: Mapping[str, str], body: bytes, now_s: float) -> Payload | Refusal:
    """What a request of Slack's says, or why it is refused. ``headers`` by their names in small letters; ``now_s``: Unix time."""
    if len(body) > MOST_BYTES:
        return Refusal(413, "the body is too large")
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in (JSON, FORM):
        return Refusal(400, "the content type is none of Slack's")
    timestamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not _TIME.fullmatch(timestamp) or abs(now_s - int(timestamp)) > FRESH_S:
        return Refusal(401, "the time is missing, no number, or more than five minutes off")
    if not _is_signed(secret, timestamp, signature, body):
        return Refusal(401, "the signature is missing or wrong")
    try:
        text = body.decode()
        found = json.loads(text) if kind == JSON else _form(text)
        if isinstance(found, dict) and _HALF_CHARACTER.search(text):
            json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored anywhere
    except (ValueError, RecursionError):  # UnicodeError is a ValueError
        return Refusal(400, "the body cannot be read")
    if not isinstance(found, dict) or not _is_of_slacks_shape(found):
        return Refusal(400, "the body is of no shape of Slack's")
    return found


def _is_of_slacks_shape(payload: Payload) -> bool:
    """Whether what the listeners take for granted holds. Slack keeps to it; nobody else gets as far as this."""
    lists = [payload[name] for name in LISTS if payload.get(name) is not None]
    if not all(isinstance(each, list) and all(isinstance(one, dict) for one in each) for each in lists):
        return False
    inner = [payload[name] for name in OBJECTS if payload.get(name) is not None]
    if not all(isinstance(each, dict) for each in inner):
        return False
    named = [payload, *inner, *(one for each in lists for one in each)]
    return all(isinstance(each.get(name, ""), str | None) for each in named for name in WORDS)


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's signature of a raw body sent at a time."""
    return "v0=" + hmac.new(secret.encode(), b"v0:%b:%b" % (timestamp.encode(), body), hashlib.sha256).hexdigest()


def _is_signed(secret: str, timestamp: str, signature: str, body: bytes) -> bool:
    expected = signature_of(secret, timestamp, body)
    return hmac.compare_digest(
        expected.encode(), signature.encode("utf-8", "replace")
    )  # takes as long wherever they differ


def _form(text: str) -> Any:
    """A command's fields, or the JSON in the field ``payload`` of all else. Raises ValueError for what is neither."""
    fields = dict(
        parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)
    )
    if "payload" in fields:
        found = json.loads(fields["payload"])
        if _HALF_CHARACTER.search(fields["payload"]):
            json.dumps(found, ensure_ascii=False).encode()
        return found
    if "command" not in fields and "ssl_check" not in fields:
        raise ValueError("no field of Slack's")
    return fields
