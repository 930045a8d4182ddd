"""What the figures are made of, counted by the store: over all people at once, however long the history. Times are microseconds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from copbot.core.records import CountedUser, Scope


class Buckets(NamedTuple):
    """A calendar as a row of instants: bucket ``numbers[i]`` reaches from ``starts_us[i]`` to the next start, the last to the end.

    The starts ascend, and the first precedes or equals all that is counted. A bucket may come more than once, as an hour does that a
    change of clocks repeats.
    """

    starts_us: Sequence[int]
    numbers: Sequence[int]  # from 0


class BucketCounts(NamedTuple):
    """Human messages and the different people who wrote them: altogether, and by the number of the bucket."""

    messages: int
    members: int
    messages_in: Sequence[int]
    members_in: Sequence[int]


class RootCounts(NamedTuple):
    """Of some roots: how many, how many were answered, how many had no answer within each wait while old enough for it, and the two
    middle waits for a first answer in microseconds (the same twice where their number is odd; None without any)."""

    roots: int
    answered: int
    unanswered_after: Sequence[int]
    middle_us: tuple[int, int] | None


class Kinds(NamedTuple):
    """A person's contributions by kind (``Figures.contributions``)."""

    root: int = 0
    own_reply: int = 0
    reply: int = 0
    reaction: int = 0
    reaction_own: int = 0


class MemberCounts(NamedTuple):
    """What one person contributed. The calendar weeks with anything in it, in order: each one's number, human messages, and when the last
    contribution in it was; without any of those who have been silent for long (``Counting.members``)."""

    user: CountedUser
    within: Kinds  # in the scope's time
    recent: Kinds  # in the window that ends with it
    first_us: int | None
    last_us: int | None
    weeks: Sequence[int]
    messages: Sequence[int]
    last_in_us: Sequence[int]


Moment = tuple[int, int, int]
"""A person's key, the number of a calendar week, and n: their n-th human message in it; 0 is their first contribution of any kind."""


class MembersCounted(Protocol):
    def __iter__(self) -> Iterator[MemberCounts]:
        """By user ID."""

    def moments(self, wanted: Collection[Moment]) -> Mapping[Moment, int]:
        """When these were: asked for all at once, as each asking looks through everything."""


class NewcomerCounts(NamedTuple):
    """Somebody who joined, and how many human messages they wrote within each wait since."""

    joined_us: int
    messages_within: Sequence[int]
    answered_onboarding_us: int | None


class Counting(Protocol):
    """The part of the Figures port that counts over everybody, from the roll-ups."""

    def by_bucket(self, scope: Scope, buckets: Buckets) -> BucketCounts: ...

    def threads(self, scope: Scope, waits_us: Sequence[int]) -> tuple[RootCounts, RootCounts]:
        """Of all human roots, and of those that ask. Answers count when they came before ``until``."""

    def threads_begun(self, scope: Scope) -> Iterator[tuple[str, int, bool, int | None]]:
        """(channel, ts, asks, ts of the first answer before ``until``, or None) of each human root, in no order."""

    def members(self, scope: Scope, mondays_us: Sequence[int], recent_us: int, awake_us: int) -> MembersCounted:
        """Whom ``Figures.users`` gives, with what they contributed before ``until``. ``mondays_us``: when the weeks begin, of which the
        first is number 0 and holds or precedes all that is known of anybody; ``recent_us``: when the window begins. The weeks are
        given of those who contributed anything at or after ``awake_us``."""

    def returning(self, scope: Scope, starts_us: Sequence[int]) -> Sequence[tuple[int, int]]:
        """Of each span between two starts, the last reaching to the end: how many people wrote in it, and how many of these in the
        next span too (0 for the last)."""

    def returning_by(self, scope: Scope, calendars: Sequence[Sequence[int]]) -> Sequence[Sequence[tuple[int, int]]]:
        """The same by several rows of starts at once."""

    def newcomers(self, scope: Scope, waits_us: Sequence[int]) -> Iterator[NewcomerCounts]:
        """People who joined within the scope's time, whatever became of them since. Where it is narrowed to some channels: those of
        them who are known to have been in one of these, or wrote there."""

    def first_message_us(self, scope: Scope) -> int | None:
        """When the first human message of the scope was written."""

    def known_since_us(self, scope: Scope) -> int | None:
        """No contribution and no joining that these figures speak of was earlier."""
