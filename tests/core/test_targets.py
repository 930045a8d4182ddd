"""Whom a command is about: guests, partners, apps, copbot itself, people who left or want no track kept of them. A plain answer each, and
nothing changed that should not be."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from doors import Doors
from scene import COMMUNITY, Scene

from copbot.core.facts import UserSeen
from copbot.core.onboarding import Onboarding, Question
from copbot.core.time import to_us

GREETING = replace(
    COMMUNITY, onboarding=Onboarding(welcome="welcome.j2", questions=(Question("goal", "Why?", "text"),))
)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    scene = Scene(tmp_path_factory.mktemp("targets"), GREETING, prompts={"welcome.j2": "Hello"})
    now_us = to_us(scene.now)
    scene.record(
        UserSeen("U0BOT", name="copbot", is_bot=True, updated_us=now_us),
        UserSeen("UAPP", name="Polls", is_bot=True, updated_us=now_us),
        UserSeen("UGONE", name="Gone", is_deleted=True, updated_us=now_us),
        UserSeen("UPARTNER", name="Partner", is_external=True, updated_us=now_us),
        UserSeen("UQUIET", name="Quiet", updated_us=now_us),
    )
    with scene.store.begin() as tx:
        tx.privacy.stop_tracking("UQUIET", now_us)
    yield Doors(scene)
    scene.close()


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ("UNEVER", "I do not know <@UNEVER> yet"),
        ("U0BOT", "is an app like me"),
        ("UAPP", "is an app like me"),
        ("UGONE", "has left this workspace"),
        ("UPARTNER", "belongs to another organisation"),
        ("UQUIET", "asked me to keep nothing of them"),
    ],
)
@pytest.mark.parametrize("command", ["welcome", "member"])
def test_each_gets_a_plain_answer_and_nothing_changes(doors: Doors, command: str, whom: str, said: str) -> None:
    before = doors.contents()
    assert said in doors.type("UMOD", f"{command} <@{whom}>", "CMODS").text
    assert doors.contents() == before


def test_what_names_nobody_is_told_how_to(doors: Doors) -> None:
    for words in ("welcome", "member", "welcome @ana", "member ana and ben"):
        assert "pick the person from the list" in doors.type("UMOD", words, "CMODS").text


@pytest.mark.parametrize("user", ["UPARTNER", "UQUIET", "UNEVER"])
@pytest.mark.parametrize("words", ["help", "me", "privacy", "find registers", "suggest"])
def test_whoever_types_is_answered(doors: Doors, user: str, words: str) -> None:
    seen = doors.type(user, words, "CDATA")
    assert seen.whole.strip("\n[]()")
    assert "not your fault" not in seen.whole
