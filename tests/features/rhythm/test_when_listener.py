"""`/cop when`: what a moderator is told of the best time, and what it is learned from."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.delivery import Outgoing
from copbot.core.facts import MessageSeen, UserSeen
from copbot.core.interaction import Answer, Call
from copbot.core.pictures import Heatmap
from copbot.core.time import to_us
from copbot.features.rhythm.learning.heatmap import heatmap
from copbot.features.rhythm.learning.learned import learned_in
from copbot.features.rhythm.learning.listeners import COMMANDS

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def twelve_weeks(scene: Scene, *, zones: tuple[str | None, ...] = (None,)) -> None:
    """Six people who write at ten on working days."""
    people = [f"U{number}" for number in range(6)]
    scene.record(*(UserSeen(u, timezone=zones[n % len(zones)], updated_us=1) for n, u in enumerate(people)))
    days = [MONDAY - timedelta(days=number, hours=-1) for number in range(1, 85)]
    scene.record(
        *(
            MessageSeen("CDATA", to_us(day) + number, user)
            for day in days
            if day.weekday() < 5
            for number, user in enumerate(people)
        )
    )


def ask(scene: Scene, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> Answer:
    with scene.store.read() as tx:
        return COMMANDS[0].answer(scene.ctx, tx, Call(user, channel, "when", argument))


def test_a_moderator_is_told_the_hour_with_numbers_a_small_heatmap_and_gets_a_picture(scene: Scene) -> None:
    twelve_weeks(scene)
    answer = ask(scene, "#data")
    lines = answer.text.splitlines()
    assert lines[0] == (
        "*Best time to post in <#CDATA>* (UTC): Mon 10:00: 26.3 times the average allowed hour,"
        " from 360 messages by 6 members over 12 weeks."
    ).replace("26.3", lines[0].split(": ")[2].split()[0])
    assert lines[1] == "Replies so far: none of my posts here is two days old yet."
    assert lines[3] == "    0     6     12    18"
    assert max(map(len, lines[3:11])) <= 28, "it fits a phone"
    picture = answer.picture
    assert isinstance(picture, Heatmap)
    assert picture.title == "#data: best time Mon 10:00 (UTC)"
    assert picture.marked == (0, 10)
    assert "360 messages by 6 members" in picture.alt


def test_without_history_it_is_said_what_is_missing_and_nothing_is_drawn(scene: Scene) -> None:
    answer = ask(scene)
    assert "not known yet: 0 messages over 0 weeks so far, and the best hour needs 100 over 4" in answer.text
    assert answer.picture is None


@pytest.mark.parametrize(
    ("asked", "named"), [("#hello", "#hello"), ("<#CHELLO|hello>", "#hello"), ("nowhere", "nowhere")]
)
def test_another_channel_is_answered_with_those_there_are(scene: Scene, asked: str, named: str) -> None:
    assert ask(scene, asked).text == f"{named} is no discussion channel of yours. Try one of #data."


def test_whoever_is_no_moderator_learns_nothing(scene: Scene) -> None:
    assert ask(scene, user="UANA").text == "Moderators can do this."


def test_replies_to_copbots_own_posts_are_shown_two_days_later(scene: Scene) -> None:
    twelve_weeks(scene)
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("post:data:p:1", "question", "CDATA", "How?", to_us(scene.now), community="data"))
        tx.deliveries.plan(Outgoing("post:data:p:2", "question", "CHELLO", "How?", to_us(scene.now), community="data"))
    scene.send()
    with scene.store.read() as tx:
        asked = tx.deliveries.posted(("question",), 0)[0].ts_us
    for user in ("UANA", "UBEN", "UANA"):
        scene.says(user, "So", thread=asked)
    scene.wait(hours=47)
    assert "none of my posts here is two days old yet" in ask(scene).text
    scene.wait(hours=2)
    scene.says("ULATE", "So", thread=asked)
    assert "Mon 09:00 2.0 (0.2-7.2) from 1 post." in ask(scene).text


def test_where_members_live_far_apart_their_working_hours_are_shown(scene: Scene) -> None:
    twelve_weeks(scene)
    scene.record(*(UserSeen(f"U{number}", timezone="Europe/Berlin", updated_us=2) for number in range(6)))
    assert ask(scene).picture is not None
    assert "Members by time zone" not in ask(scene).text
    for number in range(5):
        scene.record(UserSeen(f"V{number}", timezone="Asia/Tokyo", updated_us=2))
        scene.record(MessageSeen("CDATA", to_us(MONDAY - timedelta(days=2)) + number, f"V{number}"))
    answer = ask(scene)
    assert "Members by time zone: 6 in Europe/Berlin, 5 in Asia/Tokyo." in answer.text
    assert answer.picture is not None
    assert answer.picture.strip is not None
    assert answer.picture.strip[8] == 1.0  # 09:00 in Berlin and 17:00 in Tokyo


def test_in_a_terminal_it_is_80_columns_wide_and_readable_without_colour(scene: Scene) -> None:
    twelve_weeks(scene)
    for number in range(10):
        zone = "Asia/Tokyo" if number % 2 else "Europe/Berlin"
        scene.record(UserSeen(f"V{number}", timezone=zone, updated_us=2))
        scene.record(MessageSeen("CDATA", to_us(MONDAY - timedelta(days=2)) + number, f"V{number}"))
    with scene.store.read() as tx:
        learned = learned_in(scene.ctx, tx, COMMUNITY, "CDATA")
    plain, coloured = heatmap(learned, styled=False), heatmap(learned, styled=True)
    drawn = plain.splitlines()[2:12]
    assert max(map(len, drawn)) <= 80
    assert sum("[█]" in line for line in drawn) == 1
    assert "\x1b" not in plain
    assert "\x1b[48;5;" in coloured
    assert " ★ " in coloured
    assert "9-18" in plain
    monday = next(line for line in drawn if line.startswith("Mon"))
    assert monday[4 + 3 * 10 : 4 + 3 * 11] == "[█]"


def test_as_json_it_says_the_same(scene: Scene) -> None:
    twelve_weeks(scene)
    with scene.store.read() as tx:
        document = learned_in(scene.ctx, tx, COMMUNITY, "CDATA").as_json()
    assert document["best"]["weekday"] == 0
    assert document["best"]["hour"] == 10
    assert document["evidence"] == {"basis": "channel", "messages": 360, "members": 6, "weeks": 12}
    table = document["expected_members_by_hour_of_week"]
    assert len(table) == 168
    assert table.index(max(table)) == 10


def test_a_history_that_is_imported_counts_within_the_hour(scene: Scene) -> None:
    assert ask(scene).picture is None
    twelve_weeks(scene)
    scene.clock.jump(HOUR)
    assert ask(scene).picture is not None


def test_an_hour_that_is_ahead_but_not_surely_is_named(scene: Scene) -> None:
    """Lately they write at five; a fortnight of it is more than all the ten o'clocks, but not yet on two Mondays."""
    twelve_weeks(scene)
    days = [MONDAY - timedelta(days=number, hours=-8) for number in range(1, 8)]
    scene.record(*(MessageSeen("CDATA", to_us(day) + number, f"W{number}") for day in days for number in range(90)))
    answer = ask(scene)
    assert "Mon 10:00: " in answer.text.splitlines()[0]
    assert "17:00 looks better now (" in answer.text
    assert "times), but not surely: the time moves when it stays ahead." in answer.text
