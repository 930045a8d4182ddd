"""The entries of an export's files as plain facts. Pure: any JSON at all gives facts or ``MalformedError``."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from copbot.core.facts import (
    HUMAN_SUBTYPES,
    SLACKBOT,
    Fact,
    MembershipSeen,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    is_human_message,
)
from copbot.core.merging import storable
from copbot.core.time import SECOND_US, ts_to_us

_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_EARLIEST_US = 978_307_200 * SECOND_US  # 2001: no message of Slack's is older, nor as late as 2100
_LATEST_US = 4_102_444_800 * SECOND_US
_JOINS = {"channel_join": True, "group_join": True, "channel_leave": False, "group_leave": False}
_LONGEST_NAME = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class MalformedError(Exception):
    """An entry that cannot be taken in. ``kind`` groups those alike, ``why`` says it in words."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why


@dataclass
class ExportMessage:
    """What one message of an export says. ``author`` must exist for ``fact`` to count; ``described`` says who it is."""

    ts_us: int
    kind: Literal["person", "bot", "notice"]
    fact: Fact | None = None
    author: str | None = None
    described: UserSeen | None = None
    reactions: list[ReactionSeen] = field(default_factory=list)
    malformed_reactions: int = 0


def identifier(value: object) -> str | None:
    """A user's or channel's ID; None for anything that is none."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def words(value: object) -> str:
    """A name of any kind, or "" where there is none."""
    return _CONTROL.sub("", storable(value)).strip()[:_LONGEST_NAME] if isinstance(value, str) else ""


def instant(value: object) -> int | None:
    """Microseconds of a ``ts``; None for anything that is none, or in no year that Slack has seen."""
    try:
        us = ts_to_us(value)
    except ValueError:
        return None
    return us if _EARLIEST_US <= us < _LATEST_US else None


def person(entry: dict[str, Any], home: str) -> UserSeen:
    """An entry of ``users.json`` with a proper ``id``. ``home`` is the workspace's own team, "" when not known."""
    profile = entry.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), entry.get("real_name"), entry.get("name"))
    updated = entry.get("updated")
    updated_us = instant(str(updated)) if isinstance(updated, int) and not isinstance(updated, bool) else None
    abroad = _abroad(entry.get("team_id"), home) and not entry.get("enterprise_user")
    return UserSeen(
        user=entry["id"],
        name=next(filter(None, map(words, names)), None),
        timezone=words(entry.get("tz")) or None,
        locale=words(entry.get("locale")) or None,
        is_bot=bool(entry.get("is_bot") or entry.get("is_workflow_bot") or entry["id"] == SLACKBOT),
        is_deleted=bool(entry.get("deleted")),
        is_external=bool(entry.get("is_stranger")) or abroad,
        is_guest=bool(entry.get("is_restricted") or entry.get("is_ultra_restricted")),
        updated_us=updated_us or 0,
    )


def read_message(
    channel: str,
    entry: object,
    known: Collection[str],
    bots: set[str],
    home: str,
    known_as: Mapping[str, str] = MappingProxyType({}),
) -> ExportMessage:
    """An entry of a day's file. Who is in ``known`` needs no describing; ``known_as``: a second id of somebody's to their first.

    Raises MalformedError.
    """
    if not isinstance(entry, dict):
        raise MalformedError("message", "not an object")
    ts_us = instant(entry.get("ts"))
    if ts_us is None:
        raise MalformedError("timestamp", "no timestamp" if not entry.get("ts") else "a timestamp that is none")
    user, subtype = entry.get("user"), entry.get("subtype")
    if user not in (None, "") and identifier(user) is None:
        raise MalformedError("message", "a user that is no ID")
    if subtype is not None and not isinstance(subtype, str):
        raise MalformedError("message", "a subtype that is no word")
    if subtype == "tombstone":
        return ExportMessage(ts_us, "notice", MessageGone(channel, ts_us))
    if subtype == "message_deleted":  # as exports tell it that keep what was deleted
        gone_us = instant(entry.get("deleted_ts"))
        return ExportMessage(ts_us, "notice", None if gone_us is None else MessageGone(channel, gone_us))
    if isinstance(user, str) and user in known_as:
        user = known_as[user]
        entry = entry | {"user": user}
    if isinstance(begun_by := entry.get("parent_user_id"), str) and begun_by in known_as:
        entry = entry | {"parent_user_id": known_as[begun_by]}
    said = ExportMessage(ts_us, "notice")
    if is_human_message(entry, bots):
        said.kind, said.author, said.fact = "person", user, _message(channel, ts_us, entry)
        said.described = None if user in known else _profile(entry, home)
    elif subtype == "bot_message" or (subtype in HUMAN_SUBTYPES and (entry.get("bot_id") or not user or user in bots)):
        said.kind = "bot"
    elif subtype in _JOINS and user:
        said.author, said.fact = user, MembershipSeen(channel, user, _JOINS[subtype], ts_us)
    if entry.get("reactions"):
        _read_reactions(said, channel, entry, bots, known_as)
    return said


def _message(channel: str, ts_us: int, entry: dict[str, Any]) -> MessageSeen:
    thread_us = None
    if entry.get("thread_ts"):
        thread_us = instant(entry["thread_ts"])
        if thread_us is None:
            raise MalformedError("timestamp", "a thread_ts that is no timestamp")
    text, edited = entry.get("text"), entry.get("edited")
    edited_us = instant(edited.get("ts")) if isinstance(edited, dict) else None
    return MessageSeen(
        channel,
        ts_us,
        entry["user"],
        None if thread_us == ts_us else thread_us,
        text if isinstance(text, str) else "",
        edited_us or 0,
        identifier(entry.get("parent_user_id")),
    )


def _profile(entry: dict[str, Any], home: str) -> UserSeen | None:
    """The author as described within the message, which is how exports tell of people of other organisations."""
    profile = entry.get("user_profile")
    if not isinstance(profile, dict) or not profile:
        return None
    names = (profile.get("display_name"), profile.get("real_name"), profile.get("name"))
    return UserSeen(
        user=entry["user"],
        name=next(filter(None, map(words, names)), None),
        is_external=_abroad(entry.get("user_team") or profile.get("team"), home),
        is_guest=bool(profile.get("is_restricted") or profile.get("is_ultra_restricted")),
    )


def _abroad(team: object, home: str) -> bool:
    return bool(home) and isinstance(team, str) and team not in ("", home)


def _read_reactions(
    said: ExportMessage, channel: str, entry: dict[str, Any], bots: set[str], known_as: Mapping[str, str]
) -> None:
    author = identifier(entry.get("user"))
    reactions = entry["reactions"]
    for reaction in reactions if isinstance(reactions, list) else [None]:
        name = words(reaction.get("name")) if isinstance(reaction, dict) else ""
        users = reaction.get("users") if isinstance(reaction, dict) else None
        if not name or not isinstance(users, list):
            said.malformed_reactions += 1
            continue
        for user in map(identifier, users):
            if user is None:
                said.malformed_reactions += 1
            elif user not in bots:
                said.reactions.append(ReactionSeen(channel, said.ts_us, known_as.get(user, user), name, author))
