"""What a person sees of themselves: one page of all features' parts, in the answer to ``me`` and on the Home tab."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.views import View

from copbot.core.blocks import section
from copbot.core.commands import Commands
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call
from copbot.core.personal import Personal
from copbot.core.ports import Context, Tx

MAPS = replace(COMMUNITY, id="maps", name="Maps", channels=replace(COMMUNITY.channels, discussion=("#maps",)))


def about(_ctx: Context, _tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    return (section(f"{user} in {community.id}"),) if user != "USTRANGER" else ()


FEATURES = (Feature("silent"), Feature("telling", about=about))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, COMMUNITY, MAPS)
    yield scene
    scene.close()


def me(scene: Scene, user: str = "U1", channel: str = "CELSEWHERE") -> Answer:
    commands = Commands(FEATURES, "/cop")
    command, call = commands.find(Call(user, channel, "me", ""))
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, call)


def test_me_tells_of_each_community_by_its_name(scene: Scene) -> None:
    assert me(scene).text == "*Data &lt;3*\nU1 in data\n*Maps*\nU1 in maps"


def test_me_in_a_communitys_channel_tells_of_that_one_alone(scene: Scene) -> None:
    assert me(scene, channel="CMAPS").text == "*Maps*\nU1 in maps"


def test_where_nothing_is_known_of_a_person_it_is_said_in_a_line(scene: Scene) -> None:
    assert me(scene, "USTRANGER") == Answer("There is nothing to tell of you here yet.")


def test_the_home_tab_is_a_view_that_slack_takes(scene: Scene) -> None:
    for user in ("U1", "USTRANGER"):
        with scene.store.read() as tx:
            view = Personal(FEATURES, "/cop").home(scene.ctx, tx, user)
        View(**view).validate_json()
        assert "nobody else sees it" in view["blocks"][0]["text"]["text"]


def test_with_very_many_communities_the_page_ends_where_slack_ends_it(scene: Scene) -> None:
    scene.communities = tuple(replace(COMMUNITY, id=f"c{number}") for number in range(60))
    with scene.store.read() as tx:
        view = Personal(FEATURES, "/cop").home(scene.ctx, tx, "U1")
    assert len(view["blocks"]) == 100
    assert len(me(scene).blocks) == 50
    assert "more than fits" in str(view["blocks"][-2])


def test_the_answer_to_me_is_never_longer_than_slack_takes(scene: Scene) -> None:
    long = Feature("long", about=lambda _c, _t, _community, _user: (section("x" * 2900), section("y" * 2900)))
    scene.communities = tuple(replace(COMMUNITY, id=f"c{number}") for number in range(3))
    with scene.store.read() as tx:
        answer = Personal([long], "/cop").answer(scene.ctx, tx, "U1", scene.ctx.communities())
    assert sum(len(str(block)) for block in answer.blocks) < 11_000
    assert "more than fits" in str(answer.blocks[-1])
    assert len(answer.text) <= 4000
