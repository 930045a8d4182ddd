"""What pulse surveys and value stories need from the store. Instants are microseconds since the epoch."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from copbot.core.voices import PulseQuestion, PulseResult, PulseRound, SharedStory, Story, Told


class Pulses(Protocol):
    """Surveys whose answers nobody can lead back to a person: an answer has no author, no time and no order. Who took part is known
    while a round is open, so that nobody answers twice, and forgotten when it closes."""

    def open(
        self, community: str, period: str, questions: Sequence[PulseQuestion], opened_us: int, closes_us: int
    ) -> PulseRound | None:
        """A new round, or None when this period has one."""

    def get(self, pulse_round: int) -> PulseRound | None: ...

    def latest(self, community: str) -> PulseRound | None: ...

    def untold(self, community: str) -> Sequence[PulseRound]:
        """The rounds of whose result nobody was told yet, the oldest first."""

    def set_asked(self, pulse_round: int, asked: int) -> None:
        """Everybody was asked: so many."""

    def answer(self, pulse_round: int, user: str, answers: Mapping[str, str]) -> bool:
        """Keep the answers by question. False, and nothing changes, for somebody who has answered or declined before."""

    def has_taken(self, pulse_round: int, user: str) -> bool:
        """Whether somebody has answered or declined; known while the round is open."""

    def close(self, pulse_round: int, now_us: int) -> bool:
        """The result is told: who took part is forgotten. False when it was closed before."""

    def result(self, pulse_round: PulseRound) -> PulseResult: ...

    def closed(self, community: str, since_us: int, until_us: int) -> Sequence[PulseResult]:
        """The rounds that closed in ``[since_us, until_us)``, the oldest first."""

    def set_action(self, pulse_round: int, action: str) -> None: ...


class Stories(Protocol):
    def ask(self, community: str, user: str, channel: str, ts_us: int, now_us: int) -> Story | None:
        """A new story that somebody is asked for, or None when they were asked about this message before."""

    def get(self, story: int) -> Story | None: ...

    def of(self, community: str, user: str) -> Sequence[Story]:
        """All that somebody was asked for, the latest first."""

    def save(self, story: Story) -> None: ...

    def told(self, story: int) -> Sequence[Told]:
        """What was told of it, in order of time."""

    def tell(self, story: int, told: Told) -> None:
        """Keep what was told at a step, in the place of what was told at it before."""

    def erase(self, story: int) -> None:
        """Forget all that was told of it."""

    def to_ask_again(self, community: str, asked_since_us: int, asked_until_us: int) -> Sequence[Story]:
        """Those asked in ``[since, until]`` that were told, or put off."""

    def shared(self, community: str, since_us: int, until_us: int) -> Sequence[SharedStory]:
        """What others may see of the stories of which something that they may see was told in ``[since_us, until_us)``, with all that
        they may see of it, the latest first."""
