"""What to do about an occasion at a moment: wait, post, or skip it. Pure: plan, preview and replay ask the same function.

Decided here, where the files leave it open:

- What comes too near to another post waits until the distance is kept, while it is still within ``late``, within its hours (for
  ``best`` its day and ``between``, for ``active`` its window) and before the post's next occasion; else it is skipped and said so.
  Two posts that are due at once keep the order of the files.
- A post on its way whose answer Slack still owes counts as being posted now: the distance is kept from when it stands there.
- What a paused post would have said is skipped in silence when its time has come: resuming never brings a burst.
- ``active`` goes out at its window's end even into a conversation: coordinators were promised the end, and one more line
  every day is little beside a post that never comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from copbot.core.posts import EveryWhen, Post
from copbot.core.time import in_words
from copbot.features.rhythm.recurrence import DAY, Occasion

SIGN_OF_LIFE = timedelta(minutes=30)
"""Definitions, sign of life: a member wrote in the channel in the last 30 minutes."""

TALK = timedelta(minutes=10)
TALK_MESSAGES = 6
"""Two people who exchanged so many messages within ``TALK``, and nobody else, are in a conversation."""

SOON = timedelta(seconds=5)
"""When to look again whether a post that is on its way has arrived."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

What = Literal["wait", "post", "late", "paused", "holiday", "crowded", "budget"]


@dataclass(frozen=True)
class Verdict:
    """``until``: when waiting may end by itself, at the latest. ``why``: a post's reason, in a few words."""

    what: What
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Near:
    """The posts that went to the same channel, or out in the same community, lately, and the distance to keep from them.

    An instant of None: it is on its way.
    """

    said: Sequence[datetime | None] = ()
    distance: timedelta = timedelta()

    def free(self, now: datetime) -> datetime:
        """From when on the distance is kept."""
        if not self.distance:
            return now
        return max((now + SOON if at is None else at + self.distance for at in self.said), default=now)


@dataclass(frozen=True)
class Around:
    """What stands around an occasion at a moment. Whoever has no history leaves out what they do not know.

    ``writers``: who wrote in the channel in the last half hour, and when, oldest first. ``posts_today`` counts those on their way
    too; ``budget`` None: the channel has none. ``closes``: the end of the hours in which it may wait. ``following``: when the post's
    next occasion opens.
    """

    paused: bool = False
    writers: Sequence[tuple[datetime, str]] = ()
    near: Sequence[Near] = ()
    posts_today: int = 0
    budget: int | None = None
    closes: datetime | None = None
    following: datetime | None = None


def decide(post: Post, occasion: Occasion, now: datetime, around: Around) -> Verdict:
    """What to do now about the latest occasion of a post that has opened and was not dealt with.

    An occasion is late when more than ``post.late`` has passed since it was due at the latest; exactly that much is in time.
    """
    if occasion.holiday:
        return Verdict("holiday")
    if around.paused:
        return Verdict("wait", occasion.due) if now < occasion.due else Verdict("paused")
    if now > occasion.due + post.late:
        return Verdict("late")
    if now < occasion.due:
        silent_until = _no_life_until(occasion, now, around.writers)
        if silent_until is not None:
            return Verdict("wait", silent_until)
    free = max((near.free(now) for near in around.near), default=now)
    if free > now:
        return Verdict("wait", free) if free <= _last_moment(post, occasion, around) else Verdict("crowded")
    if around.budget is not None and around.posts_today >= around.budget:
        return Verdict("budget")
    return Verdict("post", why=_reason(occasion, now, around))


def is_conversation(writers: Sequence[tuple[datetime, str]], now: datetime) -> bool:
    """Whether two people, and nobody else, exchanged six or more messages in the last ten minutes."""
    lately = [person for at, person in writers if now - TALK <= at <= now]
    return len(lately) >= TALK_MESSAGES and len(set(lately)) == 2


def closing(post: Post, occasion: Occasion, local_due: datetime) -> datetime | None:
    """The end of the hours in which an occasion may wait for its turn; None where only ``late`` limits it.

    ``local_due`` is the occasion's due time with the community's zone.
    """
    if not isinstance(post.when, EveryWhen) or post.when.at not in ("best", "active"):
        return None
    if post.when.at == "active":
        return occasion.due
    midnight = local_due.replace(hour=0, minute=0, second=0, microsecond=0)
    between = post.when.between
    if between is None or between.start == between.end:
        end = midnight + DAY
    else:
        end = midnight.replace(hour=between.end.hour, minute=between.end.minute)
        if end <= local_due:  # past midnight
            end += DAY
    return end.astimezone(UTC)


def _no_life_until(occasion: Occasion, now: datetime, writers: Sequence[tuple[datetime, str]]) -> datetime | None:
    """Until when ``active`` waits at least, if nobody else writes; None when it is its moment."""
    alive = [at for at, _ in writers if now - SIGN_OF_LIFE <= at <= now]
    if not alive:
        return occasion.due
    if is_conversation(writers, now):
        talk = [at for at in alive if at >= now - TALK]
        return min(occasion.due, talk[-TALK_MESSAGES] + TALK + timedelta(microseconds=1))
    return None


def _last_moment(post: Post, occasion: Occasion, around: Around) -> datetime:
    last = occasion.due + post.late
    if around.closes is not None:
        last = min(last, around.closes)
    if around.following is not None:
        last = min(last, around.following)
    return last


def _reason(occasion: Occasion, now: datetime, around: Around) -> str:
    if occasion.opens < occasion.due:
        people = len({person for at, person in around.writers if now - SIGN_OF_LIFE <= at <= now})
        if now < occasion.due:
            return f"{_count(people)} writing"
        if is_conversation(around.writers, now):
            return "the end of its window, though two members were still talking"
        return "the end of its window" + (f", {_count(people)} writing" if people else ", nobody was writing")
    behind = now - occasion.due
    if behind < timedelta(minutes=1):
        return occasion.why
    waited = any(at is not None and at + near.distance > occasion.due for near in around.near for at in near.said)
    return f"{occasion.why}, {in_words(behind)} later" + (" to keep the distance to another post" if waited else "")


def _count(people: int) -> str:
    number = _NUMBERS[people] if people < len(_NUMBERS) else str(people)
    return f"{number} member was" if people == 1 else f"{number} members were"
