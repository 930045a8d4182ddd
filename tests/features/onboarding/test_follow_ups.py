"""What follows a welcome: each once, outside quiet hours, within the budget, and only while it is needed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import UserSeen
from copbot.core.interaction import Call
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.records import GivenAnswer
from copbot.core.time import Hours, to_us
from copbot.features.onboarding import FEATURE, moderators

PROMPTS = {"welcome.j2": "Hello!", "reminder.j2": "Still here, {{ member.name }}.", "month.j2": "A month!"}
FOLLOW_UPS = (
    FollowUp(timedelta(days=3), "open", prompt="reminder.j2"),
    FollowUp(timedelta(days=7), "silent", tell_moderators=True),
    FollowUp(timedelta(days=30), prompt="month.j2"),
)
ONBOARDING = Onboarding(welcome="welcome.j2", questions=(Question("goal", "Goal?"),), follow_ups=FOLLOW_UPS)
DATA = replace(COMMUNITY, onboarding=ONBOARDING)


def with_follow_ups(*follow_ups: FollowUp, **more: object) -> Community:
    return replace(DATA, onboarding=replace(ONBOARDING, follow_ups=follow_ups), **more)  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts=dict(PROMPTS))
    yield scene
    scene.close()


def welcome(scene: Scene, user: str = "U1", **described: object) -> None:
    scene.joins(user, **({"name": "Ada"} | described))
    with scene.store.begin() as tx:
        moderators.welcome_someone(scene.ctx, tx, Call("UMOD", "CMODS", "welcome", f"<@{user}>"))
    scene.send()


def answer(scene: Scene, user: str = "U1") -> None:
    with scene.store.begin() as tx:
        journey = tx.journeys.get("data", user)
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "Learn")], None, to_us(scene.now))


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def lived(scene: Scene, days: int) -> list[tuple[int, str, str]]:
    """(day, kind, text) of all that is said in so many days, looked at four times a day."""
    said = []
    for hour in range(0, days * 24, 6):
        said += [(hour // 24, d.outgoing.kind, d.outgoing.text) for d in tick(scene)]
        scene.wait(hours=6)
    return said


def test_who_stays_silent_is_reminded_told_of_and_asked_after_a_month(scene: Scene) -> None:
    welcome(scene)
    assert lived(scene, 60) == [
        (3, "onboarding", "Still here, Ada."),
        (
            7,
            "notice",
            "Joined 7 days ago, and have neither answered nor written: <@U1>. A short personal hello often helps.",
        ),
        (30, "onboarding", "A month!"),
    ]


def test_a_reminder_brings_the_button_and_thanks_for_answers_do_not(scene: Scene) -> None:
    welcome(scene)
    scene.wait(days=3)
    (reminder,) = tick(scene)
    assert (reminder.outgoing.key, reminder.outgoing.target) == ("follow_up:data:U1:reminder.j2", "U1")
    assert reminder.outgoing.blocks[-1]["elements"][0]["text"]["text"] == "Answer 1 question"
    answer(scene)
    scene.wait(days=27)
    (month,) = tick(scene)
    assert [block["type"] for block in month.outgoing.blocks] == ["section"]


def test_who_answered_and_wrote_is_only_asked_after_a_month(scene: Scene) -> None:
    welcome(scene)
    answer(scene)
    scene.says("U1", "Hello all.")
    assert [(day, kind) for day, kind, _ in lived(scene, 40)] == [(30, "onboarding")]


def test_a_step_is_decided_once_when_it_is_due(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FollowUp(timedelta(days=3), "answered", prompt="reminder.j2")),)
    welcome(scene)
    scene.wait(days=3)
    assert tick(scene) == []
    scene.wait(hours=1)
    answer(scene)
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None


def test_it_is_not_sent_early_and_not_twice(scene: Scene) -> None:
    welcome(scene)
    scene.wait(days=3, microseconds=-2)
    assert tick(scene) == []
    scene.wait(seconds=1)
    assert len(tick(scene)) == 1
    assert tick(scene) == []


def test_prompts_wait_for_the_morning_where_the_member_lives(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0]),)
    welcome(scene, timezone="America/Los_Angeles")  # 09:00 UTC is 01:00 there
    scene.wait(days=3)
    assert tick(scene) == []
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert due.isoformat() == "2026-11-19T16:00:00+00:00"
    scene.clock.jump(due - scene.now)
    assert len(tick(scene)) == 1


def test_word_to_the_moderators_does_not_wait_for_the_morning(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[1]),)
    scene.wait(hours=13)
    welcome(scene)
    scene.wait(days=7)
    assert [d.outgoing.kind for d in tick(scene)] == ["notice"]


def test_several_silent_newcomers_are_told_of_in_one_message(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[1]),)
    for user in ("U1", "U2", "U3"):
        welcome(scene, user)
    scene.says("U2", "Hello all.")
    scene.wait(days=7)
    (notice,) = tick(scene)
    assert notice.outgoing.target == "CMODS"
    assert "<@U1>, <@U3>" in notice.outgoing.text
    assert "U2" not in notice.outgoing.text
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None


def test_a_budget_that_is_used_up_holds_a_prompt_back_until_it_is_free(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0], attention=Attention(member_day=1, member_week=3, quiet=None)),)
    welcome(scene)
    scene.wait(days=2, hours=20)
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("other", "onboarding", "U1", "Hi", to_us(scene.now)))
    scene.send()
    scene.wait(hours=5)
    assert tick(scene) == []
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert timedelta(0) < due - scene.now <= timedelta(minutes=1)
    scene.wait(hours=19)
    assert [d.outgoing.kind for d in tick(scene)] == ["onboarding"]


def test_the_welcome_and_answers_to_a_press_do_not_use_up_the_budget(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FollowUp(timedelta(hours=1), prompt="reminder.j2")),)
    welcome(scene)
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("thanks", "answer", "U1", "Thanks", to_us(scene.now)))
    scene.wait(hours=1)
    assert sorted(d.outgoing.kind for d in tick(scene)) == ["answer", "onboarding"]


@pytest.mark.parametrize(("days_late", "sent"), [(7, 1), (8, 0)])
def test_a_step_more_than_a_week_late_is_dropped(scene: Scene, days_late: int, sent: int) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0]),)
    welcome(scene)
    scene.clock.jump(timedelta(days=3 + days_late, microseconds=-10))
    assert len(tick(scene)) == sent


@pytest.mark.parametrize("described", [{"is_deleted": True}, {"is_bot": True}, {"is_external": True}])
def test_nobody_who_has_gone_is_written_to_or_told_of(scene: Scene, described: dict[str, bool]) -> None:
    welcome(scene)
    scene.wait(hours=1)
    scene.record(UserSeen("U1", updated_us=to_us(scene.now), **described))  # type: ignore[arg-type]
    assert lived(scene, 40) == []


def test_a_prompt_that_cannot_be_rendered_is_told_once_and_the_others_go_out(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0], FollowUp(timedelta(days=3), prompt="month.j2")),)
    scene.prompts = PROMPTS | {"reminder.j2": "{{ nobody.knows }}"}
    welcome(scene)
    scene.wait(days=3)
    assert sorted(d.outgoing.kind for d in tick(scene)) == ["notice", "onboarding"]
    scene.wait(hours=1)
    assert tick(scene) == []


def test_a_step_put_in_front_does_not_repeat_those_behind_it(scene: Scene) -> None:
    welcome(scene)
    scene.wait(days=3)
    assert len(tick(scene)) == 1
    scene.communities = (with_follow_ups(FollowUp(timedelta(days=1), prompt="month.j2"), *FOLLOW_UPS[:2]),)
    scene.wait(days=1)
    assert [d.outgoing.text for d in tick(scene)] == ["A month!"]
    assert tick(scene) == []


def test_without_follow_ups_nothing_is_ever_due(scene: Scene) -> None:
    scene.communities = (with_follow_ups(),)
    welcome(scene)
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    assert tick(scene) == []


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([None, "open", "silent", "posted", "answered"]), st.booleans()),
        max_size=5,
    ),
    st.lists(st.sampled_from(["answer", "write", "wait", "wait", "wait"]), max_size=12),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_never_beyond_the_budget_never_in_the_quiet_hours_never_twice(
    tmp_path_factory: pytest.TempPathFactory,
    raw: list[tuple[int, str | None, bool]],
    events: list[str],
    start: int,
    end: int,
) -> None:
    follow_ups = tuple(
        FollowUp(timedelta(days=days), condition, None if tell else "month.j2", tell)  # type: ignore[arg-type]
        for days, condition, tell in raw
    )
    quiet = Hours(time(start), time(end))
    scene = Scene(
        tmp_path_factory.mktemp("law"),
        with_follow_ups(*follow_ups, attention=Attention(1, 3, 2, quiet)),
        prompts=PROMPTS,
    )
    welcome(scene)
    said = []
    for event in events:
        if event == "answer":
            answer(scene)
        elif event == "write":
            scene.says("U1", "Hello all.")
        else:
            scene.wait(hours=31)
        due = FEATURE.next_due(scene.ctx, scene.now)
        planned = tick(scene)
        assert not planned or (due is not None and due <= scene.now)
        said += [(scene.now, delivery.outgoing) for delivery in planned]
        assert tick(scene) == []
    prompts = [at for at, outgoing in said if outgoing.kind == "onboarding"]
    assert all(at.time().replace(microsecond=0) not in quiet for at in prompts)
    for at in prompts:
        assert sum(timedelta(0) <= at - other < timedelta(days=1) for other in prompts) <= 1
        assert sum(timedelta(0) <= at - other < timedelta(days=7) for other in prompts) <= 3
    keys = [outgoing.key for _, outgoing in said]
    assert len(keys) == len(set(keys))
    scene.close()
