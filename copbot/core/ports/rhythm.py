"""What the rhythm needs of the store. Part of ``core.ports``, whose words on times and transactions hold here too."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from copbot.core.delivery import Delivery
from copbot.core.records import PostControl, Suggestion, SuggestionState


class Suggestions(Protocol):
    """Questions that members suggested."""

    def add(
        self, community: str, user: str, question: str, post: str | None, now_us: int, *, is_named: bool
    ) -> Suggestion:
        """A new one that waits for the moderators."""

    def get(self, suggestion: int) -> Suggestion | None: ...

    def of(self, community: str, state: SuggestionState) -> Sequence[Suggestion]:
        """Those in a state, the first suggested first."""

    def settle(self, settled: Suggestion, *, before: SuggestionState) -> bool:
        """Keep what was decided. False, and nothing changes, when it is no longer in the state ``before``: somebody was faster."""


class Controls(Protocol):
    """A moderator's word over the file's: posts that are paused or resumed."""

    def all(self) -> Sequence[PostControl]:
        """Of all communities; there are few."""

    def set(self, control: PostControl) -> None:
        """Keep it, in the place of an earlier one of the same post."""

    def clear(self, community: str, post: str) -> None:
        """Take it back: what the file says holds again."""


class TemplateUses(Protocol):
    """Which of several templates a post used last."""

    def last(self, community: str, post: str) -> str | None: ...

    def use(self, community: str, post: str, template: str, now_us: int) -> None: ...


class Pins(Protocol):
    """Messages of the bot's that are kept at hand. Of those under one name (``Outgoing.pinned_as``) the newest stays."""

    def next(self) -> tuple[Delivery, Literal["pin", "unpin"]] | None:
        """A message that was sent and is to be pinned or unpinned."""

    def settle(self, delivery: Delivery, state: Literal["done", "refused", ""]) -> None:
        """``done``: it is pinned, and what was pinned under its name before is to be unpinned; empty: it is not pinned any more."""

    def names(self) -> frozenset[str]:
        """The names under which something is pinned or is to be."""

    def newest(self, name: str) -> Delivery | None:
        """The newest delivery that was planned to be pinned under a name, whatever became of it."""

    def want(self, name: str) -> None:
        """Pin the newest message under a name again."""

    def release(self, names: Collection[str]) -> None:
        """What is pinned under these names is to be unpinned."""


class HourCount(NamedTuple):
    """What was written in one hour of one channel. ``hour`` counts from the epoch, by the wall clock that was asked for."""

    channel: str
    hour: int
    members: int
    messages: int


class Presence(Protocol):
    """Who was there when. Only messages by people count: no bot's, and none of copbot's own."""

    def hours(
        self, channels: Collection[str], since_us: int, until_us: int, offset_us: int = 0, *, together: bool = False
    ) -> Iterator[HourCount]:
        """For each channel (ID) and hour in ``[since, until)`` how many different people wrote how many messages.

        ``offset_us``: how far the wall clock is ahead of UTC in that time. ``together``: a person who wrote in several of the
        channels counts once an hour, and ``channel`` is empty.
        """

    def people(self, channels: Collection[str], since_us: int, until_us: int) -> int:
        """How many different people wrote in any of the channels."""

    def zones(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[tuple[str | None, int]]:
        """The time zones (IANA; None: unknown) of the people who wrote and are still there, each with how many they are."""

    def span_us(self, channels: Collection[str]) -> tuple[int, int] | None:
        """When the first and the last message in the channels was written; None where there is none."""

    def repliers(self, threads: Sequence[tuple[str, int]], within_us: int) -> list[int]:
        """For each message (channel, ts) how many different people replied in its thread within that time."""
