"""How many people answered the posts of each slot, and what can be said of the difference. Pure.

Replies are few and vary a lot: at three a post, telling a slot that gets a fifth more from one that does not takes about 144 posts
in each. So each slot's mean is shown with its interval, and a difference is claimed only where the data carry it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from math import ceil, sqrt
from statistics import NormalDist

WITHIN = timedelta(hours=48)
"""Replies within this time of a post count; a post younger than that is not counted yet."""

CONFIDENCE = 0.95
LEAST_POSTS = 5
"""Posts in a slot before it is compared with another."""

LEAST_FREEDOM = 8
"""Posts beyond the first of each slot before anything is compared: from fewer, how much replies vary is not known."""

_NORMAL = NormalDist()
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class SlotReplies:
    """The posts of one weekday and hour, by how many different people replied to each; the mean with its 95 % interval."""

    weekday: int
    hour: int
    posts: int
    mean: float
    low: float
    high: float

    @property
    def name(self) -> str:
        return f"{_NAMES[self.weekday]} {self.hour:02}:00"

    def __str__(self) -> str:
        return f"{self.name} {self.mean:.1f} ({self.low:.1f}-{self.high:.1f})"


@dataclass(frozen=True)
class Replies:
    """The slots used so far, the one with the most posts first; ``told_apart``: pairs of which the first surely gets more."""

    slots: tuple[SlotReplies, ...]
    told_apart: tuple[tuple[SlotReplies, SlotReplies], ...]
    dispersion: float

    @property
    def posts(self) -> int:
        return sum(slot.posts for slot in self.slots)


def replies_by_slot(posts: Sequence[tuple[int, int, int]]) -> Replies:
    """``posts``: for each its weekday (Monday is 0), its hour and how many people replied."""
    counts: dict[tuple[int, int], list[int]] = {}
    for weekday, hour, people in posts:
        counts.setdefault((weekday, hour), []).append(people)
    dispersion = _dispersion(list(counts.values()))
    slots = tuple(
        SlotReplies(weekday, hour, len(found), sum(found) / len(found), *interval(sum(found), len(found), dispersion))
        for (weekday, hour), found in sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))
    )
    freedom = len(posts) - len(slots)
    return Replies(slots, tuple(_told_apart(slots, dispersion, freedom)), dispersion)


def interval(replies: int, posts: int, dispersion: float = 1.0) -> tuple[float, float]:
    """A 95 % interval of the mean: the exact one of Poisson counts, wider by how much more than those the counts vary."""
    tail = (1 - CONFIDENCE) / 2
    told = replies / dispersion
    low = _gamma_quantile(told, tail) if replies else 0.0
    return low * dispersion / posts, _gamma_quantile(told + 1, 1 - tail) * dispersion / posts


def posts_needed(mean: float, gain: float, dispersion: float = 1.0) -> int:
    """Posts in each of two slots to tell a gain such as 0.2 apart four times in five: about 144 for +20 % at 3 replies."""
    both = _NORMAL.inv_cdf((1 + CONFIDENCE) / 2) + _NORMAL.inv_cdf(0.8)
    return ceil(both**2 * dispersion * (2 + gain) / (gain**2 * mean))


def summary(replies: Replies, most: int = 4) -> str:
    """On one line, what is known of the answers."""
    if not replies.slots:
        return "Replies so far: none of my posts here is two days old yet."
    shown = replies.slots[:most]
    parts = [f"{slot} from {slot.posts} post{'' if slot.posts == 1 else 's'}" for slot in shown]
    more = len(replies.slots) - len(shown)
    if more:
        parts.append(f"{more} more slot{'' if more == 1 else 's'}")
    return f"Replies so far (people in 48 hours, with 95 % intervals): {'; '.join(parts)}{_verdict(replies)}"


def _verdict(replies: Replies) -> str:
    if len(replies.slots) < 2:
        return "."
    if replies.told_apart:
        better, worse = replies.told_apart[0]
        return f". {better.name} surely gets more than {worse.name}."
    mean = sum(slot.mean * slot.posts for slot in replies.slots) / replies.posts
    if not mean:
        return ": too few to tell apart."
    needed = posts_needed(mean, 0.2, replies.dispersion)
    return f": too few to tell apart (a fifth more would show after about {needed:,} posts in each)."


def _dispersion(groups: list[list[int]]) -> float:
    """How much more the counts vary within their slots than chance alone would make them (Pearson's), at least 1."""
    freedom = sum(len(group) - 1 for group in groups)
    if freedom < 1:
        return 1.0
    total = 0.0
    for group in groups:
        mean = sum(group) / len(group)
        if mean:
            total += sum((count - mean) ** 2 for count in group) / mean
    return max(1.0, total / freedom)


def _told_apart(slots: Sequence[SlotReplies], dispersion: float, freedom: int) -> list[tuple[SlotReplies, SlotReplies]]:
    """Pairs that differ more than chance explains, all comparisons together wrong once in twenty (Bonferroni), the surest first."""
    pairs = list(combinations([slot for slot in slots if slot.posts >= LEAST_POSTS], 2))
    if not pairs or freedom < LEAST_FREEDOM:
        return []
    limit = _t_quantile(1 - (1 - CONFIDENCE) / 2 / len(pairs), freedom)
    found = []
    for one, other in pairs:
        better, worse = (one, other) if one.mean >= other.mean else (other, one)
        mean = (one.mean * one.posts + other.mean * other.posts) / (one.posts + other.posts)
        error = sqrt(dispersion * mean * (1 / one.posts + 1 / other.posts))
        if error and (better.mean - worse.mean) / error > limit:
            found.append(((better.mean - worse.mean) / error, better, worse))
    return [(better, worse) for _, better, worse in sorted(found, key=lambda one: -one[0])]


def _gamma_quantile(shape: float, probability: float) -> float:
    """Of the gamma distribution of scale 1, by Wilson and Hilferty's cube root: within 2 % from a shape of 1 on."""
    z = _NORMAL.inv_cdf(probability)
    return float(max(0.0, shape * (1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3))


def _t_quantile(probability: float, freedom: int) -> float:
    """Of Student's distribution, by the first terms of its expansion about the normal one."""
    z = _NORMAL.inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
