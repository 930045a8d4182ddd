"""Slack's JSON objects as readers get them: users, channels, messages with their thread's figures."""

import copy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.core.time import SECOND_US, from_us
from copbot.workspace.blocks import elements_of
from copbot.workspace.truth import Channel, Json, Truth, new_id, reply_of

SHOWN_REPLY_USERS = 5  # Slack names only the first few


def new_user(
    user: str,
    name: str,
    team: str,
    now: datetime,
    *,
    real_name: str = "",
    tz: str = "UTC",
    locale: str = "en-US",
    email: str = "",
    is_bot: bool = False,
    is_restricted: bool = False,
    deleted: bool = False,
) -> Json:
    """A full user object as ``users.info`` and ``team_join`` carry it."""
    shown = real_name or name
    return {
        "id": user,
        "team_id": team,
        "name": name,
        "deleted": deleted,
        "color": "4bbe2e",
        "real_name": shown,
        "tz": tz,
        "tz_label": tz,
        "tz_offset": _offset(tz, now),
        "profile": {
            "real_name": shown,
            "real_name_normalized": shown,
            "display_name": shown.split()[0],
            "display_name_normalized": shown.split()[0],
            "email": email,
            "title": "",
            "team": team,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": is_restricted,
        "is_ultra_restricted": False,
        "is_bot": is_bot,
        "is_app_user": False,
        "updated": int(now.timestamp()),
        "locale": locale,
    }


def _offset(tz: str, now: datetime) -> int:
    try:
        offset = now.astimezone(ZoneInfo(tz)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset else 0


def user_as_read(user: Json, include_locale: bool, now: datetime | None = None) -> Json:
    """``locale`` comes only when it is asked for; ``tz_offset`` is that of ``now``: Slack changes it silently."""
    shown = copy.deepcopy(user)
    if now is not None and shown.get("tz"):
        shown["tz_offset"] = _offset(shown["tz"], now)
    if not include_locale:
        shown.pop("locale", None)
    return shown


def channel_as_read(truth: Truth, channel: Channel, with_count: bool = False) -> Json:
    """A conversation object."""
    created = channel.created_us // SECOND_US
    if channel.im_user is not None:
        return {
            "id": channel.id,
            "created": created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "user": channel.im_user,
            "is_user_deleted": bool(truth.users.get(channel.im_user, {}).get("deleted")),
        }
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": truth.bot_user in channel.members,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": created},
    }
    if with_count:
        shown["num_members"] = len(channel.members)
    return shown


def message_as_read(channel: Channel, message: Json, *, include_metadata: bool = False) -> Json:
    """A message as history, replies and the page give it: roots with their thread's figures."""
    shown = copy.deepcopy(message)
    if not include_metadata:
        shown.pop("metadata", None)
    if reply_of(message) is not None:
        return shown
    replies = channel.replies(message["ts"])
    for key in ("replies", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
        shown.pop(key, None)
    if not replies:
        return shown
    repliers = list(dict.fromkeys(r.get("user") or r.get("bot_id") or "" for r in replies))
    return shown | {
        "thread_ts": message["ts"],
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "reply_users": repliers[:SHOWN_REPLY_USERS],
        "latest_reply": replies[-1]["ts"],
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(truth: Truth) -> Json:
    return {
        "id": truth.bot_id,
        "deleted": False,
        "name": truth.users[truth.bot_user]["name"],
        "app_id": truth.app_id,
        "team_id": truth.team_id,
        "updated": 0,
    }


def iso(us: int) -> str:
    return from_us(us).astimezone(UTC).isoformat()


def plain(value: Any) -> Any:
    """A copy that a caller may keep while the workspace goes on."""
    return copy.deepcopy(value)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of blocks in which, as on Slack, every block and every element has an ID."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", new_id("")[:5])
        for element in elements_of(block):
            if element.get("type") not in ("image", "mrkdwn", "plain_text", None):
                element.setdefault("action_id", new_id("")[:5])
    return blocks


def bot_message(truth: Truth, body: Json) -> Json:
    """A message of the bot's in Slack's present shape: with ``bot_id`` and ``app_id``, without a subtype."""
    message: Json = {
        "user": truth.bot_user,
        "bot_id": truth.bot_id,
        "app_id": truth.app_id,
        "bot_profile": bot_profile(truth),
        "text": body.get("text") or "",
    }
    if body.get("blocks"):
        message["blocks"] = with_ids(body["blocks"])
    for kept in ("metadata", "attachments"):
        if body.get(kept):
            message[kept] = body[kept]
    return message
