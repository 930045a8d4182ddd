"""What members say when they are asked: pulse surveys and value stories, as plain values. Instants are microseconds since the epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

PulseType = Literal["scale", "choice", "text"]
PulseEvery = Literal["month", "quarter", "half-year", "year"]
SCALE = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class PulseQuestion:
    """``scale`` is 1 (not at all) to 5 (very much)."""

    id: str
    ask: str
    type: PulseType
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pulse:
    """A short anonymous survey that comes back. ``first`` anchors its days; without it, it opens on the second Tuesday of a period."""

    every: PulseEvery
    questions: tuple[PulseQuestion, ...]
    at: time = time(10)
    stays_open: timedelta = timedelta(weeks=2)
    first: date | None = None


@dataclass(frozen=True)
class PulseRound:
    """One time that the survey was asked. ``period`` is the local date on which it opened; ``asked`` how many were.

    ``action`` is what the coordinators say they will do about it. ``told_us``: when they were told of the result.
    """

    id: int
    community: str
    period: str
    questions: tuple[PulseQuestion, ...]
    opened_us: int
    closes_us: int
    asked: int | None = None
    told_us: int | None = None
    action: str = ""


@dataclass(frozen=True)
class PulseResult:
    """``answers``: how many took part. Of each question the number of answers by value, or the texts; None where fewer than
    ``FEWEST_SHOWN`` answered it. A text is a person's own and must be escaped where it is shown."""

    round: PulseRound
    answers: int
    counts: Mapping[str, Mapping[str, int] | None] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str] | None] = field(default_factory=dict)


Consent = Literal["none", "unnamed", "named"]
CONSENTS: tuple[Consent, ...] = ("none", "unnamed", "named")
"""From the least to the most."""
StoryState = Literal["asked", "later", "told", "declined", "withdrawn"]
STORY_STEPS = (0, 30, 90)
"""Days after the first question at which somebody is asked what came of what had helped them."""


@dataclass(frozen=True)
class Story:
    """Somebody said that something was used or helped, in ``channel`` at ``ts_us``, and was asked in private what it changed.

    ``consent``: their last word on who may see what they told: nobody, others without the name, or with it.
    """

    id: int
    community: str
    user: str
    channel: str
    ts_us: int
    state: StoryState
    asked_us: int
    consent: Consent = "none"


@dataclass(frozen=True)
class Told:
    """What somebody told, ``step`` days after they were asked first. Their own words, not escaped; ``saved`` is a line on time or cost.

    ``consent`` was given for these words: it holds for none that were told at another step.
    """

    step: int
    text: str
    saved: str
    at_us: int
    consent: Consent = "none"


def seen_with(last_word: Consent, given: Consent) -> Consent:
    """Who may see some words of a story: those for whom they were given, and never more than the teller's last word allows."""
    return last_word if CONSENTS.index(last_word) < CONSENTS.index(given) else given


@dataclass(frozen=True)
class SharedStory:
    """What others may see of a story. ``user`` is None where its teller is not to be named: what was told with the name and what was told
    without it are two, so that the one does not tell of the other."""

    id: int
    user: str | None
    told: tuple[Told, ...]


def mean(counts: Mapping[str, int]) -> float:
    """The mean of the answers on the scale."""
    return sum(int(value) * count for value, count in counts.items()) / sum(counts.values())
