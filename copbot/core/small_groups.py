"""How many people stand behind anything that members are shown of others."""

from collections.abc import Mapping, Sequence

FEWEST_SHOWN = 5
"""Survey results, shares by time zone, numbers of people in a digest: nothing that members see speaks of fewer people than this, so that
nobody can be made out behind a figure. Fewer are not told as a smaller figure either, but not at all."""


def shown_of(counts: Mapping[str, int], answers: Sequence[str]) -> tuple[dict[str, int], bool]:
    """Those of all possible ``answers`` whose people may be told, with how many, and whether others are left out. Where any are, those
    that nobody chose are among them: who is left out must not tell who was chosen by a few."""
    if all(counts.get(answer, 0) == 0 or counts[answer] >= FEWEST_SHOWN for answer in answers):
        return {answer: counts.get(answer, 0) for answer in answers}, False
    return {answer: counts[answer] for answer in answers if counts.get(answer, 0) >= FEWEST_SHOWN}, True
