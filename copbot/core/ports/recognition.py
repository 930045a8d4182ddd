"""What thanks to members ask of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, Protocol


class Pass(NamedTuple):
    """Since when a community thanks its members, and when was last looked for what to thank for."""

    begun_us: int
    looked_us: int


class Noted(NamedTuple):
    """Something that a member (a user's ID) is thanked for, and when it was, or will be, reached."""

    user: str
    occasion: str
    reached_us: int


class Recognitions(Protocol):
    """``channels`` are IDs. People are no bots, and belong to this organisation or not."""

    def last_pass(self, community: str) -> Pass | None: ...

    def begin(self, community: str, now_us: int) -> None: ...

    def looked(self, community: str, now_us: int) -> None: ...

    def end(self, community: str) -> None:
        """Forget since when members are thanked, and pass over what waits."""

    def note(self, community: str, noted: Noted) -> None:
        """Note it as waiting; nothing changes when it was noted before."""

    def waiting(self, community: str) -> Sequence[Noted]:
        """What was noted and neither said nor passed over, in the order in which it was reached."""

    def settle(self, community: str, noted: Noted, state: Literal["thanked", "passed"]) -> None:
        """Never to be noted again."""

    def forget(self, community: str, noted: Noted) -> None:
        """It is no longer so; it may be reached anew."""

    def answerers(self, channels: Collection[str], since_us: int) -> Sequence[str]:
        """Who replied to another person's root since then."""

    def answers_of(self, user: str, channels: Collection[str]) -> Sequence[tuple[int, tuple[str, int]]]:
        """(ts, (channel, root's ts)) of a person's replies to other people's roots."""

    def wrote_first(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[tuple[str, int]]:
        """(user, ts) of those whose first message in any of these channels lies in ``[since, until)``."""
