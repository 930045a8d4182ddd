"""Who was there when, as the store counts it: against counting by hand."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from histories import close, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import MessageGone, MessageSeen, UserSeen
from copbot.core.ports.rhythm import HourCount
from copbot.core.time import HOUR_US, to_us
from copbot.features.rhythm.learning.evidence import read_histogram

START = datetime(2026, 3, 28, tzinfo=UTC)  # a day before clocks change in Berlin
T = to_us(START)
MINUTE = 60_000_000


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


def said(channel: str, minutes: int, user: str, thread: int | None = None) -> MessageSeen:
    return MessageSeen(channel, T + minutes * MINUTE, user, thread_us=thread)


def test_people_are_counted_once_an_hour_and_channel(store: SqlStore) -> None:
    record(
        store,
        [said("C1", 1, "U1"), said("C1", 2, "U1"), said("C1", 3, "U2"), said("C1", 61, "U1"), said("C2", 4, "U1")],
    )
    hour = T // HOUR_US
    with store.read() as tx:
        assert list(tx.presence.hours(["C1", "C2"], T, T + HOUR_US * 2)) == [
            HourCount("C1", hour, 2, 3),
            HourCount("C1", hour + 1, 1, 1),
            HourCount("C2", hour, 1, 1),
        ]
        assert list(tx.presence.hours(["C1", "C2"], T, T + HOUR_US, together=True)) == [HourCount("", hour, 2, 4)]
        assert list(tx.presence.hours([], T, T + HOUR_US)) == []


def test_bots_copbot_and_deleted_messages_are_left_out(store: SqlStore) -> None:
    record(
        store,
        [
            UserSeen("UBOT", name="feed", is_bot=True, updated_us=T),
            UserSeen("UCOP", name="copbot", is_bot=True, updated_us=T),
            said("C1", 1, "UBOT"),
            said("C1", 2, "UCOP"),
            said("C1", 3, "U1"),
            said("C1", 4, "U2"),
            MessageGone("C1", T + 4 * MINUTE),
        ],
    )
    with store.read() as tx:
        assert [count.members for count in tx.presence.hours(["C1"], T, T + HOUR_US)] == [1]
        assert tx.presence.people(["C1"], T, T + HOUR_US) == 1
        assert tx.presence.span_us(["C1"]) == (T + 3 * MINUTE, T + 3 * MINUTE)
        assert read_histogram(tx, ZoneInfo("UTC"), ["C1"]).messages(0, 1) == 1


def test_a_person_who_turns_out_to_be_a_bot_leaves_the_histogram(store: SqlStore) -> None:
    record(store, [said("C1", 1, "U1"), said("C1", 2, "UNEW")])
    record(store, [UserSeen("UNEW", is_bot=True, updated_us=T + 1)])
    with store.read() as tx:
        assert read_histogram(tx, ZoneInfo("UTC"), ["C1"]).members(0, 1) == 1


def test_bounds_are_from_and_before(store: SqlStore) -> None:
    record(store, [said("C1", 0, "U1"), said("C1", 60, "U2")])
    with store.read() as tx:
        assert tx.presence.people(["C1"], T, T + HOUR_US) == 1
        assert tx.presence.people(["C1"], T + 1, T + HOUR_US + 1) == 1
        assert tx.presence.span_us(["C9"]) is None


def test_time_zones_are_those_of_the_people_who_wrote_and_are_still_there(store: SqlStore) -> None:
    record(
        store,
        [
            UserSeen("U1", timezone="Europe/Berlin", updated_us=T),
            UserSeen("U2", timezone="Europe/Berlin", updated_us=T),
            UserSeen("U3", timezone="Asia/Tokyo", is_deleted=True, updated_us=T),
            UserSeen("U4", timezone="Asia/Dhaka", updated_us=T),
            *(said("C1", number, user) for number, user in enumerate(["U1", "U2", "U3", "U5"])),
            said("C2", 9, "U4"),
        ],
    )
    with store.read() as tx:
        assert dict(tx.presence.zones(["C1"], T, T + HOUR_US)) == {"Europe/Berlin": 2, None: 1}


def test_repliers_are_counted_once_a_thread_and_in_time(store: SqlStore) -> None:
    root, within = T, 2 * HOUR_US
    record(
        store,
        [
            UserSeen("UBOT", is_bot=True, updated_us=T),
            said("C1", 1, "U1", root),
            said("C1", 2, "U1", root),
            said("C1", 120, "U2", root),
            MessageSeen("C1", T + within + 1, "U3", thread_us=root),
            said("C1", 4, "UBOT", root),
            said("C2", 5, "U4", root),
        ],
    )
    with store.read() as tx:
        assert tx.presence.repliers([("C1", root), ("C2", root), ("C1", root + 1), ("C9", root)], within) == [
            2,
            1,
            0,
            0,
        ]


@settings(max_examples=25)
@given(
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    messages=st.lists(
        st.tuples(st.integers(0, 40_000), st.sampled_from(["U1", "U2", "U3"]), st.sampled_from(["C1", "C2"])),
        max_size=30,
        unique_by=lambda one: (one[0], one[2]),
    ),
)
def test_a_histogram_is_what_counting_by_hand_gives(zone: str, messages: list[tuple[int, str, str]]) -> None:
    """By the wall clock of the zone; in an hour that a change of clocks repeats a person may count twice."""
    store, zoned = memory_store(), ZoneInfo(zone)
    record(store, [said(channel, minutes, user) for minutes, user, channel in messages])
    with store.read() as tx:
        found = read_histogram(tx, zoned, ["C1", "C2"])
    close(store)
    by_hand: dict[tuple[object, int], set[object]] = defaultdict(set)
    for minutes, user, _ in messages:
        local = (START + timedelta(minutes=minutes)).astimezone(zoned)
        by_hand[local.date(), local.hour].add((user, local.utcoffset()))
    days = sorted({day for day, _ in by_hand})
    assert found.days == ((days[-1] - days[0]).days + 1 if days else 0)
    for day in days:
        number = found.index(day)
        assert found.members(number, number + 1) == sum(len(who) for (one, _), who in by_hand.items() if one == day)
    assert found.messages(0, found.days) == len(messages)
