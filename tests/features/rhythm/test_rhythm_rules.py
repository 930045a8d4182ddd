"""What is told of occasions that were missed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from copbot.core.posts import DateWhen, EveryWhen, Post
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rules import Missed, is_news

DUE = datetime(2026, 11, 16, 14, tzinfo=UTC)
POST = Post("p", "#data", EveryWhen("day", "active", otherwise_time=time(10)), text="Hello")
FIXED = Occasion("2026-11-16", DUE, DUE, "because")
TICK = timedelta(microseconds=1)


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
