"""What is legal but unwise in posts, at both sides of each boundary."""

# ruff: noqa: DTZ001 - local wall time is naive

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from copbot.core.advice import Remark
from copbot.core.community import Attention, Channels, Community
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Milestone, Post, Spacing
from copbot.core.time import Hours
from copbot.features.rhythm.advice import AHEAD, LONG_QUESTION, on_posts, on_silence
from copbot.features.rhythm.timetable import coming_posts

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday
COMMUNITY = Community("data", "Data", "UTC", Channels(("#data", "#maps"), "#mods", "#hello"))
TEN = EveryWhen("week", time(10), on=(2,))
POST = Post("ten", "#data", TEN, text="Hello")


def remarks(*posts: Post, **changes: object) -> list[Remark]:
    community = replace(COMMUNITY, posts=posts, **changes)  # type: ignore[arg-type]
    rows = [row for row in coming_posts([community], NOW, 500) if row.opens < NOW + AHEAD]
    return list(on_posts(community, rows, NOW))


def told(*posts: Post, **changes: object) -> list[str]:
    return [".".join(map(str, one.path)) for one in remarks(*posts, **changes)]


def at(moment: time, **changes: object) -> Post:
    return replace(POST, id="other", when=replace(TEN, at=moment), **changes)  # type: ignore[arg-type]


def test_a_sound_post_is_left_alone() -> None:
    assert told(POST) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (at(time(10)), "this comes at the same time as"),
        (at(time(11)), "this comes 1 hour after ten in #data (Wed 18 Nov 11:00, and 3 more times in four weeks)"),
        (at(time(11, 1)), None),
        (at(time(10, 30), channel="#maps"), None),
        (at(time(10, 30), paused=True), None),
        (
            at(time(10, 30), until_date=date(2026, 11, 18)),
            "this comes 30 minutes after ten in #data (Wed 18 Nov 10:30)",
        ),
        (
            Post("other", "#data", EveryWhen("week", "active", on=(2,), otherwise_time=time(15)), text="Hi"),
            "this can come within an hour of ten",
        ),
        (Post("other", "#data", EveryWhen("week", "active", on=(2,), otherwise_time=time(15, 1)), text="Hi"), None),
    ],
)
def test_two_posts_within_an_hour(other: Post, words: str | None) -> None:
    found = [one.message for one in remarks(POST, other)]
    assert len(found) == (words is not None)
    assert all(message.startswith(words or "") for message in found)


def test_what_a_holiday_leaves_out_meets_nothing() -> None:
    last = date(2026, 11, 18)
    first, second = replace(POST, skip_holidays="TH", until_date=last), at(time(10, 30), until_date=last)
    community = replace(COMMUNITY, posts=(first, second))
    rows = coming_posts([community], NOW, 5, holidays=lambda _country, day: "A feast" if day == last else None)
    assert [bool(row.skipped) for row in rows] == [True, False]
    assert list(on_posts(community, rows, NOW)) == []


def test_a_reminder_of_a_milestone_beside_a_post_is_told_at_its_date() -> None:
    milestone = Milestone("guide", "Guide", date(2026, 11, 25), remind=(timedelta(days=7),), at=time(10, 30))
    community = replace(COMMUNITY, posts=(POST,), milestones=(milestone,))
    rows = [row for row in coming_posts([community], NOW, 50) if row.opens < NOW + AHEAD]
    (remark,) = on_posts(community, rows, NOW)
    assert remark.path == ("milestones", "guide", "date")


def test_many_posts_in_one_minute_are_told_one_by_one_and_not_pair_by_pair() -> None:
    many = [replace(at(time(10)), id=f"p{number}") for number in range(40)]
    close = [one.path[1] for one in remarks(*many) if "same time" in one.message]
    assert sorted(set(map(str, close))) == sorted(post.id for post in many[1:])
    assert len(close) == 39


@pytest.mark.parametrize(("hours", "count"), [(1, 1), (2, 0)])
def test_what_spacing_keeps_apart_is_no_matter(hours: int, count: int) -> None:
    assert len(told(POST, at(time(10, 30)), spacing=Spacing(channel=timedelta(hours=hours)))) == count
    assert len(told(POST, at(time(10, 30)), spacing=Spacing(channels=(("#data", timedelta(hours=hours)),)))) == count


@pytest.mark.parametrize(("budget", "paths"), [(3, []), (2, ["posts.third.when"]), (0, ["posts.third.when"])])
def test_more_posts_in_a_day_than_the_channel_bears(budget: int, paths: list[str]) -> None:
    second, third = replace(at(time(14)), id="second"), replace(at(time(17)), id="third")
    assert told(POST, second, third, attention=Attention(channel_day=budget)) == paths


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"until_date": date(2026, 11, 15)}, ["posts.ten.until"]),
        ({"until_date": date(2026, 11, 18)}, []),
        ({"until_date": date(2026, 11, 17)}, ["posts.ten.when"]),
        ({"until_date": date(2026, 11, 17), "paused": True}, []),
        ({"when": DateWhen(datetime(2026, 11, 16, 8, 59))}, ["posts.ten.when.date"]),
        ({"when": DateWhen(datetime(2026, 11, 16, 9, 1))}, []),
        ({"when": CronWhen("0 9 1 * *"), "from_date": date(2026, 12, 1), "until_date": date(2026, 12, 1)}, []),
    ],
)
def test_posts_that_never_come_again(changes: dict[str, object], paths: list[str]) -> None:
    assert told(replace(POST, **changes)) == paths  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "paths"),
    [(time(22, 59), []), (time(23), ["posts.ten.when.at"]), (time(5, 59), ["posts.ten.when.at"]), (time(6), [])],
)
def test_a_time_at_night(moment: time, paths: list[str]) -> None:
    assert told(replace(POST, when=replace(TEN, at=moment))) == paths


@pytest.mark.parametrize(
    ("otherwise", "day", "paths"),
    [
        (time(8), 2, []),
        (time(7, 59), 2, ["posts.ten.when.otherwise"]),
        (time(18), 2, []),
        (time(18, 1), 2, ["posts.ten.when.otherwise"]),
        (time(10), 3, ["posts.ten.when.otherwise"]),
        (time(10), None, []),
    ],
)
def test_otherwise_outside_of_what_is_allowed(otherwise: time, day: int | None, paths: list[str]) -> None:
    when = EveryWhen("week", "best", (1, 2), None, Hours(time(8), time(18)), day, otherwise)  # type: ignore[arg-type]
    assert told(replace(POST, when=when)) == paths


@pytest.mark.parametrize(
    ("channel", "paths"),
    [("#data", []), ("#hello", []), ("#mods", []), ("#date", ["posts.ten.channel"]), ("C0123ABCD", [])],
)
def test_questions_where_nobody_looks_after_the_answers(channel: str, paths: list[str]) -> None:
    asking = replace(POST, channel=channel, questions=tuple(f"Why {number}?" for number in range(20)))
    assert told(asking) == paths
    assert told(replace(asking, questions=())) == []


@pytest.mark.parametrize(
    ("question", "is_long"),
    [
        ("x" * LONG_QUESTION, False),
        ("x" * (LONG_QUESTION + 1), True),
        ("\n".join("x" * 10), False),
        ("\n".join("x" * 11), True),
    ],
)
def test_a_question_longer_than_a_phone_shows(question: str, is_long: bool) -> None:
    questions = (*(f"Why {number}?" for number in range(20)), question)
    assert told(replace(POST, questions=questions)) == (["posts.ten.questions.20"] if is_long else [])


@pytest.mark.parametrize(("count", "paths"), [(8, ["posts.ten.questions"]), (9, [])])
def test_questions_that_come_again_within_two_months(count: int, paths: list[str]) -> None:
    questions = tuple(f"Why {number}?" for number in range(count))
    assert told(replace(POST, questions=questions)) == paths  # from Wed 18 Nov, nine weeks on is 20 Jan
    assert told(replace(POST, questions=questions, paused=True)) == []


def hours(*busy: tuple[int, int]) -> Sequence[Sequence[int]]:
    return [[50 * ((day, hour) in busy) for hour in range(24)] for day in range(7)]


@pytest.mark.parametrize(
    ("when", "busy", "silent"),
    [
        (EveryWhen("week", "best", (2,), None, Hours(time(8), time(10)), None, time(9)), ((2, 8),), False),
        (EveryWhen("week", "best", (2,), None, Hours(time(8), time(10)), None, time(9)), ((2, 10), (3, 8)), True),
        (EveryWhen("weekday", "active", (), None, Hours(time(8), time(10)), None, time(9)), ((5, 8),), True),
        (EveryWhen("day", "active", (), None, Hours(time(8), time(10)), None, time(9)), ((5, 8),), False),
        (EveryWhen("day", "best", (), None, None, None, time(9)), (), False),
        (EveryWhen("day", time(9)), (), False),
    ],
)
def test_a_window_in_which_nobody_ever_wrote(when: EveryWhen, busy: tuple[tuple[int, int], ...], silent: bool) -> None:
    remark = on_silence(replace(POST, when=when), "#data", hours(*busy), date(2026, 9, 1))
    assert (remark is not None) is silent
    assert remark is None or remark.path == ("posts", "ten", "when", "between")
