"""Every command, button, form and menu entry that is not everybody's, tried by those who may not: refused in one plain line, recorded, and
nothing changed. New ones are found by themselves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from doors import TS, Doors
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Roles
from copbot.core.facts import UserSeen
from copbot.core.posts import CronWhen, Post
from copbot.core.time import to_us, ts_to_us
from copbot.core.voices import PulseQuestion
from copbot.wiring import FEATURES

WEEKLY = Post("weekly", "#data", CronWhen("0 9 * * 1"), text="Hello")
DATA = replace(COMMUNITY, posts=(WEEKLY,))
MAPS = replace(
    COMMUNITY,
    id="maps",
    name="Maps",
    channels=Channels(discussion=("#maps",)),
    roles=Roles(coordinators=("UCARTO",), moderators=("UMAPS",)),
)
THREAD = f"data/CDATA/{TS}"
POST = json.dumps({"community": "data", "post": "weekly"})
VALUES = {
    "threads": ("1", "tomorrow 1 all~-~0", THREAD, f"CDATA/{TS}"),
    "suggestion": ("1", "1:waiting:0"),
    "rhythm": (POST,),
    "moderation": ("1", "1 warned"),
    "preview": (json.dumps({"community": "data", "name": "weekly", "number": 0}),),
}
NONSENSE = ("\u202e<!channel>", "9" * 40)
"""What such buttons and forms carry of this community's things, by the first word of their names; and what they never do."""

MODERATORS_TABLES = (
    *(
        "card",
        "asked_person",
        "post_control",
        "suggestion",
        "moderation_case",
        "case_step",
        "pulse_round",
        "question_use",
    ),
)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    scene = Scene(tmp_path_factory.mktemp("doors"), DATA, MAPS)
    now_us = to_us(scene.now)
    people = ("UANA", "UBEN", "UMOD", "UJESS", "UMAPS", "UCARTO")
    scene.record(*(UserSeen(user, name=user, updated_us=now_us) for user in people))
    scene.says("UANA", "How do I link two registers?")
    with scene.store.begin() as tx:
        tx.cards.open("data", "CDATA", ts_to_us(TS), "UANA", "member", "asks", now_us, "card:data")
        tx.suggestions.add("data", "UBEN", "What did you link?", "weekly", now_us, is_named=True)
        tx.cases.open("data", "CDATA", ts_to_us(TS), "UANA", now_us)
        question = PulseQuestion("useful", "Is it useful?", "scale")
        found = tx.pulses.open("data", "2026-10", (question,), now_us, to_us(scene.now + timedelta(days=7)))
        assert found is not None
    doors = Doors(scene)
    doors.run("UPDATE pulse_round SET told_us = 1, asked = 9")
    yield doors
    scene.close()


def values(name: str) -> tuple[str, ...]:
    return (*VALUES.get(name.partition(":")[0], ("1",)), *NONSENSE)


def names(kind: str) -> list[str]:
    """The guarded names of one kind; a prefix stands for an action of its own."""
    found = []
    for feature in FEATURES:
        own = {"actions": feature.actions, "forms": feature.forms, "shortcuts": feature.shortcuts}[kind]
        found += [f"{name}x" if name.endswith(":") else name for name in own if name in feature.guarded]
    return sorted(name for name in found if not name[-1].isdigit())  # those of one kind, told apart by a number


COMMANDS = sorted((c.name, c.who) for f in FEATURES for c in f.commands if c.who != "everyone")


@pytest.mark.parametrize(("name", "who"), COMMANDS)
def test_a_command_of_theirs_is_refused_to_a_member(doors: Doors, name: str, who: str) -> None:
    before = doors.contents()
    seen = doors.type("UBEN", f"{name} weekly", "CDATA")
    assert seen.text == f"{who.capitalize()} can do this. `/cop help` shows what you can do."
    assert ("UBEN", f"command {name}", "data") in doors.refusals()
    assert doors.contents() == before


@pytest.mark.parametrize("name", [name for name, who in COMMANDS if who == "coordinators"])
def test_what_coordinators_do_is_refused_to_a_moderator(doors: Doors, name: str) -> None:
    assert doors.type("UMOD", name, "CDATA").text.startswith("Coordinators can do this.")


@pytest.mark.parametrize("name", names("actions"))
def test_a_button_of_theirs_is_refused_to_a_member(doors: Doors, name: str) -> None:
    before = doors.contents()
    assert "can do this." in doors.press("UBEN", name, values(name)[0], "CDATA").text
    assert ("UBEN", f"button {name}", "data") in doors.refusals()
    assert doors.contents() == before


@pytest.mark.parametrize("name", names("forms"))
def test_a_form_of_theirs_is_refused_to_a_member(doors: Doors, name: str) -> None:
    """As when somebody's role ended while they had it open: the form gives way to one line."""
    before = doors.contents()
    assert "can do this." in doors.send("UBEN", name, values(name)[0]).whole
    assert ("UBEN", f"form {name}") in [refusal[:2] for refusal in doors.refusals()]
    assert doors.contents() == before


@pytest.mark.parametrize("name", [*names("actions"), *names("forms")])
def test_with_another_communitys_things_a_moderator_changes_nothing(doors: Doors, name: str) -> None:
    before = {table: doors.contents()[table] for table in MODERATORS_TABLES}
    is_form = name in names("forms")
    for value in values(name):
        seen = doors.send("UMAPS", name, value) if is_form else doors.press("UMAPS", name, value, "CMAPS")
        assert "not your fault" not in seen.whole, value
        assert "weekly" not in seen.whole, "nor do they see it"
    assert {table: doors.contents()[table] for table in MODERATORS_TABLES} == before


def test_what_a_moderator_tried_elsewhere_is_recorded_there(doors: Doors) -> None:
    doors.press("UMAPS", "threads:take", "1", "CMAPS")
    assert ("UMAPS", "button threads:take", "data") in doors.refusals()


def test_everybodys_buttons_bear_anything_and_decide_nothing_of_others(doors: Doors) -> None:
    before = {table: doors.contents()[table] for table in MODERATORS_TABLES}
    for name in sorted({name for f in FEATURES for name in (*f.actions, *f.drafts) if name not in f.guarded}):
        for value in ("1", *NONSENSE):
            assert "not your fault" not in doors.press("UBEN", name, value, "CDATA").whole, (name, value)
    assert {table: doors.contents()[table] for table in MODERATORS_TABLES} == before


def test_everybodys_forms_bear_anything(doors: Doors) -> None:
    for name in sorted({name for f in FEATURES for name in f.forms if name not in f.guarded}):
        for value in ("1", *NONSENSE):
            assert "not your fault" not in doors.send("UCARTO", name, value).whole, (name, value)


def test_what_begins_like_a_moderators_button_is_no_moderators_form(doors: Doors) -> None:
    """``suggestion:new`` is every member's, ``suggestion:`` the moderators' list."""
    seen = doors.send("UBEN", "suggestion:new", '{"community": "data"}')
    assert "can do this" not in seen.whole


def test_a_menu_entry_of_theirs_is_refused_and_recorded(doors: Doors) -> None:
    before = doors.contents()
    assert doors.choose("UBEN", "threads_watch").text == "Moderators can do this."
    assert ("UBEN", "menu threads_watch", "data") in doors.refusals()
    assert doors.contents() == before


def test_a_role_that_ended_ends_at_the_next_press(doors: Doors) -> None:
    scene = doors.scene
    form = doors.press("UMOD", "threads:ask", "1", "CMODS")
    assert form.blocks["type"] == "modal"
    kept, scene.communities = scene.communities, (replace(DATA, roles=Roles(coordinators=("UJESS",))), MAPS)
    before = doors.contents()
    seen = doors.send("UMOD", form.blocks["callback_id"], form.blocks["private_metadata"])
    assert "Moderators can do this." in seen.whole
    assert doors.contents() == before
    scene.communities = kept


def test_who_goes_on_pressing_fills_no_book(doors: Doors) -> None:
    for _ in range(3):
        doors.press("UGUEST", "threads:take", "1", "CDATA")
    assert [refusal for refusal in doors.refusals() if refusal[0] == "UGUEST"] == [
        ("UGUEST", "button threads:take", "data")
    ]
    doors.scene.wait(hours=2)
    doors.press("UGUEST", "threads:take", "1", "CDATA")
    assert len([refusal for refusal in doors.refusals() if refusal[0] == "UGUEST"]) == 2


def test_a_repeated_delivery_of_one_press_is_one(doors: Doors) -> None:
    """Slack sends again what it believes lost: a refusal has no effect that could double."""
    assert doors.press("UBEN", "rhythm:pause", POST).text == doors.press("UBEN", "rhythm:pause", POST).text
