"""The words of a text, in scripts with and without spaces: what is written is found by what people type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.words import ASKED_AT_MOST, READ_CHARACTERS, TELLING_AT_MOST, asked_for, telling, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Linking TWO registers", ["link", "two", "register"], id="small letters and common stems"),
        pytest.param("linked links link", ["link", "link", "link"], id="forms of one word"),
        pytest.param("planning the plan", ["plan", "the", "plan"], id="a doubled letter"),
        pytest.param("policies, policy", ["policy", "policy"], id="ies and y"),
        pytest.param("class this bus 2026s", ["class", "this", "bus", "2026s"], id="an s that is no plural"),
        pytest.param("Où sont les données?", ["ou", "sont", "les", "donne"], id="accents"),
        pytest.param("Straße ÉTÉ", ["strass", "ete"], id="letters with two forms"),
        pytest.param("統計局", ["統計", "計局", "局"], id="pairs, and the last character alone"),
        pytest.param("木", ["木"], id="one character"),
        pytest.param("ﾃｽﾄを使う", ["テス", "スト", "トを", "を使", "使う", "う"], id="half-width letters are the same"),
        pytest.param("Rで統計", ["r", "で統", "統計", "計"], id="two scripts in a run"),
        pytest.param("한국어", ["한국", "국어", "어"], id="Korean"),
        pytest.param("हिन्दी में", ["हिन्दी", "में"], id="vowel signs belong to their word"),
        pytest.param("<@U1|ann> <https://x.org/a|our site> AT&amp;T", ["ann", "our", "site", "at", "t"], id="markup"),
        pytest.param("??? :-)", [], id="no letter at all"),
    ],
)  # fmt: skip
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_very_long_text_is_read_from_its_beginning() -> None:
    assert words_of("word " * READ_CHARACTERS + "end")[-1] == "word"


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        pytest.param("registers", [("register",)], id="a word"),
        pytest.param("how do I link it", [("link",)], id="words that stand everywhere are left out"),
        pytest.param("how do I", [("how",), ("do",), ("i",)], id="unless there are no others"),
        pytest.param("統計局", [("統計", "計局")], id="a run is found where it stands as it is"),
        pytest.param('link" OR "x NEAR(a*', [("link",), ("x",), ("near",)], id="no syntax"),
        pytest.param("link link", [("link",)], id="once"),
        pytest.param("'); DROP TABLE x;--", [("drop",), ("tabl",), ("x",)], id="no other syntax either"),
        pytest.param("&lt;b&gt;", [("b",)], id="as Slack hands it on"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_is_looked_for(typed: str, phrases: list[tuple[str, ...]]) -> None:
    assert [phrase.words for phrase in asked_for(typed)] == phrases


@pytest.mark.parametrize(
    ("typed", "is_open"),
    [("reg", False), ("regi", True), ("木", True), ("統計", False)],
)
def test_a_longer_words_beginning_stands_for_the_whole(typed: str, is_open: bool) -> None:
    assert [phrase.is_open for phrase in asked_for(typed)] == [is_open]


def test_the_telling_words_are_the_longest_and_few() -> None:
    told = telling(
        "How do I reconcile the occupational classification of two registers with what it was before, in detail?"
    )
    assert len(told) == TELLING_AT_MOST
    assert told[0].words == ("classification",)
    assert telling("How do I do it?") == ()


@given(st.text(max_size=300))
def test_whatever_people_write_becomes_words_of_letters_and_digits(text: str) -> None:
    for word in [*words_of(text), *(word for phrase in asked_for(text) for word in phrase.words)]:
        assert word
        assert not re.search(r"[\x00-\x2f\x3a-\x60\x7b-\x7f\s]", word), (
            "no sign that an index could take for its syntax"
        )
    assert len(asked_for(text)) <= ASKED_AT_MOST


@given(st.text(alphabet="abc統計局データ ×é木", min_size=1, max_size=30))
def test_whoever_types_a_message_finds_it(text: str) -> None:
    words = words_of(text)
    for phrase in asked_for(text):
        if phrase.is_open:
            assert any(word.startswith(phrase.words[0]) for word in words)
        else:
            length = len(phrase.words)
            assert any(tuple(words[at : at + length]) == phrase.words for at in range(len(words)))
