"""Which question and which template come next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.features.rhythm.rotation import identity, next_question, next_template


def test_questions_come_in_the_order_of_the_file() -> None:
    assert next_question(["a", "b"], {}) == "a"
    assert next_question(["a", "b"], {"a": 1}) == "b"
    assert next_question([], {}) is None
    assert next_question([], {"a": 1}) is None


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param("What did you  link last,\n and what surprised you?", id="spaces and line breaks"),
        pytest.param("what did you link last and what surprised you", id="capitals and punctuation"),
        pytest.param("What did you lnik last, and what suprised you?", id="typos"),
        pytest.param("What did you link last, and what surprised you most?", id="a word more"),
    ],
)
def test_a_question_that_was_polished_is_not_asked_again(edited: str) -> None:
    used = {"What did you link last, and what surprised you?": 1}
    assert next_question([edited, "What do you still do by hand?"], used) == "What do you still do by hand?"


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        pytest.param("What did you link last?", "What went wrong last?", id="another question"),
        pytest.param("Which register do you trust?", "Which survey do you run?", id="alike in form only"),
    ],
)
def test_a_new_question_is_new_though_it_begins_alike(asked: str, other: str) -> None:
    assert next_question([asked, other], {asked: 1}) == other
    assert next_question([other], {asked: 1}) == other


def test_a_question_is_known_by_its_words() -> None:
    assert identity("What  is\n NEW?") == "what is new"
    assert identity("???") == "???", "a question without words is itself"


words = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


@given(start=words, data=st.data())
def test_each_is_used_once_before_any_repeats_however_the_list_is_reordered(
    start: list[str], data: st.DataObject
) -> None:
    """Law: in any stretch as long as the list no question comes twice."""
    used: dict[str, int] = {}
    asked: list[str] = []
    for _ in range(3 * len(start)):
        question = next_question(data.draw(st.permutations(start)), used)
        assert question is not None
        used[question] = used.pop(question, 0) + 1  # the one used longest ago first
        asked.append(question)
    assert set(asked[: len(start)]) == set(start)
    assert max(used.values()) - min(used.values()) <= 1


@given(start=words, new=st.sampled_from("xyz"))
def test_a_question_added_later_comes_next_and_then_waits_its_turn(start: list[str], new: str) -> None:
    used = dict.fromkeys(start, 3)
    assert next_question([*start, new], used) == new
    assert next_question([*start, new], used | {new: 1}) == start[0]


@given(st.lists(st.sampled_from(["a.j2", "b.j2", "c.j2"]), min_size=2, max_size=3, unique=True), st.data())
def test_the_same_template_never_comes_twice_running_where_there_are_several(
    templates: list[str], data: st.DataObject
) -> None:
    last: str | None = None
    for _ in range(6):
        following = next_template(data.draw(st.permutations(templates)), last)
        assert following in templates
        assert following != last
        last = following


def test_one_template_or_none_is_simply_used() -> None:
    assert next_template((), None) is None
    assert next_template(("a.j2",), "a.j2") == "a.j2"
    assert next_template(("b.j2", "c.j2"), "gone.j2") == "b.j2"
