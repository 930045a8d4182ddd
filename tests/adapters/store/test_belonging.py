"""Who left a community's channels: dated by itself where it was heard of, else by the last list that they stood in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.facts import ChannelSeen, MembershipSeen, MembersListed, UserSeen


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def left(scene: Scene, since_us: int = 0) -> dict[str, tuple[int | None, int]]:
    with scene.store.read() as tx:
        return dict(tx.belonging.left(["CDATA", "CMAPS"], since_us))


def test_only_who_is_in_none_of_the_channels_any_more_has_left(scene: Scene) -> None:
    scene.record(
        MembershipSeen("CDATA", "UHERE", True, 10),
        MembershipSeen("CDATA", "ULEFT", True, 10),
        MembershipSeen("CDATA", "ULEFT", False, 20),
        MembershipSeen("CDATA", "UMOVED", False, 20),
        MembershipSeen("CMAPS", "UMOVED", True, 15),
        MembershipSeen("CELSE", "UELSE", False, 20),
    )
    assert left(scene) == {"ULEFT": (10, 20)}
    assert left(scene, 20) == {"ULEFT": (10, 20)}
    assert left(scene, 21) == {}


def test_who_is_missing_in_a_later_list_was_there_until_the_one_before(scene: Scene) -> None:
    scene.record(MembersListed("CDATA", ("U1", "U2"), 10), MembersListed("CDATA", ("U1", "U2"), 20))
    scene.record(MembersListed("CDATA", ("U1",), 30))
    assert left(scene) == {"U2": (10, 20)}


def test_the_deactivated_have_left_and_bots_and_partners_never_belonged(scene: Scene) -> None:
    scene.record(
        MembersListed("CDATA", ("UGONE", "UBOT", "UPARTNER"), 10),
        UserSeen("UGONE", is_deleted=True, updated_us=15),
        UserSeen("UBOT", is_bot=True, is_deleted=True, updated_us=15),
        UserSeen("UPARTNER", is_external=True, is_deleted=True, updated_us=15),
    )
    assert left(scene) == {"UGONE": (10, 10)}


def test_a_channel_is_private_only_where_that_is_known(scene: Scene) -> None:
    scene.record(ChannelSeen("CMODS", "mods", is_private=True), ChannelSeen("CDATA", "data"))
    with scene.store.read() as tx:
        assert [tx.belonging.is_private(channel) for channel in ("CMODS", "CDATA", "CELSE")] == [True, False, False]
