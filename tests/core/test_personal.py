"""What a person sees of themselves: one page of all features' parts, in the answer to ``me`` and on the Home tab."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from string import Formatter

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.views import View

from copbot.core.blocks import section
from copbot.core.commands import Commands
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.facts import ChannelSeen, MembershipSeen, UserSeen
from copbot.core.feature import Feature, Step
from copbot.core.home_words import LANGUAGES
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


def home(scene: Scene, user: str, *features: Feature) -> list[Block]:
    with scene.store.read() as tx:
        view = Personal(features or FEATURES, "/cop").home(scene.ctx, tx, user)
    View(**view).validate_json()
    return list(view["blocks"])


def told(blocks: list[Block]) -> list[str]:
    return [block["text"]["text"] for block in blocks if block["type"] in ("section", "header")]


def test_the_home_tab_is_a_view_that_slack_takes(scene: Scene) -> None:
    for user in ("U1", "USTRANGER"):
        assert "nobody else sees it" in str(home(scene, user)[0])


def test_with_very_many_communities_the_page_ends_where_slack_ends_it(scene: Scene) -> None:
    scene.communities = tuple(replace(COMMUNITY, id=f"c{number}") for number in range(60))
    settings = Feature("settings", settings=lambda *_: (section("what was set"),))
    blocks = home(scene, "U1", *FEATURES, settings)
    assert len(blocks) == 100
    assert told(blocks)[-2:] == ["Your settings", "what was set"]
    assert "more than fits" in str(blocks[-4])
    assert len(me(scene).blocks) == 50


def test_the_next_step_is_what_somebody_was_asked_themselves_and_only_one(scene: Scene) -> None:
    for_all = Feature("all", step=lambda _c, _t, one, _u: Step((section(f"anybody in {one.id}"),), is_for_all=True))
    own = Feature("own", step=lambda _c, _t, one, _u: Step((section("you"),)) if one.id == "maps" else None)
    assert told(home(scene, "U1", for_all, own))[:3] == ["Your next step", "you", "Your communities"]
    assert told(home(scene, "U1", for_all))[:3] == ["Your next step", "anybody in data", "Your communities"]
    assert told(home(scene, "U1"))[:2] == ["Your next step", ":sunny: Nothing waits for you. Enjoy the quiet."]


def test_what_stands_in_the_next_step_is_not_said_again(scene: Scene) -> None:
    both = Feature("both", about=about, step=lambda _c, _t, one, user: Step(about(_c, _t, one, user)))
    assert told(home(scene, "U1", both)).count("U1 in data") == 1


def test_what_waits_of_ones_own_stands_below_the_next_step(scene: Scene) -> None:
    scene.record(*(MembershipSeen(channel, "U1", is_member=True, at_us=1) for channel in ("CDATA", "CMAPS")))
    waiting = Feature("waiting", waits=lambda _c, _t, one, _u: (section(f"a question in {one.id}"),))
    assert told(home(scene, "U1", waiting))[2:5] == [
        "Your questions that wait",
        "a question in data",
        "a question in maps",
    ]


def test_my_communities_are_those_where_one_is_with_the_way_there(scene: Scene) -> None:
    scene.record(MembershipSeen("CMAPS", "U1", is_member=True, at_us=1))
    assert told(home(scene, "U1", Feature("silent")))[2:] == ["Your communities", "*Maps*\n<#CMAPS>"]


def test_where_membership_is_not_known_one_belongs_where_one_wrote(scene: Scene) -> None:
    scene.says("U1", "hello", "CDATA")
    assert told(home(scene, "U1", Feature("silent")))[3:] == ["*Data &lt;3*\n<#CDATA>"]


def test_who_is_in_no_community_is_shown_where_to_look_but_no_private_place(scene: Scene) -> None:
    scene.record(ChannelSeen("CDATA", name="data", is_private=True, updated_us=1))
    assert told(home(scene, "U1", Feature("silent")))[-1].endswith("Have a look: <#CMAPS>")


def test_a_page_is_in_the_language_of_who_reads_it(scene: Scene) -> None:
    scene.record(UserSeen("U1", name="Une", locale="fr-FR", updated_us=1))
    assert told(home(scene, "U1"))[0] == "Et maintenant ?"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    english = asdict(LANGUAGES["en"])
    for name, phrase in asdict(LANGUAGES[language]).items():
        assert phrase.strip(), name
        assert {field for _, field, _, _ in Formatter().parse(phrase)} >= {
            field for _, field, _, _ in Formatter().parse(english[name]) if field
        }, name


def test_settings_stand_in_the_answer_to_me_also_where_nothing_else_is_known(scene: Scene) -> None:
    commands = Commands((*FEATURES, Feature("settings", settings=lambda *_: (section("what was set"),))), "/cop")
    for user, first in (("U1", "*Data &lt;3*"), ("USTRANGER", "There is nothing to tell of you here yet.")):
        command, call = commands.find(Call(user, "CELSE", "me", ""))
        with scene.store.read() as tx:
            lines = command.answer(scene.ctx, tx, call).text.splitlines()
        assert (lines[0], lines[-1]) == (first, "what was set")


def test_the_answer_to_me_is_never_longer_than_slack_takes(scene: Scene) -> None:
    long = Feature("long", about=lambda _c, _t, _community, _user: (section("x" * 2900), section("y" * 2900)))
    scene.communities = tuple(replace(COMMUNITY, id=f"c{number}") for number in range(3))
    with scene.store.read() as tx:
        answer = Personal([long], "/cop").answer(scene.ctx, tx, "U1", scene.ctx.communities())
    assert sum(len(str(block)) for block in answer.blocks) < 11_000
    assert "more than fits" in str(answer.blocks[-1])
    assert len(answer.text) <= 4000
