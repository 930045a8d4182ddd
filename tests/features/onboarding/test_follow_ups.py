"""What follows a welcome: each once, outside quiet hours, within the budget, and only while it is needed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene
from sqlalchemy.event import listens_for

from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import UserSeen
from copbot.core.interaction import Call, Press
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.records import GivenAnswer
from copbot.core.time import Hours, to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.newcomer import moderators

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


@pytest.fixture
def count_queries(scene: Scene) -> Counter[str]:
    """How many statements the store was asked, under ``all``."""
    counted: Counter[str] = Counter()

    @listens_for(scene.engine, "before_cursor_execute")
    def _count(*_: object) -> None:
        counted["all"] += 1

    return counted


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
    """(day, kind, text) of all that is said in so many days, looked at twice a day."""
    said = []
    for hour in range(0, days * 24, 12):
        said += [(hour // 24, d.outgoing.kind, d.outgoing.text) for d in tick(scene)]
        scene.wait(hours=12)
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
        tx.deliveries.plan(Outgoing("other", "onboarding", "U1", "Hi", to_us(scene.now), community="data"))
    scene.send()
    scene.wait(hours=5)
    assert tick(scene) == []
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert due.isoformat() == "2026-11-20T09:00:00+00:00"  # free from 05:00 on, and at the hour at which they came
    scene.clock.jump(due - scene.now)
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
    assert [d.outgoing.kind for d in tick(scene)] == ["notice"]
    assert FEATURE.next_due(scene.ctx, scene.now) == scene.now
    assert [d.outgoing.kind for d in tick(scene)] == ["onboarding"]
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


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([None, "open", "silent", "posted", "answered"]), st.booleans()),
        max_size=5,
    ),
    st.lists(st.sampled_from(["answer", "write", "decline", "leave", "restart", "wait", "wait", "wait"]), max_size=12),
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
    said, over = [], False
    for event in events:
        if event == "answer":
            answer(scene)
        elif event == "write":
            scene.says("U1", "Hello all.")
        elif event == "decline":
            with scene.store.begin() as tx:
                FEATURE.actions["onboarding:decline"](scene.ctx, tx, Press("U1", "onboarding:decline", "data", "t1"))
            scene.send()
        elif event == "leave":
            scene.record(UserSeen("U1", updated_us=to_us(scene.now), is_deleted=True))
        elif event == "restart":
            scene.ctx = replace(scene.ctx, store=SqlStore(scene.engine, 1))
        else:
            scene.wait(hours=31)
        over = over or event in ("decline", "leave")
        due = FEATURE.next_due(scene.ctx, scene.now)
        planned = tick(scene)
        assert not planned or (due is not None and due <= scene.now)
        said += [(scene.now, delivery.outgoing) for delivery in planned]
        assert not (over and planned)
        assert tick(scene) == []
    prompts = [at for at, outgoing in said if outgoing.kind == "onboarding"]
    assert all(at.time().replace(microsecond=0) not in quiet for at in prompts)
    for at in prompts:
        assert sum(timedelta(0) <= at - other < timedelta(days=1) for other in prompts) <= 1
        assert sum(timedelta(0) <= at - other < timedelta(days=7) for other in prompts) <= 3
    keys = [outgoing.key for _, outgoing in said]
    assert len(keys) == len(set(keys))
    scene.close()


# --- on their own days and hours ----------------------------------------------------------------------------------


def test_a_follow_up_comes_on_a_weekday_at_the_hour_at_which_they_came(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FollowUp(timedelta(days=5), prompt="month.j2")),)
    scene.wait(hours=5)
    welcome(scene)  # Monday, 14:00; five days later it is Saturday
    scene.wait(days=5)
    assert tick(scene) == []
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert f"{due:%a %H:%M}" == "Mon 14:00"
    scene.clock.jump(due - scene.now)
    assert len(tick(scene)) == 1


def test_what_is_meant_soon_comes_soon_on_any_day(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FollowUp(timedelta(hours=2), prompt="month.j2")),)
    scene.wait(days=5, hours=1)
    welcome(scene)  # Saturday, 10:00
    scene.wait(hours=2)
    assert len(tick(scene)) == 1


def test_what_they_do_while_a_follow_up_waits_for_their_hour_decides_which_one_it_is(scene: Scene) -> None:
    to_open, to_answered = (
        FollowUp(timedelta(days=5), "open", "reminder.j2"),
        FollowUp(timedelta(days=5), "answered", "step.j2"),
    )
    scene.prompts = PROMPTS | {"step.j2": "A small step."}
    scene.communities = (with_follow_ups(to_open, to_answered),)
    welcome(scene)
    scene.wait(days=5, hours=1)  # Saturday
    assert tick(scene) == []
    answer(scene)
    scene.wait(days=2)
    assert [d.outgoing.text for d in tick(scene)] == ["A small step."]
    reminder = scene.delivery("follow_up:data:U1:reminder.j2")
    assert reminder is not None
    assert (reminder.state, reminder.reason) == ("skipped", "not needed any more")


def test_a_zone_that_changes_meanwhile_is_found_within_minutes(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0]),)
    welcome(scene, timezone="Asia/Bangkok")  # 16:00 there
    scene.wait(days=3, hours=5)
    assert tick(scene) == []
    scene.record(UserSeen("U1", updated_us=to_us(scene.now), timezone="America/New_York"))
    scene.wait(minutes=11)  # there it is morning now, and they came at night: the morning is their time
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert due <= scene.now
    assert len(tick(scene)) == 1


# --- branches -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("did", "said"),
    [
        pytest.param([], ["A second door."], id="nothing: a second door"),
        pytest.param(["answer"], ["A small step."], id="only answered: a small step"),
        pytest.param(["write"], [], id="wrote: silence"),
        pytest.param(["answer", "write"], [], id="both: silence"),
    ],
)
def test_each_newcomer_hears_what_fits_what_they_did(scene: Scene, did: list[str], said: list[str]) -> None:
    scene.prompts = PROMPTS | {"door.j2": "A second door.", "step.j2": "A small step."}
    days = timedelta(days=3)
    scene.communities = (with_follow_ups(FollowUp(days, "open", "door.j2"), FollowUp(days, "answered", "step.j2")),)
    welcome(scene)
    for one in did:
        if one == "answer":
            answer(scene)
        else:
            scene.says("U1", "Hello all.")
    assert [text for _, kind, text in lived(scene, 12) if kind == "onboarding"] == said


def test_a_reminder_has_a_way_out_beside_the_way_in(scene: Scene) -> None:
    welcome(scene)
    scene.wait(days=3)
    (reminder,) = tick(scene)
    buttons = reminder.outgoing.blocks[-1]["elements"]
    assert [(b["text"]["text"], b["action_id"], b["value"]) for b in buttons] == [
        ("Answer 1 question", "onboarding:open", "data"),
        ("No, thanks", "onboarding:decline", "data"),
    ]
    with scene.store.begin() as tx:
        FEATURE.actions["onboarding:decline"](scene.ctx, tx, Press("U1", "onboarding:decline", "data", "t1"))
    assert [kind for _, kind, _ in lived(scene, 60) if kind != "answer"] == []


def test_a_prompt_sees_where_people_meet(scene: Scene) -> None:
    scene.prompts = PROMPTS | {"step.j2": "Come to {{ channel }}."}
    scene.communities = (with_follow_ups(FollowUp(timedelta(days=3), prompt="step.j2")),)
    welcome(scene)
    scene.wait(days=3)
    assert [d.outgoing.text for d in tick(scene)] == ["Come to <#CDATA>."]


# --- many at once -------------------------------------------------------------------------------------------------


def test_many_silent_newcomers_fit_one_message(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[1]),)
    for number in range(25):
        welcome(scene, f"U{number}")
    scene.wait(days=7)
    (notice,) = tick(scene)
    assert "<@U19> and 5 more (`/cop newcomers` shows them)" in notice.outgoing.text
    assert "<@U20>" not in notice.outgoing.text
    assert tick(scene) == []


def test_newcomers_of_the_next_minutes_are_told_of_together(scene: Scene) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[1]),)
    for user in ("U1", "U2", "U3"):
        welcome(scene, user)
        scene.wait(minutes=2)
    scene.wait(days=7, minutes=-6)
    said = []
    for _ in range(30):
        said += [d.outgoing.text.count("<@") for d in tick(scene)]
        scene.wait(minutes=1)
    assert said == [1, 2]


def test_a_thousand_who_wait_for_the_morning_cost_little_each_second(scene: Scene, count_queries: Counter[str]) -> None:
    scene.communities = (with_follow_ups(FOLLOW_UPS[0]),)
    at_us = to_us(scene.now)
    with scene.store.begin() as tx:
        for number in range(200):
            tx.journeys.start("data", f"U{number}", at_us)
    scene.clock.jump(timedelta(days=3, hours=14))  # 23:00, in the quiet hours
    FEATURE.plan_due(scene.ctx, scene.now)
    FEATURE.next_due(scene.ctx, scene.now)
    count_queries.clear()
    for _ in range(10):
        scene.wait(seconds=1)
        FEATURE.plan_due(scene.ctx, scene.now)
        FEATURE.next_due(scene.ctx, scene.now)
    assert count_queries["all"] <= 10 * 20
    scene.clock.jump(timedelta(hours=10))
    FEATURE.plan_due(scene.ctx, scene.now)
    assert len(scene.send()) == 200


# --- a file that changes meanwhile --------------------------------------------------------------------------------


def test_a_template_of_another_name_is_not_sent_to_those_who_had_its_forerunner(scene: Scene) -> None:
    scene.prompts = {**PROMPTS, "kinder.j2": "No hurry!", "later.j2": "A fortnight!"}
    welcome(scene, "U1")
    scene.wait(days=2)
    welcome(scene, "U2")
    scene.wait(days=1)
    assert [d.outgoing.target for d in tick(scene)] == ["U1"]
    kinder = FollowUp(timedelta(days=3), "open", prompt="kinder.j2")
    scene.communities = (with_follow_ups(kinder, FollowUp(timedelta(days=14), prompt="later.j2")),)
    said = lived(scene, 20)
    assert sorted(text for _, _, text in said) == ["A fortnight!", "A fortnight!", "No hurry!"]
