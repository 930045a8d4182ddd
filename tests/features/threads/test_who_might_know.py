"""Who might know: those who answered alike before, who could be asked with good grace, each with the reason in a few words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import ask, card_of, open_card, press, settle_in, tick, words_of
from scene import COMMUNITY, Scene

from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Privacy
from copbot.core.delivery import Outgoing
from copbot.core.duty import Away, Duty
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.ports.thread import Alike
from copbot.core.time import to_us
from copbot.features.threads.knowing import by_likeness

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def alike(when: str, *answerers: str) -> Alike:
    return Alike("C1", to_us(datetime.fromisoformat(when).replace(tzinfo=UTC)), "U9", answerers)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param([], [], id="nothing alike"),
        pytest.param([alike("2026-06-03", "UA")], [("UA", "answered one like this in June")], id="one"),
        pytest.param([alike("2026-11-01", "UA")], [("UA", "answered one like this lately")], id="this month"),
        pytest.param([alike("2025-11-01", "UA")], [("UA", "answered one like this in November 2025")], id="last year"),
        pytest.param(
            [alike("2026-06-03", "UA"), alike("2026-06-30", "UA")],
            [("UA", "answered 2 like this in June")],
            id="two in one month",
        ),
        pytest.param(
            [alike("2026-06-30", "UA"), alike("2026-05-01", "UA"), alike("2024-05-01", "UA")],
            [("UA", "answered 3 like this, last in June")],
            id="over years",
        ),
        pytest.param(
            [alike("2026-06-03", "UB", "UA"), alike("2026-05-01", "UA")],
            [("UA", "answered 2 like this, last in June"), ("UB", "answered one like this in June")],
            id="who answered more of them comes first",
        ),
        pytest.param(
            [alike("2026-05-03", "UB"), alike("2026-06-01", "UA")],
            [("UB", "answered one like this in May"), ("UA", "answered one like this in June")],
            id="of as many, who answered the likest",
        ),
    ],
)
def test_the_reason_counts_what_was_answered_and_when_last(found: list[Alike], told: list[tuple[str, str]]) -> None:
    assert by_likeness(found, NOW.astimezone(ZoneInfo("UTC"))) == told


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    settle_in(scene, "U1", "U9", "UANA", "UBEN", "UCLEO", "UDAN")
    yield scene
    scene.close()


def answers(scene: Scene, user: str, *questions: str) -> None:
    for question in questions:
        scene.says(user, "By name.", thread=scene.says("U9", question))
        scene.wait(minutes=1)


def knowing(scene: Scene, text: str = "How do you link two registers by postcode?") -> str:
    """The line of a new card that names who might know."""
    open_card(scene, text=text)
    (line,) = [line for line in words_of(last_card(scene)).splitlines() if line.startswith("Might know")] or [""]
    return line


def last_card(scene: Scene):
    with scene.store.read() as tx:
        return tx.deliveries.latest("data", ["card"], 1)[0]


def test_a_card_names_those_who_answered_questions_that_are_worded_alike(scene: Scene) -> None:
    answers(scene, "UANA", "Which tea do you drink?", "Which cake do you like?", "Which pub do you like?")
    answers(scene, "UBEN", "How do you link registers by postcode?", "Is a postcode enough to link registers?")
    assert knowing(scene).startswith(
        "Might know: <@UBEN> (answered 2 like this lately) · <@UANA> (answered in 3 threads"
    )


def test_where_texts_are_not_kept_the_channels_answers_tell(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, privacy=Privacy(keep_text="none")))
    scene.store = SqlStore(scene.engine, 1, lambda _channel: "none")
    scene.ctx = replace(scene.ctx, store=scene.store)
    settle_in(scene, "U1", "U9", "UANA", "UBEN")
    answers(scene, "UANA", "Which tea do you drink?", "Which cake do you like?")
    answers(scene, "UBEN", "How do you link registers by postcode?")
    line = knowing(scene)
    assert line.startswith(
        "Might know: <@UANA> (answered in 2 threads here in 90 days) · <@UBEN> (answered in one thread"
    )
    scene.close()


def test_at_most_three_are_named(scene: Scene) -> None:
    for user in ("UANA", "UBEN", "UCLEO", "UDAN"):
        answers(scene, user, "How do you link registers by postcode?")
    assert knowing(scene).count("<@") == 3


def test_many_replies_in_one_thread_count_once(scene: Scene) -> None:
    thread = scene.says("U9", "Which tea do you drink?")
    for _ in range(9):
        scene.says("UANA", "Green.", thread=thread)
    answers(scene, "UBEN", "Which cake do you like?", "Which pub do you like?")
    assert knowing(scene).startswith("Might know: <@UBEN>")


def test_nobody_is_named_who_could_not_be_asked_with_good_grace(scene: Scene) -> None:
    now_us = to_us(scene.now)
    for user in ("UBOT", "UGONE", "UPARTNER", "ULEFT", "UAWAY", "UFULL", "U1", "UANA"):
        scene.record(UserSeen(user, name=user, timezone="UTC", updated_us=now_us))
        answers(scene, user, "How do you link registers by postcode?")
    scene.record(
        UserSeen("UBOT", is_bot=True, updated_us=now_us + 1),
        UserSeen("UGONE", is_deleted=True, updated_us=now_us + 1),
        UserSeen("UPARTNER", is_external=True, updated_us=now_us + 1),
        MembershipSeen("CDATA", "ULEFT", True, now_us),
        MembershipSeen("CDATA", "ULEFT", False, now_us + 1),
    )
    away = Duty("week", ("UMOD",), (Away("UAWAY", date(2026, 11, 1), date(2026, 11, 30)),))
    scene.communities = (replace(COMMUNITY, duty=away),)
    with scene.store.begin() as tx:  # a message within the day before the card opens
        tx.deliveries.plan(Outgoing("x", "survey", "UFULL", "How is it?", to_us(scene.now) + 3_600_000_000))
    scene.wait(hours=1)
    scene.send()
    scene.wait(hours=-1)
    assert knowing(scene) == "Might know: <@UANA> (answered one like this lately)"


def test_who_has_been_silent_for_as_long_as_makes_dormant_is_left_in_peace(scene: Scene) -> None:
    answers(scene, "UANA", "How do you link registers by postcode?")
    answers(scene, "UBEN", "How do you link registers by postcode?")
    scene.wait(weeks=8)
    scene.says("UBEN", "Good morning")
    assert knowing(scene) == "Might know: <@UBEN> (answered one like this in November 2026)"


def test_who_was_asked_or_has_it_is_named_no_more(scene: Scene) -> None:
    answers(scene, "UANA", "How do you link registers by postcode?")
    answers(scene, "UBEN", "How do you link registers by postcode?")
    card = open_card(scene, text="How do you link two registers by postcode?")
    ask(scene, card, "UANA")
    scene.send()
    assert "Might know: <@UBEN>" in words_of(last_card(scene))
    press(scene, "threads:take", card.id, "UMOD")
    scene.send()
    assert card_of(scene, card.ts_us).claimed_by == "UMOD"
    form = press(scene, "threads:ask", card.id).view
    assert form is not None
    assert "UBEN" in str(form["blocks"])
    assert "UANA" not in str(form["blocks"])


def test_the_names_and_reasons_stand_in_the_form_and_the_first_is_chosen(scene: Scene) -> None:
    answers(scene, "UANA", "How do you link registers by postcode?")
    card = open_card(scene, text="How do you link two registers by postcode?")
    tick(scene)
    form = press(scene, "threads:ask", card.id).view
    assert form is not None
    (radio,) = [block["element"] for block in form["blocks"] if block.get("element", {}).get("type") == "radio_buttons"]
    assert radio["initial_option"]["text"]["text"] == "Uana"
    assert radio["initial_option"]["description"]["text"] == "answered one like this lately"
