"""In which community a command acts: that of the channel, the only one, or the one that is picked. Through the real app."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doors import Doors, Seen
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Community, Roles
from copbot.core.community_choice import community_in, next_button, tagged
from copbot.core.facts import UserSeen
from copbot.core.interaction import Answer
from copbot.core.posts import CronWhen, Post
from copbot.core.time import to_us

DATA = replace(COMMUNITY, name="Data", posts=(Post("weekly", "#data", CronWhen("0 9 * * 1"), text="Hello"),))
MAPS = replace(
    COMMUNITY,
    id="maps",
    name="Maps",
    channels=Channels(discussion=("#maps",)),
    roles=Roles(coordinators=("UCARTO",), moderators=("UMOD", "UMAPS")),
    posts=(Post("monthly", "#maps", CronWhen("0 9 1 * *"), text="Maps"),),
)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    scene = Scene(tmp_path, DATA, MAPS)
    scene.record(*(UserSeen(user, name=user, updated_us=to_us(scene.now)) for user in ("UMOD", "UMAPS", "UANA")))
    yield Doors(scene)
    scene.close()


def asks(seen: Seen) -> bool:
    return "in which community?" in seen.text


@pytest.mark.parametrize(
    ("user", "channel", "names", "not_named"),
    [
        pytest.param("UMOD", "CDATA", "weekly", "monthly", id="where it was typed"),
        pytest.param("UMOD", "CMAPS", "monthly", "weekly", id="where it was typed, the other"),
        pytest.param("UMAPS", "CELSE", "monthly", "weekly", id="their only one, elsewhere"),
        pytest.param("UMAPS", "CDATA", "monthly", "weekly", id="their only one, in the channel of another"),
    ],
)
def test_it_acts_where_it_was_typed_else_in_their_only_one(
    doors: Doors, user: str, channel: str, names: str, not_named: str
) -> None:
    seen = doors.type(user, "schedule", channel)
    assert names in seen.whole
    assert not_named not in seen.whole


def test_who_looks_after_several_picks_one_with_a_tap_each_time(doors: Doors) -> None:
    for _ in range(2):
        question = doors.type("UMOD", "schedule")
        assert asks(question)
        assert [button["text"]["text"] for button in question.buttons()] == ["Data", "Maps"]
    seen = doors.press_on("UMOD", question, "Maps")
    assert "monthly" in seen.whole
    assert "weekly" not in seen.whole


def test_the_communitys_id_behind_the_command_picks_it_too(doors: Doors) -> None:
    assert "monthly" in doors.type("UMOD", "schedule maps").whole
    assert "Maps" in doors.type("UMOD", "unanswered maps mine").whole


def test_the_buttons_of_what_was_picked_act_there(doors: Doors) -> None:
    seen = doors.press_on("UMOD", doors.type("UMOD", "schedule"), "Maps")
    done = doors.press_on("UMOD", seen, "Pause")
    assert "monthly" in done.whole
    assert "weekly" not in done.whole, "the list comes back as the one of the community that was picked"


@pytest.mark.parametrize("command", ["pause monthly", "preview monthly"])
def test_a_post_tells_by_itself_in_which_community_it_is(doors: Doors, command: str) -> None:
    seen = doors.type("UMOD", command)
    assert not asks(seen)
    assert "monthly" in seen.whole


def test_what_changes_something_is_not_done_from_anothers_channel_without_a_word(doors: Doors) -> None:
    question = doors.type("UMAPS", "welcome <@UANA>", "CDATA")
    assert asks(question)
    assert [button["text"]["text"] for button in question.buttons()] == ["Maps"]


@pytest.mark.parametrize(
    ("user", "value"),
    [
        pytest.param("UANA", '{"do": "schedule", "with": "", "in": "maps"}', id="by a member"),
        pytest.param("UMAPS", '{"do": "schedule", "with": "", "in": "data"}', id="by a moderator of another"),
        pytest.param("UMOD", '{"do": "report", "with": "", "in": "data"}', id="for what their role does not do"),
    ],
)
def test_a_forged_pick_is_refused_and_recorded(doors: Doors, user: str, value: str) -> None:
    seen = doors.press(user, "in:0", value)
    assert "can do this." in seen.text
    assert [refusal[0] for refusal in doors.refusals()] == [user]


def test_a_button_that_says_nothing_sound_does_nothing(doors: Doors) -> None:
    for action in ("in:0", "next:0"):
        for value in ("", "null", "[1]", '{"do": "schedule"}', '{"do": "x", "with": "", "in": "maps"}'):
            assert "too old" in doors.press("UMOD", action, value).text


def test_a_community_that_is_gone_is_not_taken_for_all(doors: Doors) -> None:
    assert "too old" in doors.press("UMOD", "in:0", '{"do": "schedule", "with": "", "in": "gone"}').text


def test_a_forged_place_only_narrows_what_is_seen(doors: Doors) -> None:
    seen = doors.press("UMAPS", "threads:next", "all~-~0", "CELSE", block_id="in:0:data")
    assert seen.text == "Moderators can do this."


# --- help and what comes next


def test_help_shows_each_role_its_own_with_an_example_each(doors: Doors) -> None:
    def shown(user: str) -> str:
        return doors.type(user, "help").whole

    member, moderator, coordinator = map(shown, ("UANA", "UMOD", "UCARTO"))
    assert "/cop find linking registers" in member
    assert "/cop help quiet" in member
    assert "For moderators" not in member
    assert "/cop pause weekly-question" in moderator
    assert "For coordinators" not in moderator
    assert "/cop reload" in coordinator


def test_help_on_one_command_shows_how_it_is_used(doors: Doors) -> None:
    seen = doors.type("UMOD", "help unanswered")
    assert "`/cop unanswered [#channel] [mine|all]`" in seen.text
    assert "For example: `/cop unanswered mine`" in seen.text
    assert "I don't know `pause`" in doors.type("UANA", "help pause").text, "what they cannot do they are not told of"


def test_a_word_almost_right_is_a_tap_away_with_what_stood_behind_it(doors: Doors) -> None:
    seen = doors.type("UMOD", "scedule maps")
    assert "Did you mean `/cop schedule`?" in seen.text
    assert "monthly" in doors.press_on("UMOD", seen, "/cop schedule").whole


def test_the_status_leads_on(doors: Doors) -> None:
    seen = doors.type("UMOD", "status", "CMAPS")
    assert "monthly" in doors.press_on("UMOD", seen, "Schedule", "CMAPS").whole


def test_a_button_holds_only_what_slack_lets_it_hold() -> None:
    assert next_button("x", "in:0", "find", "w" * 3000) is None


def test_only_what_can_be_pressed_carries_the_place() -> None:
    blocks = (
        {"type": "section"},
        {"type": "actions"},
        {"type": "section", "accessory": {}},
        {"type": "actions", "block_id": "own"},
    )
    answer = tagged(Answer("x", blocks), "maps")
    assert [community_in(block.get("block_id", "")) for block in answer.blocks] == ["", "maps", "maps", ""]
    assert tagged(Answer("x", blocks), "") == Answer("x", blocks)


def many(count: int) -> tuple[Community, ...]:
    return tuple(
        replace(DATA, id=f"c{n}", name=f"Community {n}", channels=Channels(discussion=(f"#c{n}",)), posts=())
        for n in range(count)
    )


def test_forty_communities_can_be_picked_from(doors: Doors) -> None:
    doors.scene.communities = many(40)
    assert len(doors.type("UMOD", "schedule").buttons()) == 40
