"""A message of Slack's history as facts. Pure; what is malformed is told as nothing at all."""

from copbot.adapters.payloads import Payload, message_fact, reaction_facts
from copbot.core.facts import Fact, MembershipSeen, MessageGone
from copbot.core.history import Told
from copbot.core.time import ts_to_us

MEMBERSHIP = {"channel_join": True, "group_join": True, "channel_leave": False, "group_leave": False}
"""The notices by which a channel's history tells who came and went."""


def told_of(channel: str, message: Payload) -> Told | None:
    """What one message of ``conversations.history`` or ``conversations.replies`` tells."""
    try:
        return _told(channel, message)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _told(channel: str, message: Payload) -> Told:
    ts_us = ts_to_us(message["ts"])
    replies = int(message.get("reply_count") or 0)
    latest = message.get("latest_reply")
    latest_us = ts_to_us(latest) if latest else None
    if message.get("subtype") == "tombstone":
        return Told(ts_us, (MessageGone(channel, ts_us),), replies, latest_us, is_gone=True)
    said = message_fact(channel, message) or _membership(channel, message, ts_us)
    facts: list[Fact] = [said] if said is not None else []
    reactions = reaction_facts(channel, message)
    return Told(ts_us, (*facts, *reactions), replies, latest_us, _standing(message))


def _standing(message: Payload) -> frozenset[tuple[str, str]] | None:
    """Slack counts all reactions and does not always name all who reacted."""
    reactions = message.get("reactions") or []
    if any(reaction.get("count") != len(reaction.get("users") or []) for reaction in reactions):
        return None
    return frozenset((user, reaction["name"]) for reaction in reactions for user in reaction["users"])


def _membership(channel: str, message: Payload, ts_us: int) -> MembershipSeen | None:
    """A notice that somebody came or went."""
    is_member = MEMBERSHIP.get(str(message.get("subtype")))
    user = message.get("user")
    if is_member is None or not isinstance(user, str) or not user:
        return None
    return MembershipSeen(channel, user, is_member, ts_us)
