"""What moderators do to a post at once: pause, resume, post now, and see it all in the schedule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Channels, Community, Roles
from copbot.core.interaction import Answer, Call, Press
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Milestone, Post, Spacing
from copbot.core.time import to_us
from copbot.features.rhythm import FEATURE

DAILY = Post("daily", "#data", EveryWhen("day", time(10)), text="Good morning", source="schedules/posts.yaml:3")
ASKING = Post("weekly-question", "#data", EveryWhen("week", time(15)), questions=("First?", "Second?"))


def community(*posts: Post, **more: object) -> Community:
    return replace(COMMUNITY, posts=posts, **more)  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, community(DAILY, ASKING))
    yield scene
    scene.close()


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def at(scene: Scene, moment: datetime) -> list[str]:
    scene.clock.jump(moment - scene.now)
    return sent(scene)


def sent(scene: Scene) -> list[str]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return [delivery.outgoing.text for delivery in scene.send()]


def cop(scene: Scene, name: str, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> Answer:
    command = next(command for command in FEATURE.commands if command.name == name)
    with scene.store.begin() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, name, argument))


def press(scene: Scene, button: dict[str, Any], user: str = "UMOD") -> Answer:
    with scene.store.begin() as tx:
        handler = FEATURE.actions[button["action_id"]]
        return handler(scene.ctx, tx, Press(user, button["action_id"], button["value"], "", "CMODS"))


def buttons(answer: Answer) -> dict[str, dict[str, Any]]:
    found = [element for block in answer.blocks if block["type"] == "actions" for element in block["elements"]]
    return {f"{element['text']['text']} {element['value']}": element for element in found}


def button(answer: Answer, label: str, post: str) -> dict[str, Any]:
    return next(element for name, element in buttons(answer).items() if name.startswith(label) and f'"{post}"' in name)


def audited(scene: Scene) -> list[tuple[str, str, str]]:
    with scene.store.read() as tx:
        return [(one.actor, one.action, one.subject) for one in tx.audit.since("data", 0)]


# --- pause and resume ---------------------------------------------------------------------------------------------


def test_a_paused_post_says_nothing_until_it_is_resumed_also_across_a_restart(scene: Scene) -> None:
    scene.communities = (community(DAILY),)
    sent(scene)
    answer = cop(scene, "pause", "daily")
    assert answer.text == "*daily* is paused: nothing of it goes out until `/cop resume daily`."
    assert at(scene, moment(16, 10)) == []
    scene.communities = (community(DAILY),)  # files read anew, as a start does
    assert at(scene, moment(17, 10)) == []
    skipped = scene.delivery("post:data:daily:2026-11-17")
    assert skipped is not None
    assert (skipped.state, skipped.reason) == ("skipped", "paused")

    answer = cop(scene, "resume", "daily")
    assert answer.text == "*daily* goes on. It comes next on Wed 18 Nov 10:00."
    assert sent(scene) == [], "what came due meanwhile is over"
    assert at(scene, moment(18, 10)) == ["Good morning"]
    assert audited(scene) == [("UMOD", "paused", "daily"), ("UMOD", "resumed", "daily")]


def test_a_pause_takes_back_what_waits_to_be_sent(scene: Scene) -> None:
    scene.clock.jump(moment(16, 10) - scene.now)
    FEATURE.plan_due(scene.ctx, scene.now)  # Slack is away
    cop(scene, "pause", "daily")
    assert sent(scene) == []


def test_resuming_just_after_its_time_does_not_bring_what_was_paused(scene: Scene) -> None:
    scene.communities = (community(DAILY),)
    cop(scene, "pause", "daily")
    scene.clock.jump(moment(16, 10, 1) - scene.now)  # before any step saw that it was due
    cop(scene, "resume", "daily")
    assert sent(scene) == []
    assert at(scene, moment(17, 10)) == ["Good morning"]


def test_a_moderators_resume_stands_over_the_file_until_its_line_is_taken_out(scene: Scene) -> None:
    paused, running = (community(replace(DAILY, paused=value)) for value in (True, False))
    scene.communities = (paused,)
    sent(scene)
    assert cop(scene, "pause", "daily").text == "*daily* is paused already, in the file (schedules/posts.yaml:3)."
    text = cop(scene, "resume", "daily").text
    assert text.endswith("The file still says `paused: true` (schedules/posts.yaml:3); your word stands.")
    assert at(scene, moment(16, 10)) == ["Good morning"]
    scene.communities = (running,)
    assert at(scene, moment(17, 10)) == ["Good morning"]
    scene.communities = (paused,)
    assert at(scene, moment(18, 10)) == [], "a later pause of the file's holds again"


def test_what_is_paused_or_runs_already_is_said_so(scene: Scene) -> None:
    assert cop(scene, "resume", "daily").text == "*daily* is not paused. It comes next on Mon 16 Nov 10:00."
    cop(scene, "pause", "daily", user="UJESS")
    assert cop(scene, "pause", "DAILY").text == "*daily* is paused already, by <@UJESS> since Mon 16 Nov 09:00."
    assert audited(scene) == [("UJESS", "paused", "daily")]


# --- post now -----------------------------------------------------------------------------------------------------


def test_posting_now_uses_up_the_next_occasion_and_its_question(scene: Scene) -> None:
    sent(scene)
    text = cop(scene, "post", "weekly-question").text
    assert text == "*weekly-question* goes out in <#CDATA> now, in the place of the one of Mon 16 Nov 15:00."
    assert sent(scene) == ["First?"]
    at(scene, moment(16, 10))
    assert at(scene, moment(16, 15)) == [], "that one has gone out"
    assert "Second?" in at(scene, moment(23, 15))
    assert ("UMOD", "posted", "weekly-question") in audited(scene)


def test_a_second_press_or_moderator_does_not_post_it_twice(scene: Scene) -> None:
    cop(scene, "post", "daily")
    assert cop(scene, "post", "daily", user="UJESS").text == (
        "*daily* went out a moment ago, posted by <@UMOD>. I did not post it twice."
    )
    assert sent(scene) == ["Good morning"]
    scene.wait(minutes=2, seconds=1)
    assert "in the place of the one of Tue 17 Nov 10:00" in cop(scene, "post", "daily").text
    assert sent(scene) == ["Good morning"]


def refused(scene: Scene) -> None:
    """What is due now, Slack refuses for good."""
    FEATURE.plan_due(scene.ctx, scene.now)
    with scene.store.begin() as tx:
        for delivery in tx.deliveries.ready(to_us(scene.now), 10):
            tx.deliveries.claim(delivery.id, "test", to_us(scene.now))
            tx.deliveries.settle(delivery.id, delivery.attempts + 1, "failed", reason="posting there is restricted")


def test_what_slack_refused_may_be_posted_again_at_once(scene: Scene) -> None:
    cop(scene, "post", "daily")
    refused(scene)
    assert "goes out in <#CDATA> now" in cop(scene, "post", "daily").text
    assert sent(scene) == ["Good morning"]
    assert "did not post it twice" in cop(scene, "post", "daily").text


def test_a_pause_that_comes_while_it_is_being_sent_says_that_one_still_arrives(scene: Scene) -> None:
    scene.communities = (community(DAILY),)
    scene.clock.jump(moment(16, 10) - scene.now)
    FEATURE.plan_due(scene.ctx, scene.now)
    with scene.store.begin() as tx:
        (delivery,) = tx.deliveries.ready(to_us(scene.now), 10)
        tx.deliveries.claim(delivery.id, "test", to_us(scene.now))
    assert cop(scene, "pause", "daily").text.endswith("One was on its way already and still arrives.")


def test_another_year_is_named(scene: Scene) -> None:
    scene.communities = (community(Post("rare", "#data", CronWhen("0 4 1 1 *"), text="Happy new year")),)
    assert "Fri 1 Jan 2027 04:00, then Sat 1 Jan 2028 04:00" in str(cop(scene, "schedule").blocks)
    assert "It comes next on Fri 1 Jan 2027 04:00." in cop(scene, "resume", "rare").text
    assert cop(scene, "post", "rare").text.endswith("in the place of the one of Fri 1 Jan 2027 04:00.")


def test_an_occasion_that_waits_for_its_turn_is_the_one_that_is_used_up(scene: Scene) -> None:
    late = replace(ASKING, when=EveryWhen("day", time(11)), late=timedelta(hours=9))
    scene.communities = (community(DAILY, late, spacing=Spacing(channel=timedelta(hours=4))),)
    at(scene, moment(16, 10))
    assert at(scene, moment(16, 12)) == []
    assert "in the place of the one of Mon 16 Nov 11:00" in cop(scene, "post", "weekly-question").text
    assert sent(scene) == ["First?"]
    assert at(scene, moment(16, 19)) == []


def test_a_moderators_post_goes_beyond_the_budget_and_says_so_and_what_follows_keeps_to_it(scene: Scene) -> None:
    other = replace(DAILY, id="other", when=EveryWhen("day", time(16)))
    scene.communities = (community(DAILY, ASKING, other, attention=Attention(channel_day=1)),)
    at(scene, moment(16, 10))
    text = cop(scene, "post", "weekly-question").text
    assert text.endswith("That makes 2 posts there today; `attention.channel.day` allows 1.")
    assert sent(scene) == ["First?"]
    (told,) = at(scene, moment(16, 16))
    assert told.startswith(":hand: I held back *other*")


def test_a_paused_post_may_be_posted_and_stays_paused(scene: Scene) -> None:
    scene.communities = (community(DAILY),)
    cop(scene, "pause", "daily")
    assert cop(scene, "post", "daily").text.endswith("It stays paused.")
    assert sent(scene) == ["Good morning"]
    assert at(scene, moment(17, 10)) == []


def test_a_post_that_has_no_occasion_any_more_goes_out_all_the_same(scene: Scene) -> None:
    past = datetime(2026, 1, 1, 9)  # noqa: DTZ001 - local wall time is naive
    scene.communities = (community(replace(DAILY, when=DateWhen(past))),)
    assert cop(scene, "post", "daily").text == "*daily* goes out in <#CDATA> now."
    assert sent(scene) == ["Good morning"]


def test_what_cannot_be_written_or_placed_is_said_and_nothing_is_recorded(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, text="{{ nobody }}"), replace(ASKING, channel="#gone")),)
    assert "I could not write *daily*: schedules/posts.yaml:3:" in cop(scene, "post", "daily").text
    assert "I cannot find #gone" in cop(scene, "post", "weekly-question").text
    assert audited(scene) == []


# --- which post is meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        pytest.param(
            "wekly-question",
            "I know no post `wekly-question`. Did you mean `/cop pause weekly-question`?",
            id="the nearest name",
        ),
        pytest.param(
            "zzz <!here>", "I know no post `zzz &lt;!here&gt;`. Name one of these: `daily`", id="nothing near"
        ),
        pytest.param("", "Name one of these: `daily`, `weekly-question`.", id="no name"),
        pytest.param("`daily`", "*daily* is paused", id="as it stood in a message"),
        pytest.param("data/daily", "*daily* is paused", id="with its community"),
    ],
)
def test_a_name_that_is_not_there_leads_to_the_nearest(scene: Scene, argument: str, expected: str) -> None:
    assert cop(scene, "pause", argument).text.startswith(expected)


@pytest.fixture
def two(scene: Scene) -> Scene:
    """Two communities with a post of the same name; UMOD moderates both, UJESS the first alone."""
    maps = replace(
        community(replace(DAILY, channel="#maps", text="Maps")),
        id="maps",
        name="Maps",
        channels=Channels(("#maps",), "#mods"),
        roles=Roles((), ("UMOD",)),
    )
    scene.communities = (community(DAILY), maps)
    return scene


def test_of_two_posts_of_a_name_the_one_of_the_channel_is_meant(two: Scene) -> None:
    assert "is paused" in cop(two, "pause", "daily", channel="CMAPS").text
    assert at(two, moment(16, 10)) == ["Good morning"]


def test_elsewhere_it_is_asked_which_one(two: Scene) -> None:
    answer = cop(two, "post", "daily", channel="CELSEWHERE")
    assert answer.text == "Several of your communities have a post of that name. Which one shall I post?"
    ids = [element["action_id"] for block in answer.blocks[1:] for element in block["elements"]]
    assert len(set(ids)) == 2, "Slack takes each action id once in a message's block"
    press(two, button(answer, "Maps", "daily"))
    assert sent(two) == ["Maps"]
    assert "is paused" in cop(two, "pause", "maps/daily", channel="CELSEWHERE").text


def test_only_posts_of_ones_own_communities_are_known(two: Scene) -> None:
    assert "is paused" in cop(two, "pause", "daily", user="UJESS", channel="CELSEWHERE").text
    assert at(two, moment(16, 10)) == ["Maps"]


def test_a_forged_or_outdated_button_does_nothing(two: Scene) -> None:
    pause = button(cop(two, "schedule", channel="CDATA"), "Pause", "daily")
    assert press(two, pause, user="UANA").text == "Moderators can do this."
    for value in ("", "[]", "{}", '{"community": "gone", "post": "daily"}', '{"community": ["x"], "post": {}}'):
        assert press(two, pause | {"value": value}).text == "Moderators can do this.", value
    answer = press(two, pause | {"value": '{"community": "data", "post": "gone"}'})
    assert answer.text.startswith("This post is no longer in the files.")
    assert len(at(two, moment(16, 10))) == 2


# --- the schedule -------------------------------------------------------------------------------------------------


def section_of(answer: Answer, post: str) -> str:
    texts = [block["text"]["text"] for block in answer.blocks if block["type"] == "section"]
    return next(text for text in texts if text.startswith(f"*{post}*"))


def test_the_schedule_shows_each_post_with_its_coming_times_and_buttons(scene: Scene) -> None:
    answer = cop(scene, "schedule")
    assert section_of(answer, "daily") == (
        "*daily* in <#CDATA>\nMon 16 Nov 10:00, then Tue 17 Nov 10:00, Wed 18 Nov 10:00\n_as the schedule says_"
    )
    assert {name.split(" {")[0] for name in buttons(answer)} == {"Pause", "Post now"}
    assert "confirm" in button(answer, "Post now", "daily")


def test_the_reminders_of_a_milestone_are_one_row_without_buttons_and_called_by_its_name(scene: Scene) -> None:
    guide = Milestone("guide", "Linking guide", date(2026, 12, 1), at=time(9, 30))
    scene.communities = (community(DAILY, milestones=(guide,)),)
    shown = [block["text"]["text"] for block in cop(scene, "schedule").blocks if block["type"] == "section"]
    assert [text.partition("\n")[0] for text in shown] == [
        "*daily* in <#CDATA>",
        "*Linking guide (milestone)* in <#CDATA>",
    ]
    assert "Tue 17 Nov 09:30, then Tue 24 Nov 09:30, Mon 30 Nov 09:30, Wed 2 Dec 09:30" in shown[1]
    assert ":calendar: *Linking guide* is due in 14 days" in str(at(scene, moment(17, 9, 30)))
    lately = cop(scene, "schedule").text.partition("Lately")[2]
    assert "Linking guide (milestone): as the schedule says" in lately


def test_a_channel_that_is_not_there_is_pointed_out(scene: Scene) -> None:
    scene.communities = (community(replace(DAILY, channel="#ghosts")),)
    assert "#ghosts :warning: I cannot find it" in str(cop(scene, "schedule").blocks)


def test_pausing_and_resuming_with_the_buttons_changes_the_schedule_in_its_place(scene: Scene) -> None:
    answer = press(scene, button(cop(scene, "schedule"), "Pause", "daily"))
    assert answer.replaces
    assert section_of(answer, "daily") == "*daily* is paused: nothing of it goes out until `/cop resume daily`."
    assert ":double_vertical_bar: paused by <@UMOD> since Mon 16 Nov 09:00" in str(answer.blocks)
    answer = press(scene, button(answer, "Resume", "daily"))
    assert "paused by" not in str(answer.blocks)
    assert at(scene, moment(16, 10)) == ["Good morning"]


def test_it_says_why_the_last_posts_went_out_when_they_did(scene: Scene) -> None:
    active = replace(ASKING, when=EveryWhen("day", "active", otherwise_time=time(12)))
    scene.communities = (community(DAILY, active, attention=Attention(channel_day=1)),)
    scene.clock.jump(moment(16, 9, 42) - scene.now)
    for user in ("U1", "U2", "U3"):
        scene.says(user, "Hello")
    sent(scene)
    at(scene, moment(16, 10))
    scene.clock.jump(moment(17, 9) - scene.now)
    cop(scene, "post", "daily")
    sent(scene)
    lately = cop(scene, "schedule").text.partition("Lately:\n")[2].splitlines()
    assert lately == [
        "• Tue 17 Nov 09:00  daily: posted by <@UMOD>",
        "• Mon 16 Nov 10:00  daily: skipped: the channel's budget for the day is spent",
        "• Mon 16 Nov 09:42  weekly-question: three members were writing",
    ]


def test_with_many_posts_the_schedule_still_fits_into_a_message(scene: Scene) -> None:
    posts = [replace(DAILY, id=f"a-post-with-quite-a-long-name-{n:03}") for n in range(300)]
    scene.communities = (community(*posts),)
    answer = cop(scene, "schedule")
    assert len(answer.blocks) <= 50
    assert len(answer.text) <= 4000
    assert all(len(block["text"]["text"]) <= 3000 for block in answer.blocks if block["type"] == "section")


def test_a_post_that_was_posted_ahead_of_its_time_is_no_longer_in_the_schedule(scene: Scene) -> None:
    cop(scene, "post", "daily")
    assert "*Mon 16 Nov 2026 10:00*  daily" not in cop(scene, "schedule").text
    sent(scene)
    assert FEATURE.next_due(scene.ctx, scene.now) == moment(16, 15)
    with scene.store.read() as tx:
        assert tx.deliveries.said_in(target="CDATA", kinds=["post"], since_us=to_us(moment(16, 0))) != []


def test_the_schedule_tells_what_the_channels_bear_and_what_would_be_held_back_this_week(scene: Scene) -> None:
    other = replace(DAILY, id="other", when=EveryWhen("week", time(16), on=(2,)))
    scene.communities = (community(DAILY, other, attention=Attention(channel_day=1)),)
    at(scene, moment(16, 10))
    answer = cop(scene, "schedule")
    held = "• <#CDATA>: 1 of 1 post today; :hand: held back: *other* Wed 18 Nov 16:00 (the channel's budget for the day is spent)"
    assert held in answer.text
    assert held in str(answer.blocks[-2:])
    scene.communities = (community(DAILY),)
    assert "• <#CDATA>: 1 of 2 posts today; nothing will be held back this week" in cop(scene, "schedule").text
