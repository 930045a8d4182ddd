"""What is due, what is late, and which question comes next: the rules at their boundaries."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.community import Attention, Channels, Community
from copbot.core.posts import DateWhen, EveryWhen, Post
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rules import Missed, Verdict, fits_budget, identity, is_news, next_question, post_due

OPENS = datetime(2026, 11, 16, 8, tzinfo=UTC)
DUE = datetime(2026, 11, 16, 14, tzinfo=UTC)
POST = Post("p", "#data", EveryWhen("day", "active", otherwise_time=time(10)), text="Hello")
ACTIVE = Occasion("2026-11-16", OPENS, DUE, "because")
FIXED = Occasion("2026-11-16", DUE, DUE, "because")
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("occasion", "now", "wrote", "verdict"),
    [
        pytest.param(FIXED, DUE, None, "post", id="due at its instant"),
        pytest.param(FIXED, DUE + timedelta(hours=2), None, "post", id="two hours late is in time"),
        pytest.param(FIXED, DUE + timedelta(hours=2) + TICK, None, "late", id="a moment more is late"),
        pytest.param(ACTIVE, OPENS, None, "wait", id="nobody wrote yet"),
        pytest.param(ACTIVE, OPENS, OPENS - timedelta(minutes=30), "post", id="a sign of life 30 minutes old"),
        pytest.param(ACTIVE, OPENS, OPENS - timedelta(minutes=30) - TICK, "wait", id="a moment older is none"),
        pytest.param(ACTIVE, DUE - TICK, None, "wait", id="just before the window's end"),
        pytest.param(ACTIVE, DUE, None, "post", id="the window's end, silence or not"),
        pytest.param(ACTIVE, DUE + timedelta(hours=2) + TICK, DUE, "late", id="life does not mend lateness"),
    ],
)
def test_what_to_do_about_an_occasion(
    occasion: Occasion, now: datetime, wrote: datetime | None, verdict: Verdict
) -> None:
    assert post_due(POST, occasion, now, wrote) == verdict


def test_a_paused_post_waits_and_is_then_over_without_a_word() -> None:
    paused = replace(POST, paused=True)
    assert post_due(paused, FIXED, DUE, None) == "wait"
    assert post_due(paused, FIXED, DUE + timedelta(hours=2), None) == "wait"
    assert post_due(paused, FIXED, DUE + timedelta(hours=2) + TICK, None) == "paused"


@pytest.mark.parametrize(
    ("post", "in_force", "age", "news"),
    [
        pytest.param(POST, True, timedelta(days=8), True, id="the schedule was in force"),
        pytest.param(POST, True, timedelta(days=8) + TICK, False, id="too long ago"),
        pytest.param(POST, False, timedelta(hours=3), False, id="before the schedule was known"),
        pytest.param(replace(POST, when=DateWhen(DUE)), False, timedelta(hours=3), True, id="a date is always news"),
    ],
)
def test_a_missed_occasion_is_news_when_people_relied_on_it(
    post: Post, in_force: bool, age: timedelta, news: bool
) -> None:
    assert is_news(post, FIXED, Missed(0, in_force), DUE + age) is news


def test_a_channel_bears_as_many_posts_a_day_as_its_budget_says() -> None:
    community = Community("c", "C", "UTC", Channels(("#data",)), attention=Attention(channel_day=2))
    assert fits_budget(community, True, 1)
    assert not fits_budget(community, True, 2)
    assert fits_budget(community, False, 99)


def test_questions_come_in_the_order_of_the_file() -> None:
    assert next_question(["a", "b"], {}) == "a"
    assert next_question(["a", "b"], {"a": 1}) == "b"
    assert next_question([], {}) is None


def test_a_question_is_known_by_its_words() -> None:
    assert identity("What  is\n new?") == "What is new?"
    assert next_question(["What  is\n new?", "b"], {"What is new?": 1}) == "b"


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
