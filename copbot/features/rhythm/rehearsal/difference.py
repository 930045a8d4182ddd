"""What two versions of the files would have done differently. Pure.

An occasion of one is that of the other by its name (its date, or its period's first); what is left over on both sides is paired within
the same ISO week of the same post, in order of time: a post whose rule was changed has moved, rather than gone and come.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from copbot.features.rhythm.rehearsal.replay import Replayed


@dataclass(frozen=True)
class Difference:
    """Of what goes out by one version of the files and by the other. ``moved`` holds (before, after) where time or channel differ."""

    added: tuple[Replayed, ...]
    gone: tuple[Replayed, ...]
    moved: tuple[tuple[Replayed, Replayed], ...]
    same: int


def difference(before: Sequence[Replayed], after: Sequence[Replayed]) -> Difference:
    """From one version to the other. What was held back or skipped did not go out."""
    old = [one for one in before if one.state == "sent"]
    new = [one for one in after if one.state == "sent"]
    pairs, old, new = _paired(old, new, lambda one: (one.community, one.post, one.occasion))
    by_week, old, new = _paired(old, new, lambda one: (one.community, one.post, one.moment.isocalendar()[:2]))
    pairs += by_week
    moved = sorted(((was, now) for was, now in pairs if _is_moved(was, now)), key=lambda pair: pair[1].moment)
    return Difference(tuple(new), tuple(old), tuple(moved), len(pairs) - len(moved))


def _is_moved(was: Replayed, now: Replayed) -> bool:
    return (was.moment, was.channel) != (now.moment, now.channel)


def _paired(
    before: Sequence[Replayed], after: Sequence[Replayed], name: Callable[[Replayed], Hashable]
) -> tuple[list[tuple[Replayed, Replayed]], list[Replayed], list[Replayed]]:
    """The pairs of one name, in order of time, and what is left on both sides."""
    waiting: dict[Hashable, list[Replayed]] = defaultdict(list)
    for one in before:
        waiting[name(one)].append(one)
    pairs, left = [], []
    for one in after:
        same = waiting[name(one)]
        if same:
            pairs.append((same.pop(0), one))
        else:
            left.append(one)
    rest = [one for one in before if one in waiting[name(one)]]
    return pairs, rest, left
