"""What is let in over HTTP: Slack's own requests, whole, fresh and unchanged."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from copbot.adapters.http_requests import FORM, JSON, MOST_BYTES, Refusal, payload_of, signature_of

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW_S = 1_531_420_618.0
EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "text": "h\u00e9 \U0001f600"}}
BODY = json.dumps(EVENT).encode()


def received(body: bytes = BODY, kind: str = JSON, at: str | None = None, **changed: str) -> Any:
    timestamp = at if at is not None else str(round(NOW_S))
    headers = {
        "content-type": kind,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature_of(SECRET, timestamp, body),
    }
    return payload_of(SECRET, headers | {name.replace("_", "-"): value for name, value in changed.items()}, body, NOW_S)


def status(answer: Any) -> int:
    return answer.status if isinstance(answer, Refusal) else 200


def test_the_signature_is_the_one_of_slacks_documentation_and_sdk() -> None:
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id="
        "U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F"
        "T1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature_of(SECRET, "1531420618", body.encode()) == expected
    assert SignatureVerifier(SECRET).generate_signature(timestamp="1531420618", body=body) == expected


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        pytest.param(BODY, JSON, EVENT, id="an event"),
        pytest.param(BODY, "application/json; charset=utf-8", EVENT, id="with its charset"),
        pytest.param(b"command=%2Fcop&text=me+too", FORM, {"command": "/cop", "text": "me too"}, id="a command"),
        pytest.param(b"command=%2Fcop&text=", FORM, {"command": "/cop", "text": ""}, id="a command alone"),
        pytest.param(b"ssl_check=1&token=x", FORM, {"ssl_check": "1", "token": "x"}, id="the check of a certificate"),
        pytest.param(
            urlencode({"payload": json.dumps({"type": "block_actions"})}).encode(),
            FORM,
            {"type": "block_actions"},
            id="a press",
        ),
    ],
)
def test_what_slack_sends_is_read(body: bytes, kind: str, says: object) -> None:
    assert received(body, kind) == says


@pytest.mark.parametrize(
    ("at_s", "expected"),
    [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)],
)
def test_a_request_holds_for_five_minutes(at_s: int, expected: int) -> None:
    assert status(received(at=str(round(NOW_S) + at_s))) == expected


@pytest.mark.parametrize(
    "time",
    [
        "",
        "now",
        "1531420618.0",
        "+1531420618",
        " 1531420618",
        "1531420618, 1531420618",
        "-1",
        "\u0661\u0665\u0663",
        "9" * 5000,
        "nan",
    ],
)
def test_a_time_that_is_none_is_refused_and_breaks_nothing(time: str) -> None:
    assert status(received(x_slack_request_timestamp=time)) == 401


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=\u00e9\u00e9", "\ud800", "v0=a, v0=b"]
)
def test_a_wrong_signature_is_refused_and_breaks_nothing(signature: str) -> None:
    assert status(received(x_slack_signature=signature)) == 401


@given(place=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_a_body_that_one_bit_was_changed_in_is_refused(place: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= 1 << bit
    timestamp = str(round(NOW_S))
    headers = {
        "content-type": JSON,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature_of(SECRET, timestamp, BODY),
    }
    assert status(payload_of(SECRET, headers, bytes(changed), NOW_S)) == 401


def test_another_apps_secret_is_refused() -> None:
    timestamp = str(round(NOW_S))
    signature = signature_of("another", timestamp, BODY)
    assert status(received(x_slack_signature=signature)) == 401


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml", "application/jsonp"]
)
def test_another_content_type_is_refused(kind: str) -> None:
    assert status(received(kind=kind)) == 400


@pytest.mark.parametrize(("size", "expected"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
def test_a_body_that_is_too_large_is_refused(size: int, expected: int) -> None:
    frame = len(json.dumps({"a": ""}))
    assert status(received(json.dumps({"a": "x" * (size - frame)}).encode())) == expected


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"", JSON, id="empty"),
        pytest.param(b"{", JSON, id="cut short"),
        pytest.param(b"[]", JSON, id="a list"),
        pytest.param(b"null", JSON, id="nothing"),
        pytest.param(b"\xff\xfe{}", JSON, id="not UTF-8"),
        pytest.param(b"[" * 100_000, JSON, id="a pit"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON, id="a pit of objects"),
        pytest.param(b'{"a": ' + b"9" * 10_000 + b"}", JSON, id="a number that takes for ever"),
        pytest.param(b'{"event": {"text": "\\ud800"}}', JSON, id="half a character"),
        pytest.param(b"", FORM, id="an empty form"),
        pytest.param(b"hello", FORM, id="no form"),
        pytest.param(b"text=hello", FORM, id="a form of nobody"),
        pytest.param(b"payload=", FORM, id="an empty payload"),
        pytest.param(b"payload=%7B", FORM, id="a payload cut short"),
        pytest.param(b"payload=%5B%5D", FORM, id="a payload that is a list"),
        pytest.param(b"command=%FF%FE", FORM, id="a form that is not UTF-8"),
        pytest.param(b"payload=" + quote('{"a": "\\udc00"}').encode(), FORM, id="half a character in a payload"),
        pytest.param(b"&".join(b"a%d=b" % n for n in range(1000)), FORM, id="too many fields"),
        pytest.param(BODY, FORM, id="JSON that is called a form"),
    ],
)
def test_what_cannot_be_read_is_refused_though_it_is_signed(body: bytes, kind: str) -> None:
    assert status(received(body, kind)) == 400


@given(body=st.binary(max_size=200), kind=st.sampled_from([JSON, FORM]))
def test_no_body_whatever_breaks_anything(body: bytes, kind: str) -> None:
    assert status(received(body, kind)) in (200, 400)
