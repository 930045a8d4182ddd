"""How often the rule of questions is right, held against labels of real messages (README.md beside this file)."""

from collections import Counter

import drawing
import pytest
from labelled import Label, labels, texts_of

from copbot.core.asks import asks
from copbot.core.intervals import wilson

ABSENT = "the real histories are not here"
needs_histories = pytest.mark.skipif(not drawing.DATA.is_dir(), reason=ABSENT)


def measured(some: list[tuple[Label, bool]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """(right, said to ask) and (found, asking): precision and recall as counts."""
    right = sum(found and label.asks for label, found in some)
    return (right, sum(found for _, found in some)), (right, sum(label.asks for label, _ in some))


@pytest.fixture(scope="module")
def judged() -> list[tuple[Label, bool]]:
    return [(label, asks(text)[0]) for label, text in texts_of(labels())]


def test_the_halves_are_alike_and_no_message_is_labelled_twice() -> None:
    every = labels()
    assert len(every) == len({(label.dataset, label.channel, label.ts) for label in every}) == 440
    drawn = Counter((label.dataset, label.drawn, label.half) for label in every)
    for dataset in drawing.DATASETS:
        for kind, size in drawing.SIZES.items():
            assert drawn[dataset, kind, "test"] + drawn[dataset, kind, "tune"] == size
            assert 0 <= drawn[dataset, kind, "test"] - drawn[dataset, kind, "tune"] <= 1


@needs_histories
@pytest.mark.slow
def test_the_draw_comes_out_the_same_again() -> None:
    assert list(drawing.draw()) == [drawing.Drawn(*label[:5]) for label in labels()]


@needs_histories
@pytest.mark.parametrize(
    ("drawn", "precision", "recall"), [("random", 0.85, 0.85), ("border", 0.75, 0.90), ("both", 0.78, 0.90)]
)
def test_on_the_half_not_used_for_tuning_the_rule_is_as_right_as_published(
    judged: list[tuple[Label, bool]], drawn: str, precision: float, recall: float
) -> None:
    """Floors a little below what was measured: docs/questions.md has the figures."""
    some = [
        (label, found)
        for label, found in judged
        if label.half == "test" and drawn in ("both", "random" if label.drawn == "random" else "border")
    ]
    (right, said), (_, asking) = measured(some)
    assert right / said >= precision, (right, said, wilson(right, said))
    assert right / asking >= recall, (right, asking, wilson(right, asking))
