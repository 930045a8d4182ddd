"""What follow-ups, outcomes and referrals ask of the store, in a real SQLite database."""

from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from sqlalchemy import insert

from copbot.adapters.store import tables
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore, SqlTx
from copbot.core.delivery import Outgoing
from copbot.core.facts import ChannelSeen, MessageGone, MessageSeen, UserSeen
from copbot.core.records import GivenOutcome, Journey, Referral


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[SqlTx]:
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
    with SqlStore(engine, 1).begin() as tx:
        tx.facts.record([ChannelSeen("CDATA"), ChannelSeen("CELSE"), UserSeen("U1", name="Ada", timezone="Asia/Tokyo")])
        yield tx
    engine.dispose()


def started(tx: SqlTx, user: str, at_us: int) -> Journey:
    journey = tx.journeys.start("data", user, at_us)
    assert journey is not None
    return journey


def users(tx: SqlTx, since_us: int = 0, until_us: int = 1000, only: set[str] | None = None) -> list[str]:
    return [one.person.user for one in tx.newcomers.with_open_step("data", "r.j2", since_us, until_us, only)]


def test_a_step_is_open_for_those_of_its_time_until_it_is_recorded(tx: SqlTx) -> None:
    for user, at_us in (("U2", 200), ("U1", 100), ("U3", 300)):
        started(tx, user, at_us)
    tx.journeys.start("maps", "U4", 150)
    assert users(tx) == ["U1", "U2", "U3"]
    assert users(tx, 101, 300) == ["U2", "U3"]
    assert users(tx, 100, 299) == ["U1", "U2"]
    assert users(tx, only={"U3", "U9"}) == ["U3"]
    tx.deliveries.plan(Outgoing("follow_up:data:U2:r.j2", "onboarding", "U2", "Hi", 5))
    tx.deliveries.plan(Outgoing("follow_up:data:U3:other.j2", "onboarding", "U3", "Hi", 5))
    assert users(tx) == ["U1", "U3"]
    (ada, _) = tx.newcomers.with_open_step("data", "r.j2", 0, 1000)
    assert (ada.person.name, ada.person.timezone, ada.journey.started_us) == ("Ada", "Asia/Tokyo", 100)


def test_the_next_who_was_welcomed(tx: SqlTx) -> None:
    started(tx, "U1", 100)
    started(tx, "U2", 200)
    assert [tx.newcomers.next_started_us("data", after) for after in (0, 99, 100, 199, 200)] == [
        100,
        100,
        200,
        200,
        None,
    ]


def test_the_latest_moments_of_each_in_these_channels_alone(tx: SqlTx) -> None:
    tx.facts.record([MessageSeen("CDATA", 1000 + n, "U1", text="x") for n in range(30)])
    tx.facts.record(
        [MessageSeen("CELSE", 5000, "U1"), MessageSeen("CDATA", 900, "U2"), MessageSeen("CDATA", 1500, "U2")]
    )
    tx.facts.record([MessageGone("CDATA", 1029)])
    moments = tx.newcomers.moments(["U1", "U2", "U3"], ["CDATA"], 901)
    assert list(moments["U1"]) == [1028 - n for n in range(20)]
    assert list(moments["U2"]) == [1500]
    assert "U3" not in moments


def test_what_each_was_told_counts_what_is_planned_and_not_what_was_skipped_or_changed(tx: SqlTx) -> None:
    for key, kind, due_us in (
        ("a", "onboarding", 300),
        ("b", "onboarding", 200),
        ("c", "answer", 250),
        ("d", "post", 99),
    ):
        tx.deliveries.plan(Outgoing(key, kind, "U1", "Hi", due_us))  # type: ignore[arg-type]
    tx.deliveries.plan(Outgoing("e", "onboarding", "U1", "Hi", 400))
    tx.deliveries.cancel("e", "not needed")
    tx.deliveries.plan(Outgoing("f", "onboarding", "U1", "Hi", 500, updates="a"))
    assert {
        user: list(told) for user, told in tx.deliveries.told(["U1", "U2"], ["onboarding", "post"], 100).items()
    } == {"U1": [200, 300]}


def test_one_outcome_for_each_journey_the_latest(tx: SqlTx) -> None:
    one, other = started(tx, "U1", 1), started(tx, "U2", 2)
    assert tx.outcomes.get(one.id) is None
    tx.outcomes.save(one.id, GivenOutcome("partly", "a line", 10))
    tx.outcomes.save(one.id, GivenOutcome("yes", "", 20))
    assert tx.outcomes.get(one.id) == GivenOutcome("yes", "", 20)
    assert tx.outcomes.of({one.id, other.id}) == {one.id}


def test_a_referral_waits_for_the_newcomers_first_message_and_counts_once(tx: SqlTx) -> None:
    started(tx, "U1", 100)
    tx.referrals.name("data", "U1", "U7", 110)
    tx.facts.record([MessageSeen("CDATA", 90, "U1"), MessageSeen("CELSE", 120, "U1")])
    assert tx.referrals.waiting("data", ["CDATA"], 0) == []
    tx.facts.record([MessageSeen("CDATA", 140, "U1"), MessageSeen("CDATA", 130, "U1")])
    assert tx.referrals.waiting("data", ["CDATA"], 110) == [Referral("U1", "U7", 100, 130)]
    assert tx.referrals.waiting("data", ["CDATA"], 111) == []
    assert tx.referrals.credit("data", "U1", 150)
    assert not tx.referrals.credit("data", "U1", 160)
    assert tx.referrals.waiting("data", ["CDATA"], 0) == []
    tx.referrals.name("data", "U1", "U8", 170)
    tx.referrals.drop("data", "U1")
    assert tx.referrals.inviter_of("data", "U1") == "U7"
    assert (tx.referrals.count("data", "U7"), tx.referrals.count("maps", "U7")) == (1, 0)


def test_all_whom_the_inviters_of_late_brought(tx: SqlTx) -> None:
    for number, (inviter, at_us) in enumerate([("U7", 10), ("U7", 200), ("U8", 20), ("U9", 300)]):
        started(tx, f"UN{number}", number)
        tx.referrals.name("data", f"UN{number}", inviter, at_us)
        tx.referrals.credit("data", f"UN{number}", at_us)
    tx.referrals.name("data", "UN9", "U7", 250)
    assert tx.referrals.credited_since("data", 100) == {"U7": 2, "U9": 1}
