"""``/cop privacy``: what is stored about me in words, my copy, erasing it, not being tracked. From the press to the store."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from doors import Doors
from scene import COMMUNITY, Scene

from copbot.adapters.store.personal_rows import PEOPLE
from copbot.core.delivery import Outgoing
from copbot.core.facts import UserSeen
from copbot.core.onboarding import Onboarding, Question
from copbot.core.own_copy import archive, csv_files, document
from copbot.core.ports.privacy import Counted
from copbot.core.records import GivenAnswer
from copbot.core.time import to_us
from copbot.features.privacy import privacy_feature, views
from copbot.features.privacy.account import KEPT, account
from copbot.features.privacy.erasing import prepare

SURE = {views.SURE: {views.SURE: {"type": "checkboxes", "selected_options": [{"value": "yes"}]}}}
NOT_SURE = {views.SURE: {views.SURE: {"type": "checkboxes", "selected_options": []}}}


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    scene = Scene(tmp_path)
    scene.record(UserSeen("UANA", name="Ana", timezone="Asia/Bangkok", updated_us=to_us(scene.now)))
    scene.says("UANA", "How do I link two registers?")
    scene.says("UANA", "Found it.")
    scene.reacts("UANA", "wave", scene.says("UBEN", "Welcome"))
    yield Doors(scene)
    scene.close()


def rows(doors: Doors, user: str = "UANA") -> dict[str, int]:
    with doors.scene.store.read() as tx:
        return {table: len(found) for table, found in tx.privacy.stored(user).items()}


# --- in words


def test_it_tells_in_a_few_words_what_is_stored(doors: Doors) -> None:
    seen = doors.type("UANA", "privacy")
    assert "Only you see this" in seen.whole
    assert "your name, time zone and language" in seen.whole
    assert "2 messages: where and when, 16 Nov 2026" in seen.whole
    assert "the words of 1 of these messages" in seen.whole
    assert "one reaction, 16 Nov 2026" in seen.whole
    assert "Bangkok" not in seen.whole, "counts and dates, not a log"
    assert [button["text"]["text"] for button in seen.buttons()] == [
        "Get my copy",
        "Do not track me",
        "Erase everything…",
    ]


def test_of_a_stranger_there_is_nothing_and_nothing_to_erase(doors: Doors) -> None:
    seen = doors.type("UNEW", "privacy")
    assert views.NOTHING in seen.text
    assert [button["text"]["text"] for button in seen.buttons()] == ["Do not track me"]


def test_each_table_that_tells_of_people_has_words() -> None:
    assert set(PEOPLE) <= set(KEPT)


def test_a_table_without_words_is_told_all_the_same() -> None:
    assert account({"new_table": Counted(2)}) == {"What was done with it": ["2 × new table"]}


def test_dates_span_from_the_first_to_the_last() -> None:
    days = [to_us(datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 9)]
    assert account({"suggestion": Counted(2, *days)}) == {
        "What you told me": ["2 questions you suggested or decided on, 1 Mar 2026 to 9 Mar 2026"]
    }


def test_the_home_tab_leads_to_it_in_a_form_of_its_own(doors: Doors) -> None:
    own = privacy_feature(()).settings
    assert own is not None
    with doors.scene.store.read() as tx:
        (block,) = own(doors.scene.ctx, tx, "UANA")
    seen = doors.press("UANA", block["accessory"]["action_id"], channel=None)
    assert seen.blocks["type"] == "modal"
    assert "2 messages" in seen.whole


# --- a copy


def test_the_copy_comes_as_one_file_in_the_direct_message(doors: Doors) -> None:
    said = doors.press_on("UANA", doors.type("UANA", "privacy"), "Get my copy")
    assert said.text == views.LATER
    ((user, file),) = doors.handed
    assert (user, file.name) == ("UANA", "copbot-UANA.zip")
    packed = zipfile.ZipFile(io.BytesIO(file.make()))
    told = json.loads(packed.read("UANA.json"))
    assert [row["text"] for row in told["tables"]["message"]] == ["How do I link two registers?", None]
    written = list(csv.DictReader(io.StringIO(packed.read("message.csv").decode())))
    assert [row["ts_at"][:16] for row in written] == ["2026-11-16T09:00"] * 2


def test_the_same_data_give_the_same_file_and_no_cell_is_a_formula() -> None:
    now = datetime(2026, 11, 16, tzinfo=UTC)
    stored = {"story_told": [{"text": "=1+1", "at_us": 0, "joined_us": [to_us(now)], "is_named": True, "saved": None}]}
    assert archive("U1", stored, now) == archive("U1", stored, now)
    assert csv_files(stored)["story_told.csv"].splitlines()[1] == '\'=1+1,,"[""2026-11-16T00:00:00+00:00""]",true,'
    assert document("U1", stored, now)["tables"]["story_told"][0]["text"] == "=1+1", "JSON is what it was"


# --- erased


def test_nothing_is_erased_before_somebody_is_sure(doors: Doors) -> None:
    form = doors.press_on("UANA", doors.type("UANA", "privacy"), "Erase everything…")
    assert form.blocks["callback_id"] == views.ERASE_FORM
    before = doors.contents()
    assert views.NOT_SURE in doors.send("UANA", views.ERASE_FORM, state=NOT_SURE).text
    assert doors.contents() == before


def test_erased_is_erased_and_the_next_look_says_so(doors: Doors) -> None:
    said = doors.send("UANA", views.ERASE_FORM, state=SURE)
    assert "It has begun" in said.whole
    prepare(doors.scene.ctx, doors.scene.now)
    assert rows(doors) == {}
    assert all("UANA" not in repr(found) for found in doors.contents().values())
    seen = doors.type("UANA", "privacy")
    assert views.FORGOTTEN in seen.text
    assert [button["text"]["text"] for button in seen.buttons()] == ["Know me again"]


@pytest.mark.parametrize("is_erased_first", [False, True])
def test_what_the_bot_said_of_them_in_a_channel_is_taken_back(doors: Doors, is_erased_first: bool) -> None:
    scene = doors.scene
    question = Question("goal", "Why?", "text", share=True)
    scene.communities = (replace(COMMUNITY, onboarding=Onboarding("hi.j2", (question,), introduction="intro.j2")),)
    scene.prompts |= {"hi.j2": "Hello", "intro.j2": "{{ member.mention }}: {{ answers[0].answer }}"}
    with scene.store.begin() as tx:
        journey = tx.journeys.start("data", "UANA", to_us(scene.now))
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "To link registers", share=True)], None, to_us(scene.now))
        key = "introduction:data:UANA"
        said = Outgoing(key, "introduction", "CHELLO", "Ana: To link registers", to_us(scene.now), community="data")
        tx.deliveries.plan(said)
    scene.send()
    doors.send("UANA", views.ERASE_FORM, state=SURE)
    if is_erased_first:
        prepare(scene.ctx, scene.now)
    (taken_back,) = [one for one in scene.send() if one.outgoing.updates]
    assert "link registers" not in taken_back.outgoing.text
    prepare(scene.ctx, scene.now)
    assert all("UANA" not in repr(found) for found in doors.contents().values())


def test_a_forged_form_erases_nobody_but_its_sender(doors: Doors) -> None:
    doors.send("UBEN", views.ERASE_FORM, private_metadata="UANA", state=SURE)
    prepare(doors.scene.ctx, doors.scene.now)
    assert rows(doors)["message"] == 2
    assert rows(doors, "UBEN") == {}


def test_who_was_erased_can_be_known_again(doors: Doors) -> None:
    doors.send("UANA", views.ERASE_FORM, state=SURE)
    assert "not done yet" in doors.press("UANA", views.AGAIN).text
    prepare(doors.scene.ctx, doors.scene.now)
    doors.press_on("UANA", doors.type("UANA", "privacy"), "Know me again")
    doors.scene.record(UserSeen("UANA", name="Ana", updated_us=to_us(doors.scene.now)))
    doors.scene.says("UANA", "Here again")
    assert rows(doors)["message"] == 1


def test_a_moderator_hears_that_the_files_name_them(doors: Doors) -> None:
    assert views.NAMED in doors.press("UMOD", views.ERASE).whole
    assert views.NAMED not in doors.press("UANA", views.ERASE).whole


# --- not tracked


def test_who_is_not_tracked_writes_without_a_name_until_they_say_otherwise(doors: Doors) -> None:
    seen = doors.press_on("UANA", doors.type("UANA", "privacy"), "Do not track me")
    assert views.STOPPED in seen.whole
    doors.scene.says("UANA", "Not mine")
    assert rows(doors)["message"] == 2
    seen = doors.press_on("UANA", doors.type("UANA", "privacy"), "Track me again")
    assert views.TRACKED in seen.whole
    doors.scene.says("UANA", "Mine again")
    assert rows(doors)["message"] == 3
