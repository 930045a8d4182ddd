"""What the shares of the levels mean, in words: careful with few members, and never a quota. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Participation
from copbot.core.intervals import wilson
from copbot.core.report import counted
from copbot.features.participation.rules import LEVELS, Calendar, Level

BENCHMARKS: Mapping[Level, tuple[int, int]] = {"core": (10, 15), "active": (15, 20)}
"""Per cent of all members in a healthy community (Wenger, McDermott and Snyder 2002)."""

FEWEST_MEMBERS = 20
"""Of fewer each single one makes more than the width of a band: nothing is held against it."""

FEWEST_MESSAGES = 20
"""Messages, or answers, of which it can be said how far they lean on a few."""

TOP = 3
MUCH = 0.5
"""The share from which on a community leans on its top three."""

Place = Literal["below", "within", "above"]

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class Share:
    """``part`` of ``total`` members; ``interval`` is Wilson's of 95 %, from 0 to 1."""

    level: Level
    part: int
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.part, self.total) or (0.0, 1.0)

    @property
    def place(self) -> Place | None:
        """Where the share lies by its interval; ``within`` also where it may be. None where there is no band or too few members."""
        if self.level not in BENCHMARKS or self.total < FEWEST_MEMBERS:
            return None
        low, high = BENCHMARKS[self.level]
        if self.interval[1] < low / 100:
            return "below"
        return "above" if self.interval[0] > high / 100 else "within"


@dataclass(frozen=True)
class Lean:
    """How many of ``total`` messages, or answers, came from the three who gave most."""

    top: int
    total: int

    @property
    def share(self) -> float | None:
        return self.top / self.total if self.total >= FEWEST_MESSAGES else None


@dataclass(frozen=True)
class Beginning:
    """A history of ``weeks`` calendar weeks, fewer than the ``needed`` active ones of core: nobody can be core yet, and shares that
    have only begun to grow are held against nothing."""

    weeks: int
    needed: int


def beginning(since_us: int | None, until_us: int, zone: ZoneInfo, rules: Participation) -> Beginning | None:
    """``since_us``: the first contribution that is known. None where the history is long enough, or there is none."""
    if since_us is None or since_us >= until_us:
        return None
    weeks = Calendar(zone, since_us, until_us).week(until_us - 1) + 1
    return Beginning(weeks, rules.core.active_weeks) if weeks < rules.core.active_weeks else None


def lean(counts: Sequence[int]) -> Lean:
    return Lean(sum(sorted(counts, reverse=True)[:TOP]), sum(counts))


def shares(levels: Mapping[Level, int]) -> list[Share]:
    total = sum(levels.values())
    return [Share(level, levels.get(level, 0), total) for level in LEVELS] if total else []


def diagnosis(levels: Mapping[Level, int], short_of_core: int, young: Beginning | None = None) -> list[str]:
    """Sentences, without the names. ``short_of_core``: members who lack one active week."""
    told = {share.level: share for share in shares(levels)}
    if not told:
        return []
    core, active = told["core"], told["active"]
    if young is not None:
        lines = [
            f"Nobody can be in the core yet: that takes {counted(young.needed, 'active week')}, and the history known here has "
            f"{young.weeks:,} so far."
        ]
    elif core.place is None:
        few = "1 member is" if core.total == 1 else f"{core.total:,} members are"
        lines = [f"{few} too few for shares: one more or less would change everything."]
    else:
        lines = [_held_against(core, "core"), _held_against(active, "active part")]
    if short_of_core:
        who = f"{in_letters(short_of_core)} member{' is' if short_of_core == 1 else 's are'}"
        lines.append(f"{who} one active week short of core.")
    return lines


def _held_against(share: Share, name: str) -> str:
    low, high = BENCHMARKS[share.level]
    told = f"Your {name} is {share.part:,} of {share.total:,}, {percent(share)}"
    band = f"communities of this kind thrive at {low}-{high} %"
    if share.place != "within":
        return f"{told}; {band}."
    if low <= round(100 * share.part / share.total) <= high:
        return f"{told}; {band}: that is healthy."
    return f"{told}; {band}, and the difference may be chance."


def percent(share: Share) -> str:
    """``3 %``; a share that is there but rounds to nothing is ``under 1 %``."""
    rounded = round(100 * share.part / share.total)
    return "under 1 %" if share.part and not rounded else f"{rounded} %"


def likely(share: Share) -> str:
    """The interval, in whole per cents."""
    low, high = (round(100 * end) for end in share.interval)
    return percent(share) if low == high else f"{low}-{high} %"


def leaning(messages: Lean, answers: Lean) -> str:
    """How much rests on three people; "" where there is too little to tell. Who wrote most need not be who answered most."""
    told = []
    if messages.share is not None:
        told.append(f"three who wrote most wrote {_of(messages)} messages ({messages.top:,} of {messages.total:,})")
    if answers.share is not None:
        told.append(f"three who answered most gave {_of(answers)} answers ({answers.top:,} of {answers.total:,})")
    if not told:
        return ""
    line = f"In the window, the {', the '.join(told)}."
    much = max(share for share in (messages.share, answers.share) if share is not None) > MUCH
    return f"{line} That is a lot to rest on three people." if much else line


def _of(lean: Lean) -> str:
    return f"{lean.share or 0:.0%} of the".replace("%", " %")


def in_letters(count: int) -> str:
    """``Five``, ``12``."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
