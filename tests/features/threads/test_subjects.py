"""What a button carries comes back as it was; what comes from outside otherwise is about nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.records import Card
from copbot.features.threads.subjects import Page, Subject, page_of, subject_of, value_of

IDS = st.from_regex(r"[CG][A-Z0-9]{1,12}", fullmatch=True)
PAGES = st.builds(Page, st.sampled_from(["all", "mine"]), st.none() | IDS, st.integers(0, 999_999))
CARDS = st.builds(
    Card,
    st.integers(0, 10**14),
    st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True),
    IDS,
    st.integers(10**15, 4 * 10**15),
    st.just("U1"),
    st.just("member"),
    st.just("open"),
    st.just(0),
)


@given(CARDS, st.none() | PAGES, st.sampled_from(["", "tomorrow", "dismiss"]))
def test_a_value_says_what_it_is_about_and_fits_a_menu(card: Card, page: Page | None, what: str) -> None:
    value = value_of(card, page, what)
    assert len(value) <= 150
    about = {"card": card.id} if card.id else {"thread": (card.community, card.channel, card.ts_us)}
    assert subject_of(value) == Subject(page=page, what=what, **about)  # type: ignore[arg-type]


@given(st.text(max_size=60))
def test_whatever_comes_from_outside_is_read_without_an_error(value: str) -> None:
    found = subject_of(value)
    assert found.card is None or found.card >= 0
    assert page_of(value) is None or "~" in value


@pytest.mark.parametrize("value", ["", "-1", "1 OR 1=1", "١", "9" * 40, "1.0", "data/C1/1.0", "data/CX/x", "a b c d"])
def test_what_is_about_nothing_names_neither_card_nor_thread(value: str) -> None:
    found = subject_of(value)
    assert (found.card, found.thread) == (None, None)
