"""One of several processes leads, another takes over, and one that slept does no harm. By the database's own clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import databases
import pytest
from fakes import FakeClock

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import Outgoing
from copbot.core.errors import LeadLost
from copbot.core.leading import LEASE_S, RENEW_AFTER_S, Leading, Look


@dataclass
class House:
    """Processes on one database, each with a store and a monotonic clock of its own."""

    place: Path
    ended: set[str] = field(default_factory=set)
    stores: list[SqlStore] = field(default_factory=list)

    def process(self, name: str) -> tuple[Leading, FakeClock, SqlStore]:
        store, clock = SqlStore(open_engine(databases.address(self.place)), 1), FakeClock()
        self.stores.append(store)
        leading = Leading(store, clock, name, lambda holder: holder in self.ended)
        store.fence = leading.fence
        return leading, clock, store

    def time_runs_out(self) -> None:
        """As if the holder had not renewed for as long as it was given."""
        databases.do(self.place, "UPDATE lead_lease SET until_us = until_us - 100000000")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    databases.filled(tmp_path / "copbot.db")
    house = House(tmp_path / "copbot.db")
    yield house
    for store in house.stores:
        store._engine.dispose()


def plan(store: SqlStore, key: str) -> bool:
    with store.begin() as tx:
        return tx.deliveries.plan(Outgoing(key=key, kind="post", target="C1", text="Hello", due_us=0))


def test_the_first_leads_and_goes_on_leading_while_it_renews(house: House) -> None:
    (first, clock, _), (second, _, _) = house.process("first"), house.process("second")
    assert (first.look(), second.look()) == (Look(True), Look(False))
    for _ in range(10):
        clock.tick(RENEW_AFTER_S)
        assert (first.look().leads, second.look().leads) == (True, False)


def test_what_another_took_in_is_heard_at_the_next_look_and_once(house: House) -> None:
    (first, _, _), (second, _, _) = house.process("first"), house.process("second")
    first.look()
    second.look()
    second.ring()
    assert [first.look().rung, first.look().rung] == [True, False]


def test_after_an_end_in_order_another_takes_over_at_once(house: House) -> None:
    (first, _, _), (second, _, _) = house.process("first"), house.process("second")
    first.look()
    first.give_up()
    assert not first.leads
    assert second.look().leads
    assert not first.look().leads


def test_one_whose_process_is_known_to_be_gone_is_not_waited_for(house: House) -> None:
    (first, _, _), (second, _, _) = house.process("first"), house.process("second")
    first.look()
    house.ended.add("first")
    assert second.look().leads


def test_one_that_does_not_renew_is_followed_by_another_once_its_time_has_run_out(house: House) -> None:
    (first, _, _), (second, _, _) = house.process("first"), house.process("second")
    first.look()
    assert not second.look().leads
    house.time_runs_out()
    assert second.look().leads


def test_one_that_slept_and_wakes_writes_nothing_of_what_it_was_deciding(house: House) -> None:
    (first, _, store), (second, _, other) = house.process("first"), house.process("second")

    def decide() -> None:
        with first.deciding():
            assert plan(store, "before it slept")
            house.time_runs_out()
            second.look()  # meanwhile
            plan(store, "after it woke")

    first.look()
    with pytest.raises(LeadLost):
        decide()
    assert not first.leads
    with other.read() as tx:
        assert tx.deliveries.known(["before it slept", "after it woke"]) == {"before it slept"}
    assert plan(store, "taken in"), "what decides nothing goes on"
    with second.deciding():
        assert plan(other, "after it woke")


def test_one_that_slept_longer_than_it_was_given_does_not_even_begin(house: House) -> None:
    first, clock, _ = house.process("first")
    first.look()
    clock.tick(LEASE_S)
    with pytest.raises(LeadLost), first.deciding():
        pytest.fail("it began")
    assert first.look().leads, "nobody else wanted it"


def test_it_is_handed_over_once_however_many_want_it(house: House) -> None:
    first, _, _ = house.process("first")
    first.look()
    others = [house.process(f"other {number}")[0] for number in range(3)]
    house.time_runs_out()
    assert [other.look().leads for other in others] == [True, False, False]


def test_a_clock_that_was_set_back_keeps_nobody_in_the_lead_for_an_hour(house: House) -> None:
    (first, _, _), (second, _, _) = house.process("first"), house.process("second")
    first.look()
    databases.do(house.place, "UPDATE lead_lease SET until_us = until_us + 3600000000")
    assert second.look().leads
    assert not first.look().leads
