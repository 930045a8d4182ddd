"""What was read of a stretch of time, and what is still to be read."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from copbot.core.spans import Span, read_at, to_read, with_read

_span = st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(1, 3)).map(
    lambda t: Span(t[0], t[0] + t[1], t[2])
)


def points(span: tuple[int, int] | Span) -> set[int]:
    return set(range(span[0], span[1] + 1))


@given(st.lists(_span, max_size=8))
def test_what_was_read_last_holds_everywhere(added: list[Span]) -> None:
    spans: tuple[Span, ...] = ()
    expected: dict[int, int] = {}
    for span in added:
        spans = with_read(spans, span)
        expected |= dict.fromkeys(points(span), span.read_us)
    assert {at: read_at(spans, at) for at in range(50)} == {at: expected.get(at) for at in range(50)}
    assert all(one.high_us < two.low_us for one, two in pairwise(spans)), "in order and apart"


@given(st.lists(_span, max_size=8), st.integers(0, 20), st.integers(0, 25), st.integers(1, 4))
def test_what_is_to_be_read_is_the_rest_of_it_newest_first(
    added: list[Span], low: int, length: int, fresh: int
) -> None:
    spans: tuple[Span, ...] = ()
    for span in added:
        spans = with_read(spans, span)
    parts = to_read(spans, low, low + length, fresh)
    wanted = {at for at in points((low, low + length)) if (read_at(spans, at) or 0) < fresh}
    assert set().union(*map(points, parts)) == wanted
    assert parts == sorted(parts, reverse=True)


def test_steps_of_one_run_become_one_span() -> None:
    spans: tuple[Span, ...] = ()
    for reached in (90, 50, 51, 0):
        spans = with_read(spans, Span(reached, 100, 7))
    assert spans == (Span(0, 100, 7),)
