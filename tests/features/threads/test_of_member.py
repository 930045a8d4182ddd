"""What moderators are told of a member's waiting."""

from pathlib import Path

from scene import Scene

from copbot.core.time import DAY_US, to_us
from copbot.features.threads import FEATURE


def told(scene: Scene, user: str) -> str:
    assert FEATURE.member is not None
    with scene.store.read() as tx:
        return "\n".join(block["text"]["text"] for block in FEATURE.member(scene.ctx, tx, scene.communities[0], user))


def test_only_their_own_open_threads_are_told(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    asked_us = scene.says("UANA", "How do I link these?")
    with scene.store.begin() as tx:
        tx.cards.open("data", "CDATA", asked_us, "UANA", "member", "why", to_us(scene.now), "card:1")
        tx.cards.open("data", "CDATA", asked_us - DAY_US, "UBEN", "member", "why", to_us(scene.now), "card:2")
    scene.wait(days=2)
    said = told(scene, "UANA")
    assert said.startswith("Waits for an answer:\n• <@UANA>'s question in <#CDATA>: 2 days")
    assert "UBEN" not in said
    assert told(scene, "UCY") == ""
    with scene.store.begin() as tx:
        for number in range(4):
            tx.cards.open("data", "CDATA", number + 1, "UCY", "member", "why", to_us(scene.now), f"card:many:{number}")
    assert told(scene, "UCY").count("•") == 3
    assert told(scene, "UCY").endswith("…and 1 more.")
    scene.close()
