"""Several communities in one workspace: each its own roles, words and channels' budget; what one member may be sent is one budget."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doors import Doors
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Channels, Roles
from copbot.core.delivery import Kind, Outgoing
from copbot.core.facts import UserSeen
from copbot.core.time import to_us

DATA = replace(COMMUNITY, attention=Attention(member_day=1, member_week=3, channel_day=1, quiet=None))
MAPS = replace(
    DATA,
    id="maps",
    name="Maps",
    channels=Channels(discussion=("#maps",), moderators="#hello"),
    roles=Roles(coordinators=("UCARTO",), moderators=("UMAPS",)),
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, MAPS, prompts={"hello.j2": "Hello all", "maps/hello.j2": "Hello cartographers"})
    scene.record(UserSeen("UANA", name="Ana", timezone="UTC", updated_us=to_us(scene.now)))
    yield scene
    scene.close()


def plan(scene: Scene, community: str, target: str, kind: Kind) -> None:
    with scene.store.begin() as tx:
        key = f"{kind}:{community}:{target}"
        tx.deliveries.plan(Outgoing(key, kind, target, "Hello", to_us(scene.now), community=community))


def sent(scene: Scene) -> list[str]:
    return [delivery.outgoing.key for delivery in scene.send()]


def test_two_communities_do_not_make_twice_the_messages_to_a_member(scene: Scene) -> None:
    for community in ("data", "maps"):
        plan(scene, community, "UANA", "survey")
    first = sent(scene)
    assert len(first) == 1
    scene.wait(days=1)
    assert {*first, *sent(scene)} == {"survey:data:UANA", "survey:maps:UANA"}


def test_each_communitys_channels_have_a_budget_of_their_own(scene: Scene) -> None:
    plan(scene, "data", "CDATA", "post")
    plan(scene, "maps", "CMAPS", "post")
    assert sent(scene) == ["post:data:CDATA", "post:maps:CMAPS"]


def test_each_has_its_own_words(scene: Scene) -> None:
    render = scene.ctx.templates.render
    assert [render(community, "hello.j2", {}) for community in (DATA, MAPS)] == ["Hello all", "Hello cartographers"]


@pytest.mark.parametrize(
    ("user", "channel", "may"), [("UMAPS", "CMAPS", True), ("UMOD", "CMAPS", False), ("UMOD", "CDATA", True)]
)
def test_a_moderator_of_one_is_a_member_in_the_other(scene: Scene, user: str, channel: str, may: bool) -> None:
    """Typed in the channel of a community that is not theirs, a command acts in their own: never in that one."""
    told = Doors(scene).type(user, "levels", channel).whole
    assert ("Maps" in told) is (may and user == "UMAPS")
    assert "can do this" not in told
