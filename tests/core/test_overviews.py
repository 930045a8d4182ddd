"""What is put together of all features' parts: ``status``, ``member``, and the Home tab by role."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.views import View

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.facts import UserSeen
from copbot.core.feature import Feature, Step
from copbot.core.interaction import Call
from copbot.core.member_command import member_feature
from copbot.core.notices import files_line
from copbot.core.personal import Personal
from copbot.core.ports import Context, Tx
from copbot.core.preparing import EVERY_S, prepare
from copbot.core.status import status_feature

MAPS = replace(COMMUNITY, id="maps", name="Maps", channels=replace(COMMUNITY.channels, discussion=("#maps",)))


def part(what: str) -> Any:
    def told(_ctx: Context, _tx: Tx, community: Community, user: str = "") -> tuple[Block, ...]:
        return (section(f"{what} of {user or community.id}"),)

    return told


FIRST = Feature("first", about=part("level"), status=part("levels"), member=part("level"), picture=part("picture"))
SECOND = Feature("second", status=part("questions"), today=part("questions"), member=part("waits"))
QUIET = Feature("quiet")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    scene.record(UserSeen("UANA", name="Ana", updated_us=1))
    yield scene
    scene.close()


def told(scene: Scene, feature: Feature, argument: str = "", user: str = "UMOD", channel: str = "CELSE") -> str:
    (command,) = feature.commands
    assert not command.writes
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, command.name, argument)).text


def test_what_waits_comes_first_in_the_status(scene: Scene) -> None:
    lines = told(scene, status_feature([FIRST, QUIET, SECOND])).splitlines()
    assert lines[1:] == ["*Data &lt;3*", "questions of data", "levels of data"]


def test_the_status_covers_the_communities_that_one_moderates(scene: Scene) -> None:
    scene.communities = (COMMUNITY, MAPS)
    assert "*Maps*" in told(scene, status_feature([FIRST]))
    assert "*Maps*" not in told(scene, status_feature([FIRST]), channel="CDATA")
    assert told(scene, status_feature([FIRST]), user="UANA") == "Moderators can do this."


def test_a_member_is_told_of_by_each_feature(scene: Scene) -> None:
    said = told(scene, member_feature([FIRST, SECOND, QUIET]), "<@UANA|ana>")
    assert said == "<@UANA> in *Data &lt;3*\nlevel of UANA\nwaits of UANA"
    assert "in none of your channels" in told(scene, member_feature([QUIET]), "<@UANA>")


@pytest.mark.parametrize(
    ("mistakes", "line"),
    [
        ((), ":white_check_mark: The files are in order."),
        (
            ("a.yaml:1:2: <no>",),
            "There is a mistake in the files; the last good state stays in force.\n• a.yaml:1:2: &lt;no&gt;",
        ),
        (("one", "two", "three"), "There are 3 mistakes"),
    ],
)
def test_the_files_line_names_what_is_wrong(scene: Scene, mistakes: tuple[str, ...], line: str) -> None:
    told = files_line(replace(scene.ctx, mistakes=lambda: mistakes))
    assert line in told
    assert ("`copbot check` shows all" in told) == (len(mistakes) > 2)


# --- the Home tab ---------------------------------------------------------------------------------------------------


def home(scene: Scene, user: str, *features: Feature) -> list[str]:
    with scene.store.read() as tx:
        view = Personal(features or (FIRST, SECOND, QUIET), "/cop").home(scene.ctx, tx, user)
    View(**view).validate_json()
    return [block["text"]["text"] for block in view["blocks"] if block["type"] in ("section", "header")]


def test_a_member_sees_their_own_page(scene: Scene) -> None:
    assert home(scene, "UANA")[2:] == ["Your communities", "*Data &lt;3*\n<#CDATA>", "level of UANA"]


def test_a_moderator_sees_todays_work_first(scene: Scene) -> None:
    assert home(scene, "UMOD") == [
        "Today",
        "questions of UMOD",
        "Your communities",
        "*Data &lt;3*\n<#CDATA>",
        "level of UMOD",
    ]


def test_who_is_no_moderator_any_more_sees_a_members_page(scene: Scene) -> None:
    assert home(scene, "UMOD")[0] == "Today"
    scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=())),)
    assert home(scene, "UMOD")[0] == "Your next step"


def test_a_coordinator_sees_how_the_community_is_and_whether_the_files_are_in_order(scene: Scene) -> None:
    told = home(scene, "UJESS")
    assert told[:5] == [
        "Today",
        "questions of UJESS",
        "How the community is",
        "picture of data",
        ":white_check_mark: The files are in order.",
    ]


def test_several_communities_are_told_apart(scene: Scene) -> None:
    scene.communities = (COMMUNITY, MAPS)
    headings = [one for one in home(scene, "UJESS") if one.endswith(("today", "is"))]
    assert headings == [
        "Data <3: today",
        "Data <3: how the community is",
        "Maps: today",
        "Maps: how the community is",
    ]


def test_who_has_work_is_not_told_of_what_anybody_could_do_but_of_what_they_were_asked(scene: Scene) -> None:
    asked = Feature("asked", step=lambda *_: Step((section("you"),)))
    for_all = Feature("all", step=lambda *_: Step((section("anybody"),), is_for_all=True))
    assert "anybody" in home(scene, "UANA", FIRST, for_all)
    assert "anybody" not in home(scene, "UMOD", FIRST, for_all)
    assert home(scene, "UMOD", FIRST, for_all, asked)[2:4] == ["Your next step", "you"]


def test_the_page_takes_the_shorter_of_two_parts(scene: Scene) -> None:
    both = Feature("both", about=part("all"), brief=part("little"))
    assert home(scene, "UANA", both)[-1] == "little of UANA"


def test_nothing_to_do_is_said(scene: Scene) -> None:
    assert ":sunny: Nothing waits for you. Enjoy the quiet." in home(scene, "UMOD", FIRST)


def test_a_page_is_never_larger_than_slack_takes(scene: Scene) -> None:
    large = Feature("large", today=lambda *_: tuple(section("x" * 3000) for _ in range(90)))
    with scene.store.read() as tx:
        view = Personal((large,), "/cop").home(scene.ctx, tx, "UMOD")
    assert len(str(view)) < 250_000
    assert "more than fits" in str(view["blocks"][-2])


# --- beforehand -----------------------------------------------------------------------------------------------------


def test_what_takes_long_is_prepared_and_one_that_fails_stops_nothing(scene: Scene) -> None:
    done: list[str] = []

    def fails(_ctx: Context, _now: object) -> None:
        raise ValueError

    def takes(_ctx: Context, _now: object) -> None:
        done.append("done")
        scene.clock.tick(10)

    features = [QUIET, Feature("failing", prepare=fails), Feature("long", prepare=takes)]
    assert prepare(scene.ctx, features) == 200
    assert done == ["done"]
    assert prepare(scene.ctx, [QUIET]) == EVERY_S
