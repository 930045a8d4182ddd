"""What onboarding needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, Protocol

from copbot.core.records import GivenAnswer, Journey


class Journeys(Protocol):
    def start(self, community: str, user: str, now_us: int) -> Journey | None:
        """A new journey, or None when this person has one in this community (nobody is asked twice)."""

    def start_again(self, journey: int, now_us: int) -> None:
        """Let a journey begin anew that ended before its welcome was sent."""

    def get(self, community: str, user: str) -> Journey | None: ...

    def since(self, community: str, since_us: int) -> Sequence[Journey]: ...

    def of_those_who_left(self, community: str) -> Sequence[Journey]:
        """The journeys that go on although their member is deactivated."""

    def answer(self, journey: int, answers: Sequence[GivenAnswer], guidelines_version: str | None, now_us: int) -> None:
        """Put these answers in the place of all earlier ones, and of the draft. A journey that was closed stays closed."""

    def answers(self, journey: int) -> Sequence[GivenAnswer]: ...

    def that_share_nothing(self, community: str, users: Collection[str]) -> Collection[str]:
        """Those of ``users`` who have a journey here and no answer that they share."""

    def answers_elsewhere(self, community: str, user: str) -> Sequence[tuple[str, GivenAnswer]]:
        """(community, answer) of what this person answered in all other communities, the latest first."""

    def keep_draft(self, journey: int, values: Mapping[str, Any], at_us: int) -> None:
        """Keep what stands half-filled in the form, unless something later is kept: presses overtake each other."""

    def close(self, journey: int, state: Literal["declined", "ended"], now_us: int) -> bool:
        """Nothing more comes of it; the draft goes. False, and nothing changes, when it was closed before."""
