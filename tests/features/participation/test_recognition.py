"""Thanks in private: once each, for what was really done, never late, never to somebody who should not be written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Community, Participation
from copbot.core.facts import MembershipSeen, MembersListed, MessageGone, MessageSeen, UserSeen, WorkspaceJoined
from copbot.core.time import DAY_US, HOUR_US, to_us
from copbot.features.participation.recognition.service import next_due, plan_due


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    scene.joins("UANA", name="Ana <3")
    scene.joins("UBEN", name="Ben")
    passes(scene)
    yield scene
    scene.close()


def passes(scene: Scene) -> list[str]:
    """The passes of the pump at the next nine in the morning; what was said, by key."""
    day = scene.now.date() + timedelta(days=scene.now.time() >= time(9))
    scene.clock.tick((datetime.combine(day, time(9), UTC) - scene.now).total_seconds())
    for _ in range(2):  # the second changes nothing
        plan_due(scene.ctx, scene.now)
    return [delivery.outgoing.key for delivery in scene.send() if delivery.outgoing.kind == "recognition"]


def said(scene: Scene, key: str) -> str:
    delivery = scene.delivery(key)
    assert delivery is not None
    return delivery.outgoing.text


def answers(scene: Scene, user: str = "UBEN", author: str = "UANA", times: int = 1) -> int:
    """Somebody answers a question of somebody else's, so many times an hour apart; the last answer's ts."""
    ts_us = 0
    for number in range(times):
        scene.wait(hours=number > 0)
        ts_us = scene.says(user, "like this", thread=scene.says(author, "how?"))
    return ts_us


FIRST = "recognition:data:UBEN:answers:1"
TENTH = "recognition:data:UBEN:answers:10"
YEAR = "recognition:data:UBEN:year:1"


def test_a_first_answer_is_thanked_for_in_private_and_once(scene: Scene) -> None:
    answers(scene)
    assert passes(scene) == [FIRST]
    delivery = scene.delivery(FIRST)
    assert delivery is not None
    assert delivery.outgoing.target == "UBEN"
    assert delivery.outgoing.text == (
        "Thank you, Ben! You have just answered somebody in Data &lt;3 for the first time. That is what makes it one."
    )
    answers(scene)
    assert passes(scene) == []


def test_the_tenth_answer_is_thanked_for(scene: Scene) -> None:
    answers(scene)
    passes(scene)
    scene.wait(days=1)
    answers(scene, times=8)
    assert passes(scene) == []
    answers(scene)
    assert passes(scene) == [TENTH]
    assert "10 conversations" in said(scene, TENTH)


@pytest.mark.parametrize("how", ["to oneself", "in a burst", "in one thread", "by reactions", "to a bot"])
def test_it_cannot_be_farmed(scene: Scene, how: str) -> None:
    answers(scene)
    passes(scene)
    scene.wait(days=2)
    root = scene.says("UANA", "how?")
    scene.record(UserSeen("UBOT", is_bot=True, updated_us=to_us(scene.now)))
    for _ in range(20):
        match how:
            case "to oneself":
                scene.wait(minutes=20)
                scene.says("UBEN", "so", thread=scene.says("UBEN", "how?"))
            case "in a burst":
                scene.says("UBEN", "+1", thread=scene.says("UANA", "how?"))
            case "in one thread":
                scene.wait(minutes=20)
                scene.says("UBEN", "and", thread=root)
            case "to a bot":
                scene.wait(minutes=20)
                scene.says("UBEN", "and", thread=scene.says("UBOT", "how?"))
    assert passes(scene) == []


def test_an_import_of_years_thanks_nobody_and_counts(scene: Scene) -> None:
    long_ago = to_us(scene.now) - 400 * DAY_US
    facts = [WorkspaceJoined("UBEN", long_ago)]
    for number in range(9):
        at_us = long_ago + number * HOUR_US
        facts += [MessageSeen("CDATA", at_us, "UANA"), MessageSeen("CDATA", at_us + 60, "UBEN", thread_us=at_us)]  # type: ignore[list-item]
    yesterday = to_us(scene.now) - DAY_US
    facts += [MessageSeen("CDATA", yesterday, "UANA"), MessageSeen("CDATA", yesterday + 9, "UCY", thread_us=yesterday)]  # type: ignore[list-item]
    scene.record(*facts)
    assert passes(scene) == []
    answers(scene)
    assert passes(scene) == [TENTH]


def test_who_was_there_before_the_stored_history_is_told_of_no_first_answer(scene: Scene) -> None:
    scene.record(UserSeen("UOLD", name="Old hand", updated_us=1))
    answers(scene, user="UOLD")
    assert passes(scene) == []


def test_a_member_of_long_standing_who_joins_one_more_channel_is_no_beginner(scene: Scene) -> None:
    now_us = to_us(scene.now)
    scene.record(
        MembersListed("CDATA", ("UOLD", "UANA"), now_us), MembershipSeen("CMORE", "UOLD", True, now_us + HOUR_US)
    )
    scene.wait(hours=2)
    answers(scene, user="UOLD")
    assert passes(scene) == []


def test_a_channel_that_is_watched_only_now_makes_nobody_a_beginner(scene: Scene) -> None:
    channels = replace(COMMUNITY.channels, discussion=("#data", "#maps"))
    scene.communities = (replace(COMMUNITY, channels=channels),)
    scene.record(MessageSeen("CDATA", to_us(scene.now) - 200 * DAY_US, "UANA"), UserSeen("UOLD", updated_us=1))
    root = scene.says("UANA", "how?", "CMAPS")
    scene.says("UOLD", "like this", "CMAPS", root)
    assert passes(scene) == []


def test_an_answer_older_than_a_week_is_thanked_for_no_more(scene: Scene) -> None:
    answers(scene)
    scene.wait(days=8)
    assert passes(scene) == []


def test_an_outage_of_three_days_loses_no_thanks(scene: Scene) -> None:
    answers(scene)
    scene.wait(days=3)
    assert passes(scene) == [FIRST]


def in_los_angeles(scene: Scene) -> None:
    """Ben, for whom nine in the morning here is the middle of the night."""
    scene.record(UserSeen("UBEN", timezone="America/Los_Angeles", updated_us=to_us(scene.now)))


def test_an_answer_that_was_deleted_is_none_and_the_next_is_the_first(scene: Scene) -> None:
    in_los_angeles(scene)
    ts_us = answers(scene)
    assert passes(scene) == [], "it is night"
    scene.record(MessageGone("CDATA", ts_us))
    scene.wait(hours=10)
    assert passes(scene) == []
    answers(scene)
    assert passes(scene) == []
    scene.wait(hours=8)
    plan_due(scene.ctx, scene.now)
    assert scene.delivery(FIRST) is not None


def test_quiet_hours_and_the_budget_hold_and_it_is_known_when_they_end(scene: Scene) -> None:
    in_los_angeles(scene)
    answers(scene)
    assert passes(scene) == []
    due = next_due(scene.ctx, scene.now)
    assert due == scene.now + timedelta(hours=7)
    scene.wait(hours=7)
    plan_due(scene.ctx, scene.now)
    assert scene.delivery(FIRST) is not None


@pytest.mark.parametrize("change", ["deactivated", "partner", "bot"])
def test_nobody_is_thanked_who_has_left_or_belongs_elsewhere(scene: Scene, change: str) -> None:
    field = {"deactivated": "is_deleted", "partner": "is_external", "bot": "is_bot"}[change]
    answers(scene)
    scene.record(UserSeen("UBEN", updated_us=to_us(scene.now), **{field: True}))  # type: ignore[arg-type]
    assert passes(scene) == []


def with_participation(**settings: object) -> Community:
    return replace(COMMUNITY, participation=Participation(**settings))  # type: ignore[arg-type]


def test_one_word_in_the_file_switches_it_off_and_later_nothing_is_made_up_for(scene: Scene) -> None:
    in_los_angeles(scene)
    answers(scene)
    passes(scene)
    scene.communities = (with_participation(recognition="off"),)
    scene.wait(hours=8)
    assert passes(scene) == []
    assert next_due(scene.ctx, scene.now) is None
    scene.communities = (COMMUNITY,)
    scene.wait(hours=8)
    assert passes(scene) == []
    scene.wait(hours=8)
    assert passes(scene) == []


def test_a_budget_of_nothing_passes_it_over(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, attention=Attention(member_day=0)),)
    answers(scene)
    assert passes(scene) == []


def a_year_after_the_first_message(scene: Scene) -> None:
    scene.says("UBEN", "Hello")
    passes(scene)
    scene.wait(days=300)
    scene.says("UBEN", "still here")
    scene.wait(days=62, hours=20)
    passes(scene)  # the morning before


def test_a_year_in_is_remembered_on_the_day_and_at_a_good_hour(scene: Scene) -> None:
    a_year_after_the_first_message(scene)
    assert scene.delivery(YEAR) is None
    due = next_due(scene.ctx, scene.now)
    assert due is not None
    assert f"{due:%Y-%m-%d %H:%M}" == "2027-11-17 08:00"
    scene.clock.tick((due - scene.now).total_seconds())
    plan_due(scene.ctx, scene.now)
    assert [delivery.outgoing.key for delivery in scene.send()] == [YEAR]
    assert said(scene, YEAR).startswith("A year ago, Ben, you wrote your first message in Data &lt;3.")


def test_who_fell_silent_is_not_told_of_a_year(scene: Scene) -> None:
    scene.says("UBEN", "Hello")
    passes(scene)
    scene.wait(days=365)
    assert passes(scene) == []
    assert passes(scene) == []


def test_the_communitys_own_words_are_used_in_the_members_language_and_broken_ones_are_told(scene: Scene) -> None:
    scene.prompts = {
        "recognition.j2": "Bravo {{ member.name }}: {{ occasion }} {{ count }} in {{ community.name }}",
        "recognition.es.j2": "¡Bravo {{ nobody }}!",
    }
    answers(scene)
    assert passes(scene) == [FIRST]
    assert said(scene, FIRST) == "Bravo Ben: answers 1 in Data &lt;3"
    scene.joins("UEVA", name="Eva", locale="es-ES")
    answers(scene, user="UEVA")
    assert passes(scene) == ["recognition:data:UEVA:answers:1"]
    assert said(scene, "recognition:data:UEVA:answers:1").startswith("¡Gracias, Eva!")
    with scene.store.read() as tx:
        (told,) = tx.deliveries.latest("data", ("notice",), 9)
    assert "recognition.es.j2" in told.outgoing.text
