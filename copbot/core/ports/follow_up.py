"""What the follow-ups of onboarding need from the store, beside ``core.ports``. Times are microseconds since the epoch."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from copbot.core.records import Candidate, GivenOutcome, Referral


class Newcomers(Protocol):
    """What is asked about many newcomers at once: a thousand may join in a minute, and all come due in one later."""

    def with_open_step(
        self, community: str, step: str, since_us: int, until_us: int, users: Collection[str] | None = None
    ) -> Sequence[Candidate]:
        """Who was welcomed in ``[since_us, until_us]``, neither declined nor left, and has no record of ``step``; oldest first.

        ``users``: among these alone.
        """

    def next_started_us(self, community: str, after_us: int) -> int | None:
        """When the first of those was welcomed who were so after that instant."""

    def moments(self, users: Collection[str], channels: Collection[str], since_us: int) -> Mapping[str, Sequence[int]]:
        """When each wrote in these channels since then, the latest first, a score at most."""

    def sent(self, community: str, users: Collection[str], since_us: int) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The follow-ups that each was sent here, or is to be sent, since then: the step's name, and when."""


class Outcomes(Protocol):
    """What newcomers said after a month, one result for each journey."""

    def get(self, journey: int) -> GivenOutcome | None: ...

    def of(self, journeys: Collection[int]) -> frozenset[int]:
        """Those of these journeys of which an outcome is known."""

    def save(self, journey: int, outcome: GivenOutcome) -> None:
        """Put this outcome in the place of an earlier one."""


class Referrals(Protocol):
    """Who brought whom. A newcomer counts once in a community, for one inviter."""

    def name(self, community: str, newcomer: str, inviter: str | None, now_us: int) -> None:
        """Note who the newcomer says invited them (None: nobody), in the place of an earlier word; once credited nothing changes."""

    def inviter_of(self, community: str, newcomer: str) -> str | None: ...

    def waiting(self, community: str, channels: Collection[str], named_since_us: int) -> Sequence[Referral]:
        """Those not credited yet, named since then, whose newcomer has written in these channels since the welcome."""

    def credit(self, community: str, newcomer: str, now_us: int) -> bool:
        """Count this one. False when it was counted before, or is not there."""

    def drop(self, community: str, newcomer: str) -> None:
        """Forget a word that cannot count."""

    def credited_since(self, community: str, since_us: int) -> Mapping[str, int]:
        """How many each of those inviters brought in all who were credited since then."""

    def count(self, community: str, inviter: str) -> int:
        """How many this one brought."""
