"""The rhythm, told as what happens in a community on a real store."""

# ruff: noqa: DTZ001 - local wall time is naive

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Channels, Community, Roles
from copbot.core.delivery import Delivery
from copbot.core.errors import SlackUnavailable
from copbot.core.facts import MessageSeen
from copbot.core.interaction import Call
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Post
from copbot.core.time import from_us, to_us
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.posting import POST_KINDS
from copbot.features.rhythm.timetable import coming_posts

DAILY = Post("daily", "#data", EveryWhen("day", time(10)), text="Good morning from {{ community.name }}")
ASKING = Post(
    "weekly", "#data", EveryWhen("day", time(10)), prompts=("ask.j2",), questions=("First <?", "Second?", "Third?")
)
PROMPTS = {"ask.j2": "*{{ question }}*", "broken.j2": "Hello\n{{ nobody }}"}


def community(*posts: Post, **more: object) -> Community:
    return replace(COMMUNITY, posts=posts, **more)  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, community(DAILY), prompts=PROMPTS)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    """One step; what was sent."""
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def at(scene: Scene, moment: datetime) -> list[Delivery]:
    scene.clock.jump(moment - scene.now)
    return tick(scene)


def texts(sent: list[Delivery]) -> list[str]:
    return [delivery.outgoing.text for delivery in sent]


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


# --- whatever becomes of its file ---------------------------------------------------------------------------------


ONE_MOMENT = {
    "daily": EveryWhen("day", time(10)),
    "weekly": EveryWhen("week", time(10), on=(0,)),
    "cron": CronWhen("0 10 * * 1"),
    "date": DateWhen(datetime(2026, 11, 16, 10)),
    "best": EveryWhen("week", "best", on=(0,), otherwise_day=0, otherwise_time=time(10)),
    "monthly": EveryWhen("month", "best", otherwise_day=0, otherwise_time=time(10), day_of_month=16),
}


@pytest.mark.parametrize("before", ONE_MOMENT)
@pytest.mark.parametrize("after", ONE_MOMENT)
def test_a_post_whose_when_is_written_another_way_is_not_said_again(scene: Scene, before: str, after: str) -> None:
    scene.communities = (community(replace(DAILY, when=ONE_MOMENT[before])),)
    assert len(at(scene, moment(16, 10))) == 1
    scene.communities = (community(replace(DAILY, when=ONE_MOMENT[after])),)
    assert at(scene, moment(16, 10, 20)) == []
    assert at(scene, moment(16, 11)) == []


def test_a_post_that_is_moved_to_a_later_hour_of_the_day_by_its_cron_line_goes_out_then_too(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, when=CronWhen("0 10 * * *"))),)
    at(scene, moment(16, 10))
    scene.communities = (community(replace(DAILY, when=CronWhen("0 14 * * *"))),)
    assert at(scene, moment(16, 11)) == []
    assert len(at(scene, moment(16, 14))) == 1


# --- once, at its time --------------------------------------------------------------------------------------------


def test_a_post_goes_out_at_its_time_and_not_before(scene: Scene) -> None:
    assert FEATURE.next_due(scene.ctx, scene.now) == moment(16, 10)
    assert at(scene, moment(16, 10) - timedelta(microseconds=1)) == []
    (sent,) = at(scene, moment(16, 10))
    assert (sent.outgoing.key, sent.outgoing.kind, sent.outgoing.target) == (
        "post:data:daily:2026-11-16",
        "post",
        "CDATA",
    )
    assert sent.outgoing.text == "Good morning from Data &lt;3"
    assert sent.outgoing.expires_us == to_us(moment(16, 12))


def test_a_second_step_says_nothing_more_today_and_the_next_day_it_comes_again(scene: Scene) -> None:
    assert len(at(scene, moment(16, 10))) == 1
    assert tick(scene) == []
    assert at(scene, moment(16, 11)) == []
    assert [d.outgoing.key for d in at(scene, moment(17, 10))] == ["post:data:daily:2026-11-17"]


def test_a_later_time_on_the_same_day_does_not_post_again(scene: Scene) -> None:
    at(scene, moment(16, 10))
    scene.communities = (community(replace(DAILY, when=EveryWhen("day", time(15)))),)
    assert at(scene, moment(16, 15)) == []


@settings(max_examples=15)
@given(steps=st.lists(st.integers(1, 36 * 60), min_size=1, max_size=25))
def test_law_each_occasion_once_never_early_however_time_passes(
    steps: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    posts = (
        DAILY,
        replace(DAILY, id="cron", when=CronWhen("30 */6 * * *")),
        replace(ASKING, when=EveryWhen("weekday", time(16))),
    )
    scene = Scene(
        tmp_path_factory.mktemp("law"), community(*posts, attention=Attention(channel_day=99)), prompts=PROMPTS
    )
    seen: set[str] = set()
    try:
        for minutes in steps:
            scene.wait(minutes=minutes)
            for delivery in tick(scene):
                assert delivery.outgoing.key not in seen
                seen.add(delivery.outgoing.key)
                if delivery.outgoing.kind in POST_KINDS:
                    day = delivery.outgoing.key.rsplit(":", 1)[1] if "cron" not in delivery.outgoing.key else None
                    assert delivery.outgoing.due_us <= to_us(scene.now) <= delivery.outgoing.expires_us + 10**6
                    assert day is None or day == f"{from_us(delivery.outgoing.due_us):%Y-%m-%d}"
            assert tick(scene) == []
    finally:
        scene.close()


# --- late ---------------------------------------------------------------------------------------------------------


def test_within_its_lateness_a_post_still_goes_out(scene: Scene) -> None:
    assert texts(at(scene, moment(16, 12))) == ["Good morning from Data &lt;3"]


def test_beyond_its_lateness_a_post_is_skipped_and_the_moderators_are_told_once(scene: Scene) -> None:
    at(scene, moment(16, 10))
    (told,) = at(scene, moment(17, 12, 1))
    assert (told.outgoing.kind, told.outgoing.target) == ("notice", "CMODS")
    assert told.outgoing.text == (
        ":hourglass: I skipped *daily* in #data: it was due Tue 17 Nov 10:00, and I came more than 2 hours too late."
    )
    skipped = scene.delivery("post:data:daily:2026-11-17")
    assert skipped is not None
    assert (skipped.state, skipped.reason) == ("skipped", "too late")
    assert at(scene, moment(17, 13)) == []
    assert len(at(scene, moment(18, 10))) == 1


def test_what_was_due_before_the_bot_knew_the_schedule_is_no_news(scene: Scene) -> None:
    assert at(scene, moment(16, 15)) == []
    assert texts(at(scene, moment(17, 13))) != []  # but a day later people relied on it


def test_after_three_days_there_is_one_late_post_and_one_word_about_the_others(scene: Scene) -> None:
    at(scene, moment(16, 10))
    sent = at(scene, moment(20, 11))
    assert sorted(texts(sent)) == [
        ":hourglass: *daily* in #data was missed 3 times while I was away. It goes on from here.",
        "Good morning from Data &lt;3",
    ]


def test_a_date_that_passed_is_told_even_if_the_bot_never_ran_before(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, id="call", when=DateWhen(datetime(2026, 11, 16, 5)))),)
    (told,) = tick(scene)
    assert "I skipped *call*" in told.outgoing.text
    assert tick(scene) == []


# --- questions ----------------------------------------------------------------------------------------------------


def test_each_question_is_asked_once_before_any_repeats(scene: Scene) -> None:
    scene.communities = (community(ASKING),)
    sent = [at(scene, moment(day, 10))[0] for day in (16, 17, 18, 19)]
    assert texts(sent) == ["*First &lt;?*", "*Second?*", "*Third?*", "*First &lt;?*"]
    assert {delivery.outgoing.kind for delivery in sent} == {"question"}


def test_a_question_moved_in_the_file_is_not_asked_again(scene: Scene) -> None:
    scene.communities = (community(ASKING),)
    at(scene, moment(16, 10))
    scene.communities = (community(replace(ASKING, questions=("Third?", "First  <?", "Second?"))),)
    assert texts(at(scene, moment(17, 10))) == ["*Third?*"]


def test_a_skipped_occasion_uses_no_question_up(scene: Scene) -> None:
    scene.communities = (community(ASKING),)
    at(scene, moment(16, 15))
    assert texts(at(scene, moment(17, 10))) == ["*First &lt;?*"]


def test_questions_without_a_prompt_are_posted_as_they_are(scene: Scene) -> None:
    scene.communities = (community(replace(ASKING, prompts=())),)
    assert texts(at(scene, moment(16, 10))) == ["First &lt;?"]


# --- what goes wrong ----------------------------------------------------------------------------------------------


def test_a_prompt_that_fails_is_skipped_and_told_and_the_others_go_out(scene: Scene) -> None:
    broken = replace(ASKING, id="broken", prompts=("broken.j2",))
    scene.communities = (community(broken, DAILY),)
    sent = at(scene, moment(16, 10))
    assert sorted(texts(sent)) == [
        ":warning: I could not write *broken* and skipped it: prompts/broken.j2:2: 'nobody' is undefined:"
        " this prompt sees channel, community, occurrence, post, question",
        "Good morning from Data &lt;3",
    ]
    assert tick(scene) == []
    with scene.store.read() as tx:
        assert tx.questions.used("data", "broken") == {}


def test_an_unknown_channel_is_told_once_and_the_post_goes_out_when_it_is_there_in_time(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, channel="#later", source="schedules/posts.yaml:3")),)
    (told,) = at(scene, moment(16, 10))
    assert told.outgoing.text.startswith(
        ":warning: I cannot find #later, where *daily* belongs (schedules/posts.yaml:3)."
    )
    assert at(scene, moment(16, 11)) == []
    scene.directory.channels["later"] = "CLATER"
    assert [d.outgoing.target for d in at(scene, moment(16, 11, 30))] == ["CLATER"]


def test_without_a_moderators_channel_each_coordinator_is_told(scene: Scene) -> None:
    alone = community(
        replace(DAILY, channel="#later"),
        channels=Channels(("#data",), "#gone"),
        roles=Roles(("jess@example.org", "U2")),
    )
    scene.communities = (alone,)
    assert [d.outgoing.target for d in at(scene, moment(16, 10))] == ["U2", "UJESS"]
    assert tick(scene) == []


def test_while_slack_cannot_be_asked_one_post_waits_and_the_others_go_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.communities = (community(replace(DAILY, id="lost", channel="#away"), DAILY),)
    known = scene.directory.channel

    def channel(reference: str) -> str | None:
        if reference == "#away":
            raise SlackUnavailable("timeout")
        return known(reference)

    monkeypatch.setattr(scene.directory, "channel", channel)
    assert [d.outgoing.key for d in at(scene, moment(16, 10))] == ["post:data:daily:2026-11-16"]


# --- attention ----------------------------------------------------------------------------------------------------


def test_more_posts_than_a_channel_bears_in_a_day_are_held_back_and_told(scene: Scene) -> None:
    scene.communities = (community(*(replace(DAILY, id=f"p{n}") for n in range(3))),)
    sent = at(scene, moment(16, 10))
    assert [d.outgoing.key for d in sent if d.outgoing.kind == "post"] == [
        "post:data:p0:2026-11-16",
        "post:data:p1:2026-11-16",
    ]
    (told,) = [d.outgoing.text for d in sent if d.outgoing.kind == "notice"]
    assert told.startswith(":hand: I held back *p2* in #data, due Mon 16 Nov 10:00: 2 posts a day")
    assert tick(scene) == []
    assert len([d for d in at(scene, moment(17, 10)) if d.outgoing.kind == "post"]) == 2


def test_a_channel_that_is_no_discussion_channel_has_no_budget(scene: Scene) -> None:
    scene.communities = (community(*(replace(DAILY, id=f"p{n}", channel="#maps") for n in range(3))),)
    assert len(at(scene, moment(16, 10))) == 3


def test_a_paused_post_is_silent_also_about_what_it_missed(scene: Scene) -> None:
    at(scene, moment(16, 10))
    scene.communities = (community(replace(DAILY, paused=True)),)
    assert at(scene, moment(17, 10)) == []
    assert at(scene, moment(17, 15)) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    scene.communities = (community(DAILY),)
    assert texts(at(scene, moment(18, 10))) == ["Good morning from Data &lt;3"]


# --- the best hour ------------------------------------------------------------------------------------------------

WEEKLY = Post(
    "best", "#data", EveryWhen("week", "best", on=(1, 2, 3), otherwise_day=2, otherwise_time=time(11)), text="Best"
)


def with_history(scene: Scene, hour: int = 14, weeks: int = 8) -> None:
    end = moment(16, 0)
    scene.record(
        *(
            MessageSeen("CDATA", to_us(end - timedelta(days=day) + timedelta(hours=hour, minutes=member)), f"U{member}")
            for day in range(1, weeks * 7 + 1)
            for member in range(3)
        )
    )


def test_best_is_learned_and_said_with_its_evidence(scene: Scene) -> None:
    scene.communities = (community(WEEKLY),)
    with_history(scene)
    (coming,) = coming_posts(scene.communities, scene.now, 1, scene.ctx)
    assert f"{coming.at:%a %H:%M}" == "Tue 14:00"
    assert coming.why.startswith("Tue 14:00: ")
    assert coming.why.endswith("times the average allowed hour, from 168 messages by 3 members over 8 weeks")
    assert FEATURE.next_due(scene.ctx, scene.now) == moment(17, 14)
    assert at(scene, moment(17, 13, 59)) == []
    assert [d.outgoing.key for d in at(scene, moment(17, 14))] == ["post:data:best:2026-11-16"]
    assert at(scene, moment(18, 11)) == []


def test_the_slot_does_not_move_while_its_week_goes_on(scene: Scene) -> None:
    scene.communities = (community(WEEKLY),)
    with_history(scene)
    for hour in range(9, 12):
        for member in range(60):
            scene.record(MessageSeen("CDATA", to_us(moment(16, hour, member % 60)) + member, f"V{member}"))
    scene.clock.jump(moment(17, 9) - scene.now)
    (coming,) = coming_posts(scene.communities, scene.now, 1, scene.ctx)
    assert coming.at == moment(17, 14)


def test_otherwise_holds_without_history_and_without_a_store(scene: Scene) -> None:
    scene.communities = (community(WEEKLY),)
    for ctx in (scene.ctx, None):
        (coming,) = coming_posts(scene.communities, scene.now, 1, ctx)
        assert (f"{coming.at:%a %H:%M}", coming.why) == (
            "Wed 11:00",
            "as `otherwise` says: 0 messages over 0 weeks so far, and the best hour needs 100 over 4",
        )


ACTIVE = replace(WEEKLY, id="active", when=EveryWhen("day", "active", otherwise_time=time(12)))


def test_active_goes_out_at_the_first_sign_of_life_in_its_window(scene: Scene) -> None:
    scene.communities = (community(ACTIVE),)
    assert FEATURE.next_due(scene.ctx, moment(16, 7)) == moment(16, 8)
    assert at(scene, moment(16, 9)) == []
    assert FEATURE.next_due(scene.ctx, scene.now) == moment(16, 16)
    scene.clock.jump(timedelta(minutes=20))
    scene.says("U1", "Anybody here?")
    assert [d.outgoing.key for d in tick(scene)] == ["post:data:active:2026-11-16"]
    assert tick(scene) == []


def test_active_goes_out_at_the_end_of_its_window_in_silence(scene: Scene) -> None:
    scene.communities = (community(ACTIVE),)
    assert at(scene, moment(16, 15, 59)) == []
    assert len(at(scene, moment(16, 16))) == 1


# --- the timetable and the commands -------------------------------------------------------------------------------


def test_the_timetable_is_in_order_and_leaves_out_what_is_paused(scene: Scene) -> None:
    posts = (
        DAILY,
        replace(DAILY, id="cron", when=CronWhen("0 9 17 * *")),
        replace(DAILY, id="off", paused=True),
        ACTIVE,
    )
    rows = coming_posts((community(*posts),), scene.now, 4)
    assert [str(row) for row in rows] == [
        "Mon 16 Nov 2026 10:00  daily in #data: as the schedule says",
        "Mon 16 Nov 2026 08:00-16:00  active in #data: at the first sign of life from 08:00 on; as `otherwise` says:"
        " 0 messages over 0 weeks so far, and the best hour needs 100 over 4",
        "Tue 17 Nov 2026 09:00  cron in #data: by its cron line 0 9 17 * *",
        "Tue 17 Nov 2026 10:00  daily in #data: as the schedule says",
    ]
    assert rows[0].as_json() == {
        "community": "data",
        "post": "daily",
        "channel": "#data",
        "opens": "2026-11-16T10:00:00+00:00",
        "at": "2026-11-16T10:00:00+00:00",
        "why": "as the schedule says",
        "source": "",
    }


def answer(scene: Scene, name: str, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> str:
    command = next(command for command in FEATURE.commands if command.name == name)
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, name, argument)).text


def test_moderators_see_the_schedule(scene: Scene) -> None:
    text = answer(scene, "schedule")
    assert text.splitlines()[:3] == [
        "What comes next:",
        "• *Mon 16 Nov 2026 10:00*  daily in #data",
        "   _as the schedule says_",
    ]
    scene.communities = (community(),)
    assert answer(scene, "schedule").startswith("Nothing is scheduled.")


def test_a_post_with_an_end_does_not_come_after_it(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, until_date=date(2026, 11, 16))),)
    at(scene, moment(16, 10))
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    assert at(scene, moment(17, 10)) == []
