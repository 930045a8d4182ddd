"""A question that somebody took and nobody answered is everybody's again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.delivery import Delivery
from copbot.core.interaction import Press
from copbot.core.records import Card
from copbot.core.time import from_us, to_us
from copbot.core.working_time import WeekHours, WorkingTime
from copbot.features.threads import FEATURE, views
from copbot.features.threads.rules import MAX_REMINDERS, claim_ends_us


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def card_of(scene: Scene, ts_us: int) -> Card:
    with scene.store.read() as tx:
        card = tx.cards.of_thread("data", "CDATA", ts_us)
    assert card is not None
    return card


def take(scene: Scene, card: Card, user: str = "UMOD") -> str:
    with scene.store.begin() as tx:
        said = FEATURE.actions[views.TAKE](scene.ctx, tx, Press(user, views.TAKE, str(card.id), "t")).text
    scene.send()
    return said


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


# --- how long a claim holds -----------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("taken", "ends"),
    [
        pytest.param("2026-11-16 15:00", "2026-11-18 15:00", id="on Monday: until Wednesday"),
        pytest.param("2026-11-19 15:00", "2026-11-23 15:00", id="on Thursday: until Monday"),
        pytest.param("2026-11-20 15:00", "2026-11-24 15:00", id="on Friday: until Tuesday"),
        pytest.param("2026-11-20 23:59", "2026-11-24 23:59", id="at the end of Friday: until Tuesday"),
        pytest.param("2026-11-21 00:00", "2026-11-25 00:00", id="on Saturday: as on Monday morning"),
        pytest.param("2026-11-22 23:59", "2026-11-25 00:00", id="on Sunday: as on Monday morning"),
        pytest.param("2026-03-27 02:30", "2026-03-31 02:30", id="the clocks go forward meanwhile"),
        pytest.param("2026-10-23 02:30", "2026-10-27 02:30", id="the clocks go back meanwhile"),
    ],
)
def test_a_claim_holds_for_two_working_days_by_the_communitys_clocks(taken: str, ends: str) -> None:
    def at(text: str) -> int:
        return to_us(datetime.fromisoformat(text).replace(tzinfo=BERLIN))

    assert claim_ends_us(at(taken), WorkingTime(BERLIN)) == at(ends)


def test_days_off_and_holidays_are_no_working_days() -> None:
    def at(text: str) -> int:
        return to_us(datetime.fromisoformat(text).replace(tzinfo=BERLIN))

    sunday_to_thursday = WorkingTime(
        BERLIN, (WeekHours(frozenset({6, 0, 1, 2, 3})),), lambda day: day == date(2026, 11, 16)
    )
    assert claim_ends_us(at("2026-11-12 15:00"), sunday_to_thursday) == at("2026-11-17 15:00")
    assert claim_ends_us(at("2026-11-13 15:00"), sunday_to_thursday) == at("2026-11-18 00:00")


@given(
    st.integers(to_us(MONDAY), to_us(MONDAY + timedelta(days=800))),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Bangkok", "Australia/Lord_Howe"]),
)
def test_a_claim_holds_for_two_to_four_days_and_never_ends_at_a_weekend(taken_us: int, zone: str) -> None:
    working = WorkingTime(ZoneInfo(zone))
    ends_us = claim_ends_us(taken_us, working)
    kept = from_us(ends_us) - from_us(taken_us)
    assert timedelta(hours=47) <= kept <= timedelta(days=4, hours=1)
    assert from_us(ends_us).astimezone(ZoneInfo(zone)).weekday() < 5
    assert claim_ends_us(taken_us + 1, working) >= ends_us


# --- what is seen of it ----------------------------------------------------------------------------------------------


def opened(scene: Scene) -> Card:
    """A card that opened on Tuesday at 09:00."""
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    tick(scene)
    return card_of(scene, ts_us)


def test_taking_says_until_when_and_an_unkept_claim_is_freed_then_and_not_before(scene: Scene) -> None:
    card = opened(scene)
    assert "until Thursday" in take(scene, card)
    taken_at = scene.now
    scene.wait(hours=48, seconds=-1)
    tick(scene)
    assert card_of(scene, card.ts_us).claimed_by == "UMOD"
    # Given that it is the next thing that thread care waits for, bar the escalation
    assert FEATURE.next_due(scene.ctx, scene.now) <= taken_at + timedelta(hours=48)  # type: ignore[operator]

    scene.wait(seconds=1)
    update, reminder, *_ = tick(scene)
    assert update.outgoing.updates == card.shown_in
    assert "free again" in text_of(update)
    assert "has taken it" not in text_of(update)
    assert update.outgoing.blocks[-1]["elements"][1]["text"]["text"] == "I'll take it"
    assert (reminder.outgoing.kind, reminder.outgoing.thread_of) == ("reminder", card.shown_in)
    assert "free again" in reminder.outgoing.text


def test_one_reminder_tells_of_it_however_often_it_is_freed(scene: Scene) -> None:
    card = opened(scene)
    told: list[str] = []
    for user in ("UMOD", "UJESS", "UMOD"):
        take(scene, card, user)
        for _ in range(4 * 6):
            scene.wait(hours=6)
            told += [d.outgoing.text for d in tick(scene) if d.outgoing.kind == "reminder"]
        assert card_of(scene, card.ts_us).claimed_by is None
    assert sum("free again" in text for text in told) == 1
    assert len(told) <= MAX_REMINDERS


def test_an_answer_in_time_closes_the_card_and_frees_nothing(scene: Scene) -> None:
    card = opened(scene)
    take(scene, card)
    scene.says("UMOD", "By name.", thread=card.ts_us)
    scene.wait(days=5)
    (update,) = tick(scene)
    assert "Answered by <@UMOD>" in text_of(update)


def test_a_claim_of_before_this_was_noted_is_freed_too(scene: Scene) -> None:
    card = opened(scene)
    take(scene, card)
    with scene.store.begin() as tx:
        tx.cards.save(replace(card_of(scene, card.ts_us), claimed_us=None))
    scene.wait(hours=48)
    tick(scene)
    assert card_of(scene, card.ts_us).claimed_by is None


def test_a_weekend_and_the_communitys_zone_count(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, timezone="Asia/Bangkok"))
    scene.clock.jump(
        datetime(2026, 11, 19, 18, 30, tzinfo=UTC) - MONDAY
    )  # Friday 01:30 in Bangkok, a day before it is due
    card = opened(scene)  # opened on Saturday 01:30 there
    assert "until Wednesday" in take(scene, card)
    freed = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    scene.clock.jump(freed - timedelta(seconds=1) - scene.now)
    tick(scene)
    assert card_of(scene, card.ts_us).claimed_by == "UMOD"
    scene.wait(seconds=1)
    tick(scene)
    assert card_of(scene, card.ts_us).claimed_by is None
    scene.close()
