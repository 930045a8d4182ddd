"""What a person did, from Slack's payload to plain values. Pure; anything may be missing."""

from collections.abc import Mapping
from typing import Any

from copbot.core.interaction import Call, Press, Shortcut, Submission
from copbot.core.time import ts_to_us

Payload = dict[str, Any]

APPS_SUBTYPES = frozenset(
    {"bot_message", "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name"}
)
"""Of messages that no person wrote, whatever user stands in them."""


def call_of(body: Payload) -> Call:
    name, argument = (*str(body.get("text") or "").split(maxsplit=1), "", "")[
        :2
    ]  # a phone's line break or hard space too
    return Call(
        user=str(body.get("user_id", "")),
        channel=str(body.get("channel_id", "")),
        name=name.lower() or "help",
        argument=argument.strip(),
        trigger_id=str(body.get("trigger_id", "")),
    )


def press_of(body: Payload) -> Press:
    action = (body.get("actions") or [{}])[0]
    view = _mapping(body.get("view"))
    message_ts = (body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts")
    return Press(
        user=identifier(body.get("user")),
        action_id=str(action.get("action_id", "")),
        value=_value(action),
        trigger_id=str(body.get("trigger_id", "")),
        channel=identifier(body.get("channel")) or None,
        message_us=ts_to_us(message_ts) if message_ts else None,
        state=_mapping(_mapping(view.get("state") or body.get("state")).get("values")),
        view_id=str(view.get("id", "")),
        callback_id=str(view.get("callback_id", "")),
        private_metadata=str(view.get("private_metadata") or ""),
        at_us=_instant(action.get("action_ts")),
        block_id=str(action.get("block_id") or ""),
    )


def shortcut_of(body: Payload) -> Shortcut | None:
    """A message shortcut; None where the message is not told."""
    message, channel = _mapping(body.get("message")), identifier(body.get("channel"))
    message_us = _instant(message.get("ts") or body.get("message_ts"))
    if not channel or not message_us:
        return None
    is_apps = message.get("bot_id") or message.get("subtype") in APPS_SUBTYPES
    thread_us = _instant(message.get("thread_ts"))
    return Shortcut(
        user=identifier(body.get("user")),
        callback_id=str(body.get("callback_id", "")),
        channel=channel,
        message_us=message_us,
        author=None if is_apps else identifier(message.get("user")) or None,
        thread_us=thread_us if thread_us not in (0, message_us) else None,
        trigger_id=str(body.get("trigger_id", "")),
    )


def _instant(ts: Any) -> int:
    try:
        return ts_to_us(ts)
    except ValueError:
        return 0


def _value(action: Payload) -> str:
    option = _mapping(action.get("selected_option")).get("value")
    chosen = ("selected_user", "selected_channel", "selected_conversation", "selected_date")
    return str(action.get("value") or option or next((action[name] for name in chosen if action.get(name)), ""))


def submission_of(body: Payload) -> Submission:
    view: Mapping[str, Any] = body.get("view") or {}
    return Submission(
        user=identifier(body.get("user")),
        callback_id=str(view.get("callback_id", "")),
        private_metadata=str(view.get("private_metadata") or ""),
        state=_mapping(_mapping(view.get("state")).get("values")),
        view_id=str(view.get("id", "")),
        hash=str(view.get("hash", "")),
    )


def identifier(value: Any) -> str:
    """The ID in what is an ID in commands and an object with one in presses."""
    return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
