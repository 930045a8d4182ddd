"""What Slack's own list tells by what it leaves out: messages deleted and reactions changed while nobody listened. Pure.

Only of what was stored before the list was asked for, and what no live event told later: a list is older than the events after it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from copbot.core.facts import MessageGone, ReactionSeen
from copbot.core.history import Told

Reacted = tuple[int, str, str]
"""A message's ts, a user, a reaction's name."""

TOO_MANY = 20
"""Of more deletions at once than these, and of more than half of what stands, the list is mistrusted, not the store."""


def gone_roots(channel: str, stored: Collection[int], listed: Sequence[Told], until_us: int) -> list[MessageGone]:
    """Those of the ``stored`` messages outside threads that a channel's whole list from some instant on no longer has.

    What is older than the oldest that it has proves nothing: a workspace may keep, or show, only the last months. Nor does what is
    younger than ``until_us``: lists may lag.
    """
    standing = [told.ts_us for told in listed if not told.is_gone]
    if not standing:
        return []
    compared = [ts_us for ts_us in stored if min(standing) < ts_us <= until_us]
    return _gone(channel, compared, {told.ts_us for told in listed})


def gone_replies(
    channel: str, root_us: int, stored: Collection[int], listed: Sequence[Told], until_us: int
) -> list[MessageGone]:
    """The same of a thread's replies. A list without the root is none."""
    there = {told.ts_us for told in listed}
    return _gone(channel, [ts_us for ts_us in stored if ts_us <= until_us], there) if root_us in there else []


def _gone(channel: str, compared: Sequence[int], listed: Collection[int]) -> list[MessageGone]:
    gone = sorted(set(compared) - set(listed))
    if len(gone) > max(TOO_MANY, len(compared) // 2):
        return []
    return [MessageGone(channel, ts_us) for ts_us in gone]


def other_reactions(
    channel: str, stored: Mapping[Reacted, tuple[bool, int]], listed: Sequence[Told], since_us: int
) -> Iterator[ReactionSeen]:
    """Reactions taken off, or put on again, since ``since_us``. ``stored``: whether each stands, and when an event told so (0: never).

    What an event told after ``since_us`` holds. Each correction is a microsecond later than what it corrects, so that every event
    that is still to come holds against it.
    """
    complete = {told.ts_us: told.reactions for told in listed if told.reactions is not None}
    for (ts_us, user, name), (stands, event_us) in stored.items():
        now = complete.get(ts_us)
        if now is not None and stands != ((user, name) in now) and event_us <= since_us:
            at_us = event_us + 1 if event_us else since_us
            yield ReactionSeen(channel, ts_us, user, name, present=not stands, event_us=at_us)
