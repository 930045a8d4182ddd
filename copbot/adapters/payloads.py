"""Slack's event payloads as facts. Pure: a payload in, values out; whatever is malformed is no fact."""

from dataclasses import dataclass
from typing import Any

from copbot.core.facts import (
    ChannelSeen,
    Fact,
    MembershipSeen,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
    is_human_message,
)
from copbot.core.records import Happening, HappeningKind
from copbot.core.time import SECOND_US, ts_to_us
from copbot.core.worth import tells_of_worth

Payload = dict[str, Any]


@dataclass(frozen=True)
class Intake:
    """What an event says: facts, and perhaps a happening from which something follows."""

    facts: tuple[Fact, ...] = ()
    happening: Happening | None = None


def intake_of(event: Payload, event_time_s: int, own_team: str) -> Intake:
    """The facts of the inner ``event`` of an Events API envelope. ``event_time_s``: the envelope's, whole seconds."""
    read = _READERS.get(str(event.get("type")))
    if read is None:
        return Intake()
    try:
        intake = read(event, _event_us(event, event_time_s), own_team)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Intake()
    return intake if all(map(_is_sound, intake.facts)) else Intake()


def _is_sound(fact: Fact) -> bool:
    """Whether ids and names are the texts that they should be: what comes from outside may be anything."""
    for name in ("channel", "user"):
        value = getattr(fact, name, "-")
        if not (isinstance(value, str) and value and value.isascii()):
            return False
    for name in ("name", "text", "item_user", "timezone", "locale"):
        value = getattr(fact, name, None)
        if value is not None and not (isinstance(value, str) and (value or name == "text")):
            return False
    return True


def _event_us(event: Payload, event_time_s: int) -> int:
    try:
        return ts_to_us(event.get("event_ts"))
    except ValueError:
        return event_time_s * SECOND_US


def _message(event: Payload, _at_us: int, _own_team: str) -> Intake:
    if event.get("channel_type") in {"im", "mpim", "app_home"}:
        return Intake()  # what is said to the bot in private is no activity
    channel = event["channel"]
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        return Intake((MessageGone(channel, ts_to_us(event["deleted_ts"])),))
    if subtype == "message_changed":
        inner = event["message"]
        if inner.get("subtype") == "tombstone":
            return Intake((MessageGone(channel, ts_to_us(inner["ts"])),))
        return Intake(tuple(filter(None, [message_fact(channel, inner)])))
    fact = message_fact(channel, event)
    if fact is None:
        return Intake()
    told = tells_of_worth(fact.text)
    return Intake((fact,), Happening(0, "told_of_worth", fact.user, fact.ts_us, channel) if told else None)


def message_fact(channel: str, message: Payload) -> MessageSeen | None:
    """A message as an event or a history read gives it; None when no person wrote it. Raises ValueError without a ``ts``."""
    if not is_human_message(message):
        return None
    ts_us = ts_to_us(message["ts"])
    thread = message.get("thread_ts")
    thread_us = ts_to_us(thread) if thread else None
    edited = message.get("edited") or {}
    return MessageSeen(
        channel=channel,
        ts_us=ts_us,
        user=message["user"],
        thread_us=None if thread_us == ts_us else thread_us,
        text=message.get("text") or "",
        edited_us=ts_to_us(edited["ts"]) if edited.get("ts") else 0,
        root_user=message.get("parent_user_id") or None,
    )


def reaction_facts(channel: str, message: Payload) -> list[ReactionSeen]:
    """The reactions that stand on a message in a history read."""
    ts_us = ts_to_us(message["ts"])
    return [
        ReactionSeen(channel, ts_us, user, reaction["name"], item_user=message.get("user"))
        for reaction in message.get("reactions") or []
        for user in reaction.get("users") or []
    ]


def _reaction(event: Payload, at_us: int, _own_team: str) -> Intake:
    item = event["item"]
    if item.get("type") != "message":
        return Intake()
    return Intake(
        (
            ReactionSeen(
                channel=item["channel"],
                ts_us=ts_to_us(item["ts"]),
                user=event["user"],
                name=event["reaction"],
                item_user=event.get("item_user"),
                present=event["type"] == "reaction_added",
                event_us=at_us,
            ),
        )
    )


def _team_join(event: Payload, at_us: int, own_team: str) -> Intake:
    user = event["user"]
    seen = user_fact(user, own_team, at_us)
    return Intake((seen, WorkspaceJoined(seen.user, at_us)), Happening(0, "joined_workspace", seen.user, at_us))


def _user_change(event: Payload, at_us: int, own_team: str) -> Intake:
    return Intake((user_fact(event["user"], own_team, at_us),))


def user_fact(user: Payload, own_team: str, at_us: int) -> UserSeen:
    """A user object as Slack describes it at ``at_us``; any of its fields may be missing, null or empty."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name") or ""
    team = user.get("team_id")
    return UserSeen(
        user=user["id"],
        name=name or None,
        timezone=user.get("tz") or None,
        locale=user.get("locale") or None,
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == "USLACKBOT"),
        is_deleted=bool(user.get("deleted")),
        is_external=bool(user.get("is_stranger")) or bool(team and own_team and team != own_team),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        updated_us=at_us,
    )


def _membership(event: Payload, at_us: int, _own_team: str) -> Intake:
    joined = event["type"] == "member_joined_channel"
    fact = MembershipSeen(event["channel"], event["user"], joined, at_us)
    kind: HappeningKind = "joined_channel" if joined else "left_channel"
    return Intake((fact,), Happening(0, kind, event["user"], at_us, event["channel"]))


def _channel(event: Payload, at_us: int, _own_team: str) -> Intake:
    channel = event["channel"]
    if isinstance(channel, dict):
        return Intake((ChannelSeen(channel["id"], name=channel.get("name"), updated_us=at_us),))
    archived = event["type"] == "channel_archive"
    return Intake((ChannelSeen(channel, is_archived=archived, updated_us=at_us),))


_READERS = {
    "message": _message,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "team_join": _team_join,
    "user_change": _user_change,
    "member_joined_channel": _membership,
    "member_left_channel": _membership,
    "channel_rename": _channel,
    "channel_created": _channel,
    "channel_archive": _channel,
    "channel_unarchive": _channel,
}

EVENT_TYPES = frozenset(_READERS)
"""The events of which something is read."""
